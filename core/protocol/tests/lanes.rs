//! Both lanes against couriers that alter, reorder, mix and hold back, and against power that goes at any write.

mod estate;

use estate::{DAY, Lock, NOON, Property, code, holder};
use keyway_protocol::bundle::{Bundle, Change, Section};
use keyway_protocol::critical::{CriticalLane, Revocation, Revoked};
use keyway_protocol::error::Code;
use keyway_protocol::ids::SubjectId;
use keyway_protocol::lock::{Keeper, Operation};
use keyway_protocol::phone::Transfer;
use keyway_protocol::time::UtcSeconds;

const UNLOCK: Operation = Operation::Unlock { presence: false };

#[test]
fn a_lane_and_a_bundle_apply_and_the_lock_says_so_under_its_signature() {
    let mut property = Property::new();
    let mut lock = Lock::new(&property);
    let receipt = lock
        .lane(&property.section(&property.lane(5, NOON)))
        .unwrap()
        .unwrap();
    assert_eq!(property.open_receipt(&receipt).crit_seq, 5);
    let section = property.codes(&[(1, 1, "1234567")]);
    let bundle = property.bundle(3, None, vec![section]);
    let receipt = property.open_receipt(&lock.push(&bundle).unwrap());
    assert_eq!(
        (receipt.crit_seq, receipt.bulk_seq, receipt.counter),
        (5, 3, 2)
    );
    assert!(lock.type_code("1234567").is_ok());
}

#[test]
fn r01_no_flipped_bit_of_a_bundle_is_accepted() {
    let mut property = Property::new();
    let section = property.codes(&[(1, 1, "1234567")]);
    let bytes = property.bundle(3, None, vec![section]).encode();
    for bit in 0..bytes.len() * 8 {
        let mut altered = bytes.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        // A phone would not carry most of them; the lock must not need the phone's check.
        let mut lock = Lock::new(&property);
        if let Ok(bundle) = Bundle::decode(&altered)
            && bundle.transfer().is_ok()
        {
            assert!(
                lock.push(&bundle).is_err(),
                "bit {bit} flipped and accepted"
            );
        }
        assert_eq!(lock.bulk_seq(), 0);
    }
}

#[test]
fn r01_no_flipped_bit_of_a_manifest_or_a_lane_reaches_the_lock() {
    let mut property = Property::new();
    let mut lock = Lock::new(&property);
    let bundle = property.bundle(3, None, vec![]);
    let lane = property.section(&property.lane(5, NOON));
    for bit in 0..bundle.manifest().len() * 8 {
        let mut manifest = bundle.manifest().to_vec();
        manifest[bit / 8] ^= 1 << (bit % 8);
        let parts = Transfer {
            manifest,
            chunks: vec![],
        };
        assert!(lock.push_parts(parts).is_err(), "manifest bit {bit}");
    }
    let standing = lock.standing();
    for bit in 0..lane.len() * 8 {
        let mut altered = lane.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        // The root versions that the lock stands on already are not looked at again.
        let _ = lock.lane(&altered);
        if lock.standing() != standing {
            assert_eq!(lock.standing().crit_seq, 5, "lane bit {bit}");
            lock = Lock::new(&property);
        }
    }
}

#[test]
fn r01_r05_no_section_of_another_bundle_fits() {
    let mut property = Property::new();
    let other = {
        let sections = vec![property.codes(&[(1, 2, "7654321")])];
        property.bundle(4, None, sections)
    };
    let sections = vec![property.codes(&[(1, 1, "1234567")])];
    let bundle = property.bundle(3, None, sections);
    let (ours, theirs) = (bundle.transfer().unwrap(), other.transfer().unwrap());
    let mixed = Bundle::new(ours.manifest, theirs.chunks.concat());
    assert!(
        Bundle::decode(&mixed.encode()).is_err(),
        "the phone sees it"
    );
    let mut lock = Lock::new(&property);
    assert_eq!(
        code(lock.push(&mixed)),
        Some(Code::BadTransfer),
        "and so does the lock"
    );
    assert_eq!(lock.bulk_seq(), 0);
}

#[test]
fn r02_twenty_bundles_in_any_order_only_ever_go_forward() {
    let mut property = Property::new();
    let bundles: Vec<Bundle> = (1..=20_u64)
        .map(|seq| {
            let digits = format!("{seq:07}");
            let sections = vec![property.codes(&[(1, seq as u32, &digits)])];
            let base = (seq % 3 != 0).then_some(seq.saturating_sub(5));
            property.bundle(seq, base, sections)
        })
        .collect();
    let mut state = 12_345_u64;
    for _ in 0..10 {
        let mut lock = Lock::new(&property);
        let mut highest = 0;
        for _ in 0..40 {
            // A step of a linear congruential generator: any order will do, the same each run.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let bundle = &bundles[(state >> 33) as usize % bundles.len()];
            let fits = bundle.seq() > highest && bundle.base().is_none_or(|base| base <= highest);
            // The one it stands on is answered with a receipt again, and changes nothing.
            let accepted = fits || bundle.seq() == highest;
            assert_eq!(lock.push(bundle).is_ok(), accepted);
            highest = if fits { bundle.seq() } else { highest };
            assert_eq!(lock.bulk_seq(), highest);
        }
    }
}

