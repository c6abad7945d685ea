//! How many messages each host caused lately, and to whom.
use super::Rows;
use super::tries::{Turn, whole_seconds};
use crate::clock::UnixMillis;
use crate::limits;
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

/// Counts one message that `host` causes to `recipient`, unless one of the two limits is reached.
pub(crate) fn cause(
    on: &Connection,
    host: Uuid,
    recipient: &[u8; 32],
    now: UnixMillis,
) -> Rows<Turn> {
    let begins = now - limits::HOST_MESSAGES_WITHIN;
    on.execute("DELETE FROM messages_caused WHERE at <= ?1", [begins])?;
    let all = oldest_that_counts(on, host, None, limits::HOST_MESSAGES)?;
    let same = oldest_that_counts(on, host, Some(recipient), limits::HOST_MESSAGES_TO_ONE)?;
    if let Some(oldest) = all.max(same) {
        let free_at = oldest + limits::HOST_MESSAGES_WITHIN;
        return Ok(Turn::Wait(whole_seconds(free_at - now)));
    }
    on.execute(
        "INSERT INTO messages_caused (account_id, recipient_mac, at) VALUES (?1, ?2, ?3)",
        params![host, recipient, now],
    )?;
    Ok(Turn::Granted)
}

/// When the message was caused that has to leave the window before the next may go; `None` while there are fewer than `most`.
fn oldest_that_counts(
    on: &Connection,
    host: Uuid,
    recipient: Option<&[u8; 32]>,
    most: u32,
) -> Rows<Option<UnixMillis>> {
    on.query_row(
        "SELECT at FROM messages_caused
         WHERE account_id = ?1 AND (?2 IS NULL OR recipient_mac = ?2)
         ORDER BY at DESC LIMIT 1 OFFSET ?3",
        params![host, recipient, most - 1],
        |row| row.get(0),
    )
    .optional()
}
