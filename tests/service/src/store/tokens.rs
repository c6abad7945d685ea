//! Access tokens, as MACs. A revoked one stays on the deny-list until it would have expired.
use super::Rows;
use crate::clock::UnixMillis;
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

pub(crate) fn insert(
    on: &Connection,
    mac: &[u8; 32],
    session: Uuid,
    expires_at: UnixMillis,
    now: UnixMillis,
) -> Rows<()> {
    on.execute("DELETE FROM access_tokens WHERE expires_at <= ?1", [now])?;
    on.execute(
        "INSERT INTO access_tokens (mac, session_id, expires_at) VALUES (?1, ?2, ?3)",
        params![mac, session, expires_at],
    )?;
    Ok(())
}

/// The session of a token that is neither expired nor revoked.
pub(crate) fn session_of(on: &Connection, mac: &[u8; 32], now: UnixMillis) -> Rows<Option<Uuid>> {
    on.query_row(
        "SELECT session_id FROM access_tokens
         WHERE mac = ?1 AND expires_at > ?2 AND revoked_at IS NULL",
        params![mac, now],
        |row| row.get(0),
    )
    .optional()
}

/// Revokes one token; says whether there was one.
pub(crate) fn revoke(on: &Connection, mac: &[u8; 32], now: UnixMillis) -> Rows<bool> {
    let changed = on.execute(
        "UPDATE access_tokens SET revoked_at = ?2 WHERE mac = ?1 AND revoked_at IS NULL",
        params![mac, now],
    )?;
    Ok(changed == 1)
}

/// Revokes all tokens of a session.
pub(crate) fn revoke_all(on: &Connection, session: Uuid, now: UnixMillis) -> Rows<()> {
    on.execute(
        "UPDATE access_tokens SET revoked_at = ?2 WHERE session_id = ?1 AND revoked_at IS NULL",
        params![session, now],
    )?;
    Ok(())
}
