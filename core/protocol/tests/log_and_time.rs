//! The access log that nobody can hide, receipts that tell a clone, and a time that a phone cannot lie about.
#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

mod estate;

use std::collections::BTreeSet;

use estate::{DAY, LOCK, Lock, NOON, Property, code, holder};
use keyway_protocol::critical::LogAck;
use keyway_protocol::crypto::{SigningKey, VerifyingKey};
use keyway_protocol::error::Code;
use keyway_protocol::grant::{Flags, Grant};
use keyway_protocol::hello::ClockQuality;
use keyway_protocol::ids::{CommandId, Digest};
use keyway_protocol::lock::{Keeper, Operation, logbook};
use keyway_protocol::log::{Actor, EventKind, LogEntry, LogSegment};
use keyway_protocol::receipt::{Occasion, Receipt, Stamp};
use keyway_protocol::time::UtcSeconds;
use keyway_protocol::wire::reply::CommandOutcome;

const UNLOCK: Operation = Operation::Unlock { presence: false };

/// Everything a courier gets from the lock, opened as the service opens it; and the head that its receipts vouch for.
fn collect(property: &Property, lock: &mut Lock, from: u64) -> (Vec<LogEntry>, u64, Digest) {
    let (mut entries, mut from, mut head) = (Vec::new(), from, Digest([0; 32]));
    loop {
        let part = lock.segment(from);
        if part.segment.is_empty() {
            return (entries, from, head);
        }
        let segment = LogSegment::decode(&part.segment).unwrap();
        let key = property.log_key();
        let open =
            |(index, sealed): (u64, &[u8])| LogEntry::open(sealed, &LOCK, index, &key).unwrap();
        entries.extend(segment.entries().map(open));
        (from, head) = (part.next, segment.head_after());
    }
}

fn grant(property: &Property, holder: &VerifyingKey) -> Grant {
    property.grant(&property.claims(holder, NOON))
}

#[test]
fn r10_five_thousand_cycles_by_one_guest_hide_nobody() {
    let property = Property::new();
    let mut lock = Lock::new(&property);
    lock.attest(&property, NOON);
    let (guest, resident, late) = (holder(20), holder(21), holder(22));
    let (guest_grant, resident_grant) = (grant(&property, &guest), grant(&property, &resident));
    for tap in 0..10 {
        lock.unlock(&resident_grant, tap).unwrap();
    }
    for tap in 0..5_000_u32 {
        lock.unlock(&guest_grant, tap as u8).unwrap();
    }
    lock.unlock(&grant(&property, &late), 99).unwrap();
    assert!(u64::from(lock.documents.log_backlog()) <= logbook::CAPACITY);
    let (mut entries, next, head) = collect(&property, &mut lock, 0);
    // The service acks what it has; what waited gets its room.
    let ack = LogAck {
        entries: next,
        head,
        receipt: 0,
    };
    lock.lane(&property.acking(1, ack)).unwrap();
    let (rest, ..) = collect(&property, &mut lock, next);
    entries.extend(rest);
    let by = |key: &VerifyingKey| {
        let actor = Actor::Phone(key.holder_hash());
        let count = |entry: &LogEntry| entry.repeated.map_or(1, |repeated| repeated.count);
        entries
            .iter()
            .filter(|entry| entry.actor == actor)
            .map(count)
            .sum::<u32>()
    };
    assert_eq!((by(&resident), by(&guest), by(&late)), (10, 5_000, 1));
}

