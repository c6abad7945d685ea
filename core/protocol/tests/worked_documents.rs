//! The worked documents of PROTOCOL.md are what this crate says, byte for byte, from the keys printed there.
#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use keyway_protocol::bundle::{
    Bundle, Change, CodeEntry, CodeKind, DoorConfig, Section, section_context,
};
use keyway_protocol::code::{CivilDay, CodeTag, DailyKind, Digits, daily_code};
use keyway_protocol::critical::{CriticalLane, LogAck, Revocation, Revoked};
use keyway_protocol::crypto::{AgreementKey, Random, Secret32, SigningKey, open_with};
use keyway_protocol::descriptor::Descriptor;
use keyway_protocol::epoch::EpochKeys;
use keyway_protocol::grant::GrantClaims;
use keyway_protocol::ids::{Digest, GrantId, HolderHash, LockId, SubjectId};
use keyway_protocol::log::{Actor, EventKind, LogEntry, LogSegment, chain};
use keyway_protocol::receipt::{Occasion, Receipt, Stamp};
use keyway_protocol::record::LaneSection;
use keyway_protocol::root::{LeaseCaps, PolicyKey, RootChain, RootDocument};
use keyway_protocol::service::{BundleHead, bundle, issue};
use keyway_protocol::time::{TimeAttest, TimeInterval, UtcSeconds};

const LOCK: LockId = LockId([0x01; 16]);
const NOON: UtcSeconds = UtcSeconds(1_795_521_600);

fn secret(byte: u8) -> Secret32 {
    Secret32::new([byte; 32])
}

fn key(byte: u8) -> SigningKey {
    SigningKey::from_secret(&secret(byte)).unwrap()
}

/// Gives the same byte for ever.
struct Always(u8);

impl Random for Always {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill(self.0);
    }
}

