//! Each port's contract as a suite that every implementation passes, real and fake. A suite panics, in the words of the contract, at what does
//! not hold. It needs a port of its own: it erases what it finds.

mod clock;
mod entropy;
mod files;
mod keychain;
mod keys;
mod radio;
mod shell;

pub use clock::clock;
pub use entropy::entropy;
pub use files::files;
pub use keychain::keychain;
pub use keys::keys;
pub use radio::{ADVERTISED, Peer, radio};
pub use shell::shell;

/// The value, or a panic that names the broken promise.
#[expect(clippy::panic, reason = "a suite is a test: panicking is its answer")]
fn must<T, E: core::fmt::Debug>(result: Result<T, E>, promise: &str) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{promise}: {error:?}"),
    }
}

/// The value, or a panic that names what is missing.
#[expect(clippy::panic, reason = "a suite is a test: panicking is its answer")]
fn there<T>(value: Option<T>, promise: &str) -> T {
    match value {
        Some(value) => value,
        None => panic!("{promise}"),
    }
}
