//! Who opened what and when, as far as this account may see it.

use super::{Answer, Breach, Call, DoorId, parse_instant};
use crate::ports::UnixMillis;
use core::fmt;
use serde::Deserialize;

/// A page of a door's activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Newest first.
    pub entries: Vec<ActivityEntry>,
    /// Where the next page begins, if there is one.
    pub next: Option<PageToken>,
}

/// Where a page begins: opaque.
#[derive(Clone, PartialEq, Eq)]
pub struct PageToken(String);

/// One entry of a door's log, opened by the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityEntry {
    /// When, service time; `None` if the lock did not know the time.
    pub at: Option<UnixMillis>,
    /// The moment is sure to so many seconds.
    pub uncertain_seconds: u32,
    /// What happened.
    pub event: ActivityEvent,
    /// By what.
    pub by: ActivityBy,
    /// Whose, where it may be told.
    pub name: Option<String>,
    /// It was this account.
    pub is_you: bool,
    /// What came of an unlock.
    pub result: Option<ActivityResult>,
    /// So many alike, which the lock put together.
    pub count: u32,
    /// Who may see this entry.
    pub visible_to: Vec<Audience>,
}

/// What happened at a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ActivityEvent {
    /// It was unlocked, or that was tried.
    Unlock,
    /// A doorcode was refused.
    DoorcodeRefused,
    /// It was synced.
    Sync,
    /// The lock restarted.
    Restart,
}

/// By what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ActivityBy {
    /// A phone.
    Phone,
    /// A doorcode of the lock's table.
    Doorcode,
    /// A daily code.
    DailyCode,
    /// The keypad, with a code that nobody has.
    Keypad,
    /// The lock itself.
    Lock,
}

/// What came of an unlock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ActivityResult {
    /// The bolt moved.
    Executed,
    /// It did not.
    NotExecuted,
    /// Power was lost between start and result.
    Unknown,
}

/// Who may see an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Audience {
    /// The residents of the door.
    Residents,
    /// The guest whose entry it is.
    Guests,
    /// The property's staff.
    Staff,
}

impl PageToken {
    /// The service's own token, if it is made of characters that a query may hold.
    pub(crate) fn parse(token: String) -> Option<Self> {
        let query_safe = token
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
        query_safe.then_some(Self(token))
    }

    /// `path`, on the page of this name.
    pub(crate) fn after(path: &str, page: Option<&Self>) -> String {
        match page {
            Some(Self(token)) => format!("{path}?pageToken={token}"),
            None => path.to_owned(),
        }
    }
}

impl fmt::Debug for PageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageToken(..)")
    }
}

/// A page of a door's activity; the newest where no `page` is named.
pub(crate) fn show_activity(door: DoorId, page: Option<&PageToken>) -> Call {
    let path = format!("/v1/doors/{door}/activity");
    Call::get(PageToken::after(&path, page))
}

/// The answer to [`show_activity`].
pub(crate) fn parse_activity(answer: &Answer) -> Result<Activity, Breach> {
    let wire: Wire = answer.json()?;
    let entries = wire.entries.into_iter().map(ActivityEntry::try_from);
    Ok(Activity {
        entries: entries.collect::<Result<_, _>>()?,
        next: wire.next_page_token.and_then(PageToken::parse),
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    entries: Vec<WireEntry>,
    next_page_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireEntry {
    at: Option<String>,
    uncertain_seconds: u32,
    event: ActivityEvent,
    by: WireBy,
    result: Option<ActivityResult>,
    count: u32,
    visible_to: Vec<Audience>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireBy {
    kind: ActivityBy,
    name: Option<String>,
    is_you: bool,
}

impl TryFrom<WireEntry> for ActivityEntry {
    type Error = Breach;

    fn try_from(wire: WireEntry) -> Result<Self, Breach> {
        Ok(Self {
            at: wire.at.as_deref().map(parse_instant).transpose()?,
            uncertain_seconds: wire.uncertain_seconds,
            event: wire.event,
            by: wire.by.kind,
            name: wire.by.name,
            is_you: wire.by.is_you,
            result: wire.result,
            count: wire.count,
            visible_to: wire.visible_to,
        })
    }
}
