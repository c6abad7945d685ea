//! A lock's documents half: everything it believes, holds and remembers.

use alloc::vec::Vec;

use minicbor::bytes::ByteVec;

use super::doorcodes::Uses;
use super::journal::Journal;
use super::keypad::{Bucket, Entry};
use super::logbook::{Addressee, Logbook};
use super::memory::{Bulk, Counters, Trust};
use super::staging::Staging;
use super::store::{Kept, Record};
use super::timekeeper::Timekeeper;
use super::{Env, SecretName, StorageFault, apply};
use crate::cbor;
use crate::crypto::{Secret32, SigningKey, sha256};
use crate::epoch::EpochKeys;
use crate::error::{Code, Error};
use crate::grant::Grant;
use crate::log::{Actor, EventKind, LogEntry};
use crate::provision::Provision;
use crate::receipt::{Occasion, Receipt};
use crate::time::UtcSeconds;

/// Receipts kept for the service; the oldest gives way. Each tells where the lock stands, so the newest is enough.
const MOST_RECEIPTS: usize = 8;

/// Why a lock cannot start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BootFault {
    /// Flash holds no whole record of whom to believe: never provisioned, or broken.
    #[error("the lock was never provisioned")]
    Blank,
    /// The provision is malformed or its root chain does not hold.
    #[error("the provision is not sound")]
    BadProvision,
    /// Flash or key store refused a write.
    #[error(transparent)]
    Storage(#[from] StorageFault),
}

/// A receipt the service may not have yet.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub(super) struct KeptReceipt {
    #[n(0)]
    pub(super) counter: u64,
    #[n(1)]
    pub(super) sealed: ByteVec,
}

/// Implements [`Keeper`](super::Keeper) over flash and key store.
#[derive(Debug)]
pub struct Documents {
    pub(super) trust: Kept<Trust>,
    pub(super) bulk: Kept<Bulk>,
    pub(super) counters: Kept<Counters>,
    pub(super) receipts: Kept<Vec<KeptReceipt>>,
    pub(super) journal: Journal,
    pub(super) logbook: Logbook,
    pub(super) staging: Staging,
    pub(super) uses: Uses,
    pub(super) time: Timekeeper,
    pub(super) keypad: Keypad,
    /// Something that counts is in RAM only.
    pub(super) volatile: bool,
}

/// The keypad's part.
pub(super) struct Keypad {
    pub(super) entry: Entry,
    pub(super) bucket: Bucket,
    /// Whose code is moving the bolt.
    pub(super) actor: Actor,
}

impl core::fmt::Debug for Keypad {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter
            .debug_struct("Keypad")
            .field("bucket", &self.bucket)
            .finish_non_exhaustive()
    }
}

/// Writes a new lock's flash and key store. The identity's scalar is the caller's to give to the key store, which signs.
///
/// # Errors
/// [`BootFault`]; a lock that was half written is provisioned again.
pub fn install(provision: &Provision, env: &mut Env<'_>) -> Result<(), BootFault> {
    let root = provision
        .chain
        .verify(None)
        .map_err(|_| BootFault::BadProvision)?;
    let secrets = provision.secrets();
    let identity = SigningKey::from_secret(&secrets.identity).ok_or(BootFault::BadProvision)?;
    let keys = EpochKeys::first(&secrets.origin)
        .roll(root.version, 0)
        .ok_or(BootFault::BadProvision)?;
    let (seed, next_root) = keys.parts();
    let (epoch, next) = apply::names((root.version, 0));
    let log = Secret32::generate(env.random);
    for (name, secret) in [
        (epoch, seed),
        (next, next_root),
        (SecretName::Pepper, &secrets.pepper),
        (SecretName::Day, &secrets.day),
        (SecretName::Log, &log),
    ] {
        env.keys.set_secret(name, Some(secret))?;
    }
    let trust = Trust {
        lock: provision.lock,
        identity: identity.verifying_key(),
        root,
        key_epoch: 0,
        crit_seq: 0,
        time_floor: UtcSeconds(0),
        issue_floor: UtcSeconds(0),
        revocations: Vec::new(),
        obsolete: false,
    };
    Kept::load(env.flash, Record::Trust, trust.clone()).replace(trust, env.flash)?;
    Ok(())
}

impl Documents {
    /// Reads what flash holds and counts the boot.
    ///
    /// # Errors
    /// [`BootFault`].
    pub fn boot(env: &mut Env<'_>) -> Result<Self, BootFault> {
        let trust = load_trust(env).ok_or(BootFault::Blank)?;
        let counters = Kept::load(env.flash, Record::Counters, Counters::new());
        let standing = trust.value();
        let floor = if counters.value().floor_root == standing.root.version {
            counters.value().time_floor.max(standing.time_floor)
        } else {
            standing.time_floor
        };
        let staging = Staging::load(env.flash, &standing.root, &standing.lock);
        let mut documents = Self {
            bulk: Kept::load(env.flash, Record::Bulk, Bulk::default()),
            receipts: Kept::load(env.flash, Record::Receipts, Vec::new()),
            journal: Journal::load(env.flash),
            logbook: Logbook::load(env),
            uses: Uses::load(env.flash),
            time: Timekeeper::new(floor, env.now),
            keypad: Keypad {
                entry: Entry::default(),
                bucket: Bucket::restored(counters.value().tries, env.now),
                actor: Actor::Keypad,
            },
            volatile: false,
            staging,
            trust,
            counters,
        };
        documents.count(env, |counters| counters.boot += 1)?;
        documents.note(EventKind::Boot, Actor::Lock, env, |_| {});
        Ok(documents)
    }

