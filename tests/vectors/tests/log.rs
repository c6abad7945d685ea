//! Log entries, segments and receipts: the same bytes, and none that is malformed or sealed as something else.

use keyway_protocol::code::DailyKind;
use keyway_protocol::crypto::open_with;
use keyway_protocol::ids::{CommandId, Digest, GrantId, HolderHash, LockId, SubjectId};
use keyway_protocol::log::{Actor, EventKind, LogEntry, LogSegment, Repeated, chain};
use keyway_protocol::receipt::{CommandResult, Occasion, Receipt, Stamp};
use keyway_protocol::time::{TimeInterval, UtcSeconds};
use keyway_vectors::{Hex, Malformed, Property, assert_refused, load};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    property: Property,
    entries: Vec<Entry>,
    entries_reserved: Malformed,
    entries_malformed: Malformed,
    segments: Vec<Segment>,
    segments_reserved: Malformed,
    segments_malformed: Malformed,
    receipts: Vec<ReceiptCase>,
    receipts_malformed: Malformed,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Time {
    Interval((u64, u64)),
    Floor(u64),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum By {
    Nobody((String,)),
    Holder((String, Hex)),
    Code((String, u32)),
    Dated((String, u8, u8, u32)),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    index: u64,
    kind: u8,
    by: By,
    time: Time,
    boots: u32,
    subject_id: Option<Hex>,
    grant_id: Option<Hex>,
    command_id: Option<Hex>,
    result: Option<u8>,
    coalesced: Option<(Time, u32)>,
    plaintext: Hex,
    ephemeral: Hex,
    sealed: Hex,
    head_after: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Segment {
    first: usize,
    after: usize,
    head_before: Hex,
    head_after: Hex,
    segment: Hex,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Occurred {
    Applied((String,)),
    Command((String, Hex, Hex, u8)),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReceiptCase {
    lock_id: Hex,
    number: u64,
    previous: Hex,
    root_version: u32,
    key_epoch: u32,
    crit_seq: u64,
    bulk_seq: u64,
    log_entries: u64,
    log_head: Hex,
    boots: u32,
    time: Time,
    volatile: bool,
    obsolete: bool,
    battery_percent: u8,
    occasion: Occurred,
    ephemeral: Hex,
    sealed: Hex,
}

fn vectors() -> Vectors {
    load("log")
}

impl Time {
    const fn stamp(&self) -> Stamp {
        match *self {
            Self::Interval((earliest, latest)) => Stamp::Trusted(TimeInterval {
                earliest: UtcSeconds(earliest),
                latest: UtcSeconds(latest),
            }),
            Self::Floor(floor) => Stamp::NotBefore(UtcSeconds(floor)),
        }
    }
}

const fn result(number: u8) -> CommandResult {
    match number {
        0 => CommandResult::Executed,
        1 => CommandResult::NotExecuted,
        _ => CommandResult::Unknown,
    }
}

impl By {
    fn actor(&self) -> Actor {
        match self {
            Self::Nobody((name,)) if name == "keypad" => Actor::Keypad,
            Self::Nobody(_) => Actor::Lock,
            Self::Holder((_, hash)) => Actor::Phone(HolderHash(hash.array())),
            Self::Code((_, id)) => Actor::Code(*id),
            Self::Dated((_, 1, slot, day)) => Actor::Daily(DailyKind::Daily, *slot, *day),
            Self::Dated((_, _, slot, day)) => Actor::Daily(DailyKind::SingleUse, *slot, *day),
        }
    }
}

impl Entry {
    fn entry(&self) -> LogEntry {
        let kinds = [
            EventKind::Unlock,
            EventKind::UnlockWithoutClock,
            EventKind::CodeRefused,
            EventKind::Critical,
            EventKind::Bulk,
            EventKind::Boot,
        ];
        LogEntry {
            kind: kinds[usize::from(self.kind)],
            actor: self.by.actor(),
            at: self.time.stamp(),
            boot: self.boots,
            subject: self.subject_id.as_ref().map(|id| SubjectId(id.array())),
            grant: self.grant_id.as_ref().map(|id| GrantId(id.array())),
            command: self.command_id.as_ref().map(|id| CommandId(id.array())),
            result: self.result.map(result),
            repeated: self.coalesced.as_ref().map(|(last, count)| Repeated {
                last: last.stamp(),
                count: *count,
            }),
        }
    }
}

impl ReceiptCase {
    fn occasion(&self) -> Occasion {
        match &self.occasion {
            Occurred::Applied((name,)) if name == "critical lane" => Occasion::Critical,
            Occurred::Applied(_) => Occasion::Bulk,
            Occurred::Command((_, holder, command, number)) => Occasion::Command(
                HolderHash(holder.array()),
                CommandId(command.array()),
                result(*number),
            ),
        }
    }

    fn receipt(&self) -> Receipt {
        Receipt {
            lock: LockId(self.lock_id.array()),
            counter: self.number,
            previous: Digest(self.previous.array()),
            root_version: self.root_version,
            key_epoch: self.key_epoch,
            crit_seq: self.crit_seq,
            bulk_seq: self.bulk_seq,
            log_entries: self.log_entries,
            log_head: Digest(self.log_head.array()),
            boot: self.boots,
            at: self.time.stamp(),
            volatile: self.volatile,
            obsolete: self.obsolete,
            battery_percent: self.battery_percent,
            occasion: self.occasion(),
        }
    }
}

#[test]
fn a_log_entry_is_sealed_and_chained_in_the_same_bytes() {
    let vectors = vectors();
    let (lock, log_key) = (vectors.property.lock(), vectors.property.log_key());
    let mut head = Digest([0; 32]);
    for case in &vectors.entries {
        let (entry, seed) = (case.entry(), case.ephemeral.secret());
        let sealed = entry.seal(&lock, case.index, &log_key.public(), &seed);
        assert_eq!(sealed.map(Hex).as_ref(), Some(&case.sealed));
        let opened = LogEntry::open(&case.sealed.0, &lock, case.index, &log_key);
        assert_eq!(opened, Ok(entry));
        let index = case.index.to_be_bytes();
        let context = [b"log".as_slice(), lock.as_ref(), &index].concat();
        let plaintext = open_with(&log_key, &context, &case.sealed.0);
        assert_eq!(plaintext.map(Hex).as_ref(), Some(&case.plaintext));
        head = chain(&head, case.index, &case.sealed.0);
        assert_eq!(head.0, case.head_after.array());
    }
}

#[test]
fn a_reserved_key_is_ignored_and_a_malformed_or_misplaced_log_entry_is_refused() {
    let vectors = vectors();
    let (lock, log_key) = (vectors.property.lock(), vectors.property.log_key());
    let is_entry = |bytes: &[u8]| LogEntry::open(bytes, &lock, 0, &log_key).is_ok();
    for (why, bytes) in vectors.entries_reserved.cases() {
        assert!(is_entry(&bytes), "{why}");
    }
    let malformed = &vectors.entries_malformed;
    assert!(is_entry(&malformed.base.0));
    let read = malformed
        .cases()
        .map(|(why, bytes)| (why, is_entry(&bytes)));
    assert_refused(read);
}

#[test]
fn a_segment_is_the_same_bytes_and_ends_at_the_same_head() {
    let vectors = vectors();
    for case in &vectors.segments {
        let entries = &vectors.entries[case.first..case.after];
        let sealed = entries.iter().map(|entry| entry.sealed.0.clone()).collect();
        let before = Digest(case.head_before.array());
        let lock = vectors.property.lock();
        let segment = LogSegment::new(lock, case.first as u64, before, sealed);
        assert_eq!(Hex(segment.encode()), case.segment);
        let read = LogSegment::decode(&case.segment.0).unwrap();
        assert_eq!(read.head_after().0, case.head_after.array());
        assert_eq!(read, segment);
    }
}

#[test]
fn a_reserved_key_is_ignored_and_a_malformed_segment_is_refused() {
    let Vectors {
        segments_reserved: reserved,
        segments_malformed: malformed,
        ..
    } = vectors();
    for (why, bytes) in reserved.cases() {
        assert!(LogSegment::decode(&bytes).is_ok(), "{why}");
    }
    assert!(LogSegment::decode(&malformed.base.0).is_ok());
    let read = malformed
        .cases()
        .map(|(why, bytes)| (why, LogSegment::decode(&bytes).is_ok()));
    assert_refused(read);
}

#[test]
fn a_receipt_is_signed_and_sealed_in_the_same_bytes() {
    let vectors = vectors();
    let (log_key, identity) = (vectors.property.log_key(), vectors.property.identity());
    let public = identity.verifying_key();
    for case in &vectors.receipts {
        let receipt = case.receipt();
        let seed = case.ephemeral.secret();
        let sign = |bytes: &[u8]| identity.sign(&[bytes]);
        let sealed = receipt.seal(public.id(), sign, &log_key.public(), &seed);
        assert_eq!(sealed.map(Hex).as_ref(), Some(&case.sealed));
        let opened = Receipt::open(&case.sealed.0, &receipt.lock, &public, &log_key);
        assert_eq!(opened, Ok(receipt));
    }
}

#[test]
fn a_malformed_or_misplaced_receipt_is_refused() {
    let vectors = vectors();
    let (lock, log_key) = (vectors.property.lock(), vectors.property.log_key());
    let identity = vectors.property.identity().verifying_key();
    let is_receipt = |bytes: &[u8]| Receipt::open(bytes, &lock, &identity, &log_key).is_ok();
    let malformed = &vectors.receipts_malformed;
    assert!(is_receipt(&malformed.base.0));
    let read = malformed
        .cases()
        .map(|(why, bytes)| (why, is_receipt(&bytes)));
    assert_refused(read);
}
