//! How many mails of a kind were asked for an address lately, whether or not anybody was written to.
use super::Rows;
use super::tries::{Turn, whole_seconds};
use crate::clock::UnixMillis;
use crate::limits;
use rusqlite::{Connection, OptionalExtension as _, params};

/// Counts one mail for `email_mac`, unless [`limits::MAILS`] were counted within `window`.
pub(crate) fn ask(
    on: &Connection,
    email_mac: &[u8; 32],
    window: i64,
    now: UnixMillis,
) -> Rows<Turn> {
    on.execute(
        "DELETE FROM mails_asked WHERE at <= ?1",
        [now - limits::RESET_MAILS],
    )?;
    let oldest_that_counts: Option<UnixMillis> = on
        .query_row(
            "SELECT at FROM mails_asked WHERE email_mac = ?1 AND at > ?2
             ORDER BY at DESC LIMIT 1 OFFSET ?3",
            params![email_mac, now - window, limits::MAILS - 1],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(at) = oldest_that_counts {
        return Ok(Turn::Wait(whole_seconds(at + window - now)));
    }
    on.execute(
        "INSERT INTO mails_asked (email_mac, at) VALUES (?1, ?2)",
        params![email_mac, now],
    )?;
    Ok(Turn::Granted)
}
