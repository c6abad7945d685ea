//! The codes that a lock knows from its table: what may be added, and what makes room for it. Each change has a bulk sequence of its own and
//! counts at the door from the sync on that carries it.
use crate::bulk::daily_digits;
use crate::clock::UnixMillis;
use crate::doorcodes::{digits, sealed};
use crate::problem::Problem;
use crate::state::Service;
use crate::store::doorcodes::{self, Doorcode, Place};
use crate::store::doors::{self, Door};
use crate::words::DoorcodeKind;
use keyway_protocol::code::{daily_codes_live, within_guessing_bound};
use rusqlite::Connection;
use uuid::Uuid;
use zeroize::Zeroizing;

/// A code to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewCode {
    pub(crate) account: Uuid,
    pub(crate) kind: DoorcodeKind,
    pub(crate) starts_at: UnixMillis,
    pub(crate) ends_at: Option<UnixMillis>,
    /// Who lets the person in; the property itself where nobody does.
    pub(crate) granted_by: Option<Uuid>,
}

/// Gives somebody a code. Earlier codes of theirs of that kind are deleted with the same sync: until then they are what opens.
///
/// Refuses, before anything is changed, a code too many for the bound on guessing (threat R15).
pub(crate) fn set(
    service: &Service,
    on: &Connection,
    door: &Door,
    new: &NewCode,
    now: UnixMillis,
) -> Result<Doorcode, Problem> {
    let earlier: Vec<Doorcode> = doorcodes::table_codes(on, door.id)?
        .into_iter()
        .filter(|code| is_over(code, now) || is_earlier(code, new))
        .collect();
    let daily = daily_codes_live(door.keypad_digits, daily_digits(door));
    let gone = u32::try_from(earlier.len()).unwrap_or(u32::MAX);
    let live = doorcodes::table_size(on, door.id)?.saturating_sub(gone) + 1 + daily;
    if !within_guessing_bound(live, door.keypad_digits) {
        return Err(Problem::TooManyDoorcodes);
    }
    let id = service.fresh_id()?;
    for code in &earlier {
        let replaced_by = is_earlier(code, new).then_some(id);
        delete(on, door, code, replaced_by, now)?;
    }
    let fresh = unused_digits(service, on, door)?;
    let seq = doors::next_bulk_seq(on, door.id)?;
    let code = Doorcode {
        id,
        door_id: door.id,
        account_id: new.account,
        number: doorcodes::next_number(on, door.id)?,
        kind: new.kind,
        sealed_code: sealed(service, id, &fresh)?,
        starts_at: new.starts_at,
        ends_at: new.ends_at,
        place: Place::Table {
            added_seq: seq,
            changed_seq: seq,
            deleted: false,
        },
        replaced_by: None,
        recipient_id: None,
        granted_by: new.granted_by,
    };
    doorcodes::insert(on, &code, now)?;
    Ok(code)
}

/// Deletes a code: the lock forgets it at its next sync, which is the one with the bulk sequence given back.
pub(crate) fn delete(
    on: &Connection,
    door: &Door,
    code: &Doorcode,
    replaced_by: Option<Uuid>,
    now: UnixMillis,
) -> Result<u64, Problem> {
    let seq = doors::next_bulk_seq(on, door.id)?;
    doorcodes::delete(on, code.id, seq, replaced_by, now)?;
    Ok(seq)
}

/// Codes whose time is over only take room.
fn is_over(code: &Doorcode, now: UnixMillis) -> bool {
    code.ends_at.is_some_and(|end| end <= now)
}

fn is_earlier(code: &Doorcode, new: &NewCode) -> bool {
    code.account_id == new.account && code.kind == new.kind
}

/// Digits that no other code in the door's table has, deleted ones included.
fn unused_digits(
    service: &Service,
    on: &Connection,
    door: &Door,
) -> Result<Zeroizing<String>, Problem> {
    let known = doorcodes::changed_since(on, door.id, 0)?
        .iter()
        .map(|code| digits(service, code))
        .collect::<Result<Vec<_>, _>>()?;
    loop {
        let digits = service.random_digits(door.keypad_digits)?;
        if !known.contains(&digits) {
            return Ok(digits);
        }
    }
}
