//! The HTTP contract of the property's service: requests, answers parsed into domain types, proofs of possession, problems.
//!
//! Nothing here decides; journeys do. What the service sends is parsed once, here, and only domain types leave.

mod account;
mod activity;
mod call;
mod client;
mod doorcodes;
mod doors;
mod dpop;
mod guests;
mod ids;
pub(crate) mod oauth;
mod problem;
#[cfg(test)]
mod tests;
mod time;

pub use account::SessionFacts;
pub use activity::{
    Activity, ActivityBy, ActivityEntry, ActivityEvent, ActivityResult, Audience, PageToken,
};
pub use doorcodes::{CodeDay, CodeKind, CodeStatus, Doorcode, DoorcodeList, PasscodeType};
pub use doors::{Battery, Door, DoorKind, DoorList, DoorRole, Keypad, LastSync, PropertyContact};
pub use guests::{AccessState, LetIn, Person, PersonAccess, Recipient, Revocation};
pub use ids::{DoorId, DoorcodeId, PersonId, SessionId};
pub use time::LocalTime;

pub(crate) use account::{
    change_password, end_session, end_sessions, list_sessions, parse_sessions, send_one_time_code,
    send_password_reset,
};
pub(crate) use activity::{parse_activity, show_activity};
pub(crate) use call::{Answer, Call};
pub(crate) use client::{Authorization, Client};
pub(crate) use doorcodes::{issue_doorcode, parse_doorcode, parse_doorcodes, reset_doorcode};
pub(crate) use doors::parse_doors;
pub(crate) use dpop::base64url;
pub(crate) use guests::{
    NewAccess, change_end, list_people, parse_let_in, parse_people, parse_person, revoke,
};
pub(crate) use oauth::{AccountFacts, Credential, Tokens};
pub(crate) use problem::{Breach, Problem, ProblemCode};
pub(crate) use time::{format_instant, parse_instant};
