//! Who fetched what for a door: any of them may have brought it there, and one who did not is named in an alarm (threat R4).
use super::Rows;
use crate::clock::UnixMillis;
use rusqlite::{Connection, params};
use uuid::Uuid;

/// A phone of the account fetched an access record with this critical lane.
pub(crate) fn fetched_lane(
    on: &Connection,
    door: Uuid,
    account: Uuid,
    crit_seq: u64,
    now: UnixMillis,
) -> Rows<()> {
    keep(on, door, account, (crit_seq, 0), now)
}

/// A phone of the account fetched a bundle that leads to this bulk sequence.
pub(crate) fn fetched_bundle(
    on: &Connection,
    door: Uuid,
    account: Uuid,
    bulk_seq: u64,
    now: UnixMillis,
) -> Rows<()> {
    keep(on, door, account, (0, bulk_seq), now)
}

fn keep(
    on: &Connection,
    door: Uuid,
    account: Uuid,
    (crit_seq, bulk_seq): (u64, u64),
    now: UnixMillis,
) -> Rows<()> {
    on.execute(
        "INSERT INTO carriers (door_id, account_id, crit_seq, bulk_seq, fetched_at)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (door_id, account_id) DO UPDATE SET
             crit_seq = max(crit_seq, excluded.crit_seq),
             bulk_seq = max(bulk_seq, excluded.bulk_seq),
             fetched_at = excluded.fetched_at",
        params![door, account, crit_seq, bulk_seq, now],
    )?;
    Ok(())
}

/// Whose phones fetched something for the door at `since` or later, and when they did last, the earliest first.
pub(crate) fn since(
    on: &Connection,
    door: Uuid,
    since: UnixMillis,
) -> Rows<Vec<(String, UnixMillis)>> {
    on.prepare(
        "SELECT account.name, carrier.fetched_at FROM carriers carrier
         JOIN accounts account ON account.id = carrier.account_id
         WHERE carrier.door_id = ?1 AND carrier.fetched_at >= ?2
         ORDER BY carrier.fetched_at, account.name",
    )?
    .query_map(params![door, since], |row| Ok((row.get(0)?, row.get(1)?)))?
    .collect()
}

/// The newest bulk sequence that anybody fetched for the door.
pub(crate) fn newest_bundle(on: &Connection, door: Uuid) -> Rows<u64> {
    on.query_row(
        "SELECT coalesce(max(bulk_seq), 0) FROM carriers WHERE door_id = ?1",
        [door],
        |row| row.get(0),
    )
}
