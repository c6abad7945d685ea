//! The two lanes of a door: when a sequence rises, and what the critical lane must then say.
use crate::clock::UnixMillis;
use crate::problem::Problem;
use crate::store::doors;
use crate::store::revocations::{self, Revocation, Revoked};
use crate::store::{grants, phone_keys};
use rusqlite::Connection;
use uuid::Uuid;

/// Makes the door's lock refuse every grant of `revoked` issued up to now, from the next critical lane on; gives that lane's sequence.
pub(crate) fn revoke(
    on: &Connection,
    door: Uuid,
    revoked: Revoked,
    now: UnixMillis,
) -> Result<u64, Problem> {
    let crit_seq = doors::next_crit_seq(on, door)?;
    let entry = Revocation {
        revoked,
        min_iat: now,
        crit_seq,
    };
    revocations::put(on, door, &entry)?;
    Ok(crit_seq)
}

/// Revokes the session's phone key, here and at every lock that may still accept a grant of it.
pub(crate) fn revoke_phone_key_of(
    on: &Connection,
    session: Uuid,
    now: UnixMillis,
) -> Result<(), Problem> {
    let Some(key) = phone_keys::of_session(on, session)? else {
        return Ok(());
    };
    phone_keys::revoke(on, &key.holder, now)?;
    for door in grants::doors_of_holder(on, &key.holder, now)? {
        revoke(on, door, Revoked::Holder(key.holder), now)?;
    }
    Ok(())
}

/// Makes every lock that may still accept a grant of the person refuse all of them, on whatever phone. What is issued later counts.
pub(crate) fn revoke_subject_of(
    on: &Connection,
    account: Uuid,
    now: UnixMillis,
) -> Result<(), Problem> {
    for door in grants::doors_of_account(on, account, now)? {
        revoke(on, door, Revoked::Subject(*account.as_bytes()), now)?;
    }
    Ok(())
}
