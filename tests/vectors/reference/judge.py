"""Judges what a grant allows, and what a lane section changes, in the order of the text."""

from dataclasses import dataclass, field

from .clock import UTC, Interval, LocalTime, schedule_includes
from .documents import BORROWED, GUEST, HOLDER, PRESENCE, SUBJECT, UNLOCK, Grant

AHEAD = 900


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


def _in_schedule(grant: Grant, standing: Standing, now: Interval | Floor) -> str:
    if isinstance(now, Interval):
        return "" if schedule_includes(grant.schedule, now, standing.local_time) else "OUT_OF_SCHEDULE"
    free = not grant.schedule and not grant.flags & (GUEST | BORROWED)
    return "" if free and standing.unlock_without_time else "CLOCK_UNSURE"


def judge(grant: Grant, standing: Standing, now: Interval | Floor, unlock: bool, presence: bool = False) -> str:
    """The name of the error, or nothing. Without `unlock` it is a session that is judged."""
    if _is_revoked(grant, standing):
        return "REVOKED"
    if grant.expires - grant.not_before > longest(grant, standing):
        return "NOT_PERMITTED"
    if grant.root_version != standing.root_version or standing.crit_seq < grant.least_crit_seq:
        return "SYNC_REQUIRED"
    error = _within_term(grant, now)
    if not unlock:
        return "" if error == "CLOCK_UNSURE" else error
    if error:
        return error
    if not grant.operations & UNLOCK:
        return "NOT_PERMITTED"
    if error := _in_schedule(grant, standing, now):
        return error
    return "PRESENCE_REQUIRED" if grant.flags & PRESENCE and not presence else ""


def judge_lane(lane: dict, standing: Standing, new_root: bool, now: Interval | Floor) -> str:
    """APPLIED, UNCHANGED or the name of the error, for a lane that was verified."""
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
