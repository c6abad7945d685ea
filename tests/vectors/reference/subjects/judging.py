"""What a lock makes of well-made documents: grants judged, lanes and manifests applied or refused, tables of codes."""

from dataclasses import dataclass, replace

from .. import codes, documents, judge
from ..clock import DAY, Interval, floor_after
from ..documents import BORROWED, GUEST, PRESENCE, SYNC, UNLOCK, Grant
from ..generator import Generator
from ..judge import AHEAD, Floor, Standing
from ..primitives import holder_hash, public_key, require
from .local_time import NEW_YORK
from .property import LONGEST, NOW, Property

RESIDENT, GUESTS, BORROWERS = LONGEST
NAMES = ("expires", "not_before", "issued", "root_version", "operations", "flags", "least_crit_seq", "schedule")
# 2026-11-24T12:00:00Z, the moment of these cases, is a Tuesday.
TUESDAY = 0b10


@dataclass(frozen=True)
class Asked:
    """One grant and one question. What is not said is as in the first case."""

    why: str
    answer: str = ""
    now: Interval | Floor = Interval(NOW, NOW + 2)
    ask: str = "unlock"
    grant: tuple = ()
    issue_floor: int = 0
    revoked: tuple = ()
    without_time: bool = True
    local: bool = False
    passed_ms: int = 0
    """Uptime since the floor was learnt."""


def _schedule(begin: int, until: int, days: int = TUESDAY) -> tuple:
    return (("schedule", ((days, begin, until),)),)


def _base(owner: Property) -> Grant:
    return Grant(
        subject_id=owner.generator.octets(16),
        lock_id=owner.lock_id,
        expires=NOW + 600_000,
        not_before=NOW - 5_700,
        issued=NOW,
        grant_id=owner.generator.octets(16),
        holder_hash=holder_hash(public_key(owner.holder)),
        root_version=1,
        operations=UNLOCK | SYNC,
        flags=0,
        least_crit_seq=2,
    )


def _revocations() -> list[Asked]:
    return [
        Asked("a resident's grant"),
        Asked("issued at the issue floor", "REVOKED", issue_floor=NOW),
        Asked("issued after the issue floor", issue_floor=NOW - 1),
        Asked("subject revoked then", "REVOKED", revoked=(("subject", NOW),)),
        Asked("subject revoked before", revoked=(("subject", NOW - 1),)),
        Asked("holder revoked later", "REVOKED", revoked=(("holder", NOW + 1),)),
        Asked("holder revoked before", revoked=(("holder", NOW - 1),)),
        Asked("others revoked", revoked=(("another subject", NOW), ("another holder", NOW))),
        Asked("a session of the revoked", "REVOKED", ask="session", issue_floor=NOW),
        Asked("of another root version", "SYNC_REQUIRED", grant=(("root_version", 2),)),
        Asked("of another root version and revoked", "SYNC_REQUIRED", grant=(("root_version", 2),), issue_floor=NOW),
        Asked("a session of another root version", "SYNC_REQUIRED", ask="session", grant=(("root_version", 2),)),
        Asked("revoked and expired", "REVOKED", grant=(("expires", NOW),), issue_floor=NOW),
    ]


def _terms() -> list[Asked]:
    def term(longest: int, flags: int = 0) -> tuple:
        return (("not_before", NOW - 900), ("expires", NOW - 900 + longest), ("flags", flags))

    return [
        Asked("a resident's longest term", grant=term(RESIDENT)),
        Asked("over a resident's longest term", "NOT_PERMITTED", grant=term(RESIDENT + 1)),
        Asked("a guest's longest term", grant=term(GUESTS, GUEST)),
        Asked("over a guest's longest term", "NOT_PERMITTED", grant=term(GUESTS + 1, GUEST)),
        Asked("a borrower's longest term", grant=term(BORROWERS, BORROWED)),
        Asked("a guest who borrows has a borrower's term", "NOT_PERMITTED", grant=term(GUESTS, GUEST | BORROWED)),
        Asked("a session over the longest term", "NOT_PERMITTED", ask="session", grant=term(RESIDENT + 1)),
        Asked("needs the lane that the lock has", grant=(("least_crit_seq", 5),)),
        Asked("needs a newer lane", "SYNC_REQUIRED", grant=(("least_crit_seq", 6),)),
        Asked("needs a newer lane, and expired", "SYNC_REQUIRED", grant=(("least_crit_seq", 6), ("expires", NOW))),
    ]


