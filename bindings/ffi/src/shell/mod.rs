//! What only a shell can do, as traits that Swift and Kotlin implement.
//!
//! They are synchronous and may block: each call comes on a thread of its own, with a deadline in the core. One that throws something of its own is
//! answered like one that failed; what it threw goes no further.

mod keys;
mod notices;
mod owner;
mod places;

pub use keys::{HardwareKeyError, HardwareKeys, KeyPurpose};
pub use notices::{Notice, Notices};
pub use owner::{DeviceOwner, DeviceOwnerError};
pub use places::{ShellAnswer, ShellError, ShellPlace, ShellPlaces, ShellRemains};

pub(crate) use keys::Store;
pub(crate) use notices::Board;
pub(crate) use owner::Owner;
pub(crate) use places::Places;
