//! R19, for documents: whatever stands behind a good signature or seal, nothing panics and nothing is allocated that was not sent.
#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]
#![expect(unsafe_code, reason = "an allocator that counts is one")]

mod estate;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use coset::{CoseSign1Builder, HeaderBuilder, TaggedCborSerializable, iana};
use estate::{LOCK, Lock, NOON, Property, holder};
use keyway_protocol::bundle::{Bundle, Manifest, Section, SectionKind};
use keyway_protocol::critical::{CriticalLane, LogAck, Revocation, Revoked};
use keyway_protocol::crypto::{Random, SeededRandom, SigningKey, open_with, seal_to};
use keyway_protocol::descriptor::Descriptor;
use keyway_protocol::grant::Grant;
use keyway_protocol::ids::{Digest, SubjectId};
use keyway_protocol::lock::Keeper;
use keyway_protocol::log::{LogEntry, LogSegment};
use keyway_protocol::provision::Provision;
use keyway_protocol::receipt::Receipt;
use keyway_protocol::record::LaneSection;
use keyway_protocol::root::{RootChain, RootDocument};
use keyway_protocol::service::issue;
use keyway_protocol::time::TimeAttest;

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
    static MOST: Cell<usize> = const { Cell::new(0) };
}

/// Counts what a thread holds.
struct Counting;

// SAFETY: everything is the system allocator's; the counters allocate nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.get().saturating_add(layout.size());
        HELD.set(held);
        MOST.set(MOST.get().max(held));
        // SAFETY: the caller's promise, handed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.set(HELD.get().saturating_sub(layout.size()));
        // SAFETY: the caller's promise, handed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// The most that was held at once beyond what was held before.
fn most_held(work: impl FnOnce()) -> usize {
    let before = HELD.get();
    MOST.set(before);
    work();
    MOST.get() - before
}

/// Per byte of input, and beside it: envelope, values and their encodings, all of them small multiples of what was sent.
const FOR_EACH_BYTE: usize = 8;
const BESIDE: usize = 4_096;

/// Whether it was read.
type Reader = Box<dyn Fn(&[u8], &mut Lock) -> bool>;

/// A decoder, and what it is to be shown: changed bytes, signed or sealed again where that is what leads to it.
struct Subject {
    name: &'static str,
    payload: Vec<u8>,
    read: Reader,
}

fn signed(label: &'static [u8], payload: &[u8], key: &SigningKey) -> Vec<u8> {
    let header = HeaderBuilder::new()
        .algorithm(iana::Algorithm::ES256)
        .key_id(key.verifying_key().id().as_bytes().to_vec())
        .build();
    CoseSign1Builder::new()
        .protected(header)
        .payload(payload.to_vec())
        .create_signature(label, |message| key.sign(&[message]).to_vec())
        .build()
        .to_tagged_vec()
        .unwrap()
}

fn payload_of(signed: &[u8]) -> Vec<u8> {
    let document = coset::CoseSign1::from_tagged_slice(signed).unwrap();
    document.payload.unwrap()
}

fn subjects(property: &Property, lock: &mut Lock) -> Vec<Subject> {
    let mut all = behind_signatures(property);
    all.extend(in_clear(property));
    all.extend(behind_seals(property, lock));
    all
}

