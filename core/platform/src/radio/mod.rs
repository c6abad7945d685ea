//! The radio port on real parts.

#[cfg(feature = "loopback")]
pub mod pipe;

#[cfg(feature = "loopback")]
pub mod loopback;

#[cfg(feature = "bluetooth")]
pub mod bluetooth;

pub mod told;
