//! Locks of which there are two.
use super::Rows;
use crate::clock::UnixMillis;
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

/// Notes that a second receipt of this number came; the first time stays.
pub(crate) fn note(on: &Connection, door: Uuid, counter: u64, now: UnixMillis) -> Rows<()> {
    on.execute(
        "INSERT OR IGNORE INTO forks (door_id, counter, found_at) VALUES (?1, ?2, ?3)",
        params![door, counter, now],
    )?;
    Ok(())
}

/// When it was noticed.
pub(crate) fn found_at(on: &Connection, door: Uuid) -> Rows<Option<UnixMillis>> {
    on.query_row(
        "SELECT found_at FROM forks WHERE door_id = ?1",
        [door],
        |row| row.get(0),
    )
    .optional()
}
