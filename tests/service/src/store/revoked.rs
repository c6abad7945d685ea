//! Accesses that were taken away, and how far the lock knows: requested, carried by somebody's phone, confirmed by the lock itself.
use super::Rows;
use super::accesses::Access;
use crate::clock::UnixMillis;
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

/// One access that is no more.
#[derive(Clone, Debug)]
pub(crate) struct RevokedAccess {
    pub(crate) access: Access,
    pub(crate) requested_at: UnixMillis,
    /// The critical and bulk sequences from which on a lock keeps the person out and knows none of their codes.
    pub(crate) crit_seq: u64,
    pub(crate) bulk_seq: u64,
    /// When somebody's phone first fetched that, and whose.
    pub(crate) carried: Option<(UnixMillis, String)>,
    pub(crate) confirmed_at: Option<UnixMillis>,
}

pub(crate) fn insert(on: &Connection, row: &RevokedAccess) -> Rows<()> {
    let access = &row.access;
    on.execute(
        "INSERT INTO revoked_accesses (id, door_id, account_id, role, starts_at, ends_at, shareable, granted_by,
                                       requested_at, crit_seq, bulk_seq)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            access.id,
            access.door_id,
            access.account_id,
            access.role,
            access.starts_at,
            access.ends_at,
            access.shareable,
            access.granted_by,
            row.requested_at,
            row.crit_seq,
            row.bulk_seq
        ],
    )?;
    Ok(())
}

/// What was taken away at the door after `since`, newest first.
pub(crate) fn of_door(on: &Connection, door: Uuid, since: UnixMillis) -> Rows<Vec<RevokedAccess>> {
    on.prepare(
        "SELECT revoked.*, carrier.name AS carrier FROM revoked_accesses revoked
         LEFT JOIN accounts carrier ON carrier.id = revoked.carried_by
         WHERE revoked.door_id = ?1 AND revoked.requested_at > ?2
         ORDER BY revoked.requested_at DESC, revoked.id",
    )?
    .query_map(params![door, since], revoked)?
    .collect()
}

/// A phone of `account` carries the critical lane up to `crit_seq`. The revoked person's own phone counts for nothing.
pub(crate) fn carried_lane(
    on: &Connection,
    door: Uuid,
    account: Uuid,
    crit_seq: u64,
    now: UnixMillis,
) -> Rows<()> {
    on.execute(
        "UPDATE revoked_accesses SET carried_at = ?4, carried_by = ?2
         WHERE door_id = ?1 AND account_id <> ?2 AND carried_at IS NULL AND crit_seq <= ?3",
        params![door, account, crit_seq, now],
    )?;
    Ok(())
}

/// A phone of `account` carries the code table up to `bulk_seq`.
pub(crate) fn carried_bundle(
    on: &Connection,
    door: Uuid,
    account: Uuid,
    bulk_seq: u64,
    now: UnixMillis,
) -> Rows<()> {
    on.execute(
        "UPDATE revoked_accesses SET carried_at = ?4, carried_by = ?2
         WHERE door_id = ?1 AND account_id <> ?2 AND carried_at IS NULL AND bulk_seq BETWEEN 1 AND ?3",
        params![door, account, bulk_seq, now],
    )?;
    Ok(())
}

/// A receipt shows the lock at these sequences, written at `at`.
pub(crate) fn confirm(
    on: &Connection,
    door: Uuid,
    crit_seq: u64,
    bulk_seq: u64,
    at: UnixMillis,
) -> Rows<()> {
    on.execute(
        "UPDATE revoked_accesses SET confirmed_at = max(requested_at, ?4)
         WHERE door_id = ?1 AND confirmed_at IS NULL AND crit_seq <= ?2 AND bulk_seq <= ?3",
        params![door, crit_seq, bulk_seq, at],
    )?;
    Ok(())
}

/// When the oldest access was taken away that the lock has not confirmed.
pub(crate) fn oldest_unconfirmed(on: &Connection, door: Uuid) -> Rows<Option<UnixMillis>> {
    on.query_row(
        "SELECT min(requested_at) FROM revoked_accesses WHERE door_id = ?1 AND confirmed_at IS NULL",
        [door],
        |row| row.get(0),
    )
}

/// Forgets what was asked for up to `until` and has been confirmed.
pub(crate) fn prune(on: &Connection, until: UnixMillis) -> Rows<()> {
    on.execute(
        "DELETE FROM revoked_accesses WHERE requested_at <= ?1 AND confirmed_at IS NOT NULL",
        [until],
    )?;
    Ok(())
}

fn revoked(row: &Row<'_>) -> Rows<RevokedAccess> {
    let carried_at: Option<UnixMillis> = row.get("carried_at")?;
    let carrier: Option<String> = row.get("carrier")?;
    Ok(RevokedAccess {
        access: Access {
            id: row.get("id")?,
            door_id: row.get("door_id")?,
            account_id: row.get("account_id")?,
            role: row.get("role")?,
            starts_at: row.get("starts_at")?,
            ends_at: row.get("ends_at")?,
            shareable: row.get("shareable")?,
            granted_by: row.get("granted_by")?,
        },
        requested_at: row.get("requested_at")?,
        crit_seq: row.get("crit_seq")?,
        bulk_seq: row.get("bulk_seq")?,
        carried: carried_at.zip(carrier),
        confirmed_at: row.get("confirmed_at")?,
    })
}
