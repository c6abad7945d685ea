//! Moments as a resident writes them.

use crate::failure::Failure;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use keyway_app::ports::UnixMillis;

/// What a wall shows; with the `T`, quotes are not needed.
const ON_THE_WALL: [&str; 2] = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];

/// RFC 3339, or `YYYY-MM-DD HH:MM` on a wall in `timezone`. A time that the wall never shows, or shows twice, is refused: an hour of somebody's
/// access is nothing to guess.
pub(crate) fn moment(said: &str, timezone: &str) -> Result<UnixMillis, Failure> {
    let said = said.trim();
    let wall = ON_THE_WALL
        .iter()
        .find_map(|format| DateTime::strptime(format, said).ok());
    let at = match wall {
        Some(wall) => on_the_wall(wall, timezone)?,
        None => said
            .parse::<Timestamp>()
            .map_err(|_| Failure::TimeUnreadable(said.to_owned()))?,
    };
    Ok(at.as_millisecond())
}

fn on_the_wall(wall: DateTime, timezone: &str) -> Result<Timestamp, Failure> {
    let zone = TimeZone::get(timezone);
    let zone = zone.map_err(|_| Failure::TimezoneUnknown(timezone.to_owned()))?;
    let shown = || format!("{} in {timezone}", wall.strftime(ON_THE_WALL[0]));
    let at = zone.to_ambiguous_timestamp(wall);
    match at.offset() {
        AmbiguousOffset::Unambiguous { .. } => at
            .unambiguous()
            .map_err(|_| Failure::TimeUnreadable(shown())),
        AmbiguousOffset::Gap { .. } => Err(Failure::TimeSkipped(shown())),
        AmbiguousOffset::Fold { .. } => Err(Failure::TimeTwice(shown())),
    }
}

#[cfg(test)]
mod tests {
    use super::moment;
    use crate::failure::Failure;
    use crate::samples::NOON;
    use crate::view::instant;

    fn at(said: &str, timezone: &str) -> Result<String, Failure> {
        moment(said, timezone).map(|at| instant(at).expect("a moment"))
    }

    #[test]
    fn a_wall_is_the_doors() {
        for said in ["2026-11-24 12:30", "2026-11-24T12:30", " 2026-11-24 12:30 "] {
            assert_eq!(moment(said, "Europe/Berlin"), Ok(NOON), "{said}");
        }
        let summer = at("2026-07-01 12:30", "Europe/Berlin");
        assert_eq!(summer.as_deref(), Ok("2026-07-01T10:30:00Z"));
        let west = at("2026-11-24 06:30", "America/New_York");
        assert_eq!(west.as_deref(), Ok("2026-11-24T11:30:00Z"));
    }

    #[test]
    fn an_offset_of_its_own_counts_more_than_the_doors_wall() {
        for said in [
            "2026-11-24T11:30:00Z",
            "2026-11-24T12:30:00+01:00",
            "2026-11-24T06:30:00-05:00",
        ] {
            assert_eq!(moment(said, "Asia/Tokyo"), Ok(NOON), "{said}");
        }
    }

    #[test]
    fn a_time_that_the_wall_skips_or_shows_twice_is_not_guessed() {
        let skipped = at("2026-03-29 02:30", "Europe/Berlin");
        assert!(matches!(skipped, Err(Failure::TimeSkipped(wall)) if wall.contains("02:30")));
        let twice = at("2026-10-25 02:30", "Europe/Berlin");
        assert!(matches!(twice, Err(Failure::TimeTwice(wall)) if wall.contains("Berlin")));
        // With its offset, each of the two can be said.
        let first = at("2026-10-25T02:30:00+02:00", "Europe/Berlin");
        assert_eq!(first.as_deref(), Ok("2026-10-25T00:30:00Z"));
        // The edges belong to the wall.
        let before = at("2026-03-29 01:59", "Europe/Berlin");
        assert_eq!(before.as_deref(), Ok("2026-03-29T00:59:00Z"));
        let after = at("2026-03-29 03:00", "Europe/Berlin");
        assert_eq!(after.as_deref(), Ok("2026-03-29T01:00:00Z"));
    }

    #[test]
    fn anything_else_is_no_time() {
        for said in [
            "",
            "tomorrow",
            "18:00",
            "2026-12-01",
            "2026-02-30 10:00",
            "2026-12-01 25:00",
        ] {
            let expected = Failure::TimeUnreadable(said.to_owned());
            assert_eq!(at(said, "Europe/Berlin"), Err(expected), "{said}");
        }
        let unknown = at("2026-12-01 18:00", "Mars/Olympus");
        assert_eq!(
            unknown,
            Err(Failure::TimezoneUnknown("Mars/Olympus".to_owned()))
        );
    }
}
