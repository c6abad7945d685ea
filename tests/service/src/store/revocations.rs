//! What the critical lane carries: grants of a subject or a holder key, issued up to a moment, that a lock must refuse.
use super::Rows;
use crate::clock::UnixMillis;
use rusqlite::{Connection, params};
use uuid::Uuid;

/// Whose grants are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Revoked {
    /// A person at this door, with every phone.
    Subject([u8; 16]),
    /// One phone, by SHA-256 of its key.
    Holder([u8; 32]),
}

/// One entry of the lane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Revocation {
    pub(crate) revoked: Revoked,
    /// Refused iff issued at or before this moment.
    pub(crate) min_iat: UnixMillis,
    /// The critical sequence that first carried it.
    pub(crate) crit_seq: u64,
}

/// Adds or renews an entry.
pub(crate) fn put(on: &Connection, door: Uuid, entry: &Revocation) -> Rows<()> {
    let (subject, name) = match &entry.revoked {
        Revoked::Subject(name) => (true, &name[..]),
        Revoked::Holder(name) => (false, &name[..]),
    };
    on.execute(
        "INSERT OR REPLACE INTO revocations (door_id, subject, name, min_iat, crit_seq)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![door, subject, name, entry.min_iat, entry.crit_seq],
    )?;
    Ok(())
}

/// The door's live entries, oldest first.
pub(crate) fn of_door(on: &Connection, door: Uuid) -> Rows<Vec<Revocation>> {
    on.prepare(
        "SELECT subject, name, min_iat, crit_seq FROM revocations WHERE door_id = ?1
         ORDER BY min_iat, name",
    )?
    .query_map([door], |row| {
        let revoked = if row.get(0)? {
            Revoked::Subject(row.get(1)?)
        } else {
            Revoked::Holder(row.get(1)?)
        };
        Ok(Revocation {
            revoked,
            min_iat: row.get(2)?,
            crit_seq: row.get(3)?,
        })
    })?
    .collect()
}

/// Up to when grants of this person or this phone are refused at the door.
pub(crate) fn newest_of(
    on: &Connection,
    door: Uuid,
    subject: Uuid,
    holder: &[u8; 32],
) -> Rows<Option<UnixMillis>> {
    on.query_row(
        "SELECT max(min_iat) FROM revocations
         WHERE door_id = ?1 AND ((subject = 1 AND name = ?2) OR (subject = 0 AND name = ?3))",
        params![door, subject.as_bytes(), holder],
        |row| row.get(0),
    )
}

/// Drops the entries up to `floor`: every grant they speak of has expired, and the lane's floor refuses it anyway.
pub(crate) fn prune(on: &Connection, door: Uuid, floor: UnixMillis) -> Rows<()> {
    on.execute(
        "DELETE FROM revocations WHERE door_id = ?1 AND min_iat <= ?2",
        params![door, floor],
    )?;
    Ok(())
}
