//! One entry as it is told.
use super::visibility::Audience;
use super::who::{Means, Who};
use crate::document::shapes::Moment;
use crate::limits;
use crate::problem::Problem;
use crate::time::rfc3339;
use keyway_protocol::log::{EventKind, LogEntry};
use keyway_protocol::receipt::{CommandResult, Stamp};
use keyway_protocol::time::UtcSeconds;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What happened at the door.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ActivityEntry)]
pub(super) struct EntryView {
    /// The earliest moment at which it can have been; `null` where the lock had no clock.
    #[schema(value_type = Option<Moment>, required)]
    at: Option<String>,
    /// It was at most so much later.
    uncertain_seconds: u64,
    event: Event,
    by: ByView,
    /// What came of an unlock.
    #[schema(required)]
    result: Option<ResultWord>,
    /// So many alike, which the lock put together for want of room.
    #[schema(minimum = 1)]
    count: u32,
    /// When the last of them was.
    #[schema(value_type = Option<Moment>, required)]
    last_at: Option<String>,
    visible_to: Vec<Audience>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ActivityBy)]
struct ByView {
    kind: Means,
    #[schema(required)]
    name: Option<String>,
    #[schema(required)]
    user_uuid: Option<Uuid>,
    is_you: bool,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = ActivityEvent)]
enum Event {
    Unlock,
    DoorcodeRefused,
    Sync,
    Restart,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = ActivityResult)]
enum ResultWord {
    Executed,
    NotExecuted,
    Unknown,
}

impl EntryView {
    pub(super) fn of(
        entry: &LogEntry,
        who: Who,
        is_you: bool,
        visible_to: Vec<Audience>,
    ) -> Result<Self, Problem> {
        let repeated = entry.repeated.filter(|repeated| repeated.count > 1);
        let last_at = repeated
            .map(|repeated| moment(&repeated.last))
            .transpose()?;
        Ok(Self {
            at: moment(&entry.at)?,
            uncertain_seconds: match &entry.at {
                Stamp::Trusted(interval) => interval.width(),
                Stamp::NotBefore(_) => 0,
            },
            event: match entry.kind {
                EventKind::Unlock | EventKind::UnlockWithoutClock => Event::Unlock,
                EventKind::CodeRefused => Event::DoorcodeRefused,
                EventKind::Critical | EventKind::Bulk => Event::Sync,
                EventKind::Boot => Event::Restart,
            },
            by: ByView {
                kind: who.means,
                name: who.name,
                user_uuid: who.user,
                is_you,
            },
            result: entry.result.map(|result| match result {
                CommandResult::Executed => ResultWord::Executed,
                CommandResult::NotExecuted => ResultWord::NotExecuted,
                CommandResult::Unknown => ResultWord::Unknown,
            }),
            count: repeated.map_or(1, |repeated| repeated.count),
            last_at: last_at.flatten(),
            visible_to,
        })
    }
}

/// The earliest moment that a stamp allows, where the lock knew the time.
fn moment(stamp: &Stamp) -> Result<Option<String>, Problem> {
    match stamp {
        Stamp::Trusted(interval) => rfc3339(millis(interval.earliest)).map(Some),
        Stamp::NotBefore(_) => Ok(None),
    }
}

/// What a lock says about times is its own; one beyond all calendars is told as the last.
fn millis(at: UtcSeconds) -> i64 {
    const LAST: i64 = 253_402_207_200;
    i64::try_from(at.0).unwrap_or(LAST).min(LAST) * limits::SECOND
}
