//! What a shell tells about the phone's surroundings.

pub use keyway_app::Change;
pub use keyway_app::ports::{AdapterState, Location, Permission, Power};

/// A change in the app's surroundings. For Bluetooth, `bluetooth_changed` says what it changed to.
#[uniffi::remote(Enum)]
pub enum Change {
    /// The network came or went.
    Network {
        /// There is a network now.
        available: bool,
    },
    /// Bluetooth power, permission or the location switch changed; the radio knows how.
    Bluetooth,
    /// The app came to the foreground.
    Foreground,
    /// The app went to the background.
    Background,
    /// The phone was locked.
    PhoneLocked,
    /// The phone was unlocked.
    PhoneUnlocked,
}

/// Bluetooth power.
#[uniffi::remote(Enum)]
pub enum Power {
    /// On.
    On,
    /// Off.
    Off,
    /// This device has no Bluetooth Low Energy.
    Unsupported,
}

/// The resident's permission to use Bluetooth.
#[uniffi::remote(Enum)]
pub enum Permission {
    /// Given.
    Granted,
    /// Refused or restricted; only the system's settings can change it.
    Denied,
    /// Not asked yet.
    NotAsked,
}

/// Android's location switch, which scanning needs there before version 12.
#[uniffi::remote(Enum)]
pub enum Location {
    /// Not needed on this system.
    NotNeeded,
    /// On.
    On,
    /// Off.
    Off,
}

/// What stands between the core and a scan.
#[uniffi::remote(Record)]
pub struct AdapterState {
    /// Power.
    pub power: Power,
    /// Permission.
    pub permission: Permission,
    /// Location switch.
    pub location: Location,
}
