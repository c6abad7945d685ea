"""How late it is at a door, days that hold over an interval, weekly windows, and what an attest says."""

from .. import clock
from ..clock import DAY, Interval, LocalTime
from ..generator import Generator

# 2026-11-01T06:00:00Z: New York goes from -4 h to -5 h.
CHANGE = 1_793_512_800
NEW_YORK = LocalTime(((0, -4 * 3600), (CHANGE, -5 * 3600), (CHANGE + 132 * DAY, -4 * 3600)), CHANGE + 300 * DAY)
FIXED = LocalTime(((0, 20_700),), 1_900_000_000)
FAR_EAST = LocalTime(((1_700_000_000, 50_400), (1_750_000_000, 54_000)), 1_800_000_000)
TABLES = {"UTC": clock.UTC, "New York": NEW_YORK, "never changes": FIXED, "far east": FAR_EAST}


def _tables() -> dict:
    return {name: [[list(change) for change in table.changes], table.ends] for name, table in TABLES.items()}


def _offsets(generator: Generator) -> list[dict]:
    cases = []
    for name, table in TABLES.items():
        moments = [generator.integer(1_600_000_000, 2_000_000_000) for _ in range(4)]
        for moment, _ in table.changes:
            moments += [moment, max(moment - 1, 0)]
        if table is not clock.UTC:
            moments += [table.ends - 1, table.ends]
        cases += [{"table": name, "utc": m, "offsets": list(table.offsets(m))} for m in sorted(set(moments))]
    return cases


def _intervals(table: LocalTime, generator: Generator) -> list[Interval]:
    midnight = (CHANGE // DAY) * DAY - table.offsets(CHANGE)[0]
    chosen = [
        Interval(midnight, midnight + 60),
        Interval(midnight - 1, midnight - 1),
        Interval(midnight - 1, midnight),
        Interval(CHANGE - 3600, CHANGE + 3600),
        Interval(CHANGE, CHANGE),
    ]
    if table is not clock.UTC:
        late = table.ends // DAY * DAY + 2 * DAY
        chosen += [Interval(late + n * 1800, late + n * 1800 + 600) for n in range(0, 48, 11)]
        chosen.append(Interval(table.ends - 30, table.ends + 30))
    for _ in range(3):
        begin = generator.integer(1_750_000_000, 1_850_000_000)
        chosen.append(Interval(begin, begin + generator.one_of([0, 2, 61, 3600, 40_000])))
    return chosen


def _days(generator: Generator) -> list[dict]:
    return [
        {
            "table": name,
            "earliest": interval.earliest,
            "latest": interval.latest,
            "days": clock.days(interval, table),
        }
        for name, table in TABLES.items()
        for interval in _intervals(table, generator)
    ]


def _window_around(interval: Interval, table: LocalTime, generator: Generator) -> list[int]:
    """A window that may or may not hold the interval, but ends near it."""
    at = clock.local(interval.earliest, table.offsets(interval.earliest)[0])
    begin = max(min(at.minute + generator.integer(-30, 1), 1439), 0)
    until = min(max(begin + generator.integer(1, 90), begin + 1), 1440)
    days = 1 << at.weekday if generator.integer(0, 3) else generator.integer(0, 127)
    return [days, begin, until]


def _schedules(generator: Generator) -> list[dict]:
    cases = []
    for name, table in TABLES.items():
        for interval in _intervals(table, generator):
            schedule = [_window_around(interval, table, generator) for _ in range(generator.integer(0, 2))]
            cases.append(
                {
                    "table": name,
                    "schedule": schedule,
                    "earliest": interval.earliest,
                    "latest": interval.latest,
                    "includes": clock.schedule_includes(schedule, interval, table),
                }
            )
    return cases


def _attests(generator: Generator) -> list[dict]:
    """An attest over a nonce of an age, and the interval a while later."""
    cases = []
    for age_ms in (
        0,
        1,
        500,
        999,
        1_000,
        1_500,
        60_000,
        3_599_640,
        3_600_000,
        clock.NONCE_LIFE_MS,
        clock.NONCE_LIFE_MS + 1,
    ):
        utc = generator.integer(1_700_000_000, 1_900_000_000)
        interval = clock.attested(utc, age_ms)
        later = []
        for passed in (0, 9_999, 10_000, 12_345_678, 86_400_000, 30 * 86_400_000) if interval else ():
            moved = clock.moved_on(interval, passed)
            later.append([passed, moved.earliest, moved.latest])
        cases.append({"utc": utc, "age_ms": age_ms, "taken": interval is not None, "later": later})
    return cases


def vectors(generator: Generator) -> dict:
    return {
        "tables": _tables(),
        "offsets": _offsets(generator),
        "days": _days(generator),
        "schedules": _schedules(generator),
        "attests": _attests(generator),
    }
