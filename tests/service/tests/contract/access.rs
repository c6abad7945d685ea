//! Access records: whose they are, how long they hold, and what the critical lane in them says.
use crate::support::{Answer, MINUTE, NOON, Phone, Property, Tokens, base64url, form, post_json};
use keyway_protocol::critical::{CriticalLane, Revoked};
use keyway_protocol::crypto::VerifyingKey;
use keyway_protocol::grant::Flags;
use keyway_protocol::ids::SubjectId;
use keyway_protocol::record::{AccessRecord, LaneSection};
use keyway_protocol::time::{TimeAttest, UtcSeconds};
use keyway_service::Seeded;
use serde_json::json;

const RESIDENT: &str = "rosa@example.org";
const GUEST: &str = "gina@example.org";

fn demo() -> (Property, Seeded) {
    Property::seeded()
}

/// Signs in and registers the phone's key.
fn signed_in(phone: &Phone<'_>, email: &str, whose: &str) -> Tokens {
    let tokens = phone.sign_in(email, whose);
    phone.register(&tokens).expect(204);
    tokens
}

fn fetch(phone: &Phone<'_>, tokens: &Tokens, seeded: &Seeded) -> Answer {
    let path = format!("/v1/doors/{}/access", seeded.doors[0].uuid);
    phone.get(tokens, &path)
}

fn record(phone: &Phone<'_>, tokens: &Tokens, seeded: &Seeded) -> AccessRecord {
    let answer = fetch(phone, tokens, seeded).expect(200);
    assert_eq!(
        answer.header("content-type"),
        "application/vnd.keyway.access"
    );
    AccessRecord::decode(&answer.body, None).unwrap()
}

fn lane(record: &AccessRecord) -> CriticalLane {
    let section = LaneSection::decode(&record.lane_section()).unwrap();
    CriticalLane::verify(section.lane(), record.root(), &record.lock_id()).unwrap()
}

pub(crate) fn at(millis: i64) -> UtcSeconds {
    UtcSeconds(u64::try_from(millis / 1000).unwrap())
}

#[test]
fn a_record_is_bound_to_the_phones_key_and_the_doors_lock() {
    let (property, seeded) = demo();
    let phone = property.phone();
    let tokens = signed_in(&phone, RESIDENT, "own");
    let record = record(&phone, &tokens, &seeded);
    let key = phone.holder.verifying_key().to_encoded_point(true);
    let key = VerifyingKey::from_sec1(key.as_bytes()).unwrap();

    assert_eq!(record.claims().holder(), key.holder_hash());
    assert_eq!(record.lock_id().0, seeded.doors[0].lock_id);
    assert_eq!(record.claims().expires, at(NOON + 7 * 24 * 60 * MINUTE));
    assert_eq!(record.claims().flags, Flags::default());
    assert_eq!(record.claims().min_crit_seq, record.crit_seq());
    assert!(record.credentials(key).is_ok());
}

#[test]
fn without_a_phone_key_there_is_no_record() {
    let (property, seeded) = demo();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let told = fetch(&phone, &tokens, &seeded).expect(409);
    assert_eq!(told.code(), "PHONE_KEY_REQUIRED");
}

#[test]
fn a_guests_grant_lasts_a_day_and_never_beyond_the_invitation() {
    let (property, seeded) = demo();
    let phone = property.phone();
    let tokens = signed_in(&phone, GUEST, "own");
    let record_now = record(&phone, &tokens, &seeded);
    let day = 24 * 60 * MINUTE;
    assert_eq!(record_now.claims().expires, at(NOON + day));
    assert!(record_now.claims().flags.include(Flags::GUEST));

    property.clock.advance(2 * day + 12 * 60 * MINUTE);
    let tokens = Tokens::of(&phone.refresh(&tokens.refresh).expect(200));
    let last = record(&phone, &tokens, &seeded);
    assert_eq!(last.claims().expires, at(NOON + 3 * day));
}

#[test]
fn a_borrowed_phones_grant_ends_with_its_session() {
    let (property, seeded) = demo();
    let phone = property.phone();
    let tokens = signed_in(&phone, RESIDENT, "borrowed");
    property.clock.advance(4 * MINUTE);
    let record = record(&phone, &tokens, &seeded);
    assert_eq!(record.claims().expires, at(NOON + 15 * MINUTE));
    assert!(record.is_borrowed() && !record.claims().is_resumable());
}

#[test]
fn signing_out_revokes_the_phone_in_the_next_critical_lane() {
    let (property, seeded) = demo();
    let phone = property.phone();
    let tokens = signed_in(&phone, RESIDENT, "own");
    let before = record(&phone, &tokens, &seeded);
    assert!(lane(&before).revocations.is_empty());

    let ticket = json!({ "ticket": tokens.ticket.clone().unwrap() });
    for _ in 0..2 {
        property
            .call(post_json("/v1/sessions/end", &ticket))
            .expect(204);
    }

    let neighbour = Phone::new(&property, 2);
    let after = record(
        &neighbour,
        &signed_in(&neighbour, "sam@example.org", "own"),
        &seeded,
    );
    assert_eq!(after.crit_seq(), before.crit_seq() + 1);
    let revocations = lane(&after).revocations;
    assert_eq!(revocations.len(), 1);
    assert_eq!(
        revocations[0].whom,
        Revoked::Holder(before.claims().holder())
    );
    assert!(revocations[0].until >= before.claims().issued);
}

