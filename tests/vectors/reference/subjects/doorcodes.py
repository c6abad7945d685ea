"""What a keypad answers: codes of the table, daily and single-use codes, deadbolt, charge, tries; and what changes make of a table."""

from dataclasses import dataclass, replace

from .. import bundle, codes
from ..clock import DAY, Interval, LocalTime
from ..generator import Generator
from ..judge import Floor
from ..keypad import NOTHING, OPENS, Body, Door, Keypad
from ..primitives import Refused, require
from .property import NOW, Property

RESIDENCE, COMMUNAL, GUEST = 1, 2, 3
MINUTE, HOUR = 60_000, 3_600_000
TUESDAY = 0b10
TODAY = NOW // DAY
THROWN, FLAT = Body(deadbolt_thrown=True), Body(can_move_bolt=False)
SURE, UNSURE = Interval(NOW, NOW + 2), Floor(NOW)
ENDED = LocalTime(((0, 0),), 1_000_000)


@dataclass(frozen=True)
class Told:
    """A code as the service knows it."""

    row_id: int
    digits: str
    kind: int = RESIDENCE
    not_before: int | None = None
    expires: int | None = None
    schedule_id: int | None = None
    version: int = 1

    def change(self, door: Door) -> list:
        tag = codes.tag(door.pepper, door.lock_id, self.digits)
        entry = bundle.code_entry(self.kind, len(self.digits), tag, self.not_before, self.expires, self.schedule_id)
        return bundle.set_row(self.row_id, self.version, entry)


@dataclass(frozen=True)
class Deleted:
    row_id: int
    version: int

    def change(self, _: Door) -> list:
        return bundle.delete_row(self.row_id, self.version)


Typed = tuple[int, str, str] | tuple[int, str, str, Body]
"""Milliseconds since the time was learnt, digits, the answer; the body, if it says something."""


@dataclass(frozen=True)
class Scene:
    why: str
    learnt: Interval | Floor
    typed: list[Typed]
    bundles: tuple[tuple, ...]
    schedules: tuple = ()
    daily_digits: int = 8
    local_time: LocalTime | None = None


TABLE = (
    Told(1, "1000001"),
    Told(2, "2000002", COMMUNAL),
    Told(3, "3000003", GUEST, NOW - 60, NOW + DAY),
    Told(4, "4000004", GUEST, NOW + 1),
    Told(5, "5000005", expires=NOW + 2),
    Told(6, "6000006", schedule_id=1),
    Told(7, "7000007", schedule_id=2),
    Told(8, "8000008", schedule_id=3),
)
SCHEDULES = ((1, ((TUESDAY, 720, 721),)), (2, ((TUESDAY, 0, 720),)))


