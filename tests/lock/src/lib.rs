//! A lock that is its own machine: the protocol's lock role with a bolt, a deadbolt, a battery, a drifting clock, a keypad, flash and a
//! key store apart, several links. Without input or output: time is passed in as milliseconds, the air and the process are built round it.
#![forbid(unsafe_code)]

mod body;
mod flash;
mod gatt;
mod key_store;
mod lock;
mod power;

pub use body::{
    Battery, Bolt, DriftingClock, GIVES_UP, HELD, KEYPAD_SLEEPS, Keypad, TRAVEL, sensors,
};
pub use flash::{FlashChip, Tear};
pub use gatt::{GattLock, Noise, workshop};
pub use key_store::KeyChip;
pub use lock::{Happening, Hardware, Lock, MotorLine};
pub use power::PoweredLock;
