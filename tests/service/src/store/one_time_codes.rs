//! Codes by e-mail: one for each address, ten minutes, one use, five wrong tries.
use super::Rows;
use crate::clock::UnixMillis;
use crate::crypto;
use crate::limits;
use rusqlite::{Connection, OptionalExtension as _, params};

/// Makes `code_mac` the address's one code.
pub(crate) fn put(
    on: &Connection,
    email_mac: &[u8; 32],
    code_mac: &[u8; 32],
    ends_at: UnixMillis,
    now: UnixMillis,
) -> Rows<()> {
    on.execute("DELETE FROM one_time_codes WHERE ends_at <= ?1", [now])?;
    on.execute(
        "INSERT OR REPLACE INTO one_time_codes (email_mac, code_mac, ends_at) VALUES (?1, ?2, ?3)",
        params![email_mac, code_mac, ends_at],
    )?;
    Ok(())
}

/// Whether `code_mac` is the address's code now. A right one is used up; a wrong one is counted, and the last of them is the code's end.
pub(crate) fn try_one(
    on: &Connection,
    email_mac: &[u8; 32],
    code_mac: &[u8; 32],
    now: UnixMillis,
) -> Rows<bool> {
    let known: Option<([u8; 32], u32)> = on
        .query_row(
            "SELECT code_mac, wrong_tries FROM one_time_codes WHERE email_mac = ?1 AND ends_at > ?2",
            params![email_mac, now],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let Some((expected, wrong_tries)) = known else {
        return Ok(false);
    };
    let right = crypto::same(&expected, code_mac);
    if right || wrong_tries + 1 >= limits::ONE_TIME_CODE_TRIES {
        forget(on, email_mac)?;
    } else {
        on.execute(
            "UPDATE one_time_codes SET wrong_tries = wrong_tries + 1 WHERE email_mac = ?1",
            [email_mac],
        )?;
    }
    Ok(right)
}

/// The address's code opens nothing from now on.
pub(crate) fn forget(on: &Connection, email_mac: &[u8; 32]) -> Rows<()> {
    on.execute(
        "DELETE FROM one_time_codes WHERE email_mac = ?1",
        [email_mac],
    )?;
    Ok(())
}
