//! The root document: which keys speak for the property, and within which bounds.

use alloc::vec::Vec;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::cbor;
use crate::crypto::{AgreementPublic, VerifyingKey};
use crate::document::{Document, DocumentError, Unverified};
use crate::ids::KeyId;

/// What a policy key may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Role {
    /// Descriptors of locks.
    Descriptor = 0x01,
    /// Grants.
    Grant = 0x02,
    /// Critical lanes.
    Critical = 0x04,
    /// Manifests of the bulk lane.
    Bulk = 0x08,
    /// Time attests.
    Time = 0x10,
}

impl Role {
    /// All of them together.
    const ALL: u8 = 0x1f;
}

/// A key the root document lists.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct PolicyKey {
    /// The key; its id is derived, never stated.
    #[n(0)]
    pub key: VerifyingKey,
    /// Union of [`Role`]s; a key without any is not listed.
    #[n(1)]
    pub roles: u8,
}

/// Longest `exp - nbf` of a grant, in seconds, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct LeaseCaps {
    /// Residents and staff.
    #[n(0)]
    pub resident: u64,
    /// Guests.
    #[n(1)]
    pub guest: u64,
    /// Borrowed phones.
    #[n(2)]
    pub borrowed: u64,
}

/// Seconds by which `nbf` may lie before the time of issue, so that a lock whose interval is wide does not say *not yet*.
pub const BACKDATING: u64 = 15 * 60;

impl Default for LeaseCaps {
    fn default() -> Self {
        Self {
            resident: 7 * 86_400 + BACKDATING,
            guest: 86_400 + BACKDATING,
            borrowed: 15 * 60 + BACKDATING,
        }
    }
}

/// One version of the property's root.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RootDocument {
    /// Rises by one with each version, from 1. Everything else is scoped to it.
    #[n(0)]
    pub version: u32,
    /// Names the property.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub property: [u8; 16],
    /// COSE number of the one algorithm; -7 is ES256.
    #[n(2)]
    pub algorithm: i32,
    /// Signs the next version.
    #[n(3)]
    pub root_key: VerifyingKey,
    /// At most [`RootDocument::MOST_KEYS`], each key once.
    #[n(4)]
    pub policy_keys: Vec<PolicyKey>,
    /// Bounds on grants.
    #[n(5)]
    pub caps: LeaseCaps,
    /// The service's X25519 key that receipts and log entries are sealed to.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub log_key: AgreementPublic,
    /// Whether residents may unlock by persisted floor and uptime when no attest arrived since power loss.
    #[n(7)]
    pub residents_without_clock: bool,
}

/// COSE number of ES256.
pub const ES256: i32 = -7;

impl Document for RootDocument {
    const LABEL: &'static [u8] = b"keyway/1 root";
    const LIMIT: usize = 1_024;
}

impl RootDocument {
    /// Most policy keys of one version.
    pub const MOST_KEYS: usize = 16;

    /// The listed key with this id and this role.
    pub fn key(&self, id: &KeyId, role: Role) -> Result<&VerifyingKey, DocumentError> {
        self.policy_keys
            .iter()
            .find(|policy| policy.key.id() == *id && policy.roles & role as u8 != 0)
            .map(|policy| &policy.key)
            .ok_or(DocumentError::Forged)
    }

    /// Reads a version that `signer` must have signed.
    pub fn verify(bytes: &[u8], signer: &VerifyingKey) -> Result<Self, DocumentError> {
        let root: Self = Unverified::read(bytes, Self::LIMIT)?.verify(signer)?;
        root.checked()
    }

    fn checked(self) -> Result<Self, DocumentError> {
        let sound = self.algorithm == ES256
            && self.version > 0
            && self.policy_keys.len() <= Self::MOST_KEYS
            && self.are_policy_keys_sound();
        sound.then_some(self).ok_or(DocumentError::Malformed)
    }

    /// With a key listed twice, what it may sign would depend on who looks where.
    fn are_policy_keys_sound(&self) -> bool {
        let mut listed = self.policy_keys.iter().enumerate();
        listed.all(|(index, policy)| {
            let earlier = &self.policy_keys[..index];
            (1..=Role::ALL).contains(&policy.roles)
                && earlier.iter().all(|other| other.key != policy.key)
        })
    }
}

/// The property's root key as a phone pins it when it signs in over HTTPS: one that has signed a version (the first signs itself).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RootKey(pub VerifyingKey);

/// Signed versions of the root document, oldest first, without a gap.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct RootChain(#[n(0)] pub(crate) Vec<ByteVec>);

impl RootChain {
    /// Most versions in one chain. A lock further behind is serviced at the door.
    pub const MOST_VERSIONS: usize = 16;
    const LIMIT: usize = Self::MOST_VERSIONS * (RootDocument::LIMIT + 100);

    /// Takes signed versions, oldest first.
    pub fn new(versions: Vec<Vec<u8>>) -> Self {
        Self(versions.into_iter().map(ByteVec::from).collect())
    }

    /// Reads a chain's structure.
    pub fn decode(bytes: &[u8]) -> Result<Self, DocumentError> {
        let chain: Self = cbor::decode(bytes, Self::LIMIT)?;
        (!chain.0.is_empty() && chain.0.len() <= Self::MOST_VERSIONS)
            .then_some(chain)
            .ok_or(DocumentError::Malformed)
    }

    /// The newest version's signed bytes.
    pub fn newest(&self) -> &[u8] {
        self.0.last().map_or(&[], |bytes| bytes)
    }

    /// Climbs from a version that is believed. Versions up to it are skipped; gives `None` if there is no newer one.
    pub fn climb(&self, from: &RootDocument) -> Result<Option<RootDocument>, DocumentError> {
        let mut standing: Option<RootDocument> = None;
        for bytes in &self.0 {
            let below = standing.as_ref().unwrap_or(from);
            let unverified = Unverified::read(bytes, RootDocument::LIMIT)?;
            let claimed: RootDocument = unverified.peek()?;
            if claimed.version <= below.version {
                continue;
            }
            let next: RootDocument = unverified.verify(&below.root_key)?;
            if below.version.checked_add(1) != Some(next.version) || next.property != from.property
            {
                return Err(DocumentError::Forged);
            }
            standing = Some(next.checked()?);
        }
        Ok(standing)
    }

    /// Climbs from the first version that the pinned key signed; without a pin, from the first version, which signs itself.
    pub fn verify(&self, pinned: Option<&RootKey>) -> Result<RootDocument, DocumentError> {
        let mut base = Err(DocumentError::Forged);
        for bytes in &self.0 {
            let candidate = Unverified::read(bytes, RootDocument::LIMIT)?;
            let signer = match pinned {
                Some(RootKey(key)) => *key,
                None => candidate.peek::<RootDocument>()?.root_key,
            };
            base = candidate.verify::<RootDocument>(&signer);
            if base.is_ok() || pinned.is_none() {
                break;
            }
        }
        let base = base?.checked()?;
        Ok(self.climb(&base)?.unwrap_or(base))
    }
}
