//! What couriers bring and fetch: bundles they cannot read, receipts they cannot forge, a log they cannot shorten.
use crate::lock_side::{TestLock, hand_in};
use crate::support::{Answer, Phone, Property, Tokens};
use keyway_protocol::bundle::{Bundle, Change, Section};
use keyway_protocol::code::{CodeTag, Digits};
use keyway_protocol::critical::CriticalLane;
use keyway_protocol::crypto::{Secret32, SigningKey};
use keyway_protocol::record::{AccessRecord, LaneSection};
use keyway_service::{DoorcodeKind, Seeded};
use uuid::Uuid;

const RESIDENT: &str = "rosa@example.org";

/// A courier in front of the home's lock.
struct Visit {
    property: Property,
    seeded: Seeded,
    lock: TestLock,
}

impl Visit {
    fn new() -> Self {
        let (property, seeded) = Property::seeded();
        let lock = TestLock::of(&property, seeded.doors[0].uuid);
        Self {
            property,
            seeded,
            lock,
        }
    }

    fn door(&self) -> Uuid {
        self.seeded.doors[0].uuid
    }

    fn phone(&self) -> Phone<'_> {
        self.property.phone()
    }

    fn tokens(&self) -> Tokens {
        let phone = self.phone();
        let tokens = phone.sign_in(RESIDENT, "own");
        phone.register(&tokens).expect(204);
        tokens
    }

    fn fetch(&self, tokens: &Tokens, have: u64) -> Answer {
        let path = format!("/v1/doors/{}/bundle?have={have}", self.door());
        self.phone().get(tokens, &path)
    }

    fn bundle(&self, tokens: &Tokens, have: u64) -> Bundle {
        let answer = self.fetch(tokens, have).expect(200);
        assert_eq!(
            answer.header("content-type"),
            "application/vnd.keyway.bundle"
        );
        Bundle::decode(&answer.body).unwrap()
    }

    fn hand_in(&self, tokens: &Tokens, resource: &str, bytes: Vec<u8>) -> Answer {
        hand_in(&self.phone(), tokens, self.door(), resource, bytes)
    }

    fn lane(&self, tokens: &Tokens) -> CriticalLane {
        let path = format!("/v1/doors/{}/access", self.door());
        let answer = self.phone().get(tokens, &path).expect(200);
        let record = AccessRecord::decode(&answer.body, None).unwrap();
        let section = LaneSection::decode(&record.lane_section()).unwrap();
        CriticalLane::verify(section.lane(), record.root(), &record.lock_id()).unwrap()
    }

    fn door_view(&self, tokens: &Tokens) -> serde_json::Value {
        let doors = self.phone().get(tokens, "/v1/doors").expect(200).json();
        doors["doors"][0].clone()
    }

    fn own_code(&self, tokens: &Tokens, index: usize) -> (String, String) {
        let codes = self.phone().get(tokens, "/v1/doorcodes").expect(200).json();
        let code = &codes["doorcodes"][index];
        let text = |member: &str| code[member].as_str().unwrap().to_owned();
        (text("code"), text("status"))
    }
}

#[test]
fn a_new_lock_gets_a_snapshot_with_tags_and_the_doors_calendar() {
    let visit = Visit::new();
    let tokens = visit.tokens();
    let bundle = visit.bundle(&tokens, 0);
    assert_eq!((bundle.base(), bundle.seq()), (None, 5));
    let sections = visit.lock.open(&bundle);
    let [Section::Codes(codes), Section::Config(config)] = &sections[..] else {
        panic!("codes and configuration, not {sections:?}");
    };
    assert_eq!(codes.len(), 4);
    assert_eq!(config.daily_digits, 8);

    let (digits, _) = visit.own_code(&tokens, 0);
    let pepper = visit.lock.provision.secrets().pepper;
    let tag = CodeTag::of(&pepper, visit.lock.lock, &Digits::parse(&digits).unwrap());
    let holds =
        |change: &Change<_>| matches!(change, Change::Set(_, _, entry) if code_tag(entry) == tag);
    assert!(
        codes.iter().any(holds),
        "the resident's code is in the table"
    );
}

