//! Wrong passwords and codes in a row. A try is spent before anything is compared, and given back by what was right.
use super::Rows;
use crate::clock::UnixMillis;
use crate::limits;
use rusqlite::{Connection, OptionalExtension as _, params};

/// Whether something may be tried, or asked for, now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Yes; the try is spent.
    Granted,
    /// Not for this many seconds.
    Wait(u32),
}

/// Spends one try for the e-mail that `email_mac` stands for.
pub(crate) fn spend(on: &Connection, email_mac: &[u8; 32], now: UnixMillis) -> Rows<Turn> {
    on.execute(
        "DELETE FROM sign_in_tries WHERE last_at <= ?1",
        [now - limits::TRIES_FORGOTTEN],
    )?;
    let known: Option<(u32, i64)> = on
        .query_row(
            "SELECT tries, wait_until FROM sign_in_tries WHERE email_mac = ?1",
            [email_mac],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let (tries, wait_until) = known.unwrap_or((0, 0));
    if now < wait_until {
        return Ok(Turn::Wait(whole_seconds(wait_until - now)));
    }
    let tries = tries.saturating_add(1);
    on.execute(
        "INSERT OR REPLACE INTO sign_in_tries (email_mac, tries, last_at, wait_until)
         VALUES (?1, ?2, ?3, ?4)",
        params![email_mac, tries, now, now + wait_after(tries)],
    )?;
    Ok(Turn::Granted)
}

/// All tries are given back.
pub(crate) fn forget(on: &Connection, email_mac: &[u8; 32]) -> Rows<()> {
    on.execute(
        "DELETE FROM sign_in_tries WHERE email_mac = ?1",
        [email_mac],
    )?;
    Ok(())
}

fn wait_after(tries: u32) -> i64 {
    match tries.checked_sub(limits::FREE_TRIES) {
        None => 0,
        Some(further) => limits::LONGEST_WAIT.min(limits::FIRST_WAIT << further.min(16)),
    }
}

pub(super) fn whole_seconds(millis: i64) -> u32 {
    u32::try_from((millis + 999) / 1000).unwrap_or(u32::MAX)
}
