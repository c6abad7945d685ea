//! The lock's hello: who it is, to those who hold its descriptor; noise, to everyone else.
//!
//! `version (1) ‖ suite (1) ‖ challenge (16) ‖ hint (9) ‖ masked (125)`; PROTOCOL.md, "Hello".

use alloc::vec::Vec;

use crate::crypto::mask::{self, HINT_LENGTH};
use crate::crypto::{AgreementPublic, Random, Secret32, Signature, VerifyingKey, labels, sha256};
use crate::error::{Failure, PeerIncompatible, PeerMisbehaved};
use crate::ids::{Digest, LockId};
use crate::wire::codec::{Malformed, Reader, Writer};
use crate::wire::gatt;

/// The one suite of this version: X25519, ChaCha20-Poly1305, SHA-256, ES256.
pub const SUITE: u8 = 1;
/// Length of every hello of this version.
pub const LENGTH: usize = CLEAR + FACTS + 64;
/// How long a hello may be answered, in milliseconds from its sending.
pub const LIFETIME: u64 = 10_000;
/// How often a hello is renewed on one link.
pub const RENEWALS: u8 = 3;
/// Random bytes that make a hello unlike any other.
pub const CHALLENGE_LENGTH: usize = 16;

const CLEAR: usize = 2 + CHALLENGE_LENGTH + HINT_LENGTH;
const FACTS: usize = 32 + 4 + 4 + 8 + 8 + 1 + 4;

/// How well a lock knows the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ClockQuality {
    /// Not at all: no attest since power was lost and no floor to count from.
    Unknown = 0,
    /// Counted from a persisted floor: not earlier than it says.
    Floor = 1,
    /// Attested by the service since boot.
    Attested = 2,
}

/// How well a lock knows the time, and how exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClockState {
    /// Where the lock's time comes from.
    pub quality: ClockQuality,
    /// Width of the interval the lock believes in, in seconds; `u32::MAX` if unbounded.
    pub width: u32,
}

impl ClockState {
    pub(crate) fn encode(&self) -> Vec<u8> {
        Writer::new()
            .u8(self.quality as u8)
            .u32(self.width)
            .finish()
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let quality = match reader.u8()? {
            0 => ClockQuality::Unknown,
            1 => ClockQuality::Floor,
            2 => ClockQuality::Attested,
            _ => return Err(Malformed),
        };
        Ok(Self {
            quality,
            width: reader.u32()?,
        })
    }
}

/// What a lock tells those who hold its descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The key that message 1 is encrypted to; its private half dies with this hello.
    pub one_time: AgreementPublic,
    /// Version of the root document the lock stands on.
    pub root_version: u32,
    /// Epoch of the lock's sealing and hint keys.
    pub key_epoch: u32,
    /// The critical lane's sequence number under that root.
    pub crit_seq: u64,
    /// The bulk lane's sequence number under that root.
    pub bulk_seq: u64,
    /// How well the lock knows the time.
    pub clock: ClockState,
}

impl Facts {
    fn encode(&self) -> Vec<u8> {
        Writer::new()
            .bytes(&self.one_time)
            .u32(self.root_version)
            .u32(self.key_epoch)
            .u64(self.crit_seq)
            .u64(self.bulk_seq)
            .bytes(&self.clock.encode())
            .finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let facts = Self {
            one_time: reader.array()?,
            root_version: reader.u32()?,
            key_epoch: reader.u32()?,
            crit_seq: reader.u64()?,
            bulk_seq: reader.u64()?,
            clock: ClockState::read(&mut reader)?,
        };
        reader.finish()?;
        Ok(facts)
    }
}

/// Makes a hello. `sign` is the lock's identity key: ES256 over the bytes it is given.
pub fn make(
    lock: &LockId,
    hint_key: &Secret32,
    hint: &[u8; HINT_LENGTH],
    facts: &Facts,
    random: &mut dyn Random,
    sign: impl FnOnce(&[u8]) -> Signature,
) -> Vec<u8> {
    let mut challenge = [0; CHALLENGE_LENGTH];
    random.fill(&mut challenge);
    let clear = Writer::new()
        .u8(gatt::VERSION)
        .u8(SUITE)
        .bytes(&challenge)
        .bytes(hint)
        .finish();
    let mut masked = facts.encode();
    let signature = sign(&[labels::HELLO, lock.as_ref(), &clear, &masked].concat());
    masked.extend_from_slice(&signature);
    mask::apply(hint_key, &challenge, &mut masked);
    [clear, masked].concat()
}

