//! The HTTP contract of the property's service: requests, answers parsed into domain types, proofs of possession, problems.
//!
//! Nothing here decides; journeys do. What the service sends is parsed once, here, and only domain types leave.

mod call;
mod client;
mod doorcodes;
mod doors;
mod dpop;
pub(crate) mod oauth;
mod problem;
#[cfg(test)]
mod tests;
mod time;

pub use doorcodes::{
    CodeDay, CodeKind, CodeStatus, Doorcode, DoorcodeId, DoorcodeList, PasscodeType,
};
pub use doors::{Battery, Door, DoorId, DoorKind, DoorList, DoorRole, Keypad, LastSync};
pub use time::LocalTime;

pub(crate) use call::{Answer, Call};
pub(crate) use client::{Authorization, Client};
pub(crate) use doorcodes::{issue_doorcode, parse_doorcode, parse_doorcodes};
pub(crate) use doors::parse_doors;
pub(crate) use dpop::base64url;
pub(crate) use oauth::{AccountFacts, Tokens};
pub(crate) use problem::{Breach, Problem, ProblemCode};
pub(crate) use time::parse_instant;
