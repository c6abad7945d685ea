//! DPoP proofs that were accepted: a second sight of one is a replay.
use super::Rows;
use crate::clock::UnixMillis;
use rusqlite::{Connection, params};

/// Remembers a proof until `expires_at`; `false` if it was seen before.
pub(crate) fn first_sight(
    on: &Connection,
    hash: &[u8; 32],
    expires_at: UnixMillis,
    now: UnixMillis,
) -> Rows<bool> {
    on.execute("DELETE FROM dpop_proofs WHERE expires_at <= ?1", [now])?;
    let added = on.execute(
        "INSERT OR IGNORE INTO dpop_proofs (hash, expires_at) VALUES (?1, ?2)",
        params![hash, expires_at],
    )?;
    Ok(added == 1)
}
