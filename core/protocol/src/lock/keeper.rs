//! What the session half of a lock asks of its documents half.

use alloc::vec::Vec;

use super::Env;
use crate::crypto::Secret32;
use crate::error::Error;
use crate::hello::ClockState;
use crate::ids::{CommandId, GrantId, HolderHash, LockId};
use crate::wire::reply::CommandOutcome;

/// The lock's state beyond its links: what it believes, holds and remembers. Every method that changes something has persisted it when it
/// returns, unless its answer says otherwise.
pub trait Keeper {
    /// A decoded grant.
    type Grant: GrantView + Clone;

    /// The lock's name.
    fn lock_id(&self) -> LockId;
    /// What hellos say.
    fn standing(&self, env: &Env<'_>) -> Standing;
    /// The hint key of the current key epoch.
    fn hint_key(&self, env: &Env<'_>) -> Option<Secret32>;

    /// Decodes a grant without believing it.
    fn read_grant(&self, bytes: &[u8]) -> Result<Self::Grant, Error>;
    /// Verifies that the property issued this grant for this lock, under the root the lock stands on now.
    fn check_grant(&self, grant: &Self::Grant) -> Result<(), Error>;
    /// Judges what a grant allows now: window, revocations, floors, `min crit_seq`; to sync also operations; for an unlock schedule and
    /// presence besides.
    fn judge(
        &self,
        grant: &Self::Grant,
        operation: Operation,
        env: &mut Env<'_>,
    ) -> Result<(), Error>;

    /// Verifies and applies root chain and critical lane. Gives the receipt, or nothing if the lock already had them.
    fn apply_lane(&mut self, lane: &[u8], env: &mut Env<'_>) -> Result<Option<Vec<u8>>, Error>;

    /// Notes that the motor is about to move for this tap.
    fn begin(
        &mut self,
        grant: &Self::Grant,
        command: CommandId,
        env: &mut Env<'_>,
    ) -> Result<(), Error>;
    /// Notes what came of it. If flash refuses, the note stays in RAM.
    fn finish(
        &mut self,
        grant: &Self::Grant,
        command: CommandId,
        outcome: CommandOutcome,
        env: &mut Env<'_>,
    );
    /// What became of a tap of this holder; `None` if nothing is known of it.
    fn recall(&self, holder: &HolderHash, command: CommandId) -> Option<CommandOutcome>;

    /// Takes a bulk bundle's manifest.
    fn manifest(&mut self, manifest: &[u8], env: &mut Env<'_>) -> Result<Intake, Error>;
    /// Takes a chunk of the announced bundle; gives the receipt once the bundle is complete and applied.
    fn chunk(
        &mut self,
        index: u16,
        bytes: &[u8],
        env: &mut Env<'_>,
    ) -> Result<Option<Vec<u8>>, Error>;
    /// Every receipt that the service has not acknowledged, oldest first.
    fn receipts(&self) -> Vec<Vec<u8>>;
    /// A sealed log segment from this entry on, at most `limit` bytes.
    fn log_segment(&mut self, from: u64, limit: usize, env: &mut Env<'_>)
    -> Result<LogPart, Error>;
    /// Log entries that the service has not acknowledged.
    fn log_backlog(&self) -> u32;
    /// A nonce to attest the time over.
    fn time_nonce(&mut self, env: &mut Env<'_>) -> Vec<u8>;
    /// Takes the service's attest.
    fn attest(&mut self, attest: &[u8], env: &mut Env<'_>) -> Result<(), Error>;

    /// A digit was typed. `Some` once a code is complete: open, or refuse.
    fn digit(&mut self, digit: u8, env: &mut Env<'_>) -> Option<Result<(), Error>>;
    /// Notes what came of a code's unlock.
    fn keypad_finished(&mut self, outcome: CommandOutcome, env: &mut Env<'_>);
}

/// What the session half needs to know of a grant.
pub trait GrantView {
    /// The grant's name.
    fn id(&self) -> GrantId;
    /// The phone it was issued to.
    fn holder(&self) -> HolderHash;
    /// Whether a phone may keep a slot for it: neither borrowed nor bound to presence.
    fn is_resumable(&self) -> bool;
}

/// What is being asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// To be listened to: status, time, condition.
    Session,
    /// To carry a bundle down, receipts and the log up.
    Sync,
    /// To withdraw the bolt.
    Unlock {
        /// The holder key vouches for the user's presence.
        presence: bool,
    },
}

/// Where a lock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Version of the root document.
    pub root_version: u32,
    /// Epoch of sealing and hint keys.
    pub key_epoch: u32,
    /// The critical lane's sequence number.
    pub crit_seq: u64,
    /// The bulk lane's sequence number.
    pub bulk_seq: u64,
    /// How well the time is known.
    pub clock: ClockState,
}

/// What a manifest led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intake {
    /// These chunks are missing: bit `i % 8` (lowest first) of byte `i / 8` is chunk `i`.
    Missing(Vec<u8>),
    /// Nothing is missing any more; here is the receipt.
    Applied(Vec<u8>),
}

/// A part of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPart {
    /// The entry after the last one in the segment.
    pub next: u64,
    /// Whether there are entries from `next` on.
    pub more: bool,
    /// The sealed segment; empty if there is nothing.
    pub segment: Vec<u8>,
}
