//! The locks' log entries, sealed under a key outside: who opened what and when is nobody's who merely has the rows.
use super::Rows;
use crate::clock::UnixMillis;
use rusqlite::{Connection, params};
use uuid::Uuid;

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
