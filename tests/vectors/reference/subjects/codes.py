"""Doorcodes: tags, codes of a day, the guessing bound, and the keypad's bucket."""

from .. import codes
from ..codes import REFILL_MS, Bucket
from ..generator import Generator


def _tags(generator: Generator) -> list[dict]:
    cases = []
    for length in (4, 5, 6, 7, 8, 10, 12):
        for _ in range(3):
            pepper, lock_id = generator.octets(32), generator.octets(16)
            digits = f"{generator.integer(0, 10**length - 1):0{length}}"
            cases.append(
                {"pepper": pepper, "lock_id": lock_id, "digits": digits, "tag": codes.tag(pepper, lock_id, digits)}
            )
    pepper, lock_id = generator.octets(32), generator.octets(16)
    for digits in ("0000", "00000", "9999999"):
        cases.append(
            {"pepper": pepper, "lock_id": lock_id, "digits": digits, "tag": codes.tag(pepper, lock_id, digits)}
        )
    return cases


def _dated(generator: Generator) -> list[dict]:
    """A row for each key, kind and length: the codes of ten slots on each of the days."""
    cases = []
    for length in (8, 9, 10):
        day_key, lock_id = generator.octets(32), generator.octets(16)
        days = [0, 1, 20_781, 20_782, 20_783, 29_219, 2**31, *(generator.integer(20_000, 30_000) for _ in range(2))]
        for kind, name in ((codes.DAILY, "daily"), (codes.SINGLE_USE, "single-use")):
            rows = [
                [day, " ".join(codes.dated_code(day_key, lock_id, kind, slot, day, length) for slot in range(10))]
                for day in days
            ]
            cases.append({"day_key": day_key, "lock_id": lock_id, "kind": name, "digits": length, "days": rows})
    return cases


def _bounds() -> list[dict]:
    cases = []
    for length in range(4, 13):
        most = codes.most_live(length)
        for live in sorted({0, 1, 20, max(most - 1, 0), most, most + 1}):
            if live < 2**32:
                cases.append({"digits": length, "live": live, "safe": codes.within_guessing_bound(live, length)})
    return cases


def _bucket(generator: Generator) -> list[dict]:
    """Tries at moments of uptime: heard or not, how many are left, and how long until the next when there is none."""
    minute = 60_000
    timelines = [
        [0] * 7,
        [0] * 5 + [REFILL_MS - 1, REFILL_MS, REFILL_MS + 1, 2 * REFILL_MS],
        [minute * n for n in range(0, 300, 7)],
        [10 * REFILL_MS + n * minute for n in range(12)],
        [REFILL_MS // 2] * 3 + [REFILL_MS, 2 * REFILL_MS, 2 * REFILL_MS + minute, *[3 * REFILL_MS] * 5],
    ]
    at, drawn = 0, []
    for _ in range(40):
        at += generator.integer(0, REFILL_MS)
        drawn.append(at)
    cases = []
    for moments in [*timelines, drawn]:
        bucket, tries = Bucket(), []
        for index, moment in enumerate(moments):
            heard = bucket.spend(moment)
            # Every sixth try of the last timeline is a right code.
            right = heard and moments is drawn and index % 6 == 5
            if right:
                bucket.give_back()
            tries.append([moment, heard, right, bucket.tries])
        cases.append({"tries": tries})
    return cases


def vectors(generator: Generator) -> dict:
    return {
        "tags": _tags(generator),
        "dated": _dated(generator),
        "guessing_bound": _bounds(),
        "bucket": _bucket(generator),
    }