/// Documents whose payload the lock decodes only when the signature is good: it is made good again.
fn behind_signatures(property: &Property) -> Vec<Subject> {
    let policy = property.policy();
    let root_key = property.secrets.root_key(1);
    let root = RootDocument::verify(&property.versions[0], &root_key.verifying_key()).unwrap();
    let whom = Revoked::Subject(SubjectId([7; 16]));
    let ack = LogAck {
        entries: 1,
        head: Digest([6; 32]),
        receipt: 1,
    };
    let lane = CriticalLane {
        revocations: vec![Revocation { whom, until: NOON }],
        ack: Some(ack),
        ..property.lane(2, NOON)
    };
    let described = Descriptor::new(
        LOCK,
        property.identity(),
        1,
        (1, 0),
        &property.keys().hint_key(),
    );
    let manifest = Property::new().bundle(1, None, vec![Section::Codes(Vec::new())]);
    let claims = property.claims(&holder(20), NOON);
    let subject = |name, document: Vec<u8>, label: &'static [u8], key: SigningKey, read: Judge| {
        let (payload, root) = (payload_of(&document), root.clone());
        Subject {
            name,
            payload,
            read: Box::new(move |bytes, lock| read(&signed(label, bytes, &key), &root, lock)),
        }
    };
    vec![
        subject(
            "root",
            property.versions[0].clone(),
            b"keyway/1 root",
            root_key,
            |bytes, root, _| {
                let chain = RootChain::new(vec![bytes.into()]);
                let _ = chain.climb(root);
                chain.verify(None).is_ok()
            },
        ),
        subject(
            "lane",
            issue::critical(&lane, &policy),
            b"keyway/1 critical",
            policy.clone(),
            |bytes, _, lock| {
                let chain = Property::new().chain();
                lock.lane(&LaneSection::new(chain, bytes.into()).encode())
                    .is_ok()
            },
        ),
        subject(
            "descriptor",
            issue::descriptor(&described, &policy),
            b"keyway/1 descriptor",
            policy.clone(),
            |bytes, root, _| Descriptor::verify(bytes, root).is_ok(),
        ),
        subject(
            "grant",
            issue::grant(&claims, &policy),
            b"keyway/1 grant",
            policy.clone(),
            |bytes, root, _| {
                Grant::decode(bytes).is_ok_and(|grant| grant.verify(root, &LOCK).is_ok())
            },
        ),
        subject(
            "manifest",
            manifest.manifest().into(),
            b"keyway/1 manifest",
            policy.clone(),
            |bytes, root, _| Manifest::verify(bytes, root, &LOCK).is_ok(),
        ),
        subject(
            "attest",
            property.attest(&[8; 16], NOON),
            b"keyway/1 time",
            policy,
            |bytes, root, lock| {
                let _ = lock.take_attest(bytes);
                TimeAttest::verify(bytes, root, &LOCK).is_ok()
            },
        ),
    ]
}

type Judge = fn(&[u8], &RootDocument, &mut Lock) -> bool;

fn in_clear(property: &Property) -> Vec<Subject> {
    let section = property.section(&property.lane(1, NOON));
    let bundle = Property::new().bundle(1, None, vec![Section::Codes(Vec::new())]);
    let local = property.config(estate::codes::new_york());
    let codes = property.codes(&[(1, 1, "1234567"), (2, 1, "7654321")]);
    let plain = |name, payload, read: fn(&[u8]) -> bool| Subject {
        name,
        payload,
        read: Box::new(move |bytes, _| read(bytes)),
    };
    vec![
        plain("section", section, |bytes| {
            LaneSection::decode(bytes).is_ok()
        }),
        plain("bundle", bundle.encode(), |bytes| {
            Bundle::decode(bytes).is_ok()
        }),
        plain("configuration", local.encode(), |bytes| {
            Section::decode(SectionKind::Config, bytes).is_ok()
        }),
        plain("codes", codes.encode(), |bytes| {
            let _ = Section::decode(SectionKind::Schedules, bytes);
            Section::decode(SectionKind::Codes, bytes).is_ok()
        }),
        plain("provision", property.provision().encode(), |bytes| {
            Provision::decode(bytes).is_ok()
        }),
    ]
}

