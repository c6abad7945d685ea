//! One building on one virtual clock, in one thread.
#![forbid(unsafe_code)]

pub mod executor;
pub mod network;
pub mod radio;
pub mod street;
pub mod time;
