//! Grants as issued: which phone holds a right at which lock, and until when.
use super::Rows;
use crate::clock::UnixMillis;
use rusqlite::{Connection, params};
use uuid::Uuid;

/// One issued grant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IssuedGrant {
    pub(crate) id: [u8; 16],
    pub(crate) door_id: Uuid,
    pub(crate) account_id: Uuid,
    pub(crate) holder: [u8; 32],
    pub(crate) issued_at: UnixMillis,
    pub(crate) ends_at: UnixMillis,
}

pub(crate) fn insert(on: &Connection, grant: &IssuedGrant) -> Rows<()> {
    on.execute(
        "INSERT INTO grants (id, door_id, account_id, holder, issued_at, ends_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            grant.id,
            grant.door_id,
            grant.account_id,
            grant.holder,
            grant.issued_at,
            grant.ends_at
        ],
    )?;
    Ok(())
}

/// Whether a grant of the account for the door may still be accepted at `end`.
pub(crate) fn reach_beyond(
    on: &Connection,
    door: Uuid,
    account: Uuid,
    end: UnixMillis,
) -> Rows<bool> {
    on.prepare("SELECT 1 FROM grants WHERE door_id = ?1 AND account_id = ?2 AND ends_at > ?3")?
        .exists(params![door, account, end])
}

/// The doors at which a grant of this phone may still be accepted.
pub(crate) fn doors_of_holder(
    on: &Connection,
    holder: &[u8; 32],
    now: UnixMillis,
) -> Rows<Vec<Uuid>> {
    on.prepare("SELECT DISTINCT door_id FROM grants WHERE holder = ?1 AND ends_at > ?2")?
        .query_map(params![holder, now], |row| row.get(0))?
        .collect()
}

/// The doors at which a grant of this person, on whatever phone, may still be accepted.
pub(crate) fn doors_of_account(on: &Connection, account: Uuid, now: UnixMillis) -> Rows<Vec<Uuid>> {
    on.prepare("SELECT DISTINCT door_id FROM grants WHERE account_id = ?1 AND ends_at > ?2")?
        .query_map(params![account, now], |row| row.get(0))?
        .collect()
}
