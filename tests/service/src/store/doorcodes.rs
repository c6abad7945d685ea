//! Doorcodes. Digits are here only sealed; the door's table and its deltas come from the rows with a bulk sequence.
use super::Rows;
use crate::clock::UnixMillis;
use crate::words::DoorcodeKind;
use rusqlite::{Connection, OptionalExtension as _, Row, named_params, params};
use uuid::Uuid;

/// One doorcode.
#[derive(Clone)]
pub(crate) struct Doorcode {
    pub(crate) id: Uuid,
    pub(crate) door_id: Uuid,
    pub(crate) account_id: Uuid,
    /// Its id in the lock's table, unique at its door.
    pub(crate) number: u32,
    pub(crate) kind: DoorcodeKind,
    pub(crate) sealed_code: Vec<u8>,
    pub(crate) starts_at: UnixMillis,
    pub(crate) ends_at: Option<UnixMillis>,
    pub(crate) place: Place,
    /// The code that opens instead, once the lock has heard of both.
    pub(crate) replaced_by: Option<Uuid>,
    /// The person outside whom a daily code was sent to; it belongs to the account that sent it.
    pub(crate) recipient_id: Option<Uuid>,
    /// Who let its person in; the property itself where nobody did.
    pub(crate) granted_by: Option<Uuid>,
}

/// How the lock knows a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// From its table.
    Table {
        /// The bulk sequence that first carried it.
        added_seq: u64,
        /// The bulk sequence of its last change.
        changed_seq: u64,
        /// That change was its end.
        deleted: bool,
    },
    /// By computing it: civil day number at the door, and slot.
    Slot { day: i64, slot: u8 },
}

impl std::fmt::Debug for Doorcode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Doorcode({})", self.id)
    }
}

pub(crate) fn insert(on: &Connection, code: &Doorcode, now: UnixMillis) -> Rows<()> {
    let (added_seq, changed_seq, deleted, day, slot) = match code.place {
        Place::Table {
            added_seq,
            changed_seq,
            deleted,
        } => (Some(added_seq), Some(changed_seq), deleted, None, None),
        Place::Slot { day, slot } => (None, None, false, Some(day), Some(slot)),
    };
    on.execute(
        "INSERT INTO doorcodes (id, door_id, account_id, number, kind, sealed_code, starts_at, ends_at,
                                added_seq, changed_seq, deleted, day, slot, replaced_by, recipient_id, granted_by,
                                changed_at)
         VALUES (:id, :door, :account, :number, :kind, :code, :starts, :ends,
                 :added, :changed, :deleted, :day, :slot, :replaced_by, :recipient, :granted_by, :now)",
        named_params! {
            ":id": code.id,
            ":door": code.door_id,
            ":account": code.account_id,
            ":number": code.number,
            ":kind": code.kind,
            ":code": code.sealed_code,
            ":starts": code.starts_at,
            ":ends": code.ends_at,
            ":added": added_seq,
            ":changed": changed_seq,
            ":deleted": deleted,
            ":day": day,
            ":slot": slot,
            ":replaced_by": code.replaced_by,
            ":recipient": code.recipient_id,
            ":granted_by": code.granted_by,
            ":now": now,
        },
    )?;
    Ok(())
}

/// Deletes a table code with this bulk sequence: the lock forgets it at its next sync.
pub(crate) fn delete(
    on: &Connection,
    id: Uuid,
    changed_seq: u64,
    replaced_by: Option<Uuid>,
    now: UnixMillis,
) -> Rows<()> {
    on.execute(
        "UPDATE doorcodes SET deleted = 1, changed_seq = ?2, replaced_by = ?3, changed_at = ?4 WHERE id = ?1",
        params![id, changed_seq, replaced_by, now],
    )?;
    Ok(())
}

pub(crate) fn by_id(on: &Connection, id: Uuid) -> Rows<Option<Doorcode>> {
    let query = format!("SELECT {COLUMNS} FROM doorcodes code WHERE code.id = ?1");
    on.query_row(&query, [id], doorcode).optional()
}

/// The code that the door's lock knows by this number.
pub(crate) fn by_number(on: &Connection, door: Uuid, number: u32) -> Rows<Option<Doorcode>> {
    let query = format!(
        "SELECT {COLUMNS} FROM doorcodes code WHERE code.door_id = ?1 AND code.number = ?2"
    );
    on.query_row(&query, params![door, number], doorcode)
        .optional()
}

/// The daily code of this kind, day and slot.
pub(crate) fn by_slot(
    on: &Connection,
    door: Uuid,
    kind: DoorcodeKind,
    day: i64,
    slot: u8,
) -> Rows<Option<Doorcode>> {
    let taken = slots(on, door, kind, day)?;
    let is_slot = |code: &Doorcode| code.place == Place::Slot { day, slot };
    Ok(taken.into_iter().find(is_slot))
}

/// Every code of an account's own whose day or end is not long over, by door and start. Whoever lost an access lost its codes with it.
pub(crate) fn of_account(on: &Connection, account: Uuid, since: UnixMillis) -> Rows<Vec<Doorcode>> {
    let query = format!(
        "SELECT {COLUMNS} FROM doorcodes code JOIN doors door ON door.id = code.door_id
         JOIN accesses access ON access.door_id = code.door_id AND access.account_id = code.account_id
         WHERE code.account_id = ?1 AND code.recipient_id IS NULL AND (code.ends_at IS NULL OR code.ends_at > ?2)
         ORDER BY door.position, code.starts_at, code.id"
    );
    on.prepare(&query)?
        .query_map(params![account, since], doorcode)?
        .collect()
}

