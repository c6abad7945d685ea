//! Grants as issued: which phone holds a right at which lock, and until when.
use super::Rows;
use crate::clock::UnixMillis;
use crate::words::Role;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
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
    /// As what the account held it.
    pub(crate) role: Role,
    /// Who had let the account in; the property itself where nobody did.
    pub(crate) granted_by: Option<Uuid>,
}

pub(crate) fn insert(on: &Connection, grant: &IssuedGrant) -> Rows<()> {
    on.execute(
        "INSERT INTO grants (id, door_id, account_id, holder, issued_at, ends_at, role, granted_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            grant.id,
            grant.door_id,
            grant.account_id,
            grant.holder,
            grant.issued_at,
            grant.ends_at,
            grant.role,
            grant.granted_by
        ],
    )?;
    Ok(())
}

/// The grant of this id for the door.
pub(crate) fn by_id(on: &Connection, door: Uuid, id: &[u8; 16]) -> Rows<Option<IssuedGrant>> {
    let query = format!("SELECT {COLUMNS} FROM grants WHERE door_id = ?1 AND id = ?2");
    on.query_row(&query, params![door, id], grant).optional()
}

/// The newest grant of this phone for the door.
pub(crate) fn newest_of_holder(
    on: &Connection,
    door: Uuid,
    holder: &[u8; 32],
) -> Rows<Option<IssuedGrant>> {
    let query = format!(
        "SELECT {COLUMNS} FROM grants WHERE door_id = ?1 AND holder = ?2 ORDER BY issued_at DESC LIMIT 1"
    );
    on.query_row(&query, params![door, holder], grant)
        .optional()
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

const COLUMNS: &str = "id, door_id, account_id, holder, issued_at, ends_at, role, granted_by";

fn grant(row: &Row<'_>) -> Rows<IssuedGrant> {
    Ok(IssuedGrant {
        id: row.get(0)?,
        door_id: row.get(1)?,
        account_id: row.get(2)?,
        holder: row.get(3)?,
        issued_at: row.get(4)?,
        ends_at: row.get(5)?,
        role: row.get(6)?,
        granted_by: row.get(7)?,
    })
}