class Writer:
    """Writes scenes down for one lock."""

    def __init__(self, generator: Generator):
        self.owner = Property(generator)
        self.door = Door(self.owner.lock_id, generator.octets(32), generator.octets(32), {}, {})

    def dated(self, kind: int, slot: int, day: int) -> str:
        return codes.dated_code(self.door.day_key, self.door.lock_id, kind, slot, day, 8)

    def scenes(self) -> list[Scene]:
        daily, single = self.dated(codes.DAILY, 3, TODAY), self.dated(codes.SINGLE_USE, 4, TODAY)
        return self.of_the_table(daily) + self.of_the_day(daily, single) + self.of_the_body(daily, single)

    def of_the_table(self, daily: str) -> list[Scene]:
        opening = [(0, told.digits, OPENS) for told in TABLE[:3]] + [(0, "6000006", OPENS)]
        late = [(at * HOUR, *rest) for at, rest in enumerate([("3000003", OPENS)] * 23 + [("3000003", "EXPIRED")], 1)]
        changes = (
            (Told(9, "9000009"), Told(2, "2000002"), Told(9, "9100009"), Told(5, "5000005", version=7)),
            (Deleted(2, 1), Told(5, "5100005", version=6), Deleted(9, 2), Told(9, "9200009"), Told(1, "1000001")),
        )
        after = [("1000001", OPENS), ("5000005", OPENS), ("9200009", OPENS)]
        gone = [(text, "NOT_PERMITTED") for text in ("9000009", "9100009", "2000002", "5100005")]
        return [
            Scene("codes that open", SURE, opening, (TABLE,), SCHEDULES),
            Scene("not yet", SURE, [(0, "4000004", "NOT_YET"), (1_001, "4000004", OPENS)], (TABLE,), SCHEDULES),
            Scene("over", SURE, [(0, "5000005", "EXPIRED")], (TABLE,), SCHEDULES),
            Scene("over after a day", SURE, late, (TABLE,), SCHEDULES),
            Scene("out of schedule", SURE, [(0, "7000007", "OUT_OF_SCHEDULE")], (TABLE,), SCHEDULES),
            Scene("a schedule that is not there", SURE, [(0, "8000008", "OUT_OF_SCHEDULE")], (TABLE,), SCHEDULES),
            Scene("the schedule ends", SURE, [(MINUTE, "6000006", "OUT_OF_SCHEDULE")], (TABLE,), SCHEDULES),
            Scene(
                "without a clock",
                UNSURE,
                [
                    *[(0, told.digits, OPENS) for told in TABLE[:2]],
                    (0, "5000005", OPENS),
                    (0, "3000003", "CLOCK_UNSURE"),
                    (0, "6000006", "CLOCK_UNSURE"),
                    (0, "8000008", "OUT_OF_SCHEDULE"),
                    (3_000, "5000005", "EXPIRED"),
                ],
                (TABLE,),
                SCHEDULES,
            ),
            Scene("what changes leave", SURE, [(0, *pair) for pair in after + gone], changes),
            Scene("a code of the table is not a daily one", SURE, [(0, daily, OPENS, THROWN)], ((Told(1, daily),),)),
        ]

    def of_the_day(self, daily: str, single: str) -> list[Scene]:
        tomorrow = self.dated(codes.DAILY, 3, TODAY + 1)
        unused = self.dated(codes.SINGLE_USE, 5, TODAY)
        quarter = 900_000
        midnight = Interval(TODAY * DAY + DAY - 300, TODAY * DAY + DAY - 298)
        return [
            Scene("a daily code", SURE, [(0, daily, OPENS), (1, daily, OPENS), (2, tomorrow, "NOT_PERMITTED")], ((),)),
            Scene("no daily codes", SURE, [(0, daily, "NOT_PERMITTED")], ((),), daily_digits=0),
            Scene(
                "without a clock",
                UNSURE,
                [(0, daily, "CLOCK_UNSURE"), (0, "00000000", "CLOCK_UNSURE"), (0, "0000000", "NOT_PERMITTED")],
                ((),),
            ),
            Scene(
                "a single-use code",
                SURE,
                [(0, single, OPENS), (quarter - 1, single, OPENS), (quarter, single, "EXPIRED")],
                ((),),
            ),
            Scene(
                "a single-use code past midnight",
                midnight,
                [(0, single, OPENS), (quarter - 1, single, OPENS), (quarter, unused, "NOT_PERMITTED")],
                ((),),
            ),
            Scene(
                "past the end of local time either side of an hour is today",
                Interval(TODAY * DAY + DAY - 1_800, TODAY * DAY + DAY - 1_798),
                [
                    (0, daily, OPENS),
                    (0, tomorrow, OPENS),
                    (0, self.dated(codes.DAILY, 3, TODAY - 1), "NOT_PERMITTED"),
                    (40 * MINUTE, daily, "NOT_PERMITTED"),
                ],
                ((),),
                local_time=ENDED,
            ),
        ]

    def of_the_body(self, daily: str, single: str) -> list[Scene]:
        code, wrong = TABLE[0].digits, "0000000"
        flat = [(0, text, "BATTERY_LOW", FLAT) for text in (daily, single, code, *[wrong] * 5, code)]
        return [
            Scene(
                "a thrown deadbolt",
                SURE,
                [(0, code, OPENS, THROWN), (0, daily, "DEADBOLT", THROWN), (0, single, "DEADBOLT", THROWN)]
                + [(1, daily, OPENS), (1, single, OPENS)],
                (TABLE,),
            ),
            Scene("too little charge", SURE, [*flat, (1, code, "BUSY")], (TABLE,)),
            Scene(
                "too little charge uses nothing up",
                SURE,
                [*[(0, single, "BATTERY_LOW", FLAT)] * 6, (HOUR, single, OPENS)],
                (TABLE,),
            ),
            Scene(
                "tries",
                SURE,
                [*[(n, wrong, "NOT_PERMITTED") for n in range(5)], (5, code, "BUSY"), (48 * MINUTE, code, OPENS)]
                + [(48 * MINUTE, wrong, "NOT_PERMITTED"), (48 * MINUTE, code, "BUSY")],
                (TABLE,),
            ),
            Scene("no codes", SURE, [(0, "100", NOTHING), (0, "1000001000001", NOTHING), (0, code, OPENS)], (TABLE,)),
        ]

    def written(self, scene: Scene) -> dict:
        door = replace(
            self.door,
            schedules={row_id: (1, windows) for row_id, windows in scene.schedules},
            daily_digits=scene.daily_digits,
        )
        if scene.local_time:
            door = replace(door, local_time=scene.local_time)
        for changes in scene.bundles:
            door = replace(door, table=bundle.apply_changes(door.table, [one.change(door) for one in changes]))
        keypad, typed = Keypad(door, scene.learnt), []
        for at_ms, digits, expected, *said in scene.typed:
            body = said[0] if said else Body()
            answer = keypad.typed(at_ms, digits, body)
            require(answer == expected, f"{scene.why}, {digits} at {at_ms}: the reference says {answer}")
            typed.append([at_ms, digits, body.deadbolt_thrown, body.can_move_bolt, answer])
        learnt, local = scene.learnt, scene.local_time
        known = (
            {"floor": learnt.seconds} if isinstance(learnt, Floor) else {"interval": [learnt.earliest, learnt.latest]}
        )
        return {
            "why": scene.why,
            **known,
            "bundles": [[vars(one) for one in changes] for changes in scene.bundles],
            "schedules": scene.schedules,
            "daily_digits": scene.daily_digits,
            "local_time": [local.changes, local.ends] if local else None,
            "typed": typed,
        }


def _row_limits() -> list[list]:
    """How many rows, and whether a table may have them."""
    cases = []
    for rows in (bundle.MOST_ROWS, bundle.MOST_ROWS + 1):
        try:
            bundle.apply_changes({}, [bundle.set_row(n, 1, []) for n in range(rows)])
            cases.append([rows, True])
        except Refused:
            cases.append([rows, False])
    return cases


def vectors(generator: Generator) -> dict:
    writer = Writer(generator)
    return {
        "property": writer.owner.described(),
        "root_private": writer.owner.root_key,
        "origin": writer.owner.origin,
        "pepper": writer.door.pepper,
        "day_key": writer.door.day_key,
        "scenes": [writer.written(scene) for scene in writer.scenes()],
        "rows": _row_limits(),
    }
