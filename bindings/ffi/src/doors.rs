//! Doors, as a resident sees them. A moment is milliseconds since 1970-01-01T00:00:00Z of the service's clock.

use crate::error::KeywayError;
use keyway_app::service::DoorId;

pub use keyway_app::service::{Battery, DoorKind, DoorRole, Keypad, LastSync, PropertyContact};

/// What kind of door.
#[uniffi::remote(Enum)]
pub enum DoorKind {
    /// Shared by residents.
    Communal,
    /// An elevator.
    Elevator,
    /// The way into the building.
    Entrance,
    /// Somebody's home.
    Residence,
    /// Staff only.
    Service,
}

/// What this account is at a door.
#[uniffi::remote(Enum)]
pub enum DoorRole {
    /// Lives here.
    Resident,
    /// Has access without living here.
    NonResident,
    /// Invited.
    Guest,
}

/// When a door was last in sync, and by whom.
#[uniffi::remote(Record)]
pub struct LastSync {
    /// When: milliseconds, service time.
    pub at: i64,
    /// Whose phone carried it.
    pub by: String,
}

/// A lock's battery as last heard.
#[uniffi::remote(Record)]
pub struct Battery {
    /// 0 to 100.
    pub percentage: u8,
    /// When the lock said so: milliseconds, service time.
    pub last_updated: i64,
}

/// How to type at a lock.
#[uniffi::remote(Record)]
pub struct Keypad {
    /// Digits of a synced code.
    pub digits: u8,
    /// How to wake the keypad, in words.
    pub wake: String,
    /// It sleeps, and forgets what was typed, after so many seconds without a digit.
    pub sleep_seconds: u8,
    /// A thrown deadbolt refuses daily codes at this lock.
    pub deadbolt_refuses_daily: bool,
}

/// Whom to call when nothing else works.
#[uniffi::remote(Record)]
pub struct PropertyContact {
    /// The property's name.
    pub name: String,
    /// Telephone number, if there is one.
    pub phone: Option<String>,
    /// E-mail address, if there is one.
    pub email: Option<String>,
}

/// Can this phone unlock a door now?
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum CanUnlock {
    /// Yes, with or without network.
    Yes {
        /// Until then without network: milliseconds, service time.
        until: i64,
    },
    /// Once there is network: the cached right has lapsed, or was never fetched.
    WithNetwork,
    /// No.
    No {
        /// Why, and in its words what would change that.
        why: KeywayError,
    },
}

impl From<keyway_app::CanUnlock> for CanUnlock {
    fn from(can: keyway_app::CanUnlock) -> Self {
        match can {
            keyway_app::CanUnlock::Yes { until } => Self::Yes { until },
            keyway_app::CanUnlock::WithNetwork => Self::WithNetwork,
            keyway_app::CanUnlock::No { why } => Self::No { why: why.into() },
        }
    }
}

/// One door.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Door {
    /// Its id.
    pub id: DoorId,
    /// Its name.
    pub name: String,
    /// Its building.
    pub building: String,
    /// What kind of door.
    pub kind: DoorKind,
    /// What this account is at it.
    pub role: DoorRole,
    /// IANA name of its timezone, such as `America/New_York`.
    pub timezone: String,
    /// What this phone can do at it.
    pub can_unlock: CanUnlock,
    /// How well its lock was heard just now, dBm; `None` where nobody listened, or it is not in range.
    pub rssi: Option<i16>,
    /// The lock has internet of its own.
    pub is_connected: bool,
    /// A phone can unlock it.
    pub has_bluetooth_unlock: bool,
    /// Last sync, if ever.
    pub last_sync: Option<LastSync>,
    /// Battery, if it was ever heard.
    pub battery: Option<Battery>,
    /// Age of the battery's reading, milliseconds; `None` without a reading.
    pub battery_age: Option<i64>,
    /// Changes that wait for a sync.
    pub pending_changes: u32,
    /// How to type at it.
    pub keypad: Keypad,
    /// The kind of lock, in its maker's words.
    pub lock_model: String,
    /// It opens to a keycard.
    pub has_keycard: bool,
    /// It opens to a mechanical key.
    pub has_mechanical_key: bool,
    /// Whom to call.
    pub property: PropertyContact,
    /// Names of others who may let somebody in here.
    pub sharers: Vec<String>,
    /// This account may let others in here.
    pub is_shareable: bool,
    /// When this account's access ends, if it does: milliseconds, service time.
    pub access_ends: Option<i64>,
}

impl From<keyway_app::DoorView> for Door {
    fn from(view: keyway_app::DoorView) -> Self {
        let keyway_app::DoorView {
            door,
            can_unlock,
            rssi,
            battery_age,
        } = view;
        let keyway_app::service::Door {
            id,
            name,
            building,
            kind,
            role,
            timezone,
            is_connected,
            has_bluetooth_unlock,
            // The lock's own id is nobody's business above the core.
            lock: _,
            last_sync,
            battery,
            pending_changes,
            keypad,
            lock_model,
            has_keycard,
            has_mechanical_key,
            property,
            sharers,
            is_shareable,
            access_ends,
        } = door;
        Self {
            id,
            name,
            building,
            kind,
            role,
            timezone,
            can_unlock: can_unlock.into(),
            rssi,
            is_connected,
            has_bluetooth_unlock,
            last_sync,
            battery,
            battery_age,
            pending_changes,
            keypad,
            lock_model,
            has_keycard,
            has_mechanical_key,
            property,
            sharers,
            is_shareable,
            access_ends,
        }
    }
}

/// The doors of an account.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Doors {
    /// In the service's order; those in range first where it was listened for them.
    pub doors: Vec<Door>,
    /// When the service said so: milliseconds, service time.
    pub as_of: i64,
    /// From the cache; `refresh` asks the service.
    pub from_cache: bool,
}

impl From<keyway_app::Doors> for Doors {
    fn from(doors: keyway_app::Doors) -> Self {
        let keyway_app::Doors {
            doors,
            as_of,
            from_cache,
        } = doors;
        Self {
            doors: doors.into_iter().map(Door::from).collect(),
            as_of,
            from_cache,
        }
    }
}
