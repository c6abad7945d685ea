//! What a lock knows of the time: an interval, never a point.

use minicbor::{Decode, Encode};

use crate::document::{Document, DocumentError, Unverified};
use crate::ids::LockId;
use crate::root::{Role, RootDocument};

/// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct UtcSeconds(#[n(0)] pub u64);

impl UtcSeconds {
    /// `seconds` later; stops at the end of the range.
    #[must_use]
    pub const fn plus(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// `seconds` earlier; stops at zero.
    #[must_use]
    pub const fn minus(self, seconds: u64) -> Self {
        Self(self.0.saturating_sub(seconds))
    }

    /// Seconds from `earlier` to `self`; zero if `earlier` is later.
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Both ends are possible; nothing outside is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct TimeInterval {
    /// It is not earlier than this.
    #[n(0)]
    pub earliest: UtcSeconds,
    /// It is not later than this.
    #[n(1)]
    pub latest: UtcSeconds,
}

impl TimeInterval {
    /// Width in seconds.
    pub const fn width(&self) -> u64 {
        self.latest.since(self.earliest)
    }
}

/// The time as a lock may use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Now {
    /// Attested since boot.
    Trusted(TimeInterval),
    /// Not attested since power loss: persisted floor plus uptime. It is at least this late.
    NotBefore(UtcSeconds),
}

impl Now {
    /// It is at least this late.
    pub const fn earliest(&self) -> UtcSeconds {
        match self {
            Self::Trusted(interval) => interval.earliest,
            Self::NotBefore(floor) => *floor,
        }
    }
}

/// How far ahead of trusted time an issue time or a floor may lie, in seconds (R3).
pub const AHEAD: u64 = 15 * 60;
/// How old a nonce may be when its attest arrives, in seconds.
pub const NONCE_LIFETIME: u64 = 24 * 60 * 60;

/// What the service signs: at `utc` it saw the lock's nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TimeAttest {
    /// Whose nonce it is.
    #[n(0)]
    pub lock: LockId,
    /// The lock's nonce.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub nonce: [u8; 16],
    /// When the service saw it.
    #[n(2)]
    pub utc: UtcSeconds,
}

impl Document for TimeAttest {
    const LABEL: &'static [u8] = b"keyway/1 time";
    const LIMIT: usize = 64;
}

impl TimeAttest {
    /// Reads an attest and checks that a time key of this root signed it for this lock.
    pub fn verify(bytes: &[u8], root: &RootDocument, lock: &LockId) -> Result<Self, DocumentError> {
        let unverified = Unverified::read(bytes, Self::LIMIT)?;
        let key = root.key(unverified.key(), Role::Time)?;
        let attest: Self = unverified.verify(key)?;
        (attest.lock == *lock)
            .then_some(attest)
            .ok_or(DocumentError::Forged)
    }
}
