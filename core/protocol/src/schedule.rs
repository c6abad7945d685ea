//! Weekly windows and the door's local time.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use crate::code::{CivilDay, OffsetTable};
use crate::time::{TimeInterval, UtcSeconds};

const MINUTES_OF_DAY: u16 = 24 * 60;
const SECONDS_OF_DAY: i64 = 86_400;

/// One window of a week, in the door's local time. A window past midnight is two windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct WeeklyWindow {
    /// Bit 0 is Monday, bit 6 Sunday.
    #[n(0)]
    pub days: u8,
    /// First minute of the day, 0 to 1439.
    #[n(1)]
    pub from: u16,
    /// The minute after the last one, 1 to 1440.
    #[n(2)]
    pub until: u16,
}

/// When a right holds within its term. No window at all means always.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Schedule(#[n(0)] pub Vec<WeeklyWindow>);

impl Schedule {
    /// Most windows of one schedule.
    pub const MOST_WINDOWS: usize = 21;

    /// Whether it restricts nothing.
    pub const fn is_always(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every window lies within a day and there are not too many.
    pub fn is_sound(&self) -> bool {
        let sound = |window: &WeeklyWindow| {
            window.from < window.until && window.until <= MINUTES_OF_DAY && window.days < 0x80
        };
        self.0.len() <= Self::MOST_WINDOWS && self.0.iter().all(sound)
    }

    /// Whether it holds over the whole interval at this door. Under any offset the door may have, one window must hold both ends.
    pub fn includes(&self, interval: &TimeInterval, local: &OffsetTable) -> bool {
        self.is_always()
            || under_each_offset(interval, local)
                .into_iter()
                .any(|(from, until)| {
                    let holds = |window: &WeeklyWindow| window.holds(from) && window.holds(until);
                    from.day == until.day && self.0.iter().any(holds)
                })
    }
}

impl WeeklyWindow {
    const fn holds(&self, at: LocalMinute) -> bool {
        self.days & (1 << at.weekday()) != 0 && self.from <= at.minute && at.minute < self.until
    }
}

#[derive(Clone, Copy)]
struct LocalMinute {
    day: i64,
    minute: u16,
}

impl LocalMinute {
    fn new(at: UtcSeconds, offset: i32) -> Self {
        let local = local_seconds(at, offset);
        let minute = local.rem_euclid(SECONDS_OF_DAY) / 60;
        Self {
            day: local.div_euclid(SECONDS_OF_DAY),
            // Below 1440.
            minute: minute as u16,
        }
    }

    /// Monday is 0; the first day of 1970 was a Thursday.
    const fn weekday(&self) -> u8 {
        (self.day + 3).rem_euclid(7) as u8
    }
}

fn local_seconds(at: UtcSeconds, offset: i32) -> i64 {
    signed(at).saturating_add(i64::from(offset))
}

fn signed(at: UtcSeconds) -> i64 {
    i64::try_from(at.0).unwrap_or(i64::MAX)
}

/// Both ends of the interval in local time; past the table's end under each offset it may have.
fn under_each_offset(
    interval: &TimeInterval,
    local: &OffsetTable,
) -> [(LocalMinute, LocalMinute); 2] {
    let from = local.offsets_at(signed(interval.earliest));
    let until = local.offsets_at(signed(interval.latest));
    let pair = |from, until| {
        (
            LocalMinute::new(interval.earliest, from),
            LocalMinute::new(interval.latest, until),
        )
    };
    [pair(from.0, until.0), pair(from.1, until.1)]
}

/// Civil days of the door that hold over the whole interval: one, or none around midnight; past the table's end perhaps two.
pub fn days_over(interval: &TimeInterval, local: &OffsetTable) -> Vec<CivilDay> {
    let held = under_each_offset(interval, local)
        .into_iter()
        .filter(|(from, until)| from.day == until.day);
    let mut days: Vec<CivilDay> = held.map(|(from, _)| CivilDay(from.day)).collect();
    days.dedup();
    days
}
