//! Receipts: what a lock has done and where it stands, signed by the lock and sealed for the service.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use crate::crypto::{
    AgreementKey, AgreementPublic, Secret32, Signature, VerifyingKey, open_with, seal_to,
};
use crate::document::{Document, DocumentError, Unverified, sign};
use crate::ids::{CommandId, Digest, HolderHash, KeyId, LockId};
use crate::time::{TimeInterval, UtcSeconds};

/// Why the lock wrote a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Occasion {
    /// A critical lane was applied.
    #[n(0)]
    Critical,
    /// A bulk bundle was applied.
    #[n(1)]
    Bulk,
    /// A command came to its end.
    #[n(2)]
    Command(#[n(0)] HolderHash, #[n(1)] CommandId, #[n(2)] CommandResult),
}

/// What came of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum CommandResult {
    /// The bolt was withdrawn.
    #[n(0)]
    Executed,
    /// It was not, and will not be.
    #[n(1)]
    NotExecuted,
    /// The lock lost power in between.
    #[n(2)]
    Unknown,
}

/// How well the lock knew the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Stamp {
    /// Attested since boot.
    #[n(0)]
    Trusted(#[n(0)] TimeInterval),
    /// Persisted floor plus uptime: not earlier.
    #[n(1)]
    NotBefore(#[n(0)] UtcSeconds),
}

impl Stamp {
    /// Whether an interval ends no earlier than it begins.
    pub(crate) const fn is_sound(&self) -> bool {
        match self {
            Self::Trusted(interval) => interval.earliest.0 <= interval.latest.0,
            Self::NotBefore(_) => true,
        }
    }
}

/// Where a lock stands.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Receipt {
    /// Which lock.
    #[n(0)]
    pub lock: LockId,
    /// Number of this receipt, from 1; the same number twice with different payloads shows a cloned lock (R13).
    #[n(1)]
    pub counter: u64,
    /// SHA-256 of the payload of the receipt before; zero in the first.
    #[n(2)]
    pub previous: Digest,
    /// Version of the root document.
    #[n(3)]
    pub root_version: u32,
    /// Epoch of sealing and hint keys.
    #[n(4)]
    pub key_epoch: u32,
    /// The critical lane's sequence number.
    #[n(5)]
    pub crit_seq: u64,
    /// The bulk lane's sequence number.
    #[n(6)]
    pub bulk_seq: u64,
    /// Number of log entries ever written.
    #[n(7)]
    pub log_entries: u64,
    /// Head of the log's chain after them.
    #[n(8)]
    pub log_head: Digest,
    /// Number of boots.
    #[n(9)]
    pub boot: u32,
    /// When.
    #[n(10)]
    pub at: Stamp,
    /// What it attests holds in RAM only: flash refused.
    #[n(11)]
    pub volatile: bool,
    /// A lane past its expiry was applied because the time was not known (R6).
    #[n(12)]
    pub obsolete: bool,
    /// Remaining charge, 0 to 100.
    #[n(13)]
    pub battery_percent: u8,
    /// Why it was written.
    #[n(14)]
    pub occasion: Occasion,
}

impl Document for Receipt {
    const LABEL: &'static [u8] = b"keyway/1 receipt";
    const LIMIT: usize = 512;
}

const SEAL_LABEL: &[u8] = b"receipt";

impl Receipt {
    /// Signs with the lock's identity key and seals to the service's log key. `None` if that key is bad.
    pub fn seal(
        &self,
        identity: KeyId,
        signer: impl FnOnce(&[u8]) -> Signature,
        log_key: &AgreementPublic,
        seed: &Secret32,
    ) -> Option<Vec<u8>> {
        let signed = sign(self, identity, signer);
        seal_to(log_key, &context(&self.lock), &signed, seed)
    }

    /// Opens a sealed receipt and checks the lock's signature.
    ///
    /// # Errors
    /// [`DocumentError`] if it was not sealed for this key and lock, or not signed by it.
    pub fn open(
        sealed: &[u8],
        lock: &LockId,
        identity: &VerifyingKey,
        log_key: &AgreementKey,
    ) -> Result<Self, DocumentError> {
        let signed = open_with(log_key, &context(lock), sealed).ok_or(DocumentError::Forged)?;
        let receipt: Self = Unverified::read(&signed, Self::LIMIT)?.verify(identity)?;
        if !receipt.is_sound() {
            return Err(DocumentError::Malformed);
        }
        (receipt.lock == *lock)
            .then_some(receipt)
            .ok_or(DocumentError::Forged)
    }

    fn is_sound(&self) -> bool {
        let follows = self.counter > 1 || self.previous == Digest([0; Digest::LENGTH]);
        self.counter > 0 && follows && self.battery_percent <= 100 && self.at.is_sound()
    }
}

fn context(lock: &LockId) -> Vec<u8> {
    [SEAL_LABEL, lock.as_ref()].concat()
}
