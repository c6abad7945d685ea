//! Messages that wait to be sent, sealed.
use super::Rows;
use crate::clock::UnixMillis;
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

/// One waiting message.
pub(crate) struct Waiting {
    pub(crate) id: Uuid,
    pub(crate) sealed: Vec<u8>,
    /// How often it was tried before.
    pub(crate) tries: u32,
}

pub(crate) fn insert(
    on: &Connection,
    id: Uuid,
    sealed: &[u8],
    due_at: UnixMillis,
    ends_at: UnixMillis,
) -> Rows<()> {
    on.execute(
        "INSERT INTO outbox (id, sealed, due_at, ends_at) VALUES (?1, ?2, ?3, ?4)",
        params![id, sealed, due_at, ends_at],
    )?;
    Ok(())
}

/// Whether a message is due, or one is over.
pub(crate) fn has_work(on: &Connection, now: UnixMillis) -> Rows<bool> {
    on.query_row(
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE due_at <= ?1 OR ends_at <= ?1)",
        [now],
        |row| row.get(0),
    )
}

/// The message that has been due for longest.
pub(crate) fn next_due(on: &Connection, now: UnixMillis) -> Rows<Option<Waiting>> {
    on.query_row(
        "SELECT id, sealed, tries FROM outbox WHERE due_at <= ?1 ORDER BY due_at, rowid LIMIT 1",
        [now],
        |row| {
            Ok(Waiting {
                id: row.get(0)?,
                sealed: row.get(1)?,
                tries: row.get(2)?,
            })
        },
    )
    .optional()
}

/// One more try is under way; the next one is not before `due_at`.
pub(crate) fn tried(on: &Connection, id: Uuid, due_at: UnixMillis) -> Rows<()> {
    on.execute(
        "UPDATE outbox SET tries = tries + 1, due_at = ?2 WHERE id = ?1",
        params![id, due_at],
    )?;
    Ok(())
}

pub(crate) fn erase(on: &Connection, id: Uuid) -> Rows<()> {
    on.execute("DELETE FROM outbox WHERE id = ?1", [id])?;
    Ok(())
}

/// Drops what is no longer worth sending.
pub(crate) fn prune(on: &Connection, now: UnixMillis) -> Rows<()> {
    on.execute("DELETE FROM outbox WHERE ends_at <= ?1", [now])?;
    Ok(())
}
