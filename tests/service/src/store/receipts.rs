//! The locks' receipts, as they came.
use super::Rows;
use crate::clock::UnixMillis;
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

/// One verified receipt.
pub(crate) struct ReceiptRow<'a> {
    pub(crate) counter: u64,
    pub(crate) sealed: &'a [u8],
    pub(crate) log_entries: u64,
    pub(crate) log_head: [u8; 32],
    /// The account whose phone brought it.
    pub(crate) courier: Uuid,
}

/// Keeps a receipt; one that came before stays as it is.
pub(crate) fn keep(on: &Connection, door: Uuid, row: &ReceiptRow<'_>, now: UnixMillis) -> Rows<()> {
    on.execute(
        "INSERT OR IGNORE INTO receipts (door_id, counter, sealed, log_entries, log_head, courier, arrived_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            door,
            row.counter,
            row.sealed,
            row.log_entries,
            row.log_head,
            row.courier,
            now
        ],
    )?;
    Ok(())
}

/// The receipt of this number, sealed as it came.
pub(crate) fn sealed(on: &Connection, door: Uuid, counter: u64) -> Rows<Option<Vec<u8>>> {
    on.query_row(
        "SELECT sealed FROM receipts WHERE door_id = ?1 AND counter = ?2",
        params![door, counter],
        |row| row.get(0),
    )
    .optional()
}

/// The newest number of all receipts.
pub(crate) fn newest(on: &Connection, door: Uuid) -> Rows<u64> {
    on.query_row(
        "SELECT coalesce(max(counter), 0) FROM receipts WHERE door_id = ?1",
        [door],
        |row| row.get(0),
    )
}

/// The number up to which every receipt is here, given that it was `so_far` before.
pub(crate) fn without_gap(on: &Connection, door: Uuid, so_far: u64) -> Rows<u64> {
    let mut statement = on.prepare("SELECT 1 FROM receipts WHERE door_id = ?1 AND counter = ?2")?;
    let mut counter = so_far;
    while statement.exists(params![door, counter + 1])? {
        counter += 1;
    }
    Ok(counter)
}

/// The furthest point of the log after `from` and up to `until` that the lock signed: how many entries, and the chain's head after them.
pub(crate) fn signed_point(
    on: &Connection,
    door: Uuid,
    from: u64,
    until: u64,
) -> Rows<Option<(u64, [u8; 32])>> {
    on.query_row(
        "SELECT log_entries, log_head FROM receipts
         WHERE door_id = ?1 AND log_entries > ?2 AND log_entries <= ?3
         ORDER BY log_entries DESC LIMIT 1",
        params![door, from, until],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
    .optional()
}
