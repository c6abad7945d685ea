//! The lock protocol's issuing side for this service's locks: where the keys outside the database meet the rows.
use crate::clock::UnixMillis;
use crate::keys::{Keys, Purpose};
use crate::limits;
use crate::problem::Problem;
use crate::store::doors::Door;
use crate::store::revocations::{Revocation as RevocationRow, Revoked as RevokedRow};
use crate::words::DoorcodeKind;
use keyway_protocol::code::{self, CivilDay, DailyKind, Digits};
use keyway_protocol::critical::{CriticalLane, LogAck, Revocation, Revoked};
use keyway_protocol::crypto::{AgreementKey, Secret32, SigningKey, VerifyingKey};
use keyway_protocol::descriptor::Descriptor;
use keyway_protocol::epoch::EpochKeys;
use keyway_protocol::hello;
use keyway_protocol::ids::{Digest, HolderHash, LockId, SubjectId};
use keyway_protocol::provision::{LockSecrets, Provision};
use keyway_protocol::record::LaneSection;
use keyway_protocol::root::{ES256, LeaseCaps, PolicyKey, Role, RootChain, RootDocument};
use keyway_protocol::service::{PropertySecrets, issue};
use keyway_protocol::time::{TimeAttest, UtcSeconds};
use uuid::Uuid;
use zeroize::Zeroizing;

pub(crate) use keyway_protocol::code::SLOTS as DAILY_SLOTS;

/// The only root version and key epoch of the reference service so far; documents and locks are ready for more.
pub(crate) const ROOT_VERSION: u32 = 1;
const KEY_EPOCH: u32 = 0;

/// What issues and opens documents. Everything in it is derived from the key file.
pub(crate) struct Issuer {
    secrets: PropertySecrets,
    policy: SigningKey,
    property: [u8; 16],
}

impl Issuer {
    pub(crate) fn new(keys: &Keys) -> Self {
        let seed = keys.mac(Purpose::Protocol, &[b"property secrets"]);
        let secrets = PropertySecrets::new(Secret32::new(seed));
        let mut property = [0; 16];
        property.copy_from_slice(&keys.mac(Purpose::Protocol, &[b"property name"])[..16]);
        Self {
            policy: secrets.policy_key(ROOT_VERSION),
            secrets,
            property,
        }
    }

    /// The property's name in its root document.
    pub(crate) fn property(&self) -> Uuid {
        Uuid::from_bytes(self.property)
    }

    /// The key that signs grants, lanes and attests.
    pub(crate) fn policy(&self) -> &SigningKey {
        &self.policy
    }

    /// What this lock and this service share.
    pub(crate) fn lock(&self, door: &Door) -> LockSecrets {
        self.secrets.lock(LockId(door.lock_id))
    }

    /// The lock's keys of the current epoch.
    pub(crate) fn epoch(&self, door: &Door) -> Result<EpochKeys, Problem> {
        EpochKeys::first(&self.lock(door).origin)
            .roll(ROOT_VERSION, KEY_EPOCH)
            .ok_or(Problem::Internal("a lock's epoch is out of reach"))
    }

    /// What the lock signs receipts with.
    pub(crate) fn identity(&self, door: &Door) -> Result<VerifyingKey, Problem> {
        SigningKey::from_secret(&self.lock(door).identity)
            .map(|key| key.verifying_key())
            .ok_or(Problem::Internal("a lock's identity is no key"))
    }

    /// What opens receipts and log entries.
    pub(crate) fn log_key(&self) -> AgreementKey {
        self.secrets.log_key()
    }

    /// What the lock is given in the workshop. As secret as what is in it.
    pub(crate) fn provision(&self, door: &Door) -> Vec<u8> {
        let lock = LockId(door.lock_id);
        Provision::new(lock, self.root_chain(), &self.lock(door)).encode()
    }

