//! Letting in, in OpenDOOR's words: `POST /v2/users`, `GET /v1/users`, `GET /v1/users/{userUuid}`, and `PATCH` and `DELETE` of
//! `/v1/users/{userUuid}/doors/{doorUuid}`.
//!
//! * A guest for longer is an account with an access and a code, which the lock learns at its next sync; a guest for a day is a code that
//!   the lock computes by itself, and no account at all.
//! * Who may share a door lets in; who let in, and the property's staff, may change and take away. A household sees who may enter its home.
//! * Nobody learns by an invitation whose account an address is: a guest goes by the name that the host wrote.
//! * An access that is taken away stays listed until long after the lock has confirmed that: requested, carried, confirmed.
pub(crate) mod change;
mod fault;
mod invitation;
pub(crate) mod invite;
mod known_as;
mod message;
mod recipient;
pub(crate) mod users;
mod view;
mod withdrawal;

pub use fault::SharingFault;
pub(crate) use invite::DOORS_OWN;
pub(crate) use recipient::{address_mac, name as recipient_name};
pub(crate) use withdrawal::withdraw;