/// What the lock wrote, sealed to the service again.
fn behind_seals(property: &Property, lock: &mut Lock) -> Vec<Subject> {
    let segment = lock.segment(0).segment;
    let sealed = LogSegment::decode(&segment).unwrap();
    let (_, entry) = sealed.entries().next().unwrap();
    let (log_key, identity) = (property.log_key(), property.identity());
    let entry_context = [b"log".as_slice(), &LOCK.0, &0_u64.to_be_bytes()].concat();
    let receipt_context = [b"receipt".as_slice(), &LOCK.0].concat();
    let receipt = lock.documents.receipts();
    let receipt = open_with(&log_key, &receipt_context, receipt.last().unwrap()).unwrap();
    let entry = open_with(&log_key, &entry_context, entry).unwrap();
    let (entry_key, receipt_key) = (property.log_key(), log_key);
    let own = SigningKey::from_secret(&property.lock_secrets.identity).unwrap();
    vec![
        Subject {
            name: "segment",
            payload: segment,
            read: Box::new(|bytes, _| LogSegment::decode(bytes).is_ok()),
        },
        Subject {
            name: "entry",
            payload: entry,
            read: Box::new(move |bytes, _| {
                let public = entry_key.public();
                let sealed = seal_to(&public, &entry_context, bytes, &estate::secret(9)).unwrap();
                LogEntry::open(&sealed, &LOCK, 0, &entry_key).is_ok()
            }),
        },
        Subject {
            name: "receipt",
            payload: payload_of(&receipt),
            read: Box::new(move |bytes, _| {
                let public = receipt_key.public();
                let document = signed(b"keyway/1 receipt", bytes, &own);
                let seed = estate::secret(9);
                let sealed = seal_to(&public, &receipt_context, &document, &seed).unwrap();
                Receipt::open(&sealed, &LOCK, &identity, &receipt_key).is_ok()
            }),
        },
    ]
}

fn below(dice: &mut SeededRandom, limit: usize) -> usize {
    let mut bytes = [0; 4];
    dice.fill(&mut bytes);
    u32::from_be_bytes(bytes) as usize % limit
}

/// Heads that promise more than any message holds: arrays, maps, byte strings, texts, tags, integers.
const PROMISES: [&[u8]; 8] = [
    &[0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0x9a, 0x7f, 0xff, 0xff, 0xff],
    &[0xbb, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0x5b, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0x5a, 0x7f, 0xff, 0xff, 0xff],
    &[0x7b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0xd9, 0xff, 0xff],
    &[0x9f, 0x9f, 0x9f, 0x9f],
];

fn changed(payload: &[u8], dice: &mut SeededRandom) -> Vec<u8> {
    let mut bytes = payload.to_vec();
    let place = below(dice, bytes.len());
    match below(dice, 4) {
        0 => bytes[place] ^= 1 << below(dice, 8),
        1 => bytes.truncate(place),
        2 => {
            let promise = PROMISES[below(dice, PROMISES.len())];
            bytes.splice(place..=place, promise.iter().copied());
        }
        _ => {
            let other = below(dice, bytes.len());
            bytes.swap(place, other);
        }
    }
    bytes
}

#[test]
fn r19_no_document_panics_or_takes_more_memory_than_it_brought() {
    let property = Property::new();
    let mut lock = Lock::new(&property);
    lock.lane(&property.section(&property.lane(1, NOON)))
        .unwrap();
    let mut dice = SeededRandom::new(&estate::secret(4));
    for subject in subjects(&property, &mut lock) {
        let name = subject.name;
        // The control: what is to be spoiled is good.
        assert!((subject.read)(&subject.payload, &mut lock), "{name}");
        for _ in 0..400 {
            let bytes = changed(&subject.payload, &mut dice);
            let held = most_held(|| {
                (subject.read)(&bytes, &mut lock);
            });
            let bound = FOR_EACH_BYTE * bytes.len() + BESIDE;
            assert!(held <= bound, "{name}: {held} of {bound} bytes");
        }
    }
}

#[test]
fn r19_the_counter_counts() {
    assert!(most_held(|| drop(vec![0_u8; 1_000_000])) >= 1_000_000);
    assert!(most_held(|| ()) == 0);
}
