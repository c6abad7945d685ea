//! The core as Swift and Kotlin see it: [`KeywayApp`] and what it gives and takes.
//!
//! Each method is one call of [`keyway_app::App`] and a conversion; conversions stand beside their types. What crosses is coarse: whole answers, phases
//! of a journey, never packets. Three rules hold for all of it:
//!
//! - **Every export answers with a `Result`.** A panic inside arrives as [`KeywayError::Internal`]; its text does not cross.
//! - **No secret in a record, an enum or an error**: their fields are printed by the generated classes. Secrets come in as arguments of their own, which
//!   are wiped here, and go out as handles ([`codes::CodeDigits`]) that show what they hold only when asked. Freed memory is zeroed.
//! - **A foreign future may be dropped at any time.** What it waits for runs on the library's own runtime and ends there; long journeys are objects
//!   with a `cancel()`.
// One function on Android takes and hands on pointers; `deny` lets that file say so.
#![cfg_attr(not(target_os = "android"), forbid(unsafe_code))]

pub mod account;
pub mod activity;
#[cfg(target_os = "android")]
pub mod android;
mod answer;
mod app;
pub mod attempts;
pub mod codes;
pub mod doors;
pub mod error;
pub mod guests;
pub mod ids;
pub mod lockout;
pub mod open;
pub mod report;
pub mod shell;
pub mod surroundings;
#[cfg(feature = "testing")]
pub mod testing;

pub use app::KeywayApp;
pub use error::KeywayError;

uniffi::setup_scaffolding!("keyway");

keyway_platform::zero_on_free!();
