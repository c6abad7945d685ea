//! The bulk lane: code table, schedules, configuration. A signed manifest and the sealed body it names, carried in chunks.

use alloc::vec::Vec;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::cbor;
use crate::code::{CodeTag, DAILY_DIGITS, DAILY_DIGITS_MAX, Digits, OffsetTable};
use crate::crypto::sha256;
use crate::document::{Document, DocumentError, Unverified};
use crate::ids::{Digest, LockId};
use crate::phone::Transfer;
use crate::root::{Role, RootDocument};
use crate::schedule::Schedule;
use crate::time::UtcSeconds;

/// What a section carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
#[repr(u8)]
pub enum SectionKind {
    /// [`Change`]s of the code table.
    #[n(1)]
    Codes = 1,
    /// [`Change`]s of named schedules.
    #[n(2)]
    Schedules = 2,
    /// A whole [`DoorConfig`].
    #[n(3)]
    Config = 3,
}

/// A section as the manifest names it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct SectionEntry {
    /// What it carries; each kind at most once, ascending.
    #[n(0)]
    pub kind: SectionKind,
    /// Length of the sealed bytes.
    #[n(1)]
    pub length: u32,
    /// SHA-256 of the sealed bytes.
    #[n(2)]
    pub digest: Digest,
}

/// What a bulk bundle is and consists of.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Manifest {
    /// For which lock.
    #[n(0)]
    pub lock: LockId,
    /// The root version that lists the signer.
    #[n(1)]
    pub root_version: u32,
    /// The key epoch the sections are sealed in.
    #[n(2)]
    pub key_epoch: u32,
    /// The lock's bulk sequence number afterwards.
    #[n(3)]
    pub seq: u64,
    /// Applies to a lock at `base <= bulk_seq < seq`; absent in a snapshot, which applies to any below `seq`.
    #[n(4)]
    pub base: Option<u64>,
    /// When it was issued.
    #[n(5)]
    pub issued: UtcSeconds,
    /// A lock that knows the time refuses it from here on (R6).
    #[n(6)]
    pub expires: UtcSeconds,
    /// All its sections.
    #[n(7)]
    pub sections: Vec<SectionEntry>,
    /// Bytes in each chunk but the last of the sealed body, which is the sections one after the other.
    #[n(8)]
    pub chunk_size: u16,
    /// SHA-256 of each chunk.
    #[n(9)]
    pub chunks: Vec<Digest>,
}

impl Document for Manifest {
    const LABEL: &'static [u8] = b"keyway/1 manifest";
    const LIMIT: usize = 12_288;
}

impl Manifest {
    /// Most chunks of one bundle.
    pub const MOST_CHUNKS: usize = 320;
    /// Bytes in a chunk, as the service cuts them.
    pub const CHUNK_SIZE: u16 = 1_024;
    /// Most sealed bytes of one bundle.
    pub const LONGEST_BODY: usize = Self::MOST_CHUNKS * Self::CHUNK_SIZE as usize;

    /// Reads a manifest and checks that this root's policy signed it for this lock.
    pub fn verify(bytes: &[u8], root: &RootDocument, lock: &LockId) -> Result<Self, DocumentError> {
        let unverified = Unverified::read(bytes, Self::LIMIT)?;
        let key = root.key(unverified.key(), Role::Bulk)?;
        let manifest: Self = unverified.verify(key)?;
        if !manifest.is_sound() {
            return Err(DocumentError::Malformed);
        }
        (manifest.lock == *lock && manifest.root_version == root.version)
            .then_some(manifest)
            .ok_or(DocumentError::Forged)
    }

    /// Length of the sealed body.
    pub fn body_length(&self) -> usize {
        let lengths = self.sections.iter().map(|section| section.length as usize);
        lengths.fold(0, usize::saturating_add)
    }

    /// Length of a chunk; zero if there is no such chunk.
    pub fn chunk_length(&self, index: usize) -> usize {
        let size = usize::from(self.chunk_size);
        self.body_length().saturating_sub(index * size).min(size)
    }

