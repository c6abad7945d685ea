//! Grants: what one phone may do at one lock, and for how long. The payload is shaped as a CBOR Web Token (RFC 8392).

use minicbor::{Decode, Encode};

use crate::crypto::VerifyingKey;
use crate::document::{Document, DocumentError, Unverified};
use crate::ids::{GrantId, HolderHash, LockId, SubjectId};
use crate::root::{LeaseCaps, Role, RootDocument};
use crate::schedule::Schedule;
use crate::time::UtcSeconds;

/// What a grant allows; a union of the constants, not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Operations(#[n(0)] pub u16);

impl Operations {
    /// Withdraw the bolt.
    pub const UNLOCK: Self = Self(0x0001);
    /// Carry bundles down, receipts and the log up. Time and the lock's condition are everybody's.
    pub const SYNC: Self = Self(0x0002);
    /// Both.
    pub const ALL: Self = Self(0x0003);

    /// Whether all of `other` is allowed.
    pub const fn include(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// What kind of right it is; a union of the constants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Flags(#[n(0)] pub u16);

impl Flags {
    /// Each unlock needs proof of the user's presence.
    pub const PRESENCE: Self = Self(0x0001);
    /// The phone is not the holder's own.
    pub const BORROWED: Self = Self(0x0002);
    /// The holder is a guest.
    pub const GUEST: Self = Self(0x0004);
    const KNOWN: u16 = 0x0007;

    /// Whether all of `other` is set.
    pub const fn include(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The holder key's confirmation (RFC 8747, member `kid`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct Confirmation {
    #[n(3)]
    holder: HolderHash,
}

/// What a grant says.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct GrantClaims {
    /// The person (`sub`).
    #[n(2)]
    pub subject: SubjectId,
    /// The lock (`aud`).
    #[n(3)]
    pub lock: LockId,
    /// Not from here on (`exp`).
    #[n(4)]
    pub expires: UtcSeconds,
    /// Not earlier (`nbf`).
    #[n(5)]
    pub not_before: UtcSeconds,
    /// When it was issued (`iat`); revocations name the issue times they end.
    #[n(6)]
    pub issued: UtcSeconds,
    /// The grant's name (`cti`).
    #[n(7)]
    pub id: GrantId,
    #[n(8)]
    confirmation: Confirmation,
    /// The root version that lists the signer.
    #[n(100)]
    pub root_version: u32,
    /// What it allows.
    #[n(101)]
    pub operations: Operations,
    /// What kind of right it is.
    #[n(102)]
    pub flags: Flags,
    /// The critical lane the lock must have before it honours this grant (R4).
    #[n(103)]
    pub min_crit_seq: u64,
    /// When within the term it holds.
    #[n(104)]
    pub schedule: Schedule,
}

impl Document for GrantClaims {
    const LABEL: &'static [u8] = b"keyway/1 grant";
    const LIMIT: usize = 512;
}

impl GrantClaims {
    /// A resident's right to everything, always, for the term `[not_before, expires)`. Adjust the public fields for other kinds.
    pub fn new(
        (id, subject, lock): (GrantId, SubjectId, LockId),
        holder: &VerifyingKey,
        issued: UtcSeconds,
        (not_before, expires): (UtcSeconds, UtcSeconds),
        (root_version, min_crit_seq): (u32, u64),
    ) -> Self {
        Self {
            subject,
            lock,
            expires,
            not_before,
            issued,
            id,
            confirmation: Confirmation {
                holder: holder.holder_hash(),
            },
            root_version,
            operations: Operations::ALL,
            flags: Flags::default(),
            min_crit_seq,
            schedule: Schedule::default(),
        }
    }

    /// The phone it is bound to.
    pub const fn holder(&self) -> HolderHash {
        self.confirmation.holder
    }

    /// Whether a phone may keep a resumption slot for it.
    pub const fn is_resumable(&self) -> bool {
        !self.flags.include(Flags::BORROWED) && !self.flags.include(Flags::PRESENCE)
    }

    /// Longest `exp - nbf` for a grant of this kind, in seconds.
    pub const fn cap(&self, caps: &LeaseCaps) -> u64 {
        if self.flags.include(Flags::BORROWED) {
            caps.borrowed
        } else if self.flags.include(Flags::GUEST) {
            caps.guest
        } else {
            caps.resident
        }
    }

    fn is_sound(&self) -> bool {
        self.flags.0 & !Flags::KNOWN == 0
            && self.operations.0 != 0
            && Operations::ALL.include(self.operations)
            && self.not_before < self.expires
            && self.schedule.is_sound()
    }
}

/// A grant as it came: readable, not believed.
#[derive(Debug, Clone)]
pub struct Grant {
    unverified: Unverified,
    claims: GrantClaims,
}

impl Grant {
    /// Reads a grant's structure.
    pub fn decode(bytes: &[u8]) -> Result<Self, DocumentError> {
        let unverified = Unverified::read(bytes, GrantClaims::LIMIT)?;
        let claims: GrantClaims = unverified.peek()?;
        claims
            .is_sound()
            .then_some(Self { unverified, claims })
            .ok_or(DocumentError::Malformed)
    }

    /// What it claims.
    pub const fn claims(&self) -> &GrantClaims {
        &self.claims
    }

    /// Checks that this root's policy issued it for this lock.
    pub fn verify(&self, root: &RootDocument, lock: &LockId) -> Result<(), DocumentError> {
        let key = root.key(self.unverified.key(), Role::Grant)?;
        let claims: GrantClaims = self.unverified.verify(key)?;
        (claims.lock == *lock && claims.root_version == root.version)
            .then_some(())
            .ok_or(DocumentError::Forged)
    }
}
