//! The air between a phone and a lock, without input or output: what it does to each frame, and when.
//!
//! A [`Link`] carries GATT's operations ([`ToLock`], [`ToPhone`]) at connection events, loses and doubles what Bluetooth may lose
//! and double, breaks after any number of bytes, and writes one [`TraceLine`] per frame. Chance comes from a seed, time is
//! passed in as milliseconds on any clock that does not go back. The words are `send`, `receive` and `next_event`.
#![forbid(unsafe_code)]

mod advertising;
mod link;
mod trace;

pub use advertising::{Advertiser, Advertising};
pub use keyway_platform::radio::pipe::{MAX_MTU, ToLock, ToPhone, negotiate_mtu};
pub use link::{Air, Cut, Delivery, Link, Signal};
pub use trace::{Direction, Fate, TraceLine};
