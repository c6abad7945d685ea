//! The lock protocol, both ends, sans-IO. `PROTOCOL.md` beside this crate is the normative text.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

// The channel: how two ends talk.
pub mod crypto;
pub mod error;
pub mod hello;
pub mod ids;
pub mod io;
pub mod phone;
pub mod session;
pub mod wire;

// The documents: what they talk about, each signed.
pub mod bundle;
mod cbor;
pub mod code;
pub mod critical;
pub mod descriptor;
pub mod document;
#[cfg(any(feature = "lock", feature = "service"))]
pub mod epoch;
pub mod grant;
pub mod log;
#[cfg(any(feature = "lock", feature = "service"))]
pub mod provision;
pub mod receipt;
pub mod record;
pub mod root;
pub mod schedule;
pub mod time;

#[cfg(feature = "lock")]
pub mod lock;
#[cfg(feature = "service")]
pub mod service;
