//! What a resident can do with a door app, over ports only: no socket, no clock, no runtime.
//!
//! [`App`] is the one handle a shell holds. A call on it becomes one journey; journeys use the [`ports`] and nothing else of the world.
//! `account` owns who is signed in, `vault` owns everything that is ever stored, `service` is the HTTP contract; the journeys stand on these
//! three through `context::Context`.
#![forbid(unsafe_code)]

pub mod account;
mod app;
mod attempt;
mod codes;
mod context;
mod courier;
mod diagnostics;
mod doors;
mod error;
mod guests;
mod link;
mod lockout;
mod log;
pub mod ports;
pub mod secret;
pub mod service;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod vault;
#[cfg(test)]
mod vendor_bugs;

pub use app::{App, Config};
pub use codes::{CodeDigits, DoorcodeView, Doorcodes, EntryHints, NewDoorcode, Reveal};
pub use context::Change;
pub use courier::{
    SyncAllAttempt, SyncAllOutcome, SyncAllPhase, SyncAttempt, SyncOutcome, SyncPhase,
};
pub use doors::{CanUnlock, DoorView, Doors, UnlockAttempt, UnlockOutcome, UnlockPhase};
pub use error::{Advice, Error, ErrorClass, Language};
pub use guests::{CodeForSomeone, Invitation};
pub use lockout::{Availability, LockoutOption, LockoutOptions, SignInOption, WayIn, WayToSignIn};
