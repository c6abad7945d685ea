//! Sessions. A session is also its refresh family: it remembers the newest refresh token that came back.
use super::Rows;
use crate::clock::UnixMillis;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;

/// One phone that is signed in, or was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Session {
    pub(crate) id: Uuid,
    pub(crate) account_id: Uuid,
    /// RFC 7638 thumbprint of the DPoP key that every token of the session is bound to.
    pub(crate) dpop_key: [u8; 32],
    pub(crate) borrowed: bool,
    pub(crate) ends_at: UnixMillis,
    /// -1 before the first refresh.
    pub(crate) used_generation: i64,
    pub(crate) ended: bool,
}

impl Session {
    /// Whether the session counts at `now`.
    pub(crate) fn is_live(&self, now: UnixMillis) -> bool {
        !self.ended && now < self.ends_at
    }
}

/// A session as its account's holder sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LiveSession {
    pub(crate) id: Uuid,
    pub(crate) borrowed: bool,
    pub(crate) started_at: UnixMillis,
    /// Its last sign-in or refresh: a phone in use refreshes as often as its access tokens end.
    pub(crate) seen_at: UnixMillis,
    pub(crate) ends_at: UnixMillis,
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndReason {
    SignedOut,
    Revoked,
    RefreshReused,
    CodeReused,
    EndedByOffice,
    EndedByOwner,
    PasswordChanged,
    PasswordReset,
}

impl EndReason {
    fn word(self) -> &'static str {
        match self {
            Self::SignedOut => "SIGNED_OUT",
            Self::Revoked => "REVOKED",
            Self::RefreshReused => "REFRESH_REUSED",
            Self::CodeReused => "CODE_REUSED",
            Self::EndedByOffice => "ENDED_BY_OFFICE",
            Self::EndedByOwner => "ENDED_BY_OWNER",
            Self::PasswordChanged => "PASSWORD_CHANGED",
            Self::PasswordReset => "PASSWORD_RESET",
        }
    }
}

pub(crate) fn insert(
    on: &Connection,
    session: &Session,
    ticket_mac: &[u8; 32],
    now: UnixMillis,
) -> Rows<()> {
    on.execute(
        "INSERT INTO sessions (id, account_id, dpop_key, borrowed, started_at, seen_at, ends_at, used_generation, ticket_mac)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8)",
        params![
            session.id,
            session.account_id,
            session.dpop_key,
            session.borrowed,
            now,
            session.ends_at,
            session.used_generation,
            ticket_mac
        ],
    )?;
    Ok(())
}

pub(crate) fn by_id(on: &Connection, id: Uuid) -> Rows<Option<Session>> {
    let query = format!("SELECT {COLUMNS} FROM sessions WHERE id = ?1");
    on.query_row(&query, [id], session).optional()
}

pub(crate) fn by_ticket(on: &Connection, ticket_mac: &[u8; 32]) -> Rows<Option<Session>> {
    let query = format!("SELECT {COLUMNS} FROM sessions WHERE ticket_mac = ?1");
    on.query_row(&query, [ticket_mac], session).optional()
}

/// The account's sessions that nobody has ended.
pub(crate) fn open_of_account(on: &Connection, account: Uuid) -> Rows<Vec<Session>> {
    let query =
        format!("SELECT {COLUMNS} FROM sessions WHERE account_id = ?1 AND ended_at IS NULL");
    let mut statement = on.prepare(&query)?;
    let sessions = statement.query_map([account], session)?;
    sessions.collect()
}

/// The account's sessions that count now, newest first.
pub(crate) fn live_of_account(
    on: &Connection,
    account: Uuid,
    now: UnixMillis,
) -> Rows<Vec<LiveSession>> {
    on.prepare(
        "SELECT id, borrowed, started_at, seen_at, ends_at FROM sessions
         WHERE account_id = ?1 AND ended_at IS NULL AND ends_at > ?2
         ORDER BY started_at DESC, id",
    )?
    .query_map(params![account, now], |row| {
        Ok(LiveSession {
            id: row.get(0)?,
            borrowed: row.get(1)?,
            started_at: row.get(2)?,
            seen_at: row.get(3)?,
            ends_at: row.get(4)?,
        })
    })?
    .collect()
}

/// A refresh token of `generation` came back: the session was seen, and ends at `ends_at` from now on.
pub(crate) fn refreshed(
    on: &Connection,
    id: Uuid,
    generation: i64,
    ends_at: UnixMillis,
    now: UnixMillis,
) -> Rows<()> {
    on.execute(
        "UPDATE sessions SET used_generation = ?2, ends_at = ?3, seen_at = ?4 WHERE id = ?1",
        params![id, generation, ends_at, now],
    )?;
    Ok(())
}

/// Ends the session's row; says whether it was live until now. The first reason stays.
pub(crate) fn end(on: &Connection, id: Uuid, reason: EndReason, now: UnixMillis) -> Rows<bool> {
    let changed = on.execute(
        "UPDATE sessions SET ended_at = ?2, end_reason = ?3 WHERE id = ?1 AND ended_at IS NULL",
        params![id, now, reason.word()],
    )?;
    Ok(changed == 1)
}

const COLUMNS: &str = "id, account_id, dpop_key, borrowed, ends_at, used_generation, ended_at";

fn session(row: &Row<'_>) -> Rows<Session> {
    Ok(Session {
        id: row.get(0)?,
        account_id: row.get(1)?,
        dpop_key: row.get(2)?,
        borrowed: row.get(3)?,
        ends_at: row.get(4)?,
        used_generation: row.get(5)?,
        ended: row.get::<_, Option<i64>>(6)?.is_some(),
    })
}