fn code_tag(entry: &keyway_protocol::bundle::CodeEntry) -> CodeTag {
    entry.tag
}

#[test]
fn a_lock_that_is_behind_gets_the_changes_only_and_one_that_is_not_gets_none() {
    let visit = Visit::new();
    let tokens = visit.tokens();
    let seq = visit.bundle(&tokens, 0).seq();
    assert_eq!(visit.fetch(&tokens, seq).status, 204);

    let resident = visit.seeded.accounts[0];
    visit
        .property
        .service
        .set_code(visit.door(), resident, DoorcodeKind::Residence, None)
        .unwrap();
    let delta = visit.bundle(&tokens, seq);
    assert_eq!((delta.base(), delta.seq()), (Some(seq), seq + 2));
    let sections = visit.lock.open(&delta);
    let [Section::Codes(codes)] = &sections[..] else {
        panic!("codes only, not {sections:?}");
    };
    assert!(matches!(codes[..], [Change::Delete(..), Change::Set(..)]));
}

#[test]
fn two_couriers_carry_the_same_chunks() {
    let visit = Visit::new();
    let first = visit.bundle(&visit.tokens(), 0);
    visit.property.clock.advance(120_000);
    let second = visit.bundle(&visit.tokens(), 0);
    let chunks = |bundle: &Bundle| bundle.transfer().unwrap().chunks;
    assert_eq!(chunks(&first), chunks(&second));
    assert_ne!(first.manifest(), second.manifest());
}

#[test]
fn a_receipt_confirms_a_sync_however_often_it_comes() {
    let mut visit = Visit::new();
    let tokens = visit.tokens();
    let seq = visit.bundle(&tokens, 0).seq();
    assert_eq!(visit.own_code(&tokens, 0).1, "PENDING_SYNC");
    assert_eq!(visit.door_view(&tokens)["pendingChanges"], 4);

    let receipt = visit.lock.receipt(1, seq);
    for _ in 0..2 {
        let answer = visit
            .hand_in(&tokens, "receipts", receipt.clone())
            .expect(200)
            .json();
        assert_eq!(answer["receiptVerified"], true);
        assert_eq!(answer["bulkSeq"], seq);
    }
    assert_eq!(visit.own_code(&tokens, 0).1, "ACTIVE");
    let door = visit.door_view(&tokens);
    assert_eq!(door["pendingChanges"], 0);
    assert_eq!(door["lastSync"]["by"], "Rosa Ortiz");
    assert_eq!(door["lastSync"]["at"], "2026-11-24T12:00:00Z");
    assert_eq!(door["battery"]["percentage"], 81);
}

#[test]
fn the_old_code_is_told_until_the_lock_forgot_it() {
    let mut visit = Visit::new();
    let tokens = visit.tokens();
    let seq = visit.bundle(&tokens, 0).seq();
    let receipt = visit.lock.receipt(1, seq);
    visit.hand_in(&tokens, "receipts", receipt).expect(200);
    let old = visit.own_code(&tokens, 0).0;

    let resident = visit.seeded.accounts[0];
    visit
        .property
        .service
        .set_code(visit.door(), resident, DoorcodeKind::Residence, None)
        .unwrap();
    let told: Vec<_> = (0..2).map(|index| visit.own_code(&tokens, index)).collect();
    assert!(told.contains(&(old.clone(), "ACTIVE".into())));
    assert!(
        told.iter()
            .any(|(code, status)| *code != old && status == "PENDING_SYNC")
    );

    let receipt = visit.lock.receipt(1, seq + 2);
    visit.hand_in(&tokens, "receipts", receipt).expect(200);
    let (code, status) = visit.own_code(&tokens, 0);
    assert!(code != old && status == "ACTIVE");
}

