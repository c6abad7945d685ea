"""A keypad with its codes: what each typed code is answered with."""

from dataclasses import dataclass, field

from . import clock, codes
from .clock import UTC, Interval, LocalTime, floor_after, moved_on
from .judge import Floor, judge_synced

OPENS, NOTHING = "OPENS", ""
SHORTEST, LONGEST = 4, 12
SINGLE_USE_MS = 900_000


@dataclass(frozen=True)
class Door:
    """What the lock was told. Rows are a version and an entry by id."""

    lock_id: bytes
    pepper: bytes
    day_key: bytes
    table: dict
    schedules: dict
    daily_digits: int = 0
    local_time: LocalTime = field(default=UTC)


@dataclass(frozen=True)
class Body:
    deadbolt_thrown: bool = False
    can_move_bolt: bool = True


class Keypad:
    """From a moment on at which the time was learnt; no power is lost."""

    def __init__(self, door: Door, learnt: Interval | Floor):
        self.door, self.learnt = door, learnt
        self.bucket = codes.Bucket()
        self.first_uses: dict[tuple[int, int], int] = {}

    def typed(self, at_ms: int, digits: str, body: Body) -> str:
        if not SHORTEST <= len(digits) <= LONGEST:
            return NOTHING
        if not self.bucket.spend(at_ms):
            return "BUSY" if body.can_move_bolt else "BATTERY_LOW"
        error, single_use = self._found(at_ms, digits, body)
        if not error:
            self.bucket.give_back()
        if not body.can_move_bolt:
            return "BATTERY_LOW"
        if not error and single_use:
            self.first_uses.setdefault(single_use, at_ms)
        return error or OPENS

    def _now(self, at_ms: int) -> Interval | Floor:
        if isinstance(self.learnt, Floor):
            return Floor(floor_after(self.learnt.seconds, at_ms))
        return moved_on(self.learnt, at_ms)

    def _found(self, at_ms: int, digits: str, body: Body) -> tuple[str, tuple[int, int] | None]:
        """Why it does not open; and slot and day, if it is a single-use code."""
        door, now = self.door, self._now(at_ms)
        tag = codes.tag(door.pepper, door.lock_id, digits)
        for _, entry in door.table.values():
            if entry[2] == tag and entry[1] == len(digits):
                schedules = {row_id: schedule for row_id, (_, schedule) in door.schedules.items()}
                return judge_synced(entry, schedules, now, door.local_time), None
        if len(digits) != door.daily_digits:
            return "NOT_PERMITTED", None
        if isinstance(now, Floor):
            return "CLOCK_UNSURE", None
        return self._daily(at_ms, digits, now, body)

    def _daily(self, at_ms: int, digits: str, now: Interval, body: Body) -> tuple[str, tuple[int, int] | None]:
        slot, days = int(digits[0]), clock.days(now, self.door.local_time)
        used = [day for one, day in self.first_uses if one == slot]
        if any(self._code(codes.DAILY, slot, day) == digits for day in days):
            return ("DEADBOLT" if body.deadbolt_thrown else ""), None
        for day in [*days, *used]:
            if self._code(codes.SINGLE_USE, slot, day) == digits:
                if body.deadbolt_thrown:
                    return "DEADBOLT", None
                since = self.first_uses.get((slot, day), at_ms)
                return ("EXPIRED" if at_ms - since >= SINGLE_USE_MS else ""), (slot, day)
        return "NOT_PERMITTED", None

    def _code(self, kind: int, slot: int, day: int) -> str:
        door = self.door
        return codes.dated_code(door.day_key, door.lock_id, kind, slot, day, door.daily_digits)
