//! One door's documents, fetched, stored and sent as one.

use alloc::vec::Vec;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::cbor;
use crate::critical::CriticalLane;
use crate::crypto::{VerifyingKey, seal};
use crate::descriptor::Descriptor;
use crate::document::DocumentError;
use crate::error::{ApiMisuse, Failure};
use crate::grant::{Flags, Grant, GrantClaims};
use crate::ids::{CommandId, LockId};
use crate::phone::Credentials;
use crate::root::{RootChain, RootDocument, RootKey};
use crate::wire::frame::LONGEST_MESSAGE;
use crate::wire::message::{Command, Opening, Proof};

/// What goes to a lock ahead of a grant: the root chain and the critical lane under its newest version.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct LaneSection {
    /// Root versions, oldest first.
    #[n(0)]
    pub chain: RootChain,
    /// The signed critical lane.
    #[n(1)]
    pub(crate) lane: ByteVec,
}

impl LaneSection {
    const LIMIT: usize = 60_000;

    /// Puts chain and lane together.
    pub fn new(chain: RootChain, lane: Vec<u8>) -> Self {
        Self {
            chain,
            lane: lane.into(),
        }
    }

    /// Reads a section's structure.
    pub fn decode(bytes: &[u8]) -> Result<Self, DocumentError> {
        let section: Self = cbor::decode(bytes, Self::LIMIT)?;
        let versions = section.chain.0.len();
        (1..=RootChain::MOST_VERSIONS)
            .contains(&versions)
            .then_some(section)
            .ok_or(DocumentError::Malformed)
    }

    /// The section's bytes.
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    /// The signed critical lane.
    pub fn lane(&self) -> &[u8] {
        &self.lane
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct Parts {
    #[n(0)]
    section: LaneSection,
    #[n(1)]
    descriptor: ByteVec,
    #[n(2)]
    grant: ByteVec,
}

/// Whether an unlock that brings all of it fits a message: a record that no lock can be shown is no use to a phone.
fn fits_message_1(parts: &Parts) -> bool {
    let opening = Opening {
        lane: Some(parts.section.encode()),
        proof: Proof::Grant {
            grant: parts.grant.to_vec(),
            holder: [0; VerifyingKey::LENGTH],
            signature: [0; 64],
        },
        command: Command::Unlock {
            command: CommandId([0; CommandId::LENGTH]),
            presence: false,
        },
    };
    // The message's type, then what Noise adds to a first message.
    1 + seal::OVERHEAD + opening.encode().len() <= LONGEST_MESSAGE
}

/// One door's documents, verified from the property's root down.
#[derive(Debug, Clone)]
pub struct AccessRecord {
    section: LaneSection,
    grant_bytes: Vec<u8>,
    root: RootDocument,
    descriptor: Descriptor,
    lane: CriticalLane,
    grant: Grant,
}

impl AccessRecord {
    /// Longest record, in bytes. Its message 1 is the narrower bound.
    pub const LONGEST: usize = 64_000;

    /// Puts signed documents together, as the service sends them.
    pub fn assemble(section: LaneSection, descriptor: Vec<u8>, grant: Vec<u8>) -> Vec<u8> {
        cbor::encode(&Parts {
            section,
            descriptor: descriptor.into(),
            grant: grant.into(),
        })
    }

    /// Reads a record and verifies every signature, from the pinned root key down; without a pin the chain's first version vouches for
    /// itself, which HTTPS must make good.
    ///
    /// # Errors
    /// [`DocumentError`]; nothing of a record with one bad part is used, nor one whose message 1 would be too long.
    pub fn decode(bytes: &[u8], pinned: Option<&RootKey>) -> Result<Self, DocumentError> {
        let parts: Parts = cbor::decode(bytes, Self::LONGEST)?;
        if !fits_message_1(&parts) {
            return Err(DocumentError::Malformed);
        }
        let section = LaneSection::decode(&parts.section.encode())?;
        let root = section.chain.verify(pinned)?;
        let descriptor = Descriptor::verify(&parts.descriptor, &root)?;
        let lane = CriticalLane::verify(section.lane(), &root, &descriptor.lock)?;
        let grant = Grant::decode(&parts.grant)?;
        grant.verify(&root, &descriptor.lock)?;
        Ok(Self {
            section,
            grant_bytes: parts.grant.into(),
            root,
            descriptor,
            lane,
            grant,
        })
    }

    /// Which lock it is for.
    pub const fn lock_id(&self) -> LockId {
        self.descriptor.lock
    }

    /// The newest root version.
    pub const fn root(&self) -> &RootDocument {
        &self.root
    }

    /// What to know of the lock.
    pub const fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    /// What the grant says: `not_before`, `expires`, flags and the rest.
    pub const fn claims(&self) -> &GrantClaims {
        self.grant.claims()
    }

    /// Whether the grant is for a phone that is not the holder's own.
    pub const fn is_borrowed(&self) -> bool {
        self.claims().flags.include(Flags::BORROWED)
    }

    /// Whether each unlock needs proof of presence.
    pub const fn needs_presence(&self) -> bool {
        self.claims().flags.include(Flags::PRESENCE)
    }

    /// The critical lane's sequence number.
    pub const fn crit_seq(&self) -> u64 {
        self.lane.seq
    }

    /// What the lock gets ahead of the grant.
    pub fn lane_section(&self) -> Vec<u8> {
        self.section.encode()
    }

    /// The signed grant.
    pub fn grant_bytes(&self) -> &[u8] {
        &self.grant_bytes
    }

    /// What a conversation needs, for the phone whose public key this is.
    ///
    /// # Errors
    /// [`ApiMisuse::BadKey`] if the grant is bound to another phone.
    pub fn credentials(&self, holder: VerifyingKey) -> Result<Credentials, Failure> {
        if holder.holder_hash() != self.claims().holder() {
            return Err(ApiMisuse::BadKey.into());
        }
        Ok(Credentials {
            known: self.descriptor.known_lock(),
            lane: self.lane_section(),
            root_version: self.root.version,
            crit_seq: self.crit_seq(),
            grant: self.grant_bytes.clone(),
            grant_id: self.claims().id,
            holder,
            resumable: self.claims().is_resumable(),
            held_by_lock: false,
        })
    }
}
