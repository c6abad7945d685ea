//! Who opened what and when, as far as this account may see it.

use std::sync::Arc;

pub use keyway_app::service::{ActivityBy, ActivityEvent, ActivityResult, Audience};

/// What happened at a door.
#[uniffi::remote(Enum)]
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
#[uniffi::remote(Enum)]
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
#[uniffi::remote(Enum)]
pub enum ActivityResult {
    /// The bolt moved.
    Executed,
    /// It did not.
    NotExecuted,
    /// Power was lost between start and result.
    Unknown,
}

/// Who may see an entry.
#[uniffi::remote(Enum)]
pub enum Audience {
    /// The residents of the door.
    Residents,
    /// The guest whose entry it is.
    Guests,
    /// The property's staff.
    Staff,
}

/// Where a page begins: opaque, handed back to ask for that page.
#[derive(Debug, uniffi::Object)]
#[uniffi::export(Debug)]
pub struct PageToken(keyway_app::service::PageToken);

impl PageToken {
    pub(crate) fn to_core(&self) -> keyway_app::service::PageToken {
        self.0.clone()
    }
}

/// One entry of a door's log.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ActivityEntry {
    /// When: milliseconds, service time; `None` if the lock did not know the time.
    pub at: Option<i64>,
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

impl From<keyway_app::service::ActivityEntry> for ActivityEntry {
    fn from(entry: keyway_app::service::ActivityEntry) -> Self {
        let keyway_app::service::ActivityEntry {
            at,
            uncertain_seconds,
            event,
            by,
            name,
            is_you,
            result,
            count,
            visible_to,
        } = entry;
        Self {
            at,
            uncertain_seconds,
            event,
            by,
            name,
            is_you,
            result,
            count,
            visible_to,
        }
    }
}

/// A page of a door's activity.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Activity {
    /// Newest first.
    pub entries: Vec<ActivityEntry>,
    /// Where the next page begins, if there is one.
    pub next: Option<Arc<PageToken>>,
}

impl From<keyway_app::service::Activity> for Activity {
    fn from(activity: keyway_app::service::Activity) -> Self {
        let keyway_app::service::Activity { entries, next } = activity;
        Self {
            entries: entries.into_iter().map(ActivityEntry::from).collect(),
            next: next.map(|token| Arc::new(PageToken(token))),
        }
    }
}
