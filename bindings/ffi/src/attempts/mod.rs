//! Long journeys as objects: phases are pulled with `next`, `cancel` stops, `outcome` is given once and for all. Dropping the object cancels.

mod sync;
mod sync_all;
mod unlock;

pub use sync::{SyncAttempt, SyncOutcome, SyncPhase};
pub use sync_all::{DoorSynced, SyncAllAttempt, SyncAllOutcome, SyncAllPhase};
pub use unlock::{UnlockAttempt, UnlockOutcome, UnlockPhase};