#[test]
fn a_forged_receipt_changes_nothing() {
    let visit = Visit::new();
    let tokens = visit.tokens();
    let honest = visit.lock.unsigned(1, 9, 9);
    let stranger = SigningKey::from_secret(&Secret32::new([5; 32])).unwrap();
    let mut flipped = visit.lock.sign(&honest);
    *flipped.last_mut().unwrap() ^= 1;
    let other = TestLock::of(&visit.property, visit.seeded.doors[1].uuid);
    for forged in [
        visit.lock.sign_as(&honest, &stranger),
        flipped,
        other.sign(&other.unsigned(1, 9, 9)),
        Vec::new(),
    ] {
        let told = visit.hand_in(&tokens, "receipts", forged).expect(422);
        assert_eq!(told.code(), "RECEIPT_FORGED");
    }
    assert_eq!(
        visit.door_view(&tokens)["lastSync"],
        serde_json::Value::Null
    );
    assert_eq!(visit.own_code(&tokens, 0).1, "PENDING_SYNC");
}

#[test]
fn r13_two_receipts_of_one_number_raise_the_alarm() {
    let mut visit = Visit::new();
    let tokens = visit.tokens();
    let receipt = visit.lock.receipt(1, 3);
    visit.hand_in(&tokens, "receipts", receipt).expect(200);
    let twin = visit.lock.sign(&visit.lock.unsigned(1, 1, 4));
    let told = visit.hand_in(&tokens, "receipts", twin).expect(409);
    assert_eq!(told.code(), "LOCK_FORKED");
}

#[test]
fn an_uploaded_log_is_acked_in_the_next_critical_lane() {
    let mut visit = Visit::new();
    let tokens = visit.tokens();
    assert_eq!(visit.lane(&tokens).ack, None);
    visit.lock.log(5);
    let receipt = visit.lock.receipt(1, 1);
    visit.hand_in(&tokens, "receipts", receipt).expect(200);
    // Entries after the last receipt wait for the next one.
    visit.lock.log(2);

    let before = visit.lane(&tokens).seq;
    let segment = visit.lock.segment(0).encode();
    let answer = visit.hand_in(&tokens, "log", segment.clone()).expect(200);
    assert_eq!(
        answer.json(),
        serde_json::json!({"entries": 5, "ackedIndex": 5})
    );
    let lane = visit.lane(&tokens);
    let ack = lane.ack.unwrap();
    assert_eq!((ack.entries, ack.head), (5, visit.lock.head(5)));
    assert_eq!((ack.receipt, lane.seq), (1, before + 1));

    // Another courier with the same backlog adds nothing.
    let again = visit.hand_in(&tokens, "log", segment).expect(200);
    assert_eq!(
        again.json(),
        serde_json::json!({"entries": 0, "ackedIndex": 5})
    );
    let receipt = visit.lock.receipt(1, 1);
    visit.hand_in(&tokens, "receipts", receipt).expect(200);
    let rest = visit.lock.segment(3).encode();
    let rest = visit.hand_in(&tokens, "log", rest).expect(200);
    assert_eq!(
        rest.json(),
        serde_json::json!({"entries": 2, "ackedIndex": 7})
    );
}

#[test]
fn r10_a_log_that_no_receipt_vouches_for_is_not_acked() {
    let mut visit = Visit::new();
    let tokens = visit.tokens();
    visit.lock.log(4);
    let unvouched = visit.lock.segment(0).encode();
    let answer = visit.hand_in(&tokens, "log", unvouched).expect(200).json();
    assert_eq!(answer, serde_json::json!({"entries": 0, "ackedIndex": 0}));

    let receipt = visit.lock.receipt(1, 1);
    visit.hand_in(&tokens, "receipts", receipt).expect(200);
    let same_lock = visit.hand_in(&tokens, "log", tampered(&visit)).expect(422);
    assert_eq!(same_lock.code(), "LOG_REFUSED");
    let after_a_gap = visit.lock.segment(2).encode();
    let gap = visit
        .hand_in(&tokens, "log", after_a_gap)
        .expect(200)
        .json();
    assert_eq!(gap["entries"], 0);
    assert_eq!(visit.lane(&tokens).ack.unwrap().entries, 0);
}

/// The lock's log with its last two entries exchanged.
fn tampered(visit: &Visit) -> Vec<u8> {
    let segment = visit.lock.segment(0);
    let mut entries: Vec<Vec<u8>> = segment
        .entries()
        .map(|(_, sealed)| sealed.to_vec())
        .collect();
    let last = entries.len() - 1;
    entries.swap(last, last - 1);
    keyway_protocol::log::LogSegment::new(segment.lock, 0, segment.head, entries).encode()
}