#[test]
fn r10_a_false_ack_deletes_nothing() {
    let property = Property::new();
    let mut lock = Lock::new(&property);
    lock.attest(&property, NOON);
    let resident = grant(&property, &holder(21));
    for tap in 0..5 {
        lock.unlock(&resident, tap).unwrap();
    }
    let (entries, next, head) = collect(&property, &mut lock, 0);
    let false_acks = [
        LogAck {
            entries: next,
            head: Digest([7; 32]),
            receipt: 0,
        },
        LogAck {
            entries: next - 1,
            head,
            receipt: 0,
        },
        LogAck {
            entries: next + 100,
            head,
            receipt: 0,
        },
    ];
    for (seq, ack) in (1..).zip(false_acks) {
        lock.lane(&property.acking(seq, ack)).unwrap();
        let still = collect(&property, &mut lock, 0).0;
        assert_eq!(still[..entries.len()], entries[..]);
    }
    lock.lane(&property.acking(
        9,
        LogAck {
            entries: next,
            head,
            receipt: 0,
        },
    ))
    .unwrap();
    let first = LogSegment::decode(&lock.segment(0).segment).unwrap();
    assert_eq!(
        (first.first, first.head),
        (next, head),
        "a right ack makes room"
    );
}

#[test]
fn r10_the_chain_shows_a_left_out_or_altered_entry() {
    let property = Property::new();
    let mut lock = Lock::new(&property);
    lock.attest(&property, NOON);
    for tap in 0..4 {
        lock.unlock(&grant(&property, &holder(21)), tap).unwrap();
    }
    let segment = LogSegment::decode(&lock.segment(0).segment).unwrap();
    let receipts = lock.documents.receipts();
    let newest = property.open_receipt(receipts.last().unwrap());
    assert_eq!(segment.head_after(), newest.log_head);
    let without = segment.entries().filter(|(index, _)| *index != 2);
    let sealed = without.map(|(_, sealed)| sealed.to_vec()).collect();
    let shorter = LogSegment::new(LOCK, 0, segment.head, sealed);
    assert_ne!(shorter.head_after(), newest.log_head);
    let moved = segment.entries().next().unwrap().1;
    assert!(
        LogEntry::open(moved, &LOCK, 1, &property.log_key()).is_err(),
        "bound to its place"
    );
}

#[test]
fn r16_a_dump_of_flash_shows_no_code_and_no_earlier_entry() {
    let mut property = Property::new();
    let mut lock = Lock::new(&property);
    lock.attest(&property, NOON);
    let sections = vec![property.codes(&[(1, 1, "98417263")])];
    lock.push(&property.bundle(1, None, sections)).unwrap();
    let resident = holder(21);
    for tap in 0..=u8::MAX {
        // Past the mark from which entries wait in a record of their own.
        lock.unlock(&grant(&property, &resident), tap).unwrap();
        lock.unlock(&grant(&property, &resident), tap).unwrap();
    }
    let dump: Vec<u8> = lock.flash.regions.values().flatten().copied().collect();
    let holds = |needle: &[u8]| dump.windows(needle.len()).any(|window| window == needle);
    assert!(
        holds(&LOCK.0),
        "the dump is one: the lock's own name is in it"
    );
    assert!(!holds(b"98417263") && !holds(&[9, 8, 4, 1, 7, 2, 6, 3]));
    // The journal names the holder of recent taps; who it was in person stays sealed.
    assert!(!holds(&[5; 16]), "the subject of an entry");
    let (pepper, day) = (
        property.lock_secrets.pepper.clone(),
        property.lock_secrets.day.clone(),
    );
    assert!(!holds(pepper.expose()) && !holds(day.expose()));
    // Not even lock and key store together open an entry: its ephemeral key is gone.
    let segment = LogSegment::decode(&lock.segment(0).segment).unwrap();
    let sealed = segment.entries().next().unwrap().1.to_vec();
    for secret in lock.keys.secrets.values() {
        let key = keyway_protocol::crypto::AgreementKey::from_secret(secret);
        assert!(LogEntry::open(&sealed, &LOCK, 0, &key).is_err());
    }
}

