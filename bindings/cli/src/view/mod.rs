//! What a resident sees, as tables for people and as JSON for scripts. Nothing is decided here.

mod activity;
mod codes;
mod doors;
mod guests;
mod let_in;
mod options;
mod report;
mod rules;
mod sessions;
mod sync;
mod ways;

pub(crate) use activity::activity;
pub(crate) use codes::{CodesAt, codes};
pub(crate) use doors::doors;
pub(crate) use guests::{address, people};
pub(crate) use let_in::let_in;
pub(crate) use options::options;
pub(crate) use report::report;
pub(crate) use rules::{lacking, lacking_names};
pub(crate) use sessions::sessions;
pub(crate) use sync::{sync_event, syncs};
pub(crate) use ways::ways;

use crate::failure::snake;
use crate::language::language;
use comfy_table::{Cell, Color};
use jiff::Timestamp;
use keyway_app::Availability;
use keyway_app::ports::UnixMillis;
use serde_json::Value;

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

/// Adds to `event` whether something is there, and if not, why not and what would change that.
fn against(mut event: Value, availability: Availability) -> Value {
    event["available"] = (availability == Availability::Yes).into();
    if let Availability::No { why } = availability {
        let advice = why.text(language());
        event["why"] = snake(&format!("{why:?}")).into();
        event["happened"] = advice.happened.into();
        event["action"] = advice.action.into();
        event["fallback"] = advice.fallback.into();
    }
    event
}

/// A cell in the colour of its meaning; the table drops colours where none are wanted.
fn cell(text: impl Into<String>, colour: Color) -> Cell {
    Cell::new(text.into()).fg(colour)
}
