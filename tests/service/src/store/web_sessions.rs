//! Browsers that are signed in to the account pages. A row that is gone is a browser that is signed out.
use super::Rows;
use crate::clock::UnixMillis;
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

pub(crate) fn insert(
    on: &Connection,
    mac: &[u8; 32],
    account: Uuid,
    ends_at: UnixMillis,
    now: UnixMillis,
) -> Rows<()> {
    on.execute("DELETE FROM web_sessions WHERE ends_at <= ?1", [now])?;
    on.execute(
        "INSERT INTO web_sessions (mac, account_id, ends_at) VALUES (?1, ?2, ?3)",
        params![mac, account, ends_at],
    )?;
    Ok(())
}

/// Whose browser it is, as long as it is signed in.
pub(crate) fn account_of(on: &Connection, mac: &[u8; 32], now: UnixMillis) -> Rows<Option<Uuid>> {
    on.query_row(
        "SELECT account_id FROM web_sessions WHERE mac = ?1 AND ends_at > ?2",
        params![mac, now],
        |row| row.get(0),
    )
    .optional()
}

pub(crate) fn end(on: &Connection, mac: &[u8; 32]) -> Rows<()> {
    on.execute("DELETE FROM web_sessions WHERE mac = ?1", [mac])?;
    Ok(())
}

/// Signs every browser of the account out.
pub(crate) fn end_all(on: &Connection, account: Uuid) -> Rows<()> {
    on.execute("DELETE FROM web_sessions WHERE account_id = ?1", [account])?;
    Ok(())
}
