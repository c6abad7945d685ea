//! The door's own calendar: codes are told in its timezone, and a day is a day there, however long.
use crate::clock::UnixMillis;
use crate::problem::Problem;
use crate::time::timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{ToSpan as _, Zoned};
use keyway_protocol::code::{OffsetChange, OffsetTable};

/// One calendar day at a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Day {
    /// Days since 1970-01-01 of the proleptic Gregorian calendar.
    pub(crate) number: i64,
    /// Its first moment.
    pub(crate) starts_at: UnixMillis,
    /// The next day's first moment: 23, 24 or 25 hours later.
    pub(crate) ends_at: UnixMillis,
}

/// The zone of an IANA name.
pub(crate) fn zone(name: &str) -> Result<TimeZone, Problem> {
    TimeZone::get(name).map_err(|_| Problem::Internal("a building's timezone is not known"))
}

/// The door's date at `now`, `ahead` days later.
pub(crate) fn day(zone: &TimeZone, now: UnixMillis, ahead: i64) -> Result<Day, Problem> {
    let today = timestamp(now)?.to_zoned(zone.clone()).date();
    let date = today.checked_add(ahead.days()).map_err(|_| RANGE)?;
    let next = date.checked_add(1.day()).map_err(|_| RANGE)?;
    let epoch = Date::constant(1970, 1, 1);
    let number = date.since((jiff::Unit::Day, epoch)).map_err(|_| RANGE)?;
    Ok(Day {
        number: number.get_days().into(),
        starts_at: midnight(zone, date)?,
        ends_at: midnight(zone, next)?,
    })
}

fn midnight(zone: &TimeZone, date: Date) -> Result<UnixMillis, Problem> {
    let first: Zoned = date.to_zoned(zone.clone()).map_err(|_| RANGE)?;
    Ok(first.timestamp().as_millisecond())
}

/// RFC 3339 with the door's offset at that moment.
pub(crate) fn local(zone: &TimeZone, at: UnixMillis) -> Result<String, Problem> {
    let zoned = timestamp(at)?.to_zoned(zone.clone());
    Ok(zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
}

/// A moment as people say it, on the door's clock.
pub(crate) fn spoken(zone: &TimeZone, at: UnixMillis) -> Result<String, Problem> {
    let zoned = timestamp(at)?.to_zoned(zone.clone());
    Ok(zoned.strftime("%A, %-d %B %Y, %H:%M").to_string())
}

/// A day as people say it, on the door's calendar.
pub(crate) fn spoken_day(zone: &TimeZone, at: UnixMillis) -> Result<String, Problem> {
    let zoned = timestamp(at)?.to_zoned(zone.clone());
    Ok(zoned.strftime("%A, %-d %B %Y").to_string())
}

/// The zone's offsets from the beginning of this year on, for ten years: what a lock needs of it. The same all year, so that two couriers
/// carry the same bytes.
pub(crate) fn offsets(zone: &TimeZone, now: UnixMillis) -> Result<OffsetTable, Problem> {
    let year = timestamp(now)?.to_zoned(zone.clone()).year();
    let new_year = |year| {
        let date = Date::new(year, 1, 1).map_err(|_| RANGE)?;
        let first = date.to_zoned(zone.clone()).map_err(|_| RANGE)?;
        Ok::<_, Problem>(first.timestamp())
    };
    let (start, end) = (new_year(year)?, new_year(year + YEARS_OF_OFFSETS)?);
    let mut changes = vec![OffsetChange {
        from: start.as_second(),
        offset: zone.to_offset(start).seconds(),
    }];
    for transition in zone.following(start) {
        let change = OffsetChange {
            from: transition.timestamp().as_second(),
            offset: transition.offset().seconds(),
        };
        if transition.timestamp() >= end || changes.len() == OffsetTable::MAX_CHANGES {
            break;
        }
        changes.push(change);
    }
    OffsetTable::new(changes, end.as_second()).ok_or(RANGE)
}

const YEARS_OF_OFFSETS: i16 = 10;
const RANGE: Problem = Problem::Internal("the clock is out of range");

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn new_york() -> TimeZone {
        zone("America/New_York").unwrap()
    }

    #[test]
    fn a_day_is_the_doors_day_not_utcs() {
        // 2026-11-24T03:00Z is still the 23rd in New York.
        let day = day(&new_york(), 1_795_489_200_000, 0).unwrap();
        assert_eq!(
            local(&new_york(), day.starts_at).unwrap(),
            "2026-11-23T00:00:00-05:00"
        );
        assert_eq!(day.number, 20_780);
    }

    #[test]
    fn the_days_of_a_clock_change_are_23_and_25_hours_long() {
        // 2026-03-08 and 2026-11-01, noon in New York.
        for (noon, hours) in [(1_772_985_600_000, 23), (1_793_552_400_000, 25)] {
            let day = day(&new_york(), noon, 0).unwrap();
            assert_eq!(day.ends_at - day.starts_at, hours * HOUR);
        }
    }

    #[test]
    fn a_locks_offsets_give_the_same_days_for_ten_years() {
        let table = offsets(&new_york(), 1_795_521_600_000).unwrap();
        for hours in 0..(10 * 365 * 4) {
            let at = 1_767_243_600_000 + hours * 6 * HOUR;
            let expected = day(&new_york(), at, 0).unwrap().number;
            let (first, second) = table.days_at(at / 1000);
            assert_eq!((first.0, second.0), (expected, expected), "{at}");
        }
    }

    #[test]
    fn tomorrow_begins_where_today_ends() {
        let now = 1_795_521_600_000;
        let today = day(&new_york(), now, 0).unwrap();
        let tomorrow = day(&new_york(), now, 1).unwrap();
        assert_eq!(tomorrow.starts_at, today.ends_at);
        assert_eq!(tomorrow.number, today.number + 1);
    }
}
