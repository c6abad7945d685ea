//! The app's own client against this service: what each believes the contract to be is the same.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed helper is a failed test"
)]

mod account;
mod people;
mod phone;
