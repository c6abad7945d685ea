//! Who may open which door, as what, and from when until when.
use super::Rows;
use crate::clock::UnixMillis;
use crate::words::Role;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;

/// One person's access to one door.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Access {
    pub(crate) id: Uuid,
    pub(crate) door_id: Uuid,
    pub(crate) account_id: Uuid,
    pub(crate) role: Role,
    pub(crate) starts_at: UnixMillis,
    pub(crate) ends_at: Option<UnixMillis>,
}

pub(crate) fn insert(on: &Connection, access: &Access) -> Rows<()> {
    on.execute(
        "INSERT INTO accesses (id, door_id, account_id, role, starts_at, ends_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            access.id,
            access.door_id,
            access.account_id,
            access.role,
            access.starts_at,
            access.ends_at
        ],
    )?;
    Ok(())
}

/// The account's access to the door, unless it is over.
pub(crate) fn find(
    on: &Connection,
    door: Uuid,
    account: Uuid,
    now: UnixMillis,
) -> Rows<Option<Access>> {
    on.query_row(
        "SELECT id, door_id, account_id, role, starts_at, ends_at FROM accesses
         WHERE door_id = ?1 AND account_id = ?2 AND (ends_at IS NULL OR ends_at > ?3)",
        params![door, account, now],
        access,
    )
    .optional()
}

/// Ends an access for good; says whether there was one.
pub(crate) fn remove(on: &Connection, door: Uuid, account: Uuid) -> Rows<bool> {
    let removed = on.execute(
        "DELETE FROM accesses WHERE door_id = ?1 AND account_id = ?2",
        params![door, account],
    )?;
    Ok(removed == 1)
}

fn access(row: &Row<'_>) -> Rows<Access> {
    Ok(Access {
        id: row.get(0)?,
        door_id: row.get(1)?,
        account_id: row.get(2)?,
        role: row.get(3)?,
        starts_at: row.get(4)?,
        ends_at: row.get(5)?,
    })
}
