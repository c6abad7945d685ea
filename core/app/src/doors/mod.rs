//! Doors: what a resident sees of them, the rights to open them, and the unlock.
//!
//! Everything is cached first: a list that is a day old beats none, and an unlock never waits for the network while a cached grant holds.

mod access;
mod list;
mod memory;
mod nearby;
mod reach;
mod tap;
mod unlock;

#[cfg(test)]
pub(crate) mod tests;

pub use list::{CanUnlock, DoorView, Doors};
pub use unlock::{UnlockAttempt, UnlockOutcome, UnlockPhase};

pub(crate) use access::{Access, current_access, fetch_access};
pub(crate) use list::{cached_door, cached_list, doors, refresh};
pub(crate) use memory::Memory;
pub(crate) use nearby::{doors_in_range, look_around};
pub(crate) use reach::Way;
pub(crate) use unlock::{told, unlock};
