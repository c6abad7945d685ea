"""What a lock knows of the time, and how late it is at its door."""

from bisect import bisect_right
from dataclasses import dataclass

DAY = 86_400
NONCE_LIFE_MS = 24 * 3_600_000
DRIFT = 10_000
"""100 parts per million are one part in so many."""


@dataclass(frozen=True)
class Interval:
    earliest: int
    latest: int


def at_most_s(uptime_ms: int) -> int:
    """Whole seconds that may have passed when the lock counted so many milliseconds."""
    return -(-uptime_ms * (DRIFT + 1) // (DRIFT * 1000))


def attested(utc: int, age_ms: int) -> Interval | None:
    """What an attest over a nonce of this age says; None for a nonce that is too old."""
    if age_ms > NONCE_LIFE_MS:
        return None
    return Interval(utc, utc + at_most_s(age_ms))


def floor_after(floor: int, passed_ms: int) -> int:
    """A persisted floor after so much uptime: whole seconds, less one part in 10,000 of them, rounded up."""
    passed = passed_ms // 1000
    return floor + passed - -(-passed // DRIFT)


def moved_on(interval: Interval, passed_ms: int) -> Interval:
    """Both ends move with the uptime and widen by 100 parts per million, to whole seconds outwards."""
    least = passed_ms * (DRIFT - 1) // (DRIFT * 1000)
    return Interval(interval.earliest + least, interval.latest + at_most_s(passed_ms))


@dataclass(frozen=True)
class LocalTime:
    """`changes` are pairs of (from, offset), ascending."""

    changes: tuple[tuple[int, int], ...]
    ends: int

    def offsets(self, utc: int) -> tuple[int, ...]:
        """The offsets that are possible at a moment: one, or from `ends` on two."""
        if utc < self.ends:
            at = bisect_right([moment for moment, _ in self.changes], utc)
            return (self.changes[max(at - 1, 0)][1],)
        last = self.changes[-1][1]
        others = [offset for _, offset in self.changes if offset != last]
        return (last, others[-1] if others else last + 3600)


UTC = LocalTime(((0, 0),), 2**63 - 1)


@dataclass(frozen=True)
class LocalMinute:
    day: int
    minute: int

    @property
    def weekday(self) -> int:
        """Monday is 0; the first day of 1970 was a Thursday."""
        return (self.day + 3) % 7


def local(utc: int, offset: int) -> LocalMinute:
    seconds = utc + offset
    return LocalMinute(seconds // DAY, seconds % DAY // 60)


def readings(interval: Interval, local_time: LocalTime) -> list[tuple[LocalMinute, LocalMinute]]:
    """Both ends at the door, once for each offset that is possible."""
    first, second = local_time.offsets(interval.earliest), local_time.offsets(interval.latest)
    pairs = zip((first[0], first[-1]), (second[0], second[-1]), strict=True)
    return [(local(interval.earliest, a), local(interval.latest, b)) for a, b in pairs]


def days(interval: Interval, local_time: LocalTime) -> list[int]:
    """Day numbers that hold over the whole interval, under one offset or the other."""
    found = [begin.day for begin, end in readings(interval, local_time) if begin.day == end.day]
    return list(dict.fromkeys(found))


def schedule_includes(schedule: list, interval: Interval, local_time: LocalTime) -> bool:
    """Whether one window holds both ends on one local day; an empty schedule always does."""

    def holds(window: tuple[int, int, int], at: LocalMinute) -> bool:
        return bool(window[0] >> at.weekday & 1) and window[1] <= at.minute < window[2]

    return not schedule or any(
        begin.day == end.day and any(holds(window, begin) and holds(window, end) for window in schedule)
        for begin, end in readings(interval, local_time)
    )
