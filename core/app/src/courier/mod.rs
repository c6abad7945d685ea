//! The courier: carries bundles to locks, and receipts and sealed logs back to the service. It can read nothing of what it carries.
//!
//! A sync is asked for ([`SyncAttempt`]) or passes by in the session of an unlock. Either way the lock keeps everything until the service has
//! acknowledged it, so that a courier who never comes back costs time, not entries.

mod carry;
mod outbox;
mod parcel;
mod passing;
mod session;
mod sync;
mod sync_all;
mod upload;
mod visit;

#[cfg(test)]
mod tests;

pub use sync::{SyncAttempt, SyncOutcome, SyncPhase};
pub use sync_all::{SyncAllAttempt, SyncAllOutcome, SyncAllPhase};

pub(crate) use outbox::waiting;
pub(crate) use parcel::{fetch_ahead, fetch_bundle};
pub(crate) use passing::{hand_in, visit_briefly};
pub(crate) use session::{attest_time, remember};
pub(crate) use sync::sync;
pub(crate) use sync_all::sync_all_in_range;
pub(crate) use upload::{take_uploads, upload_all, upload_soon};