type Lines = Vec<(&'static str, Vec<u8>)>;

fn log_key() -> AgreementKey {
    AgreementKey::from_secret(&secret(0x72))
}

fn epoch() -> EpochKeys {
    EpochKeys::first(&secret(0x73))
}

fn trust(lines: &mut Lines) {
    let root = RootDocument {
        version: 1,
        property: [0x70; 16],
        algorithm: -7,
        root_key: key(0x71).verifying_key(),
        policy_keys: vec![PolicyKey {
            key: key(0x77).verifying_key(),
            roles: 0x1f,
        }],
        caps: LeaseCaps::default(),
        log_key: log_key().public(),
        residents_without_clock: true,
    };
    let root = issue::root(&root, &key(0x71));
    let keys = epoch();
    lines.push(("epoch_0_hint_key", keys.hint_key().expose().to_vec()));
    lines.push((
        "epoch_0_sealing_public",
        keys.sealing_key().public().to_vec(),
    ));
    let rolled = keys.roll(1, 1).unwrap();
    lines.push(("epoch_1_hint_key", rolled.hint_key().expose().to_vec()));
    let next = keys.roll(2, 0).unwrap();
    lines.push(("root_2_epoch_0_hint_key", next.hint_key().expose().to_vec()));
    let identity = key(0x01).verifying_key();
    let descriptor = Descriptor::new(LOCK, identity, 1, (1, 0), &keys.hint_key());
    let claims = GrantClaims::new(
        (GrantId([0x19; 16]), SubjectId([0x5b; 16]), LOCK),
        &key(0x03).verifying_key(),
        NOON,
        (NOON.minus(900), NOON.plus(7 * 86_400)),
        (1, 2),
    );
    let lane = CriticalLane {
        lock: LOCK,
        root_version: 1,
        key_epoch: 0,
        seq: 2,
        issued: NOON,
        expires: NOON.plus(180 * 86_400),
        time_floor: NOON,
        issue_floor: NOON.minus(8 * 86_400),
        revocations: vec![
            Revocation {
                whom: Revoked::Subject(SubjectId([0x5c; 16])),
                until: NOON,
            },
            Revocation {
                whom: Revoked::Holder(HolderHash([0x5d; 32])),
                until: NOON,
            },
        ],
        ack: Some(LogAck {
            entries: 1,
            head: Digest([0x5e; 32]),
            receipt: 1,
        }),
    };
    let attest = TimeAttest {
        lock: LOCK,
        nonce: [0x5f; 16],
        utc: NOON,
    };
    let policy = key(0x77);
    let lane = issue::critical(&lane, &policy);
    let section = LaneSection::new(RootChain::new(vec![root.clone()]), lane.clone());
    lines.push(("root", root));
    lines.push(("descriptor", issue::descriptor(&descriptor, &policy)));
    lines.push(("grant", issue::grant(&claims, &policy)));
    lines.push(("critical_lane", lane));
    lines.push(("lane_section", section.encode()));
    lines.push(("attest", issue::attest(&attest, &policy)));
}

fn bulk(lines: &mut Lines) {
    let digits = Digits::parse("0042137").unwrap();
    let tag = CodeTag::of(&secret(0x74), LOCK, &digits);
    lines.push(("code_tag", tag.0.to_vec()));
    let code = CodeEntry {
        kind: CodeKind::Residence,
        digits: 7,
        tag,
        not_before: None,
        expires: None,
        schedule: None,
    };
    let codes = Section::Codes(vec![Change::Set(1, 1, code), Change::Delete(2, 3)]);
    let config = Section::Config(DoorConfig {
        daily_digits: 8,
        local_time: None,
    });
    lines.push(("codes_section", codes.encode()));
    lines.push(("config_section", config.encode()));
    let head = BundleHead {
        lock: LOCK,
        seq: 4,
        base: Some(3),
        issued: NOON,
        expires: NOON.plus(180 * 86_400),
    };
    let made = bundle(
        &head,
        vec![codes.clone(), config],
        &epoch(),
        &key(0x77),
        &mut Always(0x61),
    );
    let made: Bundle = made.unwrap();
    let sealed = &made.transfer().unwrap().chunks.concat();
    let length = made.claimed().unwrap().sections[0].length as usize;
    let context = section_context(&LOCK, (1, 0, 4), codes.kind());
    let opened = open_with(&epoch().sealing_key(), &context, &sealed[..length]);
    assert_eq!(opened.as_deref(), Some(codes.encode().as_slice()));
    lines.push(("manifest", made.manifest().to_vec()));
    lines.push(("sealed_body", sealed.clone()));
    let day = CivilDay(20_781);
    for (name, kind) in [
        ("daily_code", DailyKind::Daily),
        ("single_use_code", DailyKind::SingleUse),
    ] {
        let code = daily_code(&secret(0x75), LOCK, kind, 3, day, 8).unwrap();
        // EXPOSE: a published test code.
        lines.push((name, code.expose().to_vec()));
    }
}

fn upwards(lines: &mut Lines) {
    let at = Stamp::Trusted(TimeInterval {
        earliest: NOON,
        latest: NOON.plus(2),
    });
    let entry = LogEntry {
        kind: EventKind::Critical,
        actor: Actor::Lock,
        at,
        boot: 1,
        subject: None,
        grant: None,
        command: None,
        result: None,
        repeated: None,
    };
    let sealed = entry
        .seal(&LOCK, 0, &log_key().public(), &secret(0x62))
        .unwrap();
    let head = chain(&Digest([0; 32]), 0, &sealed);
    let context = [b"log".as_slice(), &LOCK.0, &0_u64.to_be_bytes()].concat();
    lines.push((
        "log_entry",
        open_with(&log_key(), &context, &sealed).unwrap(),
    ));
    lines.push(("log_head_after", head.0.to_vec()));
    let segment = LogSegment::new(LOCK, 0, Digest([0; 32]), vec![sealed]);
    lines.push(("log_segment", segment.encode()));
    let receipt = Receipt {
        lock: LOCK,
        counter: 1,
        previous: Digest([0; 32]),
        root_version: 1,
        key_epoch: 0,
        crit_seq: 2,
        bulk_seq: 0,
        log_entries: 1,
        log_head: head,
        boot: 1,
        at,
        volatile: false,
        obsolete: false,
        battery_percent: 80,
        occasion: Occasion::Critical,
    };
    let identity = key(0x01);
    let sign = |message: &[u8]| identity.sign(&[message]);
    let public = log_key().public();
    let sealed = receipt
        .seal(identity.verifying_key().id(), sign, &public, &secret(0x63))
        .unwrap();
    let context = [b"receipt".as_slice(), &LOCK.0].concat();
    lines.push((
        "receipt_signed",
        open_with(&log_key(), &context, &sealed).unwrap(),
    ));
    lines.push(("receipt", sealed));
}

/// As it stands in the document: `name (length)`, then lines of 32 bytes.
fn rendered(lines: &Lines) -> String {
    let mut text = String::new();
    for (name, bytes) in lines {
        text += &format!("{name} ({})\n", bytes.len());
        for row in bytes.chunks(32) {
            text += &format!("  {}\n", hex::encode(row));
        }
    }
    text
}

#[test]
fn the_document_shows_what_the_code_says() {
    let mut lines = Lines::new();
    trust(&mut lines);
    bulk(&mut lines);
    upwards(&mut lines);
    let expected = rendered(&lines);
    let document = include_str!("../PROTOCOL.md");
    assert!(
        document.contains(&expected),
        "PROTOCOL.md, \"Worked documents\" should read:\n{expected}"
    );
}
