//! By which names hosts know the people with accounts whom they let in, sealed.
use super::Rows;
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

/// What `host` calls the account's person, sealed.
pub(crate) fn find(on: &Connection, host: Uuid, account: Uuid) -> Rows<Option<Vec<u8>>> {
    on.query_row(
        "SELECT sealed FROM names_given WHERE host_id = ?1 AND account_id = ?2",
        [host, account],
        |row| row.get(0),
    )
    .optional()
}

/// Remembers the names used last, and forgets those by which nobody is known any more.
pub(crate) fn keep(on: &Connection, host: Uuid, account: Uuid, sealed: &[u8]) -> Rows<()> {
    on.execute(
        "INSERT OR REPLACE INTO names_given (host_id, account_id, sealed) VALUES (?1, ?2, ?3)",
        params![host, account, sealed],
    )?;
    on.execute(
        "DELETE FROM names_given
         WHERE NOT EXISTS (SELECT 1 FROM accesses access
                           WHERE access.granted_by = host_id AND access.account_id = names_given.account_id)
           AND NOT EXISTS (SELECT 1 FROM revoked_accesses revoked
                           WHERE revoked.granted_by = host_id AND revoked.account_id = names_given.account_id)",
        [],
    )?;
    Ok(())
}