/// What a phone holds of a lock that it may speak to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownLock {
    /// The lock's name.
    pub lock: LockId,
    /// The lock's identity key.
    pub identity: VerifyingKey,
    /// The hint key of the descriptor's key epoch.
    pub hint_key: Secret32,
    /// The suite the descriptor pins.
    pub suite: u8,
}

/// A hello that this lock, and nobody else, made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// SHA-256 over the hello as sent; covers the lock's signature.
    pub hash: Digest,
    /// What the lock says.
    pub facts: Facts,
}

/// Reads a hello under what is known of the lock. Nothing of the phone is revealed before this succeeds.
pub fn verify(bytes: &[u8], known: &KnownLock) -> Result<Verified, Failure> {
    let malformed = |_| Failure::from(PeerMisbehaved::UnreadableMessage);
    let mut reader = Reader::new(bytes);
    let version = reader.u8().map_err(malformed)?;
    if version != gatt::VERSION {
        return Err(PeerIncompatible::Version(version).into());
    }
    let suite = reader.u8().map_err(malformed)?;
    if suite != SUITE || suite != known.suite {
        return Err(PeerIncompatible::Suite(suite).into());
    }
    let challenge = reader.array().map_err(malformed)?;
    let hint = reader.array().map_err(malformed)?;
    if !mask::hint_matches(&known.hint_key, &hint) {
        return Err(PeerMisbehaved::WrongLock.into());
    }
    let mut masked: [u8; FACTS + 64] = reader.array().map_err(malformed)?;
    reader.finish().map_err(malformed)?;
    mask::apply(&known.hint_key, &challenge, &mut masked);
    let (facts, signature) = masked.split_at(FACTS);
    let signature = Signature::try_from(signature)
        .map_err(|_| Failure::from(PeerMisbehaved::UnreadableMessage))?;
    let signed = [labels::HELLO, known.lock.as_ref(), &bytes[..CLEAR], facts];
    if !known.identity.verify(&signed, &signature) {
        return Err(PeerMisbehaved::ForgedHello.into());
    }
    let facts = Facts::decode(facts).map_err(malformed)?;
    Ok(Verified {
        hash: sha256(&[bytes]),
        facts,
    })
}

/// Whether an advertisement's service data was made under this hint key.
pub fn advertisement_matches(service_data: &[u8], hint_key: &Secret32) -> bool {
    gatt::hint_of(service_data).is_some_and(|hint| mask::hint_matches(hint_key, &hint))
}

/// Cuts a hello into notifications: `serial (1) ‖ index, highest bit set on the last (1) ‖ part`. They are sent once and not
/// acknowledged: a phone that misses one reads the characteristic instead.
pub fn fragments(hello: &[u8], serial: u8, mtu: u16) -> Vec<Vec<u8>> {
    let size = gatt::frame_size(mtu) - 2;
    let count = hello.len().div_ceil(size);
    let fragment = |(index, part): (usize, &[u8])| {
        let last = if index + 1 == count { LAST_FRAGMENT } else { 0 };
        // A hello is 152 bytes and a part at least 18: the index is below 9.
        Writer::new()
            .u8(serial)
            .u8(index as u8 | last)
            .bytes(part)
            .finish()
    };
    hello.chunks(size).enumerate().map(fragment).collect()
}

const LAST_FRAGMENT: u8 = 0x80;

/// Puts notified fragments together again. Anything out of order starts over: the read is the fallback.
#[derive(Debug, Default)]
pub struct Assembly {
    serial: u8,
    next: u8,
    bytes: Vec<u8>,
}

impl Assembly {
    /// Takes a fragment; gives the hello when it is complete. Doubled fragments are skipped.
    pub fn take(&mut self, fragment: &[u8]) -> Option<Vec<u8>> {
        let (&[serial, index], part) = fragment.split_first_chunk::<2>()?;
        let position = index & !LAST_FRAGMENT;
        if position == 0 {
            *self = Self {
                serial,
                next: 0,
                bytes: Vec::new(),
            };
        }
        if serial != self.serial || position != self.next || self.bytes.len() + part.len() > LENGTH
        {
            return None;
        }
        self.next += 1;
        self.bytes.extend_from_slice(part);
        (index & LAST_FRAGMENT != 0).then(|| core::mem::take(&mut self.bytes))
    }
}
