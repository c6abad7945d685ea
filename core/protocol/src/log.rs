//! The access log: entries sealed for the service, chained by hash, carried in segments by any courier.
//!
//! Each entry is sealed with an ephemeral key of its own, which is the evolving key: once written, not even the lock can read it.

use alloc::vec::Vec;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::cbor;
use crate::code::{DailyKind, SLOTS};
use crate::crypto::{AgreementKey, AgreementPublic, Secret32, open_with, seal_to, sha256};
use crate::document::DocumentError;
use crate::ids::{CommandId, Digest, GrantId, HolderHash, LockId, SubjectId};
use crate::receipt::{CommandResult, Stamp};

/// Who or what caused an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Actor {
    /// A phone.
    #[n(0)]
    Phone(#[n(0)] HolderHash),
    /// A synced code, by its id in the code table.
    #[n(1)]
    Code(#[n(0)] u32),
    /// A daily code: kind, slot and civil day number.
    #[n(2)]
    Daily(#[n(0)] DailyKind, #[n(1)] u8, #[n(2)] u32),
    /// Whoever stood at the keypad.
    #[n(3)]
    Keypad,
    /// The lock itself.
    #[n(4)]
    Lock,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum EventKind {
    /// A phone or a code moved the bolt, or tried to.
    #[n(0)]
    Unlock,
    /// The same, judged without a clock (floor plus uptime).
    #[n(1)]
    UnlockWithoutClock,
    /// A code was refused: wrong, out of its time, or the bucket was empty.
    #[n(2)]
    CodeRefused,
    /// A critical lane was applied.
    #[n(3)]
    Critical,
    /// A bulk bundle was applied.
    #[n(4)]
    Bulk,
    /// The lock booted.
    #[n(5)]
    Boot,
}

/// One entry in clear.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LogEntry {
    /// What happened.
    #[n(0)]
    pub kind: EventKind,
    /// Who or what caused it.
    #[n(1)]
    pub actor: Actor,
    /// When; for a coalesced entry the first time.
    #[n(2)]
    pub at: Stamp,
    /// Number of boots.
    #[n(3)]
    pub boot: u32,
    /// Whose grant it was.
    #[n(4)]
    pub subject: Option<SubjectId>,
    /// Which grant it was.
    #[n(5)]
    pub grant: Option<GrantId>,
    /// Which tap it was.
    #[n(6)]
    pub command: Option<CommandId>,
    /// What came of it.
    #[n(7)]
    pub result: Option<CommandResult>,
    /// For a coalesced entry: the last time, and how many there were (R10).
    #[n(8)]
    pub repeated: Option<Repeated>,
}

/// What became of entries for which there was no room of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Repeated {
    /// When it happened last.
    #[n(0)]
    pub last: Stamp,
    /// How often it happened.
    #[n(1)]
    pub count: u32,
}

const SEAL_LABEL: &[u8] = b"log";
const CHAIN_LABEL: &[u8] = b"keyway/1 log";
const LONGEST_ENTRY: usize = 256;

impl LogEntry {
    /// Seals to the service's log key under the entry's index. `None` if that key is bad.
    pub fn seal(
        &self,
        lock: &LockId,
        index: u64,
        log_key: &AgreementPublic,
        seed: &Secret32,
    ) -> Option<Vec<u8>> {
        seal_to(log_key, &context(lock, index), &cbor::encode(self), seed)
    }

    /// Opens what [`LogEntry::seal`] made.
    ///
    /// # Errors
    /// [`DocumentError`] if it was sealed for another key, lock or index.
    pub fn open(
        sealed: &[u8],
        lock: &LockId,
        index: u64,
        log_key: &AgreementKey,
    ) -> Result<Self, DocumentError> {
        let plain =
            open_with(log_key, &context(lock, index), sealed).ok_or(DocumentError::Forged)?;
        let entry: Self = cbor::decode(&plain, LONGEST_ENTRY)?;
        entry
            .is_sound()
            .then_some(entry)
            .ok_or(DocumentError::Malformed)
    }

    fn is_sound(&self) -> bool {
        !matches!(self.actor, Actor::Daily(_, SLOTS.., _))
            && self.at.is_sound()
            && self
                .repeated
                .is_none_or(|repeated| repeated.last.is_sound())
    }
}

fn context(lock: &LockId, index: u64) -> Vec<u8> {
    [SEAL_LABEL, lock.as_ref(), &index.to_be_bytes()].concat()
}

/// The chain's head after one more sealed entry; the head before the first entry is all zero.
pub fn chain(head: &Digest, index: u64, sealed: &[u8]) -> Digest {
    sha256(&[CHAIN_LABEL, head.as_ref(), &index.to_be_bytes(), sealed])
}

/// Consecutive sealed entries.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LogSegment {
    /// Which lock.
    #[n(0)]
    pub lock: LockId,
    /// Index of the first entry.
    #[n(1)]
    pub first: u64,
    /// Head of the chain before it.
    #[n(2)]
    pub head: Digest,
    /// The sealed entries.
    #[n(3)]
    pub(crate) entries: Vec<ByteVec>,
}

impl LogSegment {
    /// Longest segment, in bytes.
    pub const LONGEST: usize = 65_535;

    /// Puts sealed entries together.
    pub fn new(lock: LockId, first: u64, head: Digest, entries: Vec<Vec<u8>>) -> Self {
        let entries = entries.into_iter().map(ByteVec::from).collect();
        Self {
            lock,
            first,
            head,
            entries,
        }
    }

    /// Reads a segment's structure.
    ///
    /// # Errors
    /// [`DocumentError::Malformed`].
    pub fn decode(bytes: &[u8]) -> Result<Self, DocumentError> {
        Ok(cbor::decode(bytes, Self::LONGEST)?)
    }

    /// The segment's bytes.
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    /// The index after the last entry.
    pub fn next(&self) -> u64 {
        self.first.saturating_add(self.entries.len() as u64)
    }

    /// Head of the chain after the last entry.
    pub fn head_after(&self) -> Digest {
        let indexed = (self.first..).zip(&self.entries);
        indexed.fold(self.head, |head, (index, sealed)| {
            chain(&head, index, sealed)
        })
    }

    /// The sealed entries with their indexes.
    pub fn entries(&self) -> impl Iterator<Item = (u64, &[u8])> {
        (self.first..).zip(self.entries.iter().map(|sealed| sealed.as_slice()))
    }
}
