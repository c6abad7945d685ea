//! People outside who were sent a daily code: found by a MAC of their address, named only in a sealed column.
use super::Rows;
use crate::clock::UnixMillis;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;

/// Somebody without an account, as one person knows them.
#[derive(Clone, Debug)]
pub(crate) struct Recipient {
    pub(crate) id: Uuid,
    /// Who lets them in.
    pub(crate) account_id: Uuid,
    pub(crate) address_mac: [u8; 32],
    /// Names and address.
    pub(crate) sealed: Vec<u8>,
}

/// The recipient behind that address, as this account knows them.
pub(crate) fn find(
    on: &Connection,
    account: Uuid,
    address_mac: &[u8; 32],
) -> Rows<Option<Recipient>> {
    let query =
        format!("SELECT {COLUMNS} FROM recipients WHERE account_id = ?1 AND address_mac = ?2");
    on.query_row(&query, params![account, address_mac], recipient)
        .optional()
}

pub(crate) fn by_id(on: &Connection, id: Uuid) -> Rows<Option<Recipient>> {
    let query = format!("SELECT {COLUMNS} FROM recipients WHERE id = ?1");
    on.query_row(&query, [id], recipient).optional()
}

/// Remembers a recipient, by the names used last, at least until `kept_until`.
pub(crate) fn keep(on: &Connection, row: &Recipient, kept_until: UnixMillis) -> Rows<()> {
    on.execute(
        "INSERT INTO recipients (id, account_id, address_mac, sealed, kept_until) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed,
                                        kept_until = max(kept_until, excluded.kept_until)",
        params![row.id, row.account_id, row.address_mac, row.sealed, kept_until],
    )?;
    Ok(())
}

/// Forgets whoever need not be remembered any more.
pub(crate) fn prune(on: &Connection, now: UnixMillis) -> Rows<()> {
    on.execute("DELETE FROM recipients WHERE kept_until <= ?1", [now])?;
    Ok(())
}

const COLUMNS: &str = "id, account_id, address_mac, sealed";

fn recipient(row: &Row<'_>) -> Rows<Recipient> {
    Ok(Recipient {
        id: row.get(0)?,
        account_id: row.get(1)?,
        address_mac: row.get(2)?,
        sealed: row.get(3)?,
    })
}
