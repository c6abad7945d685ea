//! Doorcodes. Digits are here only sealed; the door's table and its deltas come from the rows with a bulk sequence.
use super::Rows;
use crate::clock::UnixMillis;
use crate::words::DoorcodeKind;
use rusqlite::{Connection, Row, params};
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
}

/// How the lock knows a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// From its table, last changed with this bulk sequence.
    Table { changed_seq: u64, deleted: bool },
    /// By computing it: civil day number at the door, and slot.
    Slot { day: i64, slot: u8 },
}

impl std::fmt::Debug for Doorcode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Doorcode({})", self.id)
    }
}

pub(crate) fn insert(on: &Connection, code: &Doorcode) -> Rows<()> {
    let (changed_seq, deleted, day, slot) = match code.place {
        Place::Table {
            changed_seq,
            deleted,
        } => (Some(changed_seq), deleted, None, None),
        Place::Slot { day, slot } => (None, false, Some(day), Some(slot)),
    };
    on.execute(
        "INSERT INTO doorcodes (id, door_id, account_id, kind, sealed_code, starts_at, ends_at,
                                changed_seq, deleted, day, slot, number)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            code.id,
            code.door_id,
            code.account_id,
            code.kind,
            code.sealed_code,
            code.starts_at,
            code.ends_at,
            changed_seq,
            deleted,
            day,
            slot,
            code.number
        ],
    )?;
    Ok(())
}

/// Deletes a table code with this bulk sequence: the lock forgets it at its next sync.
pub(crate) fn delete(on: &Connection, id: Uuid, changed_seq: u64) -> Rows<()> {
    on.execute(
        "UPDATE doorcodes SET deleted = 1, changed_seq = ?2 WHERE id = ?1",
        params![id, changed_seq],
    )?;
    Ok(())
}

/// Every code of an account whose day or end is not long over, by door and start.
pub(crate) fn of_account(on: &Connection, account: Uuid, since: UnixMillis) -> Rows<Vec<Doorcode>> {
    let query = format!(
        "SELECT {COLUMNS} FROM doorcodes code JOIN doors door ON door.id = code.door_id
         WHERE code.account_id = ?1 AND (code.ends_at IS NULL OR code.ends_at > ?2)
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

/// The live table codes of one account at one door.
pub(crate) fn table_codes(on: &Connection, door: Uuid, account: Uuid) -> Rows<Vec<Doorcode>> {
    let query = format!(
        "SELECT {COLUMNS} FROM doorcodes code
         WHERE code.door_id = ?1 AND code.account_id = ?2 AND code.changed_seq IS NOT NULL AND NOT code.deleted"
    );
    on.prepare(&query)?
        .query_map(params![door, account], doorcode)?
        .collect()
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
    "code.id, code.door_id, code.account_id, code.kind, code.sealed_code, code.starts_at,
     code.ends_at, code.changed_seq, code.deleted, code.day, code.slot, code.number";

fn doorcode(row: &Row<'_>) -> Rows<Doorcode> {
    let place = match row.get::<_, Option<u64>>(7)? {
        Some(changed_seq) => Place::Table {
            changed_seq,
            deleted: row.get(8)?,
        },
        None => Place::Slot {
            day: row.get(9)?,
            slot: row.get(10)?,
        },
    };
    Ok(Doorcode {
        id: row.get(0)?,
        door_id: row.get(1)?,
        account_id: row.get(2)?,
        kind: row.get(3)?,
        sealed_code: row.get(4)?,
        starts_at: row.get(5)?,
        ends_at: row.get(6)?,
        number: row.get(11)?,
        place,
    })
}
