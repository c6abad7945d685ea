//! One building on one virtual clock, in one thread: service, locks, phones and the air between them.
//!
//! [`building::Building`] is the whole; [`stage::WorldStage`] plays the journeys of `tests/journeys` in it.
#![forbid(unsafe_code)]

pub mod building;
pub mod executor;
pub mod network;
pub mod phone;
pub mod radio;
pub mod site;
pub mod stage;
pub mod street;
pub mod time;
