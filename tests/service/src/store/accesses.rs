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
    /// The property lets the person let others in. A guest never may, whatever stands here.
    pub(crate) shareable: bool,
    /// Who let the person in; the property itself where nobody did.
    pub(crate) granted_by: Option<Uuid>,
}

impl Access {
    /// Whether the person may let others in.
    pub(crate) fn may_share(&self, now: UnixMillis) -> bool {
        self.shareable && self.role != Role::Guest && self.starts_at <= now
    }
}

pub(crate) fn insert(on: &Connection, access: &Access) -> Rows<()> {
    on.execute(
        "INSERT INTO accesses (id, door_id, account_id, role, starts_at, ends_at, shareable, granted_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            access.id,
            access.door_id,
            access.account_id,
            access.role,
            access.starts_at,
            access.ends_at,
            access.shareable,
            access.granted_by
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
    let query = format!(
        "SELECT {COLUMNS} FROM accesses
         WHERE door_id = ?1 AND account_id = ?2 AND (ends_at IS NULL OR ends_at > ?3)"
    );
    on.query_row(&query, params![door, account, now], access)
        .optional()
}

/// The names of at most ten people beside the account who may let somebody in at the door now; those it lives with first.
pub(crate) fn sharers(
    on: &Connection,
    door: Uuid,
    account: Uuid,
    now: UnixMillis,
) -> Rows<Vec<String>> {
    on.prepare(
        "SELECT person.name FROM accesses access JOIN accounts person ON person.id = access.account_id
         WHERE access.door_id = ?1 AND access.account_id <> ?2 AND person.active
           AND access.role <> 'GUEST' AND access.shareable
           AND access.starts_at <= ?3 AND (access.ends_at IS NULL OR access.ends_at > ?3)
         ORDER BY NOT EXISTS (
             SELECT 1 FROM accesses mine JOIN accesses theirs ON theirs.door_id = mine.door_id
             JOIN doors home ON home.id = mine.door_id
             WHERE home.type = 'RESIDENCE' AND mine.role = 'RESIDENT' AND theirs.role = 'RESIDENT'
               AND mine.account_id = ?2 AND theirs.account_id = access.account_id
         ), person.name, person.id LIMIT 10",
    )?
    .query_map(params![door, account, now], |row| row.get(0))?
    .collect()
}

/// Whether both live behind the door of one home now.
pub(crate) fn live_together(
    on: &Connection,
    one: Uuid,
    other: Uuid,
    now: UnixMillis,
) -> Rows<bool> {
    on.prepare(
        "SELECT 1 FROM accesses mine JOIN accesses theirs ON theirs.door_id = mine.door_id
         JOIN doors home ON home.id = mine.door_id
         WHERE home.type = 'RESIDENCE' AND mine.account_id = ?1 AND theirs.account_id = ?2
           AND mine.role = 'RESIDENT' AND theirs.role = 'RESIDENT'
           AND mine.starts_at <= ?3 AND (mine.ends_at IS NULL OR mine.ends_at > ?3)
           AND theirs.starts_at <= ?3 AND (theirs.ends_at IS NULL OR theirs.ends_at > ?3)",
    )?
    .exists(params![one, other, now])
}

/// Everybody's accesses to the door, unless they are over.
pub(crate) fn of_door(on: &Connection, door: Uuid, now: UnixMillis) -> Rows<Vec<Access>> {
    let query = format!(
        "SELECT {COLUMNS} FROM accesses WHERE door_id = ?1 AND (ends_at IS NULL OR ends_at > ?2)"
    );
    on.prepare(&query)?
        .query_map(params![door, now], access)?
        .collect()
}

/// Changes until when an access lasts and whether it may be shared.
pub(crate) fn change(
    on: &Connection,
    id: Uuid,
    ends_at: Option<UnixMillis>,
    shareable: bool,
) -> Rows<()> {
    on.execute(
        "UPDATE accesses SET ends_at = ?2, shareable = ?3 WHERE id = ?1",
        params![id, ends_at, shareable],
    )?;
    Ok(())
}

/// Ends an access for good and gives what it was, if there was one.
pub(crate) fn remove(on: &Connection, door: Uuid, account: Uuid) -> Rows<Option<Access>> {
    let query =
        format!("DELETE FROM accesses WHERE door_id = ?1 AND account_id = ?2 RETURNING {COLUMNS}");
    on.query_row(&query, params![door, account], access)
        .optional()
}

const COLUMNS: &str = "id, door_id, account_id, role, starts_at, ends_at, shareable, granted_by";

fn access(row: &Row<'_>) -> Rows<Access> {
    Ok(Access {
        id: row.get(0)?,
        door_id: row.get(1)?,
        account_id: row.get(2)?,
        role: row.get(3)?,
        starts_at: row.get(4)?,
        ends_at: row.get(5)?,
        shareable: row.get(6)?,
        granted_by: row.get(7)?,
    })
}