#[test]
fn r13_counters_rise_over_power_cuts_and_no_number_is_signed_twice() {
    let property = Property::new();
    let mut lock = Lock::new(&property);
    let mut seen = BTreeSet::new();
    for seq in 1..30 {
        // Power goes around the receipt, wherever that falls.
        lock.flash.cut = (seq % 3 == 0).then_some((lock.flash.writes + seq as usize % 7, 10));
        let lane = lock.lane(&property.section(&property.lane(seq, NOON)));
        let receipts = lane
            .ok()
            .flatten()
            .into_iter()
            .chain(lock.documents.receipts());
        for sealed in receipts.collect::<BTreeSet<_>>() {
            let receipt = property.open_receipt(&sealed);
            let twin = seen.iter().find(|(counter, _)| *counter == receipt.counter);
            let digest = format!("{receipt:?}");
            assert!(
                twin.is_none_or(|(_, other)| *other == digest),
                "two receipts {}",
                receipt.counter
            );
            seen.insert((receipt.counter, digest));
        }
        lock.power_cycle().unwrap();
    }
    assert!(seen.len() > 10);
}

#[test]
fn a_receipt_signed_by_another_lock_is_forged() {
    let property = Property::new();
    let mut lock = Lock::new(&property);
    lock.keys.identity = SigningKey::from_secret(&estate::secret(77)).unwrap();
    let sealed = lock
        .lane(&property.section(&property.lane(1, NOON)))
        .unwrap()
        .unwrap();
    let opened = Receipt::open(&sealed, &LOCK, &property.identity(), &property.log_key());
    assert!(opened.is_err());
}

#[test]
fn r14_replayed_foreign_and_late_attests_are_refused() {
    let property = Property::new();
    let mut lock = Lock::new(&property);
    let nonce = lock.nonce();
    let attest = property.attest(&nonce, NOON);
    assert_eq!(
        code(lock.take_attest(&property.attest(&[1; 16], NOON))),
        Some(Code::BadAttest)
    );
    let mut altered = attest.clone();
    *altered.last_mut().unwrap() ^= 1;
    assert_eq!(code(lock.take_attest(&altered)), Some(Code::BadDocument));
    assert_eq!(lock.take_attest(&attest), Ok(()));
    assert_eq!(
        code(lock.take_attest(&attest)),
        Some(Code::BadAttest),
        "replayed"
    );
    let old = lock.nonce();
    lock.wait(DAY + 1);
    assert_eq!(
        code(lock.take_attest(&property.attest(&old, NOON))),
        Some(Code::BadAttest),
        "late"
    );
    let before_boot = lock.nonce();
    lock.power_cycle().unwrap();
    let attest = property.attest(&before_boot, NOON);
    assert_eq!(
        code(lock.take_attest(&attest)),
        Some(Code::BadAttest),
        "of another boot"
    );
    // The floor survived: what lies before it is refused even when well signed.
    let nonce = lock.nonce();
    let past = property.attest(&nonce, NOON.minus(30 * DAY));
    assert_eq!(
        code(lock.take_attest(&past)),
        Some(Code::BadAttest),
        "before the floor"
    );
}

#[test]
fn r14_an_attest_that_ends_before_the_floor_is_refused_with_and_without_an_interval() {
    let property = Property::new();
    let mut lock = Lock::new(&property);
    lock.attest(&property, NOON);
    lock.wait(3_600);
    let nonce = lock.nonce();
    let earlier = property.attest(&nonce, NOON.plus(3_000));
    assert_eq!(code(lock.take_attest(&earlier)), Some(Code::BadAttest));
    assert!(lock.standing().clock.width < 5, "the interval stays");
    // A lane may know better than the interval's lower end.
    let mut lane = property.lane(1, NOON.plus(3_600));
    lane.time_floor = NOON.plus(4_000);
    lock.lane(&property.section(&lane)).unwrap();
    let nonce = lock.nonce();
    let below = property.attest(&nonce, NOON.plus(3_990));
    assert_eq!(code(lock.take_attest(&below)), Some(Code::BadAttest));
}

