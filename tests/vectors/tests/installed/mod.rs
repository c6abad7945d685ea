//! A lock with its documents, installed as in a workshop: what these tests ask for a verdict.
#![expect(dead_code, reason = "each test file uses its part")]

use std::collections::BTreeMap;

use keyway_protocol::bundle::{Bundle, Section};
use keyway_protocol::critical::CriticalLane;
use keyway_protocol::crypto::{Random, Secret32, Signature, SigningKey};
use keyway_protocol::epoch::EpochKeys;
use keyway_protocol::error::{Code, Error};
use keyway_protocol::grant::Grant;
use keyway_protocol::io::Millis;
use keyway_protocol::lock::{
    Body, Documents, Env, Flash, Intake, Keeper, KeyStore, Operation, SecretName, StorageFault,
    install,
};
use keyway_protocol::provision::{LockSecrets, Provision};
use keyway_protocol::record::LaneSection;
use keyway_protocol::root::{RootChain, RootDocument};
use keyway_protocol::service::{self, BundleHead, issue};
use keyway_protocol::time::{TimeAttest, UtcSeconds};
use keyway_protocol::wire::reply::CommandOutcome;
use keyway_vectors::Property;

/// Every draw is other bytes; which ones does not matter here.
#[derive(Default)]
struct Counted(u64);

impl Random for Counted {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0 += 1;
        for (byte, count) in bytes.iter_mut().zip(self.0.to_le_bytes().iter().cycle()) {
            *byte = *count;
        }
    }
}

#[derive(Default)]
struct Chip(BTreeMap<u16, Vec<u8>>);

impl Flash for Chip {
    fn read(&self, region: u16) -> Vec<u8> {
        self.0.get(&region).cloned().unwrap_or_default()
    }

    fn write(&mut self, region: u16, bytes: &[u8]) -> Result<(), StorageFault> {
        self.0.insert(region, bytes.into());
        Ok(())
    }
}

struct Keys {
    identity: SigningKey,
    secrets: BTreeMap<SecretName, Secret32>,
}

impl KeyStore for Keys {
    fn sign(&mut self, message: &[u8]) -> Signature {
        self.identity.sign(&[message])
    }

    fn secret(&self, name: SecretName) -> Option<Secret32> {
        self.secrets.get(&name).cloned()
    }

    fn set_secret(
        &mut self,
        name: SecretName,
        secret: Option<&Secret32>,
    ) -> Result<(), StorageFault> {
        match secret {
            Some(secret) => self.secrets.insert(name, secret.clone()),
            None => self.secrets.remove(&name),
        };
        Ok(())
    }
}

/// What the lock stands on from its workshop.
pub(crate) struct Ground<'a> {
    pub(crate) property: &'a Property,
    pub(crate) root: RootDocument,
    pub(crate) root_key: SigningKey,
    pub(crate) origin: Secret32,
    pub(crate) pepper: Secret32,
    pub(crate) day: Secret32,
}

/// A bundle that the service would seal for it.
pub(crate) struct Parcel {
    pub(crate) key_epoch: u32,
    pub(crate) seq: u64,
    pub(crate) base: Option<u64>,
    pub(crate) sections: Vec<Section>,
}

pub(crate) struct Lock<'a> {
    ground: Ground<'a>,
    documents: Documents,
    flash: Chip,
    keys: Keys,
    random: Counted,
    now: Millis,
    body: Body,
}

/// Nothing stands in the bolt's way.
pub(crate) const WELL: Body = Body {
    battery_percent: 80,
    deadbolt_thrown: false,
};

/// The name of an answer as the text has it.
pub(crate) fn name(answer: Result<(), Error>) -> &'static str {
    let names = [
        (Code::Busy, "BUSY"),
        (Code::BadDocument, "BAD_DOCUMENT"),
        (Code::Rollback, "ROLLBACK"),
        (Code::NotYet, "NOT_YET"),
        (Code::Expired, "EXPIRED"),
        (Code::OutOfSchedule, "OUT_OF_SCHEDULE"),
        (Code::Revoked, "REVOKED"),
        (Code::SyncRequired, "SYNC_REQUIRED"),
        (Code::ClockUnsure, "CLOCK_UNSURE"),
        (Code::NotPermitted, "NOT_PERMITTED"),
        (Code::PresenceRequired, "PRESENCE_REQUIRED"),
        (Code::Deadbolt, "DEADBOLT"),
        (Code::BatteryLow, "BATTERY_LOW"),
    ];
    let Err(error) = answer else { return "" };
    let named = names.iter().find(|(code, _)| *code == error.code);
    named.map_or("another error", |(_, name)| name)
}

macro_rules! env {
    ($lock:expr) => {
        Env {
            now: $lock.now,
            random: &mut $lock.random,
            flash: &mut $lock.flash,
            keys: &mut $lock.keys,
            body: $lock.body,
        }
    };
}

