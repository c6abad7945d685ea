//! The lockout ladder: every way through a door.

use crate::doors::PropertyContact;
use crate::error::KeywayError;
use keyway_app::service::DoorId;

pub use keyway_app::WayIn;

/// A way through a door.
#[uniffi::remote(Enum)]
pub enum WayIn {
    /// Unlock from this phone.
    Phone,
    /// Type a doorcode.
    Doorcode,
    /// Hold a keycard to the lock.
    Keycard,
    /// Turn the mechanical key.
    MechanicalKey,
    /// Ask someone with access for a daily code, by e-mail or SMS.
    AskSomeone,
    /// Call the property.
    Property,
}

/// Does a way exist now?
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Availability {
    /// Yes.
    Yes,
    /// No; the error's words say what would change that.
    No {
        /// Why not.
        why: KeywayError,
    },
}

impl From<keyway_app::Availability> for Availability {
    fn from(availability: keyway_app::Availability) -> Self {
        match availability {
            keyway_app::Availability::Yes => Self::Yes,
            keyway_app::Availability::No { why } => Self::No { why: why.into() },
        }
    }
}

/// One way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct LockoutOption {
    /// Which.
    pub way: WayIn,
    /// Does it exist now?
    pub availability: Availability,
}

impl From<keyway_app::LockoutOption> for LockoutOption {
    fn from(option: keyway_app::LockoutOption) -> Self {
        let keyway_app::LockoutOption { way, availability } = option;
        Self {
            way,
            availability: availability.into(),
        }
    }
}

/// The ladder at a door.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct LockoutOptions {
    /// The door.
    pub door: DoorId,
    /// Every way, those that exist now first, best first.
    pub options: Vec<LockoutOption>,
    /// Names of others who may send a code for this door.
    pub sharers: Vec<String>,
    /// Whom to call.
    pub property: PropertyContact,
}

impl From<keyway_app::LockoutOptions> for LockoutOptions {
    fn from(ladder: keyway_app::LockoutOptions) -> Self {
        let keyway_app::LockoutOptions {
            door,
            options,
            sharers,
            property,
        } = ladder;
        Self {
            door,
            options: options.into_iter().map(LockoutOption::from).collect(),
            sharers,
            property,
        }
    }
}
