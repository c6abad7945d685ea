//! A lock as the service's tests need it: it opens bundles, signs receipts and writes a log with the secrets it was provisioned with.
use crate::support::{NOON, Phone, Property, Tokens};
use keyway_protocol::bundle::{Bundle, Section, section_context};
use keyway_protocol::crypto::{Secret32, SigningKey, open_with};
use keyway_protocol::epoch::EpochKeys;
use keyway_protocol::ids::{Digest, LockId};
use keyway_protocol::log::{Actor, EventKind, LogEntry, LogSegment, chain};
use keyway_protocol::provision::Provision;
use keyway_protocol::receipt::{Occasion, Receipt, Stamp};
use keyway_protocol::root::RootDocument;
use keyway_protocol::time::{TimeInterval, UtcSeconds};
use uuid::Uuid;

/// One lock.
pub(crate) struct TestLock {
    pub(crate) provision: Provision,
    pub(crate) lock: LockId,
    root: RootDocument,
    entries: Vec<Vec<u8>>,
    heads: Vec<Digest>,
    receipts: u64,
}

impl TestLock {
    pub(crate) fn of(property: &Property, door: Uuid) -> Self {
        let bytes = property.service.provision(door).unwrap();
        let provision = Provision::decode(&bytes).unwrap();
        Self {
            lock: provision.lock,
            root: provision.chain.verify(None).unwrap(),
            provision,
            entries: Vec::new(),
            heads: vec![Digest([0; 32])],
            receipts: 0,
        }
    }

    /// The sections of a bundle that was sealed for this lock.
    pub(crate) fn open(&self, bundle: &Bundle) -> Vec<Section> {
        let manifest =
            keyway_protocol::bundle::Manifest::verify(bundle.manifest(), &self.root, &self.lock)
                .unwrap();
        let key = EpochKeys::first(&self.provision.secrets().origin).sealing_key();
        let scope = (manifest.root_version, manifest.key_epoch, manifest.seq);
        let mut body = bundle.transfer().unwrap().chunks.concat();
        manifest
            .sections
            .iter()
            .map(|entry| {
                let rest = body.split_off(entry.length as usize);
                let sealed = std::mem::replace(&mut body, rest);
                let context = section_context(&self.lock, scope, entry.kind);
                let plain = open_with(&key, &context, &sealed).unwrap();
                Section::decode(entry.kind, &plain).unwrap()
            })
            .collect()
    }

    /// Writes `count` entries into the log.
    pub(crate) fn log(&mut self, count: usize) {
        for _ in 0..count {
            self.write(&Self::refused_code());
        }
    }

    /// A code that was refused while the lock had no clock.
    pub(crate) fn refused_code() -> LogEntry {
        LogEntry {
            kind: EventKind::CodeRefused,
            actor: Actor::Keypad,
            at: Stamp::NotBefore(UtcSeconds(0)),
            boot: 1,
            subject: None,
            grant: None,
            command: None,
            result: None,
            repeated: None,
        }
    }

    /// Writes one entry into the log.
    pub(crate) fn write(&mut self, entry: &LogEntry) {
        let index = self.entries.len() as u64;
        let seed = Secret32::new([(index % 255) as u8 + 1; 32]);
        let sealed = entry
            .seal(&self.lock, index, &self.root.log_key, &seed)
            .unwrap();
        self.heads
            .push(chain(self.heads.last().unwrap(), index, &sealed));
        self.entries.push(sealed);
    }

    /// The log from `first` on.
    pub(crate) fn segment(&self, first: usize) -> LogSegment {
        let entries = self.entries[first..].to_vec();
        LogSegment::new(self.lock, first as u64, self.heads[first], entries)
    }

    /// The head after `entries` entries.
    pub(crate) fn head(&self, entries: usize) -> Digest {
        self.heads[entries]
    }

    /// The next receipt: the lock stands at these sequences.
    pub(crate) fn receipt(&mut self, crit_seq: u64, bulk_seq: u64) -> Vec<u8> {
        self.receipts += 1;
        let receipt = self.unsigned(self.receipts, crit_seq, bulk_seq);
        self.sign(&receipt)
    }

    pub(crate) fn unsigned(&self, counter: u64, crit_seq: u64, bulk_seq: u64) -> Receipt {
        let noon = UtcSeconds(u64::try_from(NOON / 1000).unwrap());
        Receipt {
            lock: self.lock,
            counter,
            previous: Digest([0; 32]),
            root_version: 1,
            key_epoch: 0,
            crit_seq,
            bulk_seq,
            log_entries: self.entries.len() as u64,
            log_head: *self.heads.last().unwrap(),
            boot: 1,
            at: Stamp::Trusted(TimeInterval {
                earliest: noon,
                latest: noon,
            }),
            volatile: false,
            obsolete: false,
            battery_percent: 81,
            occasion: Occasion::Bulk,
        }
    }

    pub(crate) fn sign(&self, receipt: &Receipt) -> Vec<u8> {
        let key = SigningKey::from_secret(&self.provision.secrets().identity).unwrap();
        self.sign_as(receipt, &key)
    }

    pub(crate) fn sign_as(&self, receipt: &Receipt, key: &SigningKey) -> Vec<u8> {
        let seed = Secret32::new([77; 32]);
        receipt
            .seal(
                key.verifying_key().id(),
                |message| key.sign(&[message]),
                &self.root.log_key,
                &seed,
            )
            .unwrap()
    }
}

/// Hands something in for a door.
pub(crate) fn hand_in(
    phone: &Phone<'_>,
    tokens: &Tokens,
    door: Uuid,
    resource: &str,
    bytes: Vec<u8>,
) -> crate::support::Answer {
    let media_type = match resource {
        "receipts" => "application/vnd.keyway.receipt",
        _ => "application/vnd.keyway.log",
    };
    let path = format!("/v1/doors/{door}/{resource}");
    phone.resource(tokens, http::Method::POST, &path, Some((media_type, bytes)))
}