impl<'a> Lock<'a> {
    pub(crate) fn new(ground: Ground<'a>) -> Option<Self> {
        let (random, flash) = (Counted::default(), Chip::default());
        let secrets = LockSecrets {
            identity: Secret32::new([1; 32]),
            origin: ground.origin.clone(),
            pepper: ground.pepper.clone(),
            day: ground.day.clone(),
        };
        let identity = SigningKey::from_secret(&secrets.identity)?;
        let keys = Keys {
            identity,
            secrets: BTreeMap::new(),
        };
        let chain = RootChain::new(vec![issue::root(&ground.root, &ground.root_key)]);
        let provision = Provision::new(ground.property.lock(), chain, &secrets);
        let mut parts = Parts {
            random,
            flash,
            keys,
            now: Millis(0),
            body: WELL,
        };
        install(&provision, &mut env!(parts)).ok()?;
        let documents = Documents::boot(&mut env!(parts)).ok()?;
        let Parts {
            random,
            flash,
            keys,
            now,
            body,
        } = parts;
        Some(Self {
            ground,
            documents,
            flash,
            keys,
            random,
            now,
            body,
        })
    }

    /// Hands over a lane with the whole root chain; whether it changed something.
    pub(crate) fn lane(&mut self, lane: &CriticalLane) -> Result<bool, Error> {
        let (root, key) = (&self.ground.root, &self.ground.root_key);
        let version = |version| {
            let mut next = root.clone();
            next.version = version;
            issue::root(&next, key)
        };
        let chain = RootChain::new((1..=lane.root_version).map(version).collect());
        let signed = issue::critical(lane, &self.ground.property.policy());
        let section = LaneSection::new(chain, signed).encode();
        let applied = self.documents.apply_lane(&section, &mut env!(self))?;
        Ok(applied.is_some())
    }

    /// Gives the lock the interval `[earliest, earliest + width]` from here on.
    pub(crate) fn attest(&mut self, earliest: u64, width: u64) -> Result<(), Error> {
        let nonce = self.documents.time_nonce(&mut env!(self));
        // Half a second less than the width: rounded up it is the width, whatever the crystal is taken to be off by.
        self.now = self.now + (width * 1_000).saturating_sub(500);
        let attest = TimeAttest {
            lock: self.ground.property.lock(),
            nonce: nonce.try_into().unwrap_or_default(),
            utc: UtcSeconds(earliest),
        };
        let signed = issue::attest(&attest, &self.ground.property.policy());
        self.documents.attest(&signed, &mut env!(self))
    }

    /// Uptime passes.
    pub(crate) fn wait(&mut self, milliseconds: u64) {
        self.now = self.now + milliseconds;
    }

    /// Wakes the keypad, types, confirms; notes that the bolt moved if the code opens. `None` if that was no code.
    pub(crate) fn type_code(&mut self, digits: &str, body: Body) -> Option<Result<(), Error>> {
        self.body = body;
        let digits = digits.bytes().map(|digit| digit - b'0');
        let mut answer = None;
        for key in [10].into_iter().chain(digits).chain([11]) {
            answer = self.documents.digit(key, &mut env!(self));
        }
        if answer == Some(Ok(())) {
            let outcome = CommandOutcome::Executed;
            self.documents.keypad_finished(outcome, &mut env!(self));
        }
        answer
    }

    pub(crate) fn seal(&mut self, parcel: Parcel) -> Option<Bundle> {
        let head = BundleHead {
            lock: self.ground.property.lock(),
            seq: parcel.seq,
            base: parcel.base,
            issued: UtcSeconds(0),
            expires: UtcSeconds(u64::MAX),
        };
        let epoch = EpochKeys::first(&self.ground.origin).roll(1, parcel.key_epoch)?;
        let policy = self.ground.property.policy();
        service::bundle(&head, parcel.sections, &epoch, &policy, &mut self.random)
    }

    /// Announces a bundle.
    pub(crate) fn announce(&mut self, bundle: &Bundle) -> Result<Intake, Error> {
        self.documents.manifest(bundle.manifest(), &mut env!(self))
    }

    /// Announces a bundle and hands over all of it.
    pub(crate) fn push(&mut self, bundle: &Bundle) -> Result<(), Error> {
        self.announce(bundle)?;
        let chunks = bundle.transfer()?.chunks;
        for (index, chunk) in (0..).zip(&chunks) {
            self.documents.chunk(index, chunk, &mut env!(self))?;
        }
        Ok(())
    }

    /// Verifies and judges a grant as the lock does at message 1.
    pub(crate) fn judge(&mut self, grant: &[u8], operation: Operation) -> Result<(), Error> {
        let grant = Grant::decode(grant)?;
        self.documents.check_grant(&grant)?;
        self.documents.judge(&grant, operation, &mut env!(self))
    }
}

/// A lock before it has booted.
struct Parts {
    random: Counted,
    flash: Chip,
    keys: Keys,
    now: Millis,
    body: Body,
}