    /// Every version of the property's root, signed.
    pub(crate) fn root_chain(&self) -> RootChain {
        let signer = self.secrets.root_key(ROOT_VERSION);
        let every_role = [
            Role::Descriptor,
            Role::Grant,
            Role::Critical,
            Role::Bulk,
            Role::Time,
        ];
        let document = RootDocument {
            version: ROOT_VERSION,
            property: self.property,
            algorithm: ES256,
            root_key: signer.verifying_key(),
            policy_keys: vec![PolicyKey {
                key: self.policy.verifying_key(),
                roles: every_role.iter().fold(0, |roles, role| roles | *role as u8),
            }],
            caps: LeaseCaps::default(),
            log_key: self.secrets.log_key().public(),
            residents_without_clock: true,
        };
        RootChain::new(vec![issue::root(&document, &signer)])
    }

    /// What phones must know of the door's lock.
    pub(crate) fn descriptor(&self, door: &Door) -> Result<Vec<u8>, Problem> {
        let document = Descriptor::new(
            LockId(door.lock_id),
            self.identity(door)?,
            hello::SUITE,
            (ROOT_VERSION, KEY_EPOCH),
            &self.epoch(door)?.hint_key(),
        );
        Ok(issue::descriptor(&document, &self.policy))
    }

    /// Root chain and critical lane as they go to the lock ahead of a grant.
    pub(crate) fn lane_section(
        &self,
        door: &Door,
        revocations: &[RevocationRow],
        now: UnixMillis,
    ) -> LaneSection {
        let lane = CriticalLane {
            lock: LockId(door.lock_id),
            root_version: ROOT_VERSION,
            key_epoch: KEY_EPOCH,
            seq: door.crit_seq,
            issued: seconds(now),
            expires: seconds(now + limits::LANE),
            time_floor: seconds(now),
            issue_floor: seconds(issue_floor(now)),
            revocations: revocations.iter().map(listed).collect(),
            ack: (door.acked_index > 0 || door.receipt_counter > 0).then_some(LogAck {
                entries: door.acked_index,
                head: Digest(door.acked_head),
                receipt: door.receipt_counter,
            }),
        };
        LaneSection::new(self.root_chain(), issue::critical(&lane, &self.policy))
    }

    /// The time over a lock's nonce.
    pub(crate) fn attest(&self, door: &Door, nonce: [u8; 16], now: UnixMillis) -> Vec<u8> {
        let attest = TimeAttest {
            lock: LockId(door.lock_id),
            nonce,
            utc: seconds(now),
        };
        issue::attest(&attest, &self.policy)
    }

    /// The digits of one slot on one day; `day` counts civil days since 1970-01-01 at the door.
    pub(crate) fn daily_code(
        &self,
        door: &Door,
        kind: DoorcodeKind,
        slot: u8,
        day: i64,
    ) -> Result<Zeroizing<String>, Problem> {
        let kind = match kind {
            DoorcodeKind::DailySingleUse => DailyKind::SingleUse,
            _ => DailyKind::Daily,
        };
        code::daily_code(
            &self.lock(door).day,
            LockId(door.lock_id),
            kind,
            slot,
            CivilDay(day),
            door.keypad_digits.max(code::DAILY_DIGITS),
        )
        .map(|digits| text(&digits))
        .ok_or(Problem::Internal("a daily code could not be made"))
    }
}

impl std::fmt::Debug for Issuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Issuer(..)")
    }
}

/// Every grant issued at or before this has expired, whatever kind it was: revocations need not reach further back.
pub(crate) fn issue_floor(now: UnixMillis) -> UnixMillis {
    now - limits::REVOCATION_MEMORY
}

/// The protocol counts whole seconds; a moment within one is at least its beginning.
pub(crate) fn seconds(at: UnixMillis) -> UtcSeconds {
    UtcSeconds(u64::try_from(at.div_euclid(limits::SECOND)).unwrap_or_default())
}

fn listed(row: &RevocationRow) -> Revocation {
    Revocation {
        whom: match row.revoked {
            RevokedRow::Subject(name) => Revoked::Subject(SubjectId(name)),
            RevokedRow::Holder(name) => Revoked::Holder(HolderHash(name)),
        },
        until: seconds(row.min_iat),
    }
}

fn text(digits: &Digits) -> Zeroizing<String> {
    // EXPOSE: told to the person whose code it is, and sealed into its row.
    let characters = digits.expose().iter().map(|digit| char::from(b'0' + digit));
    Zeroizing::new(characters.collect())
}
