use serde::{Deserialize, Serialize};

/// Which way a frame flew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// From the phone.
    ToLock,
    /// From the lock.
    ToPhone,
}

/// What the air did to a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It will arrive once.
    Carried,
    /// It will not arrive, and its sender is not told.
    Dropped,
    /// It will arrive twice.
    Doubled,
    /// The link broke inside it.
    Cut,
}

/// One frame as a sniffer would note it: one line of the trace file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceLine {
    /// When it was sent, milliseconds on the air's clock.
    pub at: u64,
    /// The link's number at its lock, counted from 1.
    pub link: u64,
    /// Which way.
    pub direction: Direction,
    /// The GATT operation: `connect`, `connected`, `read-hello`, `hello-value`, `subscribe`, `subscribed`, `write`, `notify-hello`,
    /// `notify-down`, `disconnect`, `disconnected`, `lost`.
    pub operation: String,
    /// What happened to it.
    pub fate: Fate,
    /// The attribute value's length, bytes.
    pub bytes: usize,
    /// The attribute value, hexadecimal.
    pub hex: String,
}

impl TraceLine {
    /// The line as JSON, without a line feed.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Strings and integers only: this cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}
