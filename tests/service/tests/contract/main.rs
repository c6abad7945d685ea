//! The service's contract, called through its router on a clock that stands still: one file per behaviour.
#![forbid(unsafe_code)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed helper is a failed test"
)]

mod bench;
mod browser;
mod guests;
mod lock_side;
mod post;
mod support;
mod wire;

mod access;
mod activity;
mod activity_pages;
mod alarms;
mod at_rest;
mod buildings;
mod changing;
mod courier;
mod credentials;
mod doors;
mod doors_and_codes;
mod invitation_faults;
mod invitation_messages;
mod known_as;
mod letting_in;
mod message_limits;
mod messages;
mod one_time_code;
mod own_sessions;
mod password_change;
mod password_reset;
mod proofs;
mod real_lock;
mod refresh;
mod reset;
mod revocation;
mod senders;
mod session_end;
mod staff;
mod tls;
mod users;
mod versions;
mod web_pages;
mod web_sessions;
