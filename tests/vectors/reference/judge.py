"""Judges what a grant allows, and what a lane section changes, in the order of the text."""

from dataclasses import dataclass, field

from .clock import UTC, Interval, LocalTime, schedule_includes
from .documents import BORROWED, GUEST, HOLDER, PRESENCE, SUBJECT, SYNC, UNLOCK, Grant

AHEAD = 900
GUESTS_CODE = 3
FOR_SESSION, FOR_SYNC, FOR_UNLOCK, FOR_UNLOCK_WITH_PRESENCE = "session", "sync", "unlock", "unlock with presence"


@dataclass(frozen=True)
class Floor:
    seconds: int


@dataclass(frozen=True)
class Standing:
    """What the lock believes."""

    root_version: int
    longest: tuple[int, int, int]
    unlock_without_time: bool
    crit_seq: int = 0
    key_epoch: int = 0
    issue_floor: int = 0
    revocations: tuple = ()
    local_time: LocalTime = field(default=UTC)


def longest(grant: Grant, standing: Standing) -> int:
    resident, guest, borrowed = standing.longest
    if grant.flags & BORROWED:
        return borrowed
    return guest if grant.flags & GUEST else resident


def _is_revoked(grant: Grant, standing: Standing) -> bool:
    named = ([SUBJECT, [grant.subject_id]], [HOLDER, [grant.holder_hash]])
    return grant.issued <= standing.issue_floor or any(
        whom in named and grant.issued <= until for whom, until in standing.revocations
    )


def _within_term(grant: Grant, now: Interval | Floor) -> str:
    if isinstance(now, Floor):
        return "EXPIRED" if now.seconds >= grant.expires else ""
    if grant.issued > now.latest + AHEAD:
        return "NOT_PERMITTED"
    if now.latest < grant.not_before:
        return "NOT_YET"
    if now.earliest >= grant.expires:
        return "EXPIRED"
    sure = now.earliest >= grant.not_before and now.latest < grant.expires
    return "" if sure else "CLOCK_UNSURE"


def _is_allowed(grant: Grant, operation: int) -> str:
    return "" if grant.operations & operation else "NOT_PERMITTED"


def _in_schedule(grant: Grant, standing: Standing, now: Interval | Floor) -> str:
    if isinstance(now, Interval):
        return "" if schedule_includes(grant.schedule, now, standing.local_time) else "OUT_OF_SCHEDULE"
    free = not grant.schedule and not grant.flags & (GUEST | BORROWED)
    return "" if free and standing.unlock_without_time else "CLOCK_UNSURE"


def judge(grant: Grant, standing: Standing, now: Interval | Floor, ask: str) -> str:
    """The name of the error, or nothing."""
    if grant.root_version != standing.root_version:
        return "SYNC_REQUIRED"
    if _is_revoked(grant, standing):
        return "REVOKED"
    if grant.expires - grant.not_before > longest(grant, standing):
        return "NOT_PERMITTED"
    if standing.crit_seq < grant.least_crit_seq:
        return "SYNC_REQUIRED"
    error = _within_term(grant, now)
    if ask in (FOR_SESSION, FOR_SYNC) and error == "CLOCK_UNSURE":
        error = ""
    if error or ask == FOR_SESSION:
        return error
    if ask == FOR_SYNC:
        return _is_allowed(grant, SYNC)
    if error := _is_allowed(grant, UNLOCK) or _in_schedule(grant, standing, now):
        return error
    absent = grant.flags & PRESENCE and ask != FOR_UNLOCK_WITH_PRESENCE
    return "PRESENCE_REQUIRED" if absent else ""


def judge_synced(entry: dict, schedules: dict[int, list], now: Interval | Floor, local_time: LocalTime) -> str:
    """Why a code of the table does not open now; nothing if it does. `entry` is as in its section."""
    not_before, expires, schedule_id = entry.get(3), entry.get(4), entry.get(5)
    if schedule_id is not None and schedule_id not in schedules:
        return "OUT_OF_SCHEDULE"
    if isinstance(now, Floor):
        if expires is not None and now.seconds >= expires:
            return "EXPIRED"
        return "CLOCK_UNSURE" if entry[0] == GUESTS_CODE or schedule_id is not None else ""
    if not_before is not None and now.earliest < not_before:
        return "NOT_YET"
    if expires is not None and now.latest >= expires:
        return "EXPIRED"
    schedule = schedules[schedule_id] if schedule_id is not None else []
    return "" if schedule_includes(schedule, now, local_time) else "OUT_OF_SCHEDULE"


def judge_lane(lane: dict, standing: Standing, new_root: bool, now: Interval | Floor) -> str:
    """APPLIED, UNCHANGED or the name of the error, for a lane that is rightly signed."""
    if lane[5] < lane[4]:
        return "BAD_DOCUMENT"
    if not new_root:
        if (lane[2], lane[3]) == (standing.key_epoch, standing.crit_seq):
            return "UNCHANGED"
        if lane[3] <= standing.crit_seq or lane[2] < standing.key_epoch:
            return "ROLLBACK"
    # Attested time ends with the root version it was attested under.
    if isinstance(now, Interval) and not new_root:
        if max(lane[4], lane[6], lane[7]) > now.latest + AHEAD:
            return "BAD_DOCUMENT"
        if now.earliest >= lane[5]:
            return "EXPIRED"
    return "APPLIED"


def judge_manifest(manifest: dict, key_epoch: int, bulk_seq: int) -> str:
    """TAKEN, AGAIN or the name of the error, for a manifest that was verified and is not too old."""
    if bulk_seq and manifest[3] == bulk_seq:
        return "AGAIN"
    if manifest[2] != key_epoch:
        return "SYNC_REQUIRED" if manifest[2] > key_epoch else "ROLLBACK"
    if manifest[3] <= bulk_seq:
        return "ROLLBACK"
    return "SYNC_REQUIRED" if manifest.get(4, 0) > bulk_seq else "TAKEN"
