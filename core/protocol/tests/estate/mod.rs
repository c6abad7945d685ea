//! A property that issues and a lock that believes it, on a virtual clock, with flash that fails where a test says.
#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]
#![expect(dead_code, unreachable_pub, reason = "each test file uses its part")]

pub mod codes;
mod lock;
mod property;

pub use lock::Lock;
pub use property::Property;

use keyway_protocol::crypto::{Secret32, SigningKey, VerifyingKey};
use keyway_protocol::error::{Code, Error};
use keyway_protocol::ids::LockId;
use keyway_protocol::time::UtcSeconds;

/// 2026-11-24T12:00:00Z.
pub const NOON: UtcSeconds = UtcSeconds(1_795_521_600);
pub const DAY: u64 = 86_400;
pub const LOCK: LockId = LockId([0x4c; 16]);

pub fn secret(byte: u8) -> Secret32 {
    Secret32::new([byte; 32])
}

pub fn holder(byte: u8) -> VerifyingKey {
    SigningKey::from_secret(&secret(byte))
        .unwrap()
        .verifying_key()
}

/// The code of a refusal.
pub fn code<T>(answer: Result<T, Error>) -> Option<Code> {
    answer.err().map(|error| error.code)
}
