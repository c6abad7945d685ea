//! Links that reset a password: half an hour, one use.
use super::Rows;
use crate::clock::UnixMillis;
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

/// Keeps a link; without an account it is one that nobody was sent.
pub(crate) fn insert(
    on: &Connection,
    mac: &[u8; 32],
    account: Option<Uuid>,
    ends_at: UnixMillis,
    now: UnixMillis,
) -> Rows<()> {
    on.execute("DELETE FROM reset_links WHERE ends_at <= ?1", [now])?;
    on.execute(
        "INSERT INTO reset_links (mac, account_id, ends_at) VALUES (?1, ?2, ?3)",
        params![mac, account, ends_at],
    )?;
    Ok(())
}

/// The account whose password the link resets now.
pub(crate) fn account_of(on: &Connection, mac: &[u8; 32], now: UnixMillis) -> Rows<Option<Uuid>> {
    on.query_row(
        "SELECT account_id FROM reset_links
         WHERE mac = ?1 AND ends_at > ?2 AND account_id IS NOT NULL",
        params![mac, now],
        |row| row.get(0),
    )
    .optional()
}

/// Spends every link of the account.
pub(crate) fn forget(on: &Connection, account: Uuid) -> Rows<()> {
    on.execute("DELETE FROM reset_links WHERE account_id = ?1", [account])?;
    Ok(())
}
