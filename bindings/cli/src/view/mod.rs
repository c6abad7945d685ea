//! What a resident sees, as tables for people and as JSON for scripts. Nothing is decided here.

mod codes;
mod doors;
mod report;

pub(crate) use codes::codes;
pub(crate) use doors::doors;
pub(crate) use report::report;

use comfy_table::{Cell, Color};
use jiff::Timestamp;
use keyway_app::ports::UnixMillis;

/// RFC 3339, UTC: for scripts.
pub(crate) fn instant(at: UnixMillis) -> Option<String> {
    let at = Timestamp::from_millisecond(at).ok()?;
    Some(at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// On the door's wall: for people. In UTC, and saying so, where the timezone is not known here.
fn on_the_wall(at: UnixMillis, timezone: &str) -> String {
    let Ok(at) = Timestamp::from_millisecond(at) else {
        return "?".to_owned();
    };
    match at.in_tz(timezone) {
        Ok(wall) => wall.strftime("%Y-%m-%d %H:%M").to_string(),
        Err(_) => at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    }
}

/// A cell in the colour of its meaning; the table drops colours where none are wanted.
fn cell(text: impl Into<String>, colour: Color) -> Cell {
    Cell::new(text.into()).fg(colour)
}