#[test]
fn r02_power_cut_at_every_write_leaves_old_or_new_and_the_next_courier_finishes() {
    let mut property = Property::new();
    let sections = |property: &Property, version, digits: &str| {
        let many: Vec<_> = (2..60)
            .map(|id| Change::Set(id, version, property.code("0123456789")))
            .chain([Change::Set(1, version, property.code(digits))])
            .collect();
        vec![Section::Codes(many)]
    };
    let old = sections(&property, 1, "11111111");
    let old = property.bundle(1, None, old);
    let new = sections(&property, 2, "22222222");
    let new = property.bundle(2, Some(1), new);
    let writes = {
        let mut lock = Lock::new(&property);
        lock.push(&old).unwrap();
        let before = lock.flash.writes;
        lock.push(&new).unwrap();
        lock.flash.writes - before
    };
    assert!(
        writes > 4,
        "manifest, chunks, table, log and receipt are writes of their own"
    );
    for write in 1..=writes {
        for kept in [0, 9, 40, 100_000] {
            let mut lock = Lock::new(&property);
            lock.push(&old).unwrap();
            lock.flash.cut = Some((lock.flash.writes + write, kept));
            let _ = lock.push(&new);
            lock.power_cycle().unwrap();
            let seq = lock.bulk_seq();
            let (first, second) = (lock.type_code("11111111"), lock.type_code("22222222"));
            let expected = if seq == 1 {
                (true, false)
            } else {
                (false, true)
            };
            assert_eq!(
                (first.is_ok(), second.is_ok()),
                expected,
                "write {write}, {kept} bytes"
            );
            if seq == 1 {
                lock.push(&new).unwrap();
            }
            assert_eq!(lock.bulk_seq(), 2);
            assert!(lock.type_code("22222222").is_ok());
        }
    }
}

#[test]
fn r02_a_critical_lane_survives_a_cut_at_every_write_or_is_brought_again() {
    let mut property = Property::new();
    let first = property.section(&property.lane(1, NOON));
    // The second one rolls the key epoch: keys and record must not part.
    property.epoch = 1;
    let second = property.section(&property.lane(2, NOON));
    for write in 1..=8 {
        for kept in [0, 20, 100_000] {
            let mut lock = Lock::new(&property);
            lock.lane(&first).unwrap();
            lock.flash.cut = Some((lock.flash.writes + write, kept));
            let _ = lock.lane(&second);
            lock.power_cycle().unwrap();
            let _ = lock.lane(&second);
            let standing = lock.standing();
            assert_eq!(
                (standing.crit_seq, standing.key_epoch),
                (2, 1),
                "write {write}"
            );
            let bundle = property.bundle(1, None, vec![]);
            assert!(
                lock.push(&bundle).is_ok(),
                "the epoch's sealing key is there"
            );
        }
    }
}

#[test]
fn chunks_resume_through_another_phone_and_after_a_power_cut() {
    let mut property = Property::new();
    let many = (1..200).map(|id| Change::Set(id, 1, property.code("0123456789")));
    let sections = vec![Section::Codes(many.collect())];
    let bundle = property.bundle(1, None, sections);
    let transfer = bundle.transfer().unwrap();
    assert!(transfer.chunks.len() > 3);
    let mut lock = Lock::new(&property);
    // The first courier goes after one chunk; power goes; the second courier is asked for the rest only.
    lock.flash.cut = Some((lock.flash.writes + 3, 0));
    assert!(lock.push(&bundle).is_err());
    lock.power_cycle().unwrap();
    let before = lock.flash.writes;
    lock.push(&bundle).unwrap();
    let chunk_writes = transfer.chunks.len() - 1;
    assert!(lock.flash.writes - before < chunk_writes + 8);
    assert_eq!(lock.bulk_seq(), 1);
}

#[test]
fn r03_a_new_root_ends_what_a_stolen_policy_key_did() {
    let mut property = Property::new();
    let mut lock = Lock::new(&property);
    let far = UtcSeconds(4_070_908_800); // 2099
    let stolen = CriticalLane {
        time_floor: far,
        issue_floor: far,
        key_epoch: 7,
        expires: far.plus(DAY),
        revocations: vec![Revocation {
            whom: Revoked::Subject(SubjectId([5; 16])),
            until: far,
        }],
        ..property.lane(1 << 63, NOON)
    };
    lock.lane(&property.section(&stolen)).unwrap();
    let phone = holder(20);
    let grant = property.grant(&property.claims(&phone, NOON));
    assert_eq!(code(lock.judge(&grant, UNLOCK)), Some(Code::Revoked));
    property.rotate_root();
    lock.lane(&property.section(&property.lane(1, NOON)))
        .unwrap();
    let standing = lock.standing();
    assert_eq!(
        (standing.root_version, standing.crit_seq, standing.key_epoch),
        (2, 1, 0)
    );
    let sections = vec![property.codes(&[(1, 1, "1234567")])];
    lock.push(&property.bundle(1, None, sections)).unwrap();
    lock.attest(&property, NOON);
    let grant = property.grant(&property.claims(&phone, NOON));
    assert_eq!(lock.judge(&grant, UNLOCK), Ok(()));
    assert!(lock.type_code("1234567").is_ok());
}