#[test]
fn an_attest_that_took_an_hour_gives_an_hours_interval_and_a_quick_one_narrows_it() {
    let property = Property::new();
    let mut lock = Lock::new(&property);
    let nonce = lock.nonce();
    lock.wait(3_600);
    lock.take_attest(&property.attest(&nonce, NOON)).unwrap();
    assert!((3_600..3_610).contains(&lock.standing().clock.width));
    lock.attest(&property, NOON.plus(1_800));
    assert!(lock.standing().clock.width < 5);
    let nonce = lock.nonce();
    lock.wait(600);
    lock.take_attest(&property.attest(&nonce, NOON.plus(2_000)))
        .unwrap();
    assert!(
        lock.standing().clock.width < 10,
        "a wider one changes nothing"
    );
    lock.power_cycle().unwrap();
    assert_eq!(lock.standing().clock.quality, ClockQuality::Floor);
}

#[test]
fn an_ending_right_is_judged_at_the_upper_end_and_a_starting_one_at_the_lower() {
    let property = Property::new();
    let mut lock = Lock::new(&property);
    let nonce = lock.nonce();
    lock.wait(600);
    lock.take_attest(&property.attest(&nonce, NOON)).unwrap();
    let judge = |lock: &mut Lock, from: UtcSeconds, until: UtcSeconds| {
        let mut claims = property.claims(&holder(20), NOON.minus(7_200));
        (claims.not_before, claims.expires) = (from, until);
        code(lock.judge(&property.grant(&claims), UNLOCK))
    };
    let (long_ago, later) = (NOON.minus(3_600), NOON.plus(3_600));
    assert_eq!(judge(&mut lock, long_ago, later), None);
    assert_eq!(judge(&mut lock, long_ago, NOON), Some(Code::Expired));
    assert_eq!(judge(&mut lock, later, later.plus(1)), Some(Code::NotYet));
    assert_eq!(
        judge(&mut lock, long_ago, NOON.plus(300)),
        Some(Code::ClockUnsure)
    );
    assert_eq!(
        judge(&mut lock, NOON.plus(300), later),
        Some(Code::ClockUnsure)
    );
}

#[test]
fn without_a_clock_residents_open_and_guests_are_told_why_not() {
    let property = Property::new();
    let mut lock = Lock::new(&property);
    lock.lane(&property.section(&property.lane(1, NOON)))
        .unwrap();
    let resident = grant(&property, &holder(20));
    assert_eq!(lock.unlock(&resident, 1), Ok(()));
    for flags in [Flags::GUEST, Flags::BORROWED] {
        let mut claims = property.claims(&holder(22), NOON);
        claims.flags = flags;
        claims.expires = NOON.plus(600);
        let guest = property.grant(&claims);
        assert_eq!(code(lock.judge(&guest, UNLOCK)), Some(Code::ClockUnsure));
        assert_eq!(
            lock.judge(&guest, Operation::Session),
            Ok(()),
            "it may bring the time"
        );
    }
    // The floor of the lane and the uptime since: the lease still ends.
    lock.wait(7 * DAY + 3_600);
    assert_eq!(code(lock.judge(&resident, UNLOCK)), Some(Code::Expired));
    let entries = collect(&property, &mut lock, 0).0;
    let kinds: Vec<EventKind> = entries.iter().map(|entry| entry.kind).collect();
    assert!(kinds.contains(&EventKind::UnlockWithoutClock));
    assert!(matches!(entries.last().unwrap().at, Stamp::NotBefore(_)));
}

#[test]
fn a_tap_is_remembered_over_a_power_cut_and_told_only_to_its_holder() {
    let property = Property::new();
    let mut lock = Lock::new(&property);
    lock.attest(&property, NOON);
    let (mine, other) = (holder(20), holder(21));
    lock.unlock(&grant(&property, &mine), 1).unwrap();
    let command = CommandId([1; 16]);
    lock.power_cycle().unwrap();
    let recalled = lock.documents.recall(&mine.holder_hash(), command);
    assert_eq!(recalled, Some(CommandOutcome::Executed));
    assert_eq!(lock.documents.recall(&other.holder_hash(), command), None);
    let receipts = lock.documents.receipts();
    let newest = property.open_receipt(receipts.last().unwrap());
    assert!(matches!(newest.occasion, Occasion::Command(who, what, _)
        if who == mine.holder_hash() && what == command));
}