    /// What the lock believes.
    pub(super) const fn trust(&self) -> &Trust {
        self.trust.value()
    }

    /// Number of boots, this one included.
    pub const fn boots(&self) -> u32 {
        self.counters.value().boot
    }

    /// Changes counters, with the floor as it is now.
    pub(super) fn count(
        &mut self,
        env: &mut Env<'_>,
        change: impl FnOnce(&mut Counters),
    ) -> Result<(), StorageFault> {
        let floor = self.time.now(env.now).earliest();
        let root = self.trust().root.version;
        self.counters.update(env.flash, |counters| {
            let same_root = counters.floor_root == root;
            counters.time_floor = if same_root {
                counters.time_floor.max(floor)
            } else {
                floor
            };
            counters.floor_root = root;
            change(counters);
        })
    }

    pub(super) const fn addressee(&self) -> Addressee {
        let trust = self.trust();
        Addressee {
            lock: trust.lock,
            log_key: trust.root.log_key,
        }
    }

    /// Notes an entry in the log. What flash refuses shows in the next receipt.
    pub(super) fn note(
        &mut self,
        kind: EventKind,
        actor: Actor,
        env: &mut Env<'_>,
        details: impl FnOnce(&mut LogEntry),
    ) {
        let mut entry = LogEntry {
            kind,
            actor,
            at: self.time.stamp(env.now),
            boot: self.boots(),
            subject: None,
            grant: None,
            command: None,
            result: None,
            repeated: None,
        };
        details(&mut entry);
        let to = self.addressee();
        let appended = self.logbook.append(entry, to, &mut self.counters, env);
        self.volatile |= appended.is_err();
    }

    /// Counts, signs and seals a receipt. The counter is in flash before the signature exists.
    pub(super) fn receipt(
        &mut self,
        occasion: Occasion,
        env: &mut Env<'_>,
    ) -> Result<Vec<u8>, Error> {
        let counter = self.counters.value().receipts + 1;
        let (trust, counters) = (self.trust(), self.counters.value());
        let receipt = Receipt {
            lock: trust.lock,
            counter,
            previous: counters.receipt_digest,
            root_version: trust.root.version,
            key_epoch: trust.key_epoch,
            crit_seq: trust.crit_seq,
            bulk_seq: self.bulk().seq,
            log_entries: counters.log_entries,
            log_head: counters.log_head,
            boot: counters.boot,
            at: self.time.stamp(env.now),
            volatile: self.volatile,
            obsolete: trust.obsolete || self.bulk().obsolete,
            battery_percent: env.body.battery_percent,
            occasion,
        };
        let (identity, log_key) = (trust.identity.id(), trust.root.log_key);
        let digest = sha256(&[&cbor::encode(&receipt)]);
        self.count(env, |counters| {
            counters.receipts = counter;
            counters.receipt_digest = digest;
        })
        .map_err(|_| Code::Storage)?;
        let seed = Secret32::generate(env.random);
        let sealed = receipt
            .seal(identity, |message| env.keys.sign(message), &log_key, &seed)
            .ok_or(Code::BadDocument)?;
        let kept = KeptReceipt {
            counter,
            sealed: sealed.clone().into(),
        };
        self.receipts.update_anyway(env.flash, |receipts| {
            if receipts.len() >= MOST_RECEIPTS {
                receipts.remove(0);
            }
            receipts.push(kept);
        });
        Ok(sealed)
    }

    /// The bulk state under the present root version.
    pub(super) fn bulk(&self) -> Bulk {
        apply::current(&self.bulk, self.trust())
    }
}

fn load_trust(env: &Env<'_>) -> Option<Kept<Trust>> {
    // There is no trust to fall back on: a first look takes it, a second keeps its generation.
    let found = Kept::<Option<Trust>>::load(env.flash, Record::Trust, None);
    let trust = found.value().clone()?;
    Some(Kept::load(env.flash, Record::Trust, trust))
}

/// A decoded grant with what the session half asks of it.
impl super::GrantView for Grant {
    fn id(&self) -> crate::ids::GrantId {
        self.claims().id
    }

    fn holder(&self) -> crate::ids::HolderHash {
        self.claims().holder()
    }

    fn is_resumable(&self) -> bool {
        self.claims().is_resumable()
    }
}