def _times() -> list[Asked]:
    wide = Interval(NOW, NOW + 60)
    ahead = Interval(NOW, NOW + 2)
    return [
        Asked("issued 15 min ahead", grant=(("issued", NOW + 2 + AHEAD),), now=ahead),
        Asked("issued more than 15 min ahead", "NOT_PERMITTED", grant=(("issued", NOW + 3 + AHEAD),), now=ahead),
        Asked("begins when the interval ends", "CLOCK_UNSURE", grant=(("not_before", NOW + 60),), now=wide),
        Asked("begins after the interval", "NOT_YET", grant=(("not_before", NOW + 61),), now=wide),
        Asked("begins when the interval begins", grant=(("not_before", NOW),), now=wide),
        Asked("begins a second later", "CLOCK_UNSURE", grant=(("not_before", NOW + 1),), now=wide),
        Asked("ends when the interval begins", "EXPIRED", grant=(("expires", NOW),), now=wide),
        Asked("ends a second later", "CLOCK_UNSURE", grant=(("expires", NOW + 1),), now=wide),
        Asked("ends when the interval ends", "CLOCK_UNSURE", grant=(("expires", NOW + 60),), now=wide),
        Asked("ends after the interval", grant=(("expires", NOW + 61),), now=wide),
        Asked("a session may bring the time", grant=(("expires", NOW + 1),), now=wide, ask="session"),
        Asked("no session before the term", "NOT_YET", grant=(("not_before", NOW + 61),), now=wide, ask="session"),
        Asked("no session after the term", "EXPIRED", grant=(("expires", NOW),), now=wide, ask="session"),
        Asked("floor below the end", now=Floor(NOW)),
        Asked("floor at the end", "EXPIRED", grant=(("expires", NOW),), now=Floor(NOW)),
        Asked("floor below the beginning", grant=(("not_before", NOW + 5),), now=Floor(NOW)),
        Asked("a floor grows", grant=(("expires", NOW + 1),), now=Floor(NOW), passed_ms=1_999),
        Asked("a floor grew", "EXPIRED", grant=(("expires", NOW + 1),), now=Floor(NOW), passed_ms=2_000),
        Asked("a floor of a day's uptime", grant=(("expires", NOW + 86_392),), now=Floor(NOW), passed_ms=DAY * 1_000),
        Asked("and a second", "EXPIRED", grant=(("expires", NOW + 86_391),), now=Floor(NOW), passed_ms=DAY * 1_000),
        Asked("a guest without a clock", "CLOCK_UNSURE", grant=(("flags", GUEST), *_day()), now=Floor(NOW)),
        Asked("a guest's session without a clock", grant=(("flags", GUEST), *_day()), now=Floor(NOW), ask="session"),
        Asked("a schedule without a clock", "CLOCK_UNSURE", grant=_schedule(0, 1440, 127), now=Floor(NOW)),
        Asked("where residents may not", "CLOCK_UNSURE", now=Floor(NOW), without_time=False),
        Asked("where residents may not, a session", now=Floor(NOW), without_time=False, ask="session"),
        Asked("where residents may not, with a clock", without_time=False),
    ]


def _day() -> tuple:
    return (("not_before", NOW), ("expires", NOW + DAY))


