//! The locks' log entries, sealed under a key outside: who opened what and when is nobody's who merely has the rows.
use super::Rows;
use crate::clock::UnixMillis;
use rusqlite::{Connection, params};
use uuid::Uuid;

/// At most `limit` entries of the door, the newest first, from the one before `before` on: number and sealed bytes.
pub(crate) fn before(
    on: &Connection,
    door: Uuid,
    before: Option<u64>,
    limit: usize,
) -> Rows<Vec<(u64, Vec<u8>)>> {
    on.prepare(
        "SELECT number, sealed FROM log_entries WHERE door_id = ?1 AND (?2 IS NULL OR number < ?2)
         ORDER BY number DESC LIMIT ?3",
    )?
    .query_map(params![door, before, limit], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?
    .collect()
}

/// Keeps one entry; one that came before by another courier stays as it is.
pub(crate) fn keep(
    on: &Connection,
    door: Uuid,
    number: u64,
    sealed: &[u8],
    courier: Uuid,
    now: UnixMillis,
) -> Rows<()> {
    on.execute(
        "INSERT OR IGNORE INTO log_entries (door_id, number, sealed, courier, arrived_at)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![door, number, sealed, courier, now],
    )?;
    Ok(())
}