#[test]
fn a_reset_password_revokes_the_person_at_doors_that_may_know_them_and_at_no_other() {
    let (property, seeded) = demo();
    let phone = property.phone();
    let tokens = signed_in(&phone, RESIDENT, "own");
    record(&phone, &tokens, &seeded);
    let ask = json!({ "email": RESIDENT });
    property
        .call(post_json("/v1/password/reset", &ask))
        .expect(202);
    let token = property.reset_token_mailed_to(RESIDENT);
    let new = "Battery Staple 8!";
    let fields = [("token", &*token), ("password", new), ("repeated", new)];
    property.call(form("/account/reset", &fields)).expect(200);

    let neighbour = Phone::new(&property, 2);
    let theirs = signed_in(&neighbour, "sam@example.org", "own");
    let account = uuid::Uuid::parse_str(&tokens.account).unwrap();
    let person = Revoked::Subject(SubjectId(*account.as_bytes()));
    for (door, is_revoked) in [(0, true), (1, false)] {
        let path = format!("/v1/doors/{}/access", seeded.doors[door].uuid);
        let answer = neighbour.get(&theirs, &path).expect(200);
        let record = AccessRecord::decode(&answer.body, None).unwrap();
        let revoked = lane(&record).revocations;
        assert_eq!(revoked.iter().any(|entry| entry.whom == person), is_revoked);
    }
}

#[test]
fn ending_a_lost_phones_session_revokes_that_phone_and_no_other() {
    let (property, seeded) = demo();
    let lost = Phone::new(&property, 2);
    let lost_tokens = signed_in(&lost, RESIDENT, "own");
    let lost_record = record(&lost, &lost_tokens, &seeded);
    let phone = property.phone();
    let tokens = signed_in(&phone, RESIDENT, "own");
    record(&phone, &tokens, &seeded);

    let id = lost_tokens.session["id"].as_str().unwrap();
    let path = format!("/v1/sessions/{id}");
    phone
        .resource(&tokens, http::Method::DELETE, &path, None)
        .expect(204);
    let revoked = lane(&record(&phone, &tokens, &seeded)).revocations;
    let revoked: Vec<Revoked> = revoked.iter().map(|entry| entry.whom).collect();
    assert_eq!(revoked, [Revoked::Holder(lost_record.claims().holder())]);
}

#[test]
fn a_phone_that_was_never_granted_anything_costs_no_lane() {
    let (property, seeded) = demo();
    let phone = property.phone();
    let tokens = signed_in(&phone, RESIDENT, "own");
    let ticket = json!({ "ticket": tokens.ticket.unwrap() });
    property
        .call(post_json("/v1/sessions/end", &ticket))
        .expect(204);
    let neighbour = Phone::new(&property, 2);
    let tokens = signed_in(&neighbour, "sam@example.org", "own");
    assert_eq!(record(&neighbour, &tokens, &seeded).crit_seq(), 1);
}

#[test]
fn taking_an_access_away_revokes_the_person_and_the_codes() {
    let (property, seeded) = demo();
    let phone = property.phone();
    let tokens = signed_in(&phone, GUEST, "own");
    let before = record(&phone, &tokens, &seeded);
    property
        .service
        .remove_access(seeded.doors[0].uuid, seeded.accounts[2])
        .unwrap();
    fetch(&phone, &tokens, &seeded).expect(404);

    let neighbour = Phone::new(&property, 2);
    let after = record(&neighbour, &signed_in(&neighbour, RESIDENT, "own"), &seeded);
    let subject = Revoked::Subject(before.claims().subject);
    assert_eq!(lane(&after).revocations[0].whom, subject);
}

#[test]
fn revocations_are_pruned_behind_a_floor_that_outlives_every_grant() {
    let (property, seeded) = demo();
    let phone = property.phone();
    let tokens = signed_in(&phone, RESIDENT, "own");
    let revoked = record(&phone, &tokens, &seeded);
    let ticket = json!({ "ticket": tokens.ticket.unwrap() });
    property
        .call(post_json("/v1/sessions/end", &ticket))
        .expect(204);

    property.clock.advance(10 * 24 * 60 * MINUTE);
    let neighbour = Phone::new(&property, 2);
    let later = record(
        &neighbour,
        &signed_in(&neighbour, "sam@example.org", "own"),
        &seeded,
    );
    assert!(lane(&later).revocations.is_empty());
    assert!(lane(&later).issue_floor >= revoked.claims().issued);
    assert!(lane(&later).issue_floor < later.claims().issued);
}

#[test]
fn the_time_is_attested_over_the_locks_nonce() {
    let (property, seeded) = demo();
    let phone = property.phone();
    let tokens = signed_in(&phone, RESIDENT, "own");
    let record = record(&phone, &tokens, &seeded);
    let path = format!("/v1/doors/{}/time", seeded.doors[0].uuid);
    let ask = |nonce: &[u8]| phone.post(&tokens, &path, &json!({ "nonce": base64url(nonce) }));

    let answer = ask(&[9; 16]).expect(200);
    assert_eq!(
        answer.header("content-type"),
        "application/vnd.keyway.attest"
    );
    let attest = TimeAttest::verify(&answer.body, record.root(), &record.lock_id()).unwrap();
    assert_eq!((attest.nonce, attest.utc), ([9; 16], at(NOON)));
    assert_eq!(ask(&[9; 15]).expect(400).code(), "BAD_REQUEST");
}
