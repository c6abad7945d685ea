//! Journeys as data: the same files are run by every language's runner.
//!
//! A scenario is a list of steps. A step calls one method of the facade on one phone, or changes the world, and says what must come of
//! it. `README.md` beside this crate describes the format; [`run`] is the Rust runner, over a [`Stage`] that is either a virtual world
//! or a served building.
#![forbid(unsafe_code)]

mod begun;
mod expect;
mod message;
mod observe;
mod run;
mod scenario;

pub use expect::{Mismatch, expect};
pub use message::found_in;
pub use run::{Failed, Stage, run};
pub use scenario::{Call, Scenario, ScenarioError, Step, TimeKind, all};

/// How scenarios call the people of a building, in the order in which it lists them.
pub const PEOPLE: [&str; 5] = ["resident", "partner", "guest", "inactive", "staff"];