    fn is_sound(&self) -> bool {
        let size = usize::from(self.chunk_size);
        (64..=usize::from(Self::CHUNK_SIZE)).contains(&size)
            && self.chunks.len() <= Self::MOST_CHUNKS
            && self.body_length().div_ceil(size) == self.chunks.len()
            && self
                .sections
                .is_sorted_by(|earlier, later| earlier.kind < later.kind)
            && self.base.is_none_or(|base| base < self.seq)
            && self.issued <= self.expires
    }
}

/// An absolute change of a table: what an id is from now on. Applying it twice changes nothing more.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Change<T> {
    /// This id is this entry.
    #[n(0)]
    Set(#[n(0)] u32, #[n(1)] u32, #[n(2)] T),
    /// This id is gone.
    #[n(1)]
    Delete(#[n(0)] u32, #[n(1)] u32),
}

impl<T> Change<T> {
    /// The id it is about.
    pub const fn id(&self) -> u32 {
        match self {
            Self::Set(id, ..) | Self::Delete(id, _) => *id,
        }
    }

    /// The version of that id; a lock that holds a later one keeps it.
    pub const fn version(&self) -> u32 {
        match self {
            Self::Set(_, version, _) | Self::Delete(_, version) => *version,
        }
    }

    /// The entry, unless it is gone.
    const fn entry(&self) -> Option<&T> {
        match self {
            Self::Set(_, _, entry) => Some(entry),
            Self::Delete(..) => None,
        }
    }
}

/// What kind of code it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
#[repr(u8)]
pub enum CodeKind {
    /// A resident's.
    #[n(1)]
    Residence = 1,
    /// A common door's.
    #[n(2)]
    Communal = 2,
    /// A guest's, with a start and perhaps an end.
    #[n(3)]
    Guest = 3,
}

/// A synced code. Which person it belongs to is the service's to know.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CodeEntry {
    /// What kind it is.
    #[n(0)]
    pub kind: CodeKind,
    /// How many digits, 4 to 12: others could not be typed.
    #[n(1)]
    pub digits: u8,
    /// What they hash to.
    #[n(2)]
    pub tag: CodeTag,
    /// Not earlier.
    #[n(3)]
    pub not_before: Option<UtcSeconds>,
    /// Not from here on.
    #[n(4)]
    pub expires: Option<UtcSeconds>,
    /// Id of the schedule it is bound to.
    #[n(5)]
    pub schedule: Option<u32>,
}

impl CodeEntry {
    fn is_sound(&self) -> bool {
        (Digits::MIN..=Digits::MAX).contains(&usize::from(self.digits))
    }
}

/// The code table's section.
pub type CodeChanges = Vec<Change<CodeEntry>>;
/// The schedules' section.
pub type ScheduleChanges = Vec<Change<Schedule>>;

/// How a door is set up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DoorConfig {
    /// Digits of daily codes, 8 to 10; 0 if the door knows none.
    #[n(0)]
    pub daily_digits: u8,
    /// The door's local time; UTC if absent.
    #[n(1)]
    pub local_time: Option<OffsetTable>,
}

impl DoorConfig {
    /// Whether daily codes are as long as they are made, or there are none.
    pub fn is_sound(&self) -> bool {
        self.daily_digits == 0 || (DAILY_DIGITS..=DAILY_DIGITS_MAX).contains(&self.daily_digits)
    }
}

/// What a section's sealing is bound to: `label ‖ lock (16) ‖ root version (4) ‖ key epoch (4) ‖ seq (8) ‖ kind (1)`.
pub fn section_context(
    lock: &LockId,
    (root_version, key_epoch, seq): (u32, u32, u64),
    kind: SectionKind,
) -> Vec<u8> {
    [
        b"section".as_slice(),
        lock.as_ref(),
        &root_version.to_be_bytes(),
        &key_epoch.to_be_bytes(),
        &seq.to_be_bytes(),
        &[kind as u8],
    ]
    .concat()
}

/// A section's plaintext.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Section {
    /// Changes of the code table.
    Codes(CodeChanges),
    /// Changes of named schedules.
    Schedules(ScheduleChanges),
    /// The whole configuration.
    Config(DoorConfig),
}