def _rights() -> list[Asked]:
    noon = Interval(NOW + 5, NOW + 7)
    presence = (("flags", PRESENCE),)
    return [
        Asked("only sync is granted", "NOT_PERMITTED", grant=(("operations", SYNC),)),
        Asked("only sync is granted, a session", grant=(("operations", SYNC),), ask="session"),
        Asked("only sync is granted, sync", grant=(("operations", SYNC),), ask="sync"),
        Asked("only unlock is granted", grant=(("operations", UNLOCK),)),
        Asked("only unlock is granted, a session", grant=(("operations", UNLOCK),), ask="session"),
        Asked("only unlock is granted, sync", "NOT_PERMITTED", grant=(("operations", UNLOCK),), ask="sync"),
        Asked("sync out of schedule", grant=_schedule(0, 1), now=noon, ask="sync"),
        Asked("sync without presence", grant=presence, ask="sync"),
        Asked("sync with a clock too wide", grant=(("expires", NOW + 6),), now=noon, ask="sync"),
        Asked("sync after the term", "EXPIRED", grant=(("expires", NOW + 5),), now=noon, ask="sync"),
        Asked("a guest syncs without a clock", grant=(("flags", GUEST), *_day()), now=Floor(NOW), ask="sync"),
        Asked("the revoked may not sync", "REVOKED", issue_floor=NOW, ask="sync"),
        Asked("in the window", grant=_schedule(720, 721), now=noon),
        Asked("before the window", "OUT_OF_SCHEDULE", grant=_schedule(721, 722), now=noon),
        Asked("after the window", "OUT_OF_SCHEDULE", grant=_schedule(719, 720), now=noon),
        Asked("on another day", "OUT_OF_SCHEDULE", grant=_schedule(720, 721, 0b1111101), now=noon),
        Asked("across the window's end", "OUT_OF_SCHEDULE", grant=_schedule(0, 721), now=Interval(NOW + 59, NOW + 61)),
        Asked("out of schedule, a session", grant=_schedule(0, 1), now=noon, ask="session"),
        Asked("noon in UTC is morning in New York", grant=_schedule(420, 421), now=noon, local=True),
        Asked("and not noon", "OUT_OF_SCHEDULE", grant=_schedule(720, 721), now=noon, local=True),
        Asked("presence needed and there", grant=presence, ask="unlock with presence"),
        Asked("presence needed and not there", "PRESENCE_REQUIRED", grant=presence),
        Asked("presence needed and not there, a session", grant=presence, ask="session"),
        Asked("out of schedule and not present", "OUT_OF_SCHEDULE", grant=(*presence, *_schedule(0, 1)), now=noon),
    ]


def _whom(kind: str, grant: Grant, generator: Generator) -> tuple[int, bytes]:
    if kind.endswith("subject"):
        return documents.SUBJECT, grant.subject_id if kind == "subject" else generator.octets(16)
    return documents.HOLDER, grant.holder_hash if kind == "holder" else generator.octets(32)


def _time(now: Interval | Floor) -> dict:
    return {"floor": now.seconds} if isinstance(now, Floor) else {"interval": [now.earliest, now.latest]}


def _later(asked: Asked) -> Interval | Floor:
    """What the time is when the lock is asked: with a floor, uptime has counted on top."""
    if isinstance(asked.now, Floor):
        return Floor(floor_after(asked.now.seconds, asked.passed_ms))
    return asked.now


def _judged(owner: Property, base: Grant) -> list[dict]:
    cases = []
    for asked in _revocations() + _terms() + _times() + _rights():
        grant = replace(base, **dict(asked.grant))
        revocations = [(*_whom(kind, grant, owner.generator), until) for kind, until in asked.revoked]
        standing = Standing(
            root_version=1,
            longest=LONGEST,
            unlock_without_time=asked.without_time,
            crit_seq=5,
            issue_floor=asked.issue_floor,
            revocations=tuple([[kind, [who]], until] for kind, who, until in revocations),
        )
        if asked.local:
            standing = replace(standing, local_time=NEW_YORK)
        answer = judge.judge(grant, standing, _later(asked), asked.ask)
        require(answer == asked.answer, f"{asked.why}: the reference says {answer or 'yes'}")
        case = {"why": asked.why, "ask": asked.ask, "answer": answer, **_time(asked.now), **dict(asked.grant)}
        if asked.issue_floor:
            case["issue_floor"] = asked.issue_floor
        if revocations:
            case["revocations"] = revocations
        if asked.passed_ms:
            case["passed_ms"] = asked.passed_ms
        if not asked.without_time:
            case["unlock_without_time"] = False
        cases.append(case | ({"local_time": True} if asked.local else {}))
    return cases


