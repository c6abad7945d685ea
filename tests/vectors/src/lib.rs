//! Test vectors of the lock protocol, computed by the independent reference beside this crate (`reference/`).
//!
//! Here is only what all of the tests read the vector files with. The tests themselves, one file per subject, hold `keyway-protocol`
//! against them.
#![forbid(unsafe_code)]

mod bytes;
mod malformed;
mod property;

pub use bytes::{Hex, Listed, counting};
pub use malformed::{Edit, Malformed, assert_refused, edited};
pub use property::Property;

use serde::de::DeserializeOwned;

/// Reads the vectors of a subject: `vectors/<subject>.json`.
///
/// # Panics
/// When the file is missing or does not have the shape that the test expects.
#[must_use]
#[expect(clippy::panic, reason = "a helper of tests fails as a test does")]
pub fn load<T: DeserializeOwned>(subject: &str) -> T {
    let path = format!("{}/vectors/{subject}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}
