//! Doorcodes as they are typed, and a lock that knows what day it is.

use super::{LOCK, Lock, Property};
use keyway_protocol::code::{CivilDay, DailyKind, Digits, OffsetChange, OffsetTable, daily_code};
use keyway_protocol::time::UtcSeconds;

const HOUR: i32 = 3_600;

/// New York from March 2026 to November 2027.
pub fn new_york() -> OffsetTable {
    let changes = [
        (0, -5),
        (1_772_953_200, -4),
        (1_793_512_800, -5),
        (1_805_007_600, -4),
        (1_825_567_200, -5),
    ];
    let changes = changes.map(|(from, hours)| OffsetChange {
        from,
        offset: hours * HOUR,
    });
    OffsetTable::new(changes.to_vec(), 1_830_000_000).unwrap()
}

pub fn text(digits: &Digits) -> String {
    // EXPOSE: a test types it.
    digits
        .expose()
        .iter()
        .map(|digit| char::from(b'0' + digit))
        .collect()
}

/// The code of a slot and a day, 8 digits.
pub fn daily(property: &Property, kind: DailyKind, slot: u8, day: CivilDay) -> String {
    text(&daily_code(&property.lock_secrets.day, LOCK, kind, slot, day, 8).unwrap())
}

/// A lock with daily codes that knows it is `utc`.
pub fn lock_at(property: &mut Property, utc: UtcSeconds) -> Lock {
    let mut lock = Lock::new(property);
    let sections = vec![property.config(new_york())];
    lock.push(&property.bundle(1, None, sections)).unwrap();
    lock.attest(property, utc);
    lock
}