def _lanes(owner: Property) -> list[dict]:
    """A lock at root version 1, key epoch 2, seq 5, and the lane that comes next."""
    unknown, now = Floor(0), Interval(NOW, NOW + 2)
    good = {1: 1, 2: 2, 3: 6, 4: NOW, 5: NOW + DAY, 6: NOW, 7: NOW - DAY}
    late, limit = NOW + 2 + AHEAD, NOW + 3 + AHEAD
    asked = [
        ("the next", {}, now, "APPLIED"),
        ("the same again", {3: 5}, now, "UNCHANGED"),
        ("an older one", {3: 4}, now, "ROLLBACK"),
        ("far newer", {3: 2**64 - 1}, now, "APPLIED"),
        ("a roll", {2: 3}, now, "APPLIED"),
        ("a roll under the same seq", {2: 3, 3: 5}, now, "ROLLBACK"),
        ("an older epoch", {2: 1}, now, "ROLLBACK"),
        ("an older epoch and the same seq", {2: 1, 3: 5}, now, "ROLLBACK"),
        ("issued 15 min ahead", {4: late}, now, "APPLIED"),
        ("issued more than 15 min ahead", {4: limit}, now, "BAD_DOCUMENT"),
        ("time floor too far ahead", {6: limit}, now, "BAD_DOCUMENT"),
        ("issue floor too far ahead", {7: limit}, now, "BAD_DOCUMENT"),
        ("too far ahead, but the time is not known", {4: limit, 6: limit}, unknown, "APPLIED"),
        ("expires now", {5: NOW}, now, "EXPIRED"),
        ("expires in a second", {5: NOW + 1}, now, "APPLIED"),
        ("expired, but the time is not known", {4: 1, 5: 1}, unknown, "APPLIED"),
        ("expires before it is issued", {4: NOW, 5: NOW - 1}, unknown, "BAD_DOCUMENT"),
        ("a new root version starts over", {1: 2, 2: 0, 3: 0}, now, "APPLIED"),
        ("a new root version ends the attested time", {1: 2, 4: limit, 5: limit}, now, "APPLIED"),
        ("and a lane under it may be over", {1: 2, 4: 1, 5: 1}, now, "APPLIED"),
    ]
    standing = Standing(root_version=1, longest=LONGEST, unlock_without_time=True, crit_seq=5, key_epoch=2)
    names = ("root_version", "key_epoch", "seq", "issued", "expires", "time_floor", "issue_floor")
    cases = []
    for why, changed, time, answer in asked:
        lane = good | changed
        found = judge.judge_lane(lane, standing, lane[1] > 1, time)
        require(found == answer, f"lane, {why}: the reference says {found}")
        said = {name: lane[key] for key, name in enumerate(names, 1)}
        cases.append({"why": why, "answer": answer, **_time(time), **said})
    return cases


def _manifests() -> list[dict]:
    """A lock at key epoch 2 and bulk_seq 3, and the manifest that comes next: epoch, seq, base."""
    asked = [
        ("the next", (2, 4, 3), "TAKEN"),
        ("from further back", (2, 4, 0), "TAKEN"),
        ("a snapshot", (2, 9, None), "TAKEN"),
        ("one left out", (2, 9, 8), "SYNC_REQUIRED"),
        ("its own again", (2, 3, 2), "AGAIN"),
        ("an older one", (2, 2, 1), "ROLLBACK"),
        ("an older snapshot", (2, 1, None), "ROLLBACK"),
        ("of a newer epoch", (3, 4, 3), "SYNC_REQUIRED"),
        ("of an older epoch", (1, 4, 3), "ROLLBACK"),
    ]
    cases = []
    for why, (epoch, seq, base), answer in asked:
        manifest = {2: epoch, 3: seq} | ({} if base is None else {4: base})
        found = judge.judge_manifest(manifest, 2, 3)
        require(found == answer, f"manifest, {why}: the reference says {found}")
        cases.append({"why": why, "answer": answer, "key_epoch": epoch, "seq": seq, "base": base})
    return cases


def _tables() -> list[dict]:
    """How many synced codes of which length, and the length of daily codes: whether a lock may have them."""
    asked = [
        ({7: 9}, 0),
        ({7: 10}, 0),
        ({6: 1}, 0),
        ({}, 8),
        ({8: 71}, 8),
        ({8: 72}, 8),
        ({8: 91}, 0),
        ({8: 92}, 0),
        ({8: 91}, 9),
        ({7: 9, 8: 71}, 8),
        ({7: 9, 8: 71, 6: 1}, 8),
    ]
    cases = []
    for counts, daily in asked:
        lengths = [length for length, count in counts.items() for _ in range(count)]
        safe = codes.table_is_safe(lengths, daily)
        cases.append({"codes": list(counts.items()), "daily_digits": daily, "safe": safe})
    return cases


def vectors(generator: Generator) -> dict:
    owner = Property(generator)
    base = _base(owner)
    return {
        "property": owner.described(),
        "root_private": owner.root_key,
        "origin": owner.origin,
        "local_time": [NEW_YORK.changes, NEW_YORK.ends],
        "grant": {"subject_id": base.subject_id, "grant_id": base.grant_id, **{n: vars(base)[n] for n in NAMES}},
        "grants": _judged(owner, base),
        "lanes": _lanes(owner),
        "manifests": _manifests(),
        "tables": _tables(),
    }
