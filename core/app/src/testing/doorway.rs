//! One door's documents, signed by a property that exists in tests only.

use crate::service::DoorId;
use keyway_protocol::bundle::{Bundle, Manifest, SectionEntry, SectionKind};
use keyway_protocol::critical::CriticalLane;
use keyway_protocol::crypto::{AgreementKey, Secret32, SigningKey, VerifyingKey, sha256};
use keyway_protocol::descriptor::Descriptor;
use keyway_protocol::grant::{Flags, GrantClaims};
use keyway_protocol::ids::{GrantId, LockId, SubjectId};
use keyway_protocol::record::{AccessRecord, LaneSection};
use keyway_protocol::root::{ES256, LeaseCaps, PolicyKey, RootChain, RootDocument};
use keyway_protocol::service::issue;
use keyway_protocol::time::UtcSeconds;
use serde_json::{Value, json};

pub(crate) const DOOR: &str = "00000000-0000-4000-8000-0000000000d1";
/// A door whose lock has no Bluetooth unlock.
pub(crate) const PLAIN_DOOR: &str = "00000000-0000-4000-8000-0000000000d2";
pub(crate) const LOCK: LockId = LockId([0xd1; 16]);

/// Bits of every role a policy key may have.
const EVERY_ROLE: u8 = 0x1f;

pub(crate) fn door() -> DoorId {
    DoorId::parse(DOOR).unwrap()
}

pub(crate) fn plain_door() -> DoorId {
    DoorId::parse(PLAIN_DOOR).unwrap()
}

pub(crate) fn key(byte: u8) -> SigningKey {
    SigningKey::from_secret(&Secret32::new([byte; 32])).unwrap()
}

pub(crate) fn hint_key() -> Secret32 {
    Secret32::new([0x41; 32])
}

pub(crate) fn identity() -> SigningKey {
    key(0x42)
}

fn policy() -> SigningKey {
    key(0x43)
}

/// What a grant says that tests vary.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lease {
    /// Names it.
    pub(crate) id: u8,
    /// Seconds on the service's clock.
    pub(crate) issued: u64,
    /// Seconds it holds from then.
    pub(crate) holds: u64,
    pub(crate) flags: Flags,
}

/// An access record for the phone with this holder key.
pub(crate) fn access(holder: &[u8], lease: Lease) -> Vec<u8> {
    let issued = UtcSeconds(lease.issued);
    let expires = issued.plus(lease.holds);
    let holder = VerifyingKey::from_sec1(holder).unwrap();
    let root = RootDocument {
        version: 1,
        property: [7; 16],
        algorithm: ES256,
        root_key: key(0x44).verifying_key(),
        policy_keys: vec![PolicyKey {
            key: policy().verifying_key(),
            roles: EVERY_ROLE,
        }],
        caps: LeaseCaps {
            resident: 7 * 86_400,
            guest: 86_400,
            borrowed: 900,
        },
        log_key: AgreementKey::from_secret(&Secret32::new([0x45; 32])).public(),
        residents_without_clock: true,
    };
    let descriptor = Descriptor::new(LOCK, identity().verifying_key(), 1, (1, 1), &hint_key());
    let lane = CriticalLane {
        lock: LOCK,
        root_version: 1,
        key_epoch: 1,
        seq: 1,
        issued,
        expires: issued.plus(30 * 86_400),
        time_floor: issued,
        issue_floor: UtcSeconds(0),
        revocations: Vec::new(),
        ack: None,
    };
    let mut claims = GrantClaims::new(
        (GrantId([lease.id; 16]), SubjectId([9; 16]), LOCK),
        &holder,
        issued,
        (issued, expires),
        (1, 1),
    );
    claims.flags = lease.flags;
    let chain = RootChain::new(vec![issue::root(&root, &key(0x44))]);
    AccessRecord::assemble(
        LaneSection::new(chain, issue::critical(&lane, &policy())),
        issue::descriptor(&descriptor, &policy()),
        issue::grant(&claims, &policy()),
    )
}

/// A bundle of so many sealed bytes. What is in it, only a real lock could read.
pub(crate) fn bundle(base: Option<u64>, seq: u64, length: usize, issued: u64) -> Vec<u8> {
    let body: Vec<u8> = (0..length).map(|index| (index % 251) as u8).collect();
    let manifest = Manifest {
        lock: LOCK,
        root_version: 1,
        key_epoch: 1,
        seq,
        base,
        issued: UtcSeconds(issued),
        expires: UtcSeconds(issued).plus(86_400),
        sections: vec![SectionEntry {
            kind: SectionKind::Codes,
            length: u32::try_from(length).unwrap(),
            digest: sha256(&[&body]),
        }],
        chunk_size: Manifest::CHUNK_SIZE,
        chunks: body
            .chunks(usize::from(Manifest::CHUNK_SIZE))
            .map(|chunk| sha256(&[chunk]))
            .collect(),
    };
    Bundle::new(issue::manifest(&manifest, &policy()), body).encode()
}

/// The body of `GET /v1/doors`.
pub(crate) fn doors() -> Value {
    let one = |uuid: &str, name: &str, bluetooth: bool, lock: &str| {
        json!({
            "uuid": uuid, "name": name, "buildingName": "Maple Court", "type": "RESIDENCE", "role": "RESIDENT",
            "timezone": "Europe/Berlin", "isConnected": false, "hasBluetoothUnlock": bluetooth, "lockId": lock,
            "lastSync": null, "battery": {"percentage": 71, "lastUpdated": "2026-11-24T03:00:00Z"},
            "pendingChanges": 0, "keypad": {"digits": 7, "wake": "Touch it with your palm", "sleepSeconds": 5, "deadbolt": "REFUSES_DAILY_CODES"},
            "device": {"type": "C", "serialNumber": "1"}, "waysIn": {"keycard": true, "mechanicalKey": false},
            "property": {"name": "Elm Court", "phone": "+1 555 0100", "email": null}, "sharers": ["Sam Ortiz"], "shareable": true, "accessEnds": null,
        })
    };
    json!({
        "serverTime": "2026-11-24T04:00:00Z",
        "doors": [
            one(DOOR, "Flat 4", true, &"d1".repeat(16)),
            one(PLAIN_DOOR, "Cellar", false, &"d2".repeat(16)),
        ],
    })
}

/// The body of `GET /v1/doorcodes`: a lasting code, then a daily one.
pub(crate) fn doorcodes() -> Value {
    let one = |id: &str, kind: &str, passcode_type: &str, code: &str, end: Value| {
        let local = end.as_str().map(|end| end.replace('Z', "+00:00"));
        json!({
            "uuid": format!("00000000-0000-4000-8000-0000000000{id}"), "doorUuid": DOOR, "kind": kind,
            "passcodeType": passcode_type, "code": code, "startTime": "2026-11-23T23:00:00Z", "endTime": end,
            "startLocal": "2026-11-24T00:00:00+01:00", "endLocal": local, "status": "ACTIVE",
        })
    };
    json!({
        "serverTime": "2026-11-24T04:00:00Z",
        "doorcodes": [
            one("c1", "RESIDENCE", "PERMANENT", "0042137", Value::Null),
            one("c2", "DAILY", "DAILY", "30042137", "2026-11-24T23:00:00Z".into()),
        ],
    })
}
