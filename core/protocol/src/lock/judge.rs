//! Judges what a grant allows now. Every command is judged afresh, resumed or in session.

use super::keeper::Operation;
use super::memory::Trust;
use crate::code::OffsetTable;
use crate::critical::Revoked;
use crate::error::{Code, Error};
use crate::grant::{Flags, GrantClaims, Operations};
use crate::time::{AHEAD, Now, TimeInterval};

/// Judges verified claims against what the lock believes and what time it is.
///
/// # Errors
/// Exactly one reason, the one that would still hold when those named before it were mended: another root's grant, of which nothing can be
/// believed, then revocation, then what a sync mends, then time, then this operation.
pub(super) fn judge(
    claims: &GrantClaims,
    operation: Operation,
    trust: &Trust,
    (now, local): (Now, Option<&OffsetTable>),
) -> Result<(), Error> {
    if claims.root_version != trust.root.version {
        return Err(Code::SyncRequired.into());
    }
    if is_revoked(claims, trust) {
        return Err(Code::Revoked.into());
    }
    if claims.expires.since(claims.not_before) > claims.cap(&trust.root.caps) {
        return Err(Code::NotPermitted.into());
    }
    if claims.min_crit_seq > trust.crit_seq {
        return Err(Code::SyncRequired.into());
    }
    match now {
        Now::Trusted(interval) => match within_term(claims, &interval) {
            Err(error) if error.code == Code::ClockUnsure && !moves_bolt(operation) => {}
            judged => judged?,
        },
        Now::NotBefore(floor) if floor >= claims.expires => return Err(Code::Expired.into()),
        Now::NotBefore(_) => {}
    }
    let needed = match operation {
        // Without a clock a guest may still bring the time.
        Operation::Session => return Ok(()),
        Operation::Sync => Operations::SYNC,
        Operation::Unlock { .. } => Operations::UNLOCK,
    };
    if !claims.operations.include(needed) {
        return Err(Code::NotPermitted.into());
    }
    let Operation::Unlock { presence } = operation else {
        return Ok(());
    };
    match now {
        Now::Trusted(interval) => {
            let utc = OffsetTable::utc();
            if !claims.schedule.includes(&interval, local.unwrap_or(&utc)) {
                return Err(Code::OutOfSchedule.into());
            }
        }
        Now::NotBefore(_) if !may_without_clock(claims, trust) => {
            return Err(Code::ClockUnsure.into());
        }
        Now::NotBefore(_) => {}
    }
    if claims.flags.include(Flags::PRESENCE) && !presence {
        return Err(Code::PresenceRequired.into());
    }
    Ok(())
}

/// Whoever may bring a narrower time, or documents, must be let in to do so.
const fn moves_bolt(operation: Operation) -> bool {
    matches!(operation, Operation::Unlock { .. })
}

fn is_revoked(claims: &GrantClaims, trust: &Trust) -> bool {
    let (subject, holder) = (
        Revoked::Subject(claims.subject),
        Revoked::Holder(claims.holder()),
    );
    claims.issued <= trust.issue_floor
        || trust.revocations.iter().any(|revocation| {
            (revocation.whom == subject || revocation.whom == holder)
                && claims.issued <= revocation.until
        })
}

/// `exp` at the interval's upper end, `nbf` at its lower. Where only the width stands in the way, the clock is named, not the grant.
fn within_term(claims: &GrantClaims, interval: &TimeInterval) -> Result<(), Error> {
    if claims.issued > interval.latest.plus(AHEAD) {
        return Err(Code::NotPermitted.into());
    }
    if interval.latest < claims.not_before {
        return Err(Code::NotYet.into());
    }
    if interval.earliest >= claims.expires {
        return Err(Code::Expired.into());
    }
    if interval.earliest < claims.not_before || interval.latest >= claims.expires {
        return Err(Code::ClockUnsure.into());
    }
    Ok(())
}

/// Residents on their own phones, always in schedule, where the property allows it.
const fn may_without_clock(claims: &GrantClaims, trust: &Trust) -> bool {
    trust.root.residents_without_clock
        && claims.schedule.is_always()
        && !claims.flags.include(Flags::GUEST)
        && !claims.flags.include(Flags::BORROWED)
}
