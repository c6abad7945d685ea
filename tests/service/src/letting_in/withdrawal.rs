//! Taking an access away: the lock refuses the person's grants from its next critical lane on and forgets their codes at its next sync, and
//! the access stays on record until it is known to have done both.
use crate::clock::UnixMillis;
use crate::doorcode_table;
use crate::lanes::revoke;
use crate::limits;
use crate::problem::Problem;
use crate::store::doors::Door;
use crate::store::revocations::Revoked;
use crate::store::revoked::{self, RevokedAccess};
use crate::store::{accesses, doorcodes};
use rusqlite::Connection;
use uuid::Uuid;

/// Takes the account's access to the door away; fails if there is none.
pub(crate) fn withdraw(
    on: &Connection,
    door: &Door,
    account: Uuid,
    now: UnixMillis,
) -> Result<(), Problem> {
    let access = accesses::remove(on, door.id, account)?.ok_or(Problem::NotFound)?;
    let mut bulk_seq = 0;
    for code in doorcodes::table_codes(on, door.id)? {
        if code.account_id == account {
            bulk_seq = doorcode_table::delete(on, door, &code, None, now)?;
        }
    }
    let crit_seq = revoke(on, door.id, Revoked::Subject(*account.as_bytes()), now)?;
    revoked::prune(on, now - limits::REVOKED_LISTED)?;
    let row = RevokedAccess {
        access,
        requested_at: now,
        crit_seq,
        bulk_seq,
        carried: None,
        confirmed_at: None,
    };
    Ok(revoked::insert(on, &row)?)
}