impl Section {
    /// What it carries.
    pub const fn kind(&self) -> SectionKind {
        match self {
            Self::Codes(_) => SectionKind::Codes,
            Self::Schedules(_) => SectionKind::Schedules,
            Self::Config(_) => SectionKind::Config,
        }
    }

    /// The bytes that are sealed. Pad nothing: the manifest tells their length anyway.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Codes(changes) => cbor::encode(changes),
            Self::Schedules(changes) => cbor::encode(changes),
            Self::Config(config) => cbor::encode(config),
        }
    }

    /// Reads opened bytes.
    ///
    /// # Errors
    /// [`DocumentError::Malformed`].
    pub fn decode(kind: SectionKind, bytes: &[u8]) -> Result<Self, DocumentError> {
        let limit = crate::crypto::seal::LONGEST;
        let section = match kind {
            SectionKind::Codes => Self::Codes(cbor::decode(bytes, limit)?),
            SectionKind::Schedules => Self::Schedules(cbor::decode(bytes, limit)?),
            SectionKind::Config => Self::Config(cbor::decode(bytes, limit)?),
        };
        section
            .is_sound()
            .then_some(section)
            .ok_or(DocumentError::Malformed)
    }

    /// Whether each entry by itself may be in a table; what they are together is judged when they are applied.
    fn is_sound(&self) -> bool {
        match self {
            Self::Codes(changes) => changes
                .iter()
                .filter_map(Change::entry)
                .all(CodeEntry::is_sound),
            Self::Schedules(changes) => changes
                .iter()
                .filter_map(Change::entry)
                .all(Schedule::is_sound),
            Self::Config(config) => config.is_sound(),
        }
    }
}

/// A bundle as it is fetched, stored and carried. A courier can read nothing of the body.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Bundle {
    #[n(0)]
    manifest: ByteVec,
    #[n(1)]
    body: ByteVec,
}

impl Bundle {
    const LIMIT: usize = Manifest::LONGEST_BODY + Manifest::LIMIT + 200;

    /// Puts a signed manifest and the sealed body it names together.
    pub fn new(manifest: Vec<u8>, body: Vec<u8>) -> Self {
        Self {
            manifest: manifest.into(),
            body: body.into(),
        }
    }

    /// Reads a bundle and checks that its body is what its manifest says. The signature is the lock's to check.
    ///
    /// # Errors
    /// [`DocumentError`] if it is malformed or was cut or mixed on its way.
    pub fn decode(bytes: &[u8]) -> Result<Self, DocumentError> {
        let bundle: Self = cbor::decode(bytes, Self::LIMIT)?;
        let manifest = bundle.claimed()?;
        let fits = manifest.is_sound()
            && manifest.body_length() == bundle.body.len()
            && bundle
                .body
                .chunks(usize::from(manifest.chunk_size))
                .zip(&manifest.chunks)
                .all(|(chunk, digest)| sha256(&[chunk]) == *digest);
        fits.then_some(bundle).ok_or(DocumentError::Forged)
    }

    /// The bundle's bytes.
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    /// The signed manifest.
    pub fn manifest(&self) -> &[u8] {
        &self.manifest
    }

    /// What the manifest says, not verified.
    pub fn claimed(&self) -> Result<Manifest, DocumentError> {
        Unverified::read(&self.manifest, Manifest::LIMIT)?.peek()
    }

    /// The lock's bulk sequence number afterwards; zero if the manifest cannot be read.
    pub fn seq(&self) -> u64 {
        self.claimed().map_or(0, |manifest| manifest.seq)
    }

    /// The bulk sequence number it builds on; `None` for a snapshot.
    pub fn base(&self) -> Option<u64> {
        self.claimed().ok()?.base
    }

    /// The bundle cut as it travels.
    ///
    /// # Errors
    /// [`DocumentError`] if the manifest cannot be read.
    pub fn transfer(&self) -> Result<Transfer, DocumentError> {
        let size = usize::from(self.claimed()?.chunk_size).max(1);
        Ok(Transfer {
            manifest: self.manifest.to_vec(),
            chunks: self.body.chunks(size).map(Vec::from).collect(),
        })
    }
}
