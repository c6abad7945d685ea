//! The property: everything it signs and seals.

use super::{DAY, LOCK, NOON, secret};
use keyway_protocol::bundle::{Bundle, Change, CodeEntry, CodeKind, DoorConfig, Section};
use keyway_protocol::code::{CodeTag, Digits, OffsetTable};
use keyway_protocol::critical::{CriticalLane, LogAck, Revocation};
use keyway_protocol::crypto::{AgreementKey, SeededRandom, SigningKey, VerifyingKey};
use keyway_protocol::epoch::EpochKeys;
use keyway_protocol::grant::{Grant, GrantClaims};
use keyway_protocol::ids::{GrantId, SubjectId};
use keyway_protocol::provision::{LockSecrets, Provision};
use keyway_protocol::receipt::Receipt;
use keyway_protocol::record::LaneSection;
use keyway_protocol::root::{LeaseCaps, PolicyKey, RootChain, RootDocument};
use keyway_protocol::service::{BundleHead, PropertySecrets, bundle, issue};
use keyway_protocol::time::{TimeAttest, UtcSeconds};

/// The issuing side, with nothing but what the protocol's service role offers.
pub struct Property {
    pub secrets: PropertySecrets,
    pub lock_secrets: LockSecrets,
    pub versions: Vec<Vec<u8>>,
    pub root_version: u32,
    pub epoch: u32,
    pub random: SeededRandom,
}

impl Property {
    pub fn new() -> Self {
        let secrets = PropertySecrets::new(secret(1));
        let lock_secrets = secrets.lock(LOCK);
        let mut property = Self {
            secrets,
            lock_secrets,
            versions: Vec::new(),
            root_version: 0,
            epoch: 0,
            random: SeededRandom::new(&secret(2)),
        };
        property.rotate_root();
        property
    }

    /// A new root version with keys of its own; its epochs start over.
    pub fn rotate_root(&mut self) {
        let version = self.root_version + 1;
        let document = RootDocument {
            version,
            property: [9; 16],
            algorithm: -7,
            root_key: self.secrets.root_key(version).verifying_key(),
            policy_keys: vec![PolicyKey {
                key: self.secrets.policy_key(version).verifying_key(),
                roles: 0x1f,
            }],
            caps: LeaseCaps::default(),
            log_key: self.secrets.log_key().public(),
            residents_without_clock: true,
        };
        let signer = self.secrets.root_key(self.root_version.max(1));
        self.versions.push(issue::root(&document, &signer));
        self.root_version = version;
        self.epoch = 0;
    }

    pub fn policy(&self) -> SigningKey {
        self.secrets.policy_key(self.root_version.max(1))
    }

    pub fn chain(&self) -> RootChain {
        RootChain::new(self.versions.clone())
    }

    pub fn provision(&self) -> Provision {
        Provision::new(
            LOCK,
            RootChain::new(vec![self.versions[0].clone()]),
            &self.lock_secrets,
        )
    }

    pub fn keys(&self) -> EpochKeys {
        let first = EpochKeys::first(&self.lock_secrets.origin);
        first.roll(self.root_version, self.epoch).unwrap()
    }

    pub fn identity(&self) -> VerifyingKey {
        SigningKey::from_secret(&self.lock_secrets.identity)
            .unwrap()
            .verifying_key()
    }

    pub fn log_key(&self) -> AgreementKey {
        self.secrets.log_key()
    }

    /// A lane with nothing in it; change it, then `section` it.
    pub fn lane(&self, seq: u64, issued: UtcSeconds) -> CriticalLane {
        CriticalLane {
            lock: LOCK,
            root_version: self.root_version,
            key_epoch: self.epoch,
            seq,
            issued,
            expires: issued.plus(180 * DAY),
            time_floor: issued,
            issue_floor: UtcSeconds(0),
            revocations: Vec::new(),
            ack: None,
        }
    }

    pub fn section(&self, lane: &CriticalLane) -> Vec<u8> {
        LaneSection::new(self.chain(), issue::critical(lane, &self.policy())).encode()
    }

    pub fn revoking(&self, seq: u64, revocations: Vec<Revocation>) -> Vec<u8> {
        self.section(&CriticalLane {
            revocations,
            ..self.lane(seq, NOON)
        })
    }

    pub fn acking(&self, seq: u64, ack: LogAck) -> Vec<u8> {
        self.section(&CriticalLane {
            ack: Some(ack),
            ..self.lane(seq, NOON)
        })
    }

    /// A resident's week, from a minute ago.
    pub fn claims(&self, holder: &VerifyingKey, issued: UtcSeconds) -> GrantClaims {
        GrantClaims::new(
            (GrantId([3; 16]), SubjectId([5; 16]), LOCK),
            holder,
            issued,
            (issued.minus(900), issued.plus(7 * DAY)),
            (self.root_version, 0),
        )
    }

    pub fn grant(&self, claims: &GrantClaims) -> Grant {
        Grant::decode(&issue::grant(claims, &self.policy())).unwrap()
    }

    pub fn bundle(&mut self, seq: u64, base: Option<u64>, sections: Vec<Section>) -> Bundle {
        let head = BundleHead {
            lock: LOCK,
            seq,
            base,
            issued: NOON,
            expires: NOON.plus(180 * DAY),
        };
        let (keys, policy) = (self.keys(), self.policy());
        bundle(&head, sections, &keys, &policy, &mut self.random).unwrap()
    }

    pub fn code(&self, digits: &str) -> CodeEntry {
        CodeEntry {
            kind: CodeKind::Residence,
            digits: digits.len() as u8,
            tag: CodeTag::of(
                &self.lock_secrets.pepper,
                LOCK,
                &Digits::parse(digits).unwrap(),
            ),
            not_before: None,
            expires: None,
            schedule: None,
        }
    }

    pub fn codes(&self, codes: &[(u32, u32, &str)]) -> Section {
        let change = |(id, version, digits): &(u32, u32, &str)| {
            Change::Set(*id, *version, self.code(digits))
        };
        Section::Codes(codes.iter().map(change).collect())
    }

    pub fn config(&self, local_time: OffsetTable) -> Section {
        Section::Config(DoorConfig {
            daily_digits: 8,
            local_time: Some(local_time),
        })
    }

    pub fn attest(&self, nonce: &[u8], utc: UtcSeconds) -> Vec<u8> {
        let nonce = nonce.try_into().unwrap();
        issue::attest(
            &TimeAttest {
                lock: LOCK,
                nonce,
                utc,
            },
            &self.policy(),
        )
    }

    pub fn open_receipt(&self, sealed: &[u8]) -> Receipt {
        Receipt::open(sealed, &LOCK, &self.identity(), &self.log_key()).unwrap()
    }
}
