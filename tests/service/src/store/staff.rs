//! Who works where: an account of the property's staff, in each building whose service doors it may open.
use super::Rows;
use crate::clock::UnixMillis;
use rusqlite::{Connection, params};
use uuid::Uuid;

/// The buildings in which the account is staff.
pub(crate) fn buildings(on: &Connection, account: Uuid, now: UnixMillis) -> Rows<Vec<Uuid>> {
    on.prepare(
        "SELECT DISTINCT door.building_id FROM accounts account
         JOIN accesses access ON access.account_id = account.id
         JOIN doors door ON door.id = access.door_id
         WHERE account.id = ?1 AND account.staff AND door.type = 'SERVICE'
           AND access.starts_at <= ?2 AND (access.ends_at IS NULL OR access.ends_at > ?2)",
    )?
    .query_map(params![account, now], |row| row.get(0))?
    .collect()
}

/// Whether the account is staff in that building.
pub(crate) fn works_in(
    on: &Connection,
    account: Uuid,
    building: Uuid,
    now: UnixMillis,
) -> Rows<bool> {
    Ok(buildings(on, account, now)?.contains(&building))
}
