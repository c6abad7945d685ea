//! The critical lane: every live revocation, floors, the key roll and log acks, in one signed document that needs no other.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use crate::document::{Document, DocumentError, Unverified};
use crate::ids::{Digest, HolderHash, LockId, SubjectId};
use crate::root::{Role, RootDocument};
use crate::time::UtcSeconds;

/// Whose grants are revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Revoked {
    /// All phones of a person.
    #[n(0)]
    Subject(#[n(0)] SubjectId),
    /// One phone.
    #[n(1)]
    Holder(#[n(0)] HolderHash),
}

/// Grants issued at or before `until` are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Revocation {
    /// Whose.
    #[n(0)]
    pub whom: Revoked,
    /// Refused iff `iat <= until`.
    #[n(1)]
    pub until: UtcSeconds,
}

/// What the service has safely received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct LogAck {
    /// Number of log entries received: all below this index.
    #[n(0)]
    pub entries: u64,
    /// Head of the chain after them; a lock whose own head differs deletes nothing.
    #[n(1)]
    pub head: Digest,
    /// Number of the newest receipt received.
    #[n(2)]
    pub receipt: u64,
}

/// What a critical lane says.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CriticalLane {
    /// For which lock.
    #[n(0)]
    pub lock: LockId,
    /// The root version that lists the signer.
    #[n(1)]
    pub root_version: u32,
    /// The key epoch the lock rolls forward to; equal to its own for no roll.
    #[n(2)]
    pub key_epoch: u32,
    /// Rises with each issue under this root.
    #[n(3)]
    pub seq: u64,
    /// When it was issued.
    #[n(4)]
    pub issued: UtcSeconds,
    /// A lock that knows the time refuses it from here on (R6).
    #[n(5)]
    pub expires: UtcSeconds,
    /// It is not earlier than this.
    #[n(6)]
    pub time_floor: UtcSeconds,
    /// Every grant issued at or before this is refused, so that older revocations need not be listed.
    #[n(7)]
    pub issue_floor: UtcSeconds,
    /// Every live revocation, ascending by whom, each once.
    #[n(8)]
    pub revocations: Vec<Revocation>,
    /// What may be deleted.
    #[n(9)]
    pub ack: Option<LogAck>,
}

impl Document for CriticalLane {
    const LABEL: &'static [u8] = b"keyway/1 critical";
    const LIMIT: usize = 12_288;
}

impl CriticalLane {
    /// Longest lane, in bytes of payload.
    pub const LONGEST: usize = Self::LIMIT;

    /// Reads a lane and checks that this root's policy signed it for this lock.
    pub fn verify(bytes: &[u8], root: &RootDocument, lock: &LockId) -> Result<Self, DocumentError> {
        let unverified = Unverified::read(bytes, Self::LIMIT)?;
        let key = root.key(unverified.key(), Role::Critical)?;
        let lane: Self = unverified.verify(key)?;
        if !lane.is_sound() {
            return Err(DocumentError::Malformed);
        }
        (lane.lock == *lock && lane.root_version == root.version)
            .then_some(lane)
            .ok_or(DocumentError::Forged)
    }

    fn is_sound(&self) -> bool {
        self.issued <= self.expires
            && self
                .revocations
                .is_sorted_by(|earlier, later| earlier.whom < later.whom)
    }
}
