//! The radio port on real parts.

#[cfg(feature = "loopback")]
pub mod pipe;

#[cfg(feature = "loopback")]
pub mod loopback;

pub mod told;

#[cfg(feature = "bluetooth")]
pub mod bluetooth;