#[test]
fn r03_a_lock_that_knows_the_time_refuses_the_far_future_and_leases_over_the_cap() {
    let property = Property::new();
    let mut lock = Lock::new(&property);
    lock.attest(&property, NOON);
    let far = UtcSeconds(4_070_908_800);
    for lane in [
        CriticalLane {
            time_floor: far,
            ..property.lane(2, NOON)
        },
        CriticalLane {
            issue_floor: far,
            ..property.lane(2, NOON)
        },
        property.lane(2, NOON.plus(16 * 60)),
    ] {
        assert_eq!(
            code(lock.lane(&property.section(&lane))),
            Some(Code::BadDocument)
        );
    }
    lock.lane(&property.section(&property.lane(1, NOON.plus(14 * 60))))
        .unwrap();
    let phone = holder(20);
    let mut long = property.claims(&phone, NOON);
    long.expires = far;
    assert_eq!(
        code(lock.judge(&property.grant(&long), UNLOCK)),
        Some(Code::NotPermitted)
    );
    let ahead = property.claims(&phone, NOON.plus(16 * 60));
    assert!(lock.judge(&property.grant(&ahead), UNLOCK).is_err());
}

#[test]
fn r03_the_old_policy_key_signs_nothing_under_the_new_root() {
    let mut property = Property::new();
    let mut lock = Lock::new(&property);
    let thief = property.policy();
    property.rotate_root();
    lock.lane(&property.section(&property.lane(1, NOON)))
        .unwrap();
    let forged = keyway_protocol::service::issue::critical(&property.lane(2, NOON), &thief);
    let section = keyway_protocol::record::LaneSection::new(property.chain(), forged).encode();
    assert_eq!(code(lock.lane(&section)), Some(Code::BadDocument));
}

#[test]
fn r06_an_obsolete_lane_is_refused_with_a_clock_and_told_without_one() {
    let property = Property::new();
    let old = property.section(&property.lane(1, NOON));
    let mut trusting = Lock::new(&property);
    trusting.attest(&property, NOON.plus(548 * DAY));
    assert_eq!(
        code(trusting.lane(&old)),
        Some(Code::Expired),
        "18 months later"
    );
    let mut unsure = Lock::new(&property);
    unsure
        .lane(&property.section(&property.lane(1, NOON.plus(540 * DAY))))
        .unwrap();
    let late = CriticalLane {
        seq: 2,
        ..property.lane(2, NOON)
    };
    let receipt = unsure.lane(&property.section(&late)).unwrap().unwrap();
    assert!(property.open_receipt(&receipt).obsolete);
}

#[test]
fn r09_a_revocation_counts_at_once_even_when_flash_refuses_and_the_receipt_says_so() {
    let property = Property::new();
    let mut lock = Lock::new(&property);
    lock.attest(&property, NOON);
    let grant = property.grant(&property.claims(&holder(20), NOON));
    assert_eq!(lock.judge(&grant, UNLOCK), Ok(()));
    let whom = Revoked::Holder(holder(20).holder_hash());
    lock.flash.refuses = true;
    let revoking = property.revoking(1, vec![Revocation { whom, until: NOON }]);
    assert_eq!(lock.lane(&revoking), Ok(None), "no receipt can be counted");
    assert_eq!(code(lock.judge(&grant, UNLOCK)), Some(Code::Revoked));
    lock.flash.refuses = false;
    let again = property.revoking(2, vec![Revocation { whom, until: NOON }]);
    let receipt = lock.lane(&again).unwrap().unwrap();
    assert!(!property.open_receipt(&receipt).volatile);
    let newer = property.grant(&property.claims(&holder(20), NOON.plus(1)));
    lock.wait(2);
    assert_eq!(
        lock.judge(&newer, UNLOCK),
        Ok(()),
        "issued after the revocation"
    );
}

#[test]
fn a_grant_that_needs_a_newer_lane_waits_for_it() {
    let property = Property::new();
    let mut lock = Lock::new(&property);
    lock.attest(&property, NOON);
    let mut claims = property.claims(&holder(20), NOON);
    claims.min_crit_seq = 3;
    let grant = property.grant(&claims);
    assert_eq!(code(lock.judge(&grant, UNLOCK)), Some(Code::SyncRequired));
    lock.lane(&property.section(&property.lane(3, NOON)))
        .unwrap();
    assert_eq!(lock.judge(&grant, UNLOCK), Ok(()));
    assert_eq!(lock.documents.lock_id(), estate::LOCK);
}