/// The table codes that changed after `have`, deleted ones included, oldest change first.
pub(crate) fn changed_since(on: &Connection, door: Uuid, have: u64) -> Rows<Vec<Doorcode>> {
    let query = format!(
        "SELECT {COLUMNS} FROM doorcodes code WHERE code.door_id = ?1 AND code.changed_seq > ?2
         ORDER BY code.changed_seq, code.id"
    );
    on.prepare(&query)?
        .query_map(params![door, have], doorcode)?
        .collect()
}

/// The live table codes of a door.
pub(crate) fn table_codes(on: &Connection, door: Uuid) -> Rows<Vec<Doorcode>> {
    let query = format!(
        "SELECT {COLUMNS} FROM doorcodes code
         WHERE code.door_id = ?1 AND code.changed_seq IS NOT NULL AND NOT code.deleted ORDER BY code.number"
    );
    on.prepare(&query)?.query_map([door], doorcode)?.collect()
}

/// The daily codes of a door that were sent to people outside and are not over.
pub(crate) fn sent_at(on: &Connection, door: Uuid, now: UnixMillis) -> Rows<Vec<Doorcode>> {
    let query = format!(
        "SELECT {COLUMNS} FROM doorcodes code
         WHERE code.door_id = ?1 AND code.recipient_id IS NOT NULL AND code.ends_at > ?2
         ORDER BY code.starts_at, code.number"
    );
    on.prepare(&query)?
        .query_map(params![door, now], doorcode)?
        .collect()
}

/// Moves the end of a table code with this bulk sequence: the lock learns it at its next sync.
pub(crate) fn set_end(
    on: &Connection,
    id: Uuid,
    ends_at: Option<UnixMillis>,
    changed_seq: u64,
    now: UnixMillis,
) -> Rows<()> {
    on.execute(
        "UPDATE doorcodes SET ends_at = ?2, changed_seq = ?3, changed_at = ?4 WHERE id = ?1",
        params![id, ends_at, changed_seq, now],
    )?;
    Ok(())
}

/// When the oldest code was deleted that the lock has not confirmed to have forgotten. A code that had ended by itself is in nobody's way.
pub(crate) fn oldest_unconfirmed_end(
    on: &Connection,
    door: Uuid,
    confirmed_bulk_seq: u64,
) -> Rows<Option<UnixMillis>> {
    on.query_row(
        "SELECT min(changed_at) FROM doorcodes WHERE door_id = ?1 AND deleted AND changed_seq > ?2
           AND (ends_at IS NULL OR ends_at > changed_at)",
        params![door, confirmed_bulk_seq],
        |row| row.get(0),
    )
}

/// The next free number of a door. Numbers of deleted codes are not given out again: a lock that missed the deletion would keep them.
pub(crate) fn next_number(on: &Connection, door: Uuid) -> Rows<u32> {
    on.query_row(
        "SELECT coalesce(max(number), 0) + 1 FROM doorcodes WHERE door_id = ?1",
        [door],
        |row| row.get(0),
    )
}

/// How many live codes the door's table holds.
pub(crate) fn table_size(on: &Connection, door: Uuid) -> Rows<u32> {
    on.query_row(
        "SELECT count(*) FROM doorcodes WHERE door_id = ?1 AND changed_seq IS NOT NULL AND NOT deleted",
        [door],
        |row| row.get(0),
    )
}

/// The slots of a kind and day that are taken, and by whom.
pub(crate) fn slots(
    on: &Connection,
    door: Uuid,
    kind: DoorcodeKind,
    day: i64,
) -> Rows<Vec<Doorcode>> {
    let query = format!(
        "SELECT {COLUMNS} FROM doorcodes code
         WHERE code.door_id = ?1 AND code.kind = ?2 AND code.day = ?3 ORDER BY code.slot"
    );
    on.prepare(&query)?
        .query_map(params![door, kind, day], doorcode)?
        .collect()
}

const COLUMNS: &str =
    "code.id, code.door_id, code.account_id, code.number, code.kind, code.sealed_code, code.starts_at,
     code.ends_at, code.added_seq, code.changed_seq, code.deleted, code.day, code.slot, code.replaced_by,
     code.recipient_id, code.granted_by";

fn doorcode(row: &Row<'_>) -> Rows<Doorcode> {
    let place = match row.get::<_, Option<u64>>("added_seq")? {
        Some(added_seq) => Place::Table {
            added_seq,
            changed_seq: row.get("changed_seq")?,
            deleted: row.get("deleted")?,
        },
        None => Place::Slot {
            day: row.get("day")?,
            slot: row.get("slot")?,
        },
    };
    Ok(Doorcode {
        id: row.get("id")?,
        door_id: row.get("door_id")?,
        account_id: row.get("account_id")?,
        number: row.get("number")?,
        kind: row.get("kind")?,
        sealed_code: row.get("sealed_code")?,
        starts_at: row.get("starts_at")?,
        ends_at: row.get("ends_at")?,
        place,
        replaced_by: row.get("replaced_by")?,
        recipient_id: row.get("recipient_id")?,
        granted_by: row.get("granted_by")?,
    })
}
