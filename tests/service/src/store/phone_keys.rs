//! The phones' holder keys, which grants are bound to.
use super::Rows;
use crate::clock::UnixMillis;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;

/// One phone's public key.
#[derive(Clone, Debug)]
pub(crate) struct PhoneKey {
    /// SHA-256 of `public_key`: what locks and grants know the phone by.
    pub(crate) holder: [u8; 32],
    /// SEC1, compressed.
    pub(crate) public_key: [u8; 33],
    pub(crate) account_id: Uuid,
    pub(crate) session_id: Uuid,
    pub(crate) revoked: bool,
}

/// Registers or re-registers a key. A key that was revoked counts again from now on: the lock refuses what was issued before.
pub(crate) fn register(on: &Connection, key: &PhoneKey, now: UnixMillis) -> Rows<()> {
    on.execute(
        "INSERT OR REPLACE INTO phone_keys (holder, public_key, account_id, session_id, registered_at)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            key.holder,
            key.public_key,
            key.account_id,
            key.session_id,
            now
        ],
    )?;
    Ok(())
}

pub(crate) fn by_holder(on: &Connection, holder: &[u8; 32]) -> Rows<Option<PhoneKey>> {
    let query = format!("SELECT {COLUMNS} FROM phone_keys WHERE holder = ?1");
    on.query_row(&query, [holder], phone_key).optional()
}

/// The session's key that counts now.
pub(crate) fn of_session(on: &Connection, session: Uuid) -> Rows<Option<PhoneKey>> {
    let query =
        format!("SELECT {COLUMNS} FROM phone_keys WHERE session_id = ?1 AND revoked_at IS NULL");
    on.query_row(&query, [session], phone_key).optional()
}

pub(crate) fn revoke(on: &Connection, holder: &[u8; 32], now: UnixMillis) -> Rows<()> {
    on.execute(
        "UPDATE phone_keys SET revoked_at = ?2 WHERE holder = ?1 AND revoked_at IS NULL",
        params![holder, now],
    )?;
    Ok(())
}

const COLUMNS: &str = "holder, public_key, account_id, session_id, revoked_at";

fn phone_key(row: &Row<'_>) -> Rows<PhoneKey> {
    Ok(PhoneKey {
        holder: row.get(0)?,
        public_key: row.get(1)?,
        account_id: row.get(2)?,
        session_id: row.get(3)?,
        revoked: row.get::<_, Option<i64>>(4)?.is_some(),
    })
}
