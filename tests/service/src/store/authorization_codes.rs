//! Authorization codes: one minute, one use.
use super::Rows;
use crate::clock::UnixMillis;
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

/// What a code stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AuthorizationCode {
    pub(crate) account_id: Uuid,
    /// PKCE S256: SHA-256 of the verifier.
    pub(crate) challenge: [u8; 32],
    pub(crate) borrowed: bool,
    pub(crate) expires_at: UnixMillis,
    /// The session that the code was exchanged for, once it was.
    pub(crate) session_id: Option<Uuid>,
}

pub(crate) fn insert(
    on: &Connection,
    mac: &[u8; 32],
    code: &AuthorizationCode,
    now: UnixMillis,
) -> Rows<()> {
    on.execute(
        "DELETE FROM authorization_codes WHERE expires_at <= ?1",
        [now],
    )?;
    on.execute(
        "INSERT INTO authorization_codes (mac, account_id, challenge, borrowed, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            mac,
            code.account_id,
            code.challenge,
            code.borrowed,
            code.expires_at
        ],
    )?;
    Ok(())
}

pub(crate) fn find(on: &Connection, mac: &[u8; 32]) -> Rows<Option<AuthorizationCode>> {
    on.query_row(
        "SELECT account_id, challenge, borrowed, expires_at, session_id
         FROM authorization_codes WHERE mac = ?1",
        [mac],
        |row| {
            Ok(AuthorizationCode {
                account_id: row.get(0)?,
                challenge: row.get(1)?,
                borrowed: row.get(2)?,
                expires_at: row.get(3)?,
                session_id: row.get(4)?,
            })
        },
    )
    .optional()
}

/// Marks the code as exchanged for `session`.
pub(crate) fn exchanged(on: &Connection, mac: &[u8; 32], session: Uuid) -> Rows<()> {
    on.execute(
        "UPDATE authorization_codes SET session_id = ?2 WHERE mac = ?1",
        params![mac, session],
    )?;
    Ok(())
}

/// The account's codes that were not exchanged yet never will be.
pub(crate) fn forget_unused(on: &Connection, account: Uuid) -> Rows<()> {
    on.execute(
        "DELETE FROM authorization_codes WHERE account_id = ?1 AND session_id IS NULL",
        [account],
    )?;
    Ok(())
}
