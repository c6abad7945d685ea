//! Resetting a doorcode: the new one waits for the door's next sync, and the old one opens until then.
use crate::bench::Scene;
use crate::support::{
    Answer, GUEST, MINUTE, NOON, PASSWORD, Property, RESIDENT, SECOND_RESIDENT, Tokens,
};
use keyway_service::{DoorcodeKind, NewAccount};
use serde_json::{Value, json};
use uuid::Uuid;

fn reset(property: &Property, tokens: &Tokens, code: &Value) -> Answer {
    let path = format!("/v1/doorcodes/{}/reset", code["uuid"].as_str().unwrap());
    property.phone().post(tokens, &path, &json!({}))
}

fn codes(property: &Property, tokens: &Tokens) -> Vec<Value> {
    let answer = property.phone().get(tokens, "/v1/doorcodes").expect(200);
    answer.json()["doorcodes"].as_array().unwrap().clone()
}

/// The caller's code at the home, as it was told first.
fn home_code(property: &Property, tokens: &Tokens) -> Value {
    codes(property, tokens)[0].clone()
}

fn told<'a>(codes: &'a [Value], code: &Value) -> Option<&'a Value> {
    codes.iter().find(|told| told["uuid"] == code["uuid"])
}

fn digits(code: &Value) -> &str {
    code["code"].as_str().unwrap()
}

#[test]
fn the_new_code_opens_from_the_sync_on_and_the_old_one_until_then() {
    let mut scene = Scene::new();
    let tokens = scene.signed_in(1, RESIDENT);
    let record = scene.record(&tokens);
    scene.bench.present(&record).unwrap();
    scene.attest(&tokens);
    scene.sync(&tokens);
    scene.upload(&tokens);
    let old = home_code(&scene.property, &tokens);
    assert_eq!(old["status"], "ACTIVE");
    assert_eq!(old["replacedBy"], Value::Null);

    let new = reset(&scene.property, &tokens, &old).expect(200).json();
    assert_eq!(new["status"], "PENDING_SYNC");
    assert_eq!(new["kind"], "RESIDENCE");
    assert_ne!(new["code"], old["code"]);
    let listed = codes(&scene.property, &tokens);
    let still = told(&listed, &old).unwrap();
    assert_eq!(still["status"], "ACTIVE");
    assert_eq!(still["replacedBy"], new["uuid"]);
    assert_eq!(scene.bench.type_code(digits(&old)), Some(Ok(())));
    assert!(!matches!(scene.bench.type_code(digits(&new)), Some(Ok(()))));

    scene.sync(&tokens);
    assert_eq!(scene.bench.type_code(digits(&new)), Some(Ok(())));
    assert!(!matches!(scene.bench.type_code(digits(&old)), Some(Ok(()))));
    // Nothing is claimed before the lock's own receipt is here.
    let listed = codes(&scene.property, &tokens);
    assert_eq!(told(&listed, &new).unwrap()["status"], "PENDING_SYNC");
    scene.upload(&tokens);
    let listed = codes(&scene.property, &tokens);
    assert_eq!(told(&listed, &new).unwrap()["status"], "ACTIVE");
    assert!(told(&listed, &old).is_none());
}

#[test]
fn a_communal_code_can_be_reset_too_and_other_peoples_codes_stay() {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let entrance = seeded.doors[1].uuid.to_string();
    let before = codes(&property, &tokens);
    let old = before.iter().find(|code| code["doorUuid"] == entrance);
    let new = reset(&property, &tokens, old.unwrap()).expect(200).json();
    assert_eq!(new["kind"], "COMMUNAL");
    assert_eq!(new["doorUuid"], entrance);
    let partner = phone.sign_in(SECOND_RESIDENT, "own");
    let theirs = codes(&property, &partner);
    assert!(theirs.iter().all(|code| code["replacedBy"].is_null()));
}

#[test]
fn a_code_that_the_lock_never_confirmed_is_never_told_as_active() {
    let (property, _) = Property::seeded();
    let tokens = property.phone().sign_in(RESIDENT, "own");
    let first = home_code(&property, &tokens);
    let second = reset(&property, &tokens, &first).expect(200).json();
    let listed = codes(&property, &tokens);
    for code in [&first, &second] {
        if let Some(code) = told(&listed, code) {
            assert_eq!(code["status"], "PENDING_SYNC");
        }
    }
}

#[test]
fn a_code_is_reset_once() {
    let (property, _) = Property::seeded();
    let tokens = property.phone().sign_in(RESIDENT, "own");
    let first = home_code(&property, &tokens);
    reset(&property, &tokens, &first).expect(200);
    let told = reset(&property, &tokens, &first).expect(409);
    assert_eq!(told.code(), "DOORCODE_NOT_RESETTABLE");
}

#[test]
fn daily_and_guests_codes_cannot_be_reset() {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    let guest = phone.sign_in(GUEST, "own");
    let code = home_code(&property, &guest);
    let told = reset(&property, &guest, &code).expect(409);
    assert_eq!(told.code(), "DOORCODE_NOT_RESETTABLE");

    let resident = phone.sign_in(RESIDENT, "own");
    let path = format!("/v1/doors/{}/doorcodes", seeded.doors[0].uuid);
    let body = json!({ "passcodeType": "DAILY", "day": "TODAY" });
    let daily = phone.post(&resident, &path, &body).expect(200).json();
    let told = reset(&property, &resident, &daily).expect(409);
    assert_eq!(told.code(), "DOORCODE_NOT_RESETTABLE");
}

#[test]
fn nobody_resets_anothers_code_or_one_at_a_door_that_is_theirs_no_more() {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    let resident = phone.sign_in(RESIDENT, "own");
    let code = home_code(&property, &resident);
    let partner = phone.sign_in(SECOND_RESIDENT, "own");
    let told = reset(&property, &partner, &code).expect(404);
    assert_eq!(told.code(), "NOT_FOUND");
    phone
        .post(&resident, "/v1/doorcodes/4B/reset", &json!({}))
        .expect(404);

    let (door, account) = (seeded.doors[0].uuid, seeded.accounts[0]);
    property.service.remove_access(door, account).unwrap();
    reset(&property, &resident, &code).expect(404);
    let left = codes(&property, &resident);
    assert!(
        left.iter().all(|code| code["doorUuid"] != door.to_string()),
        "who lost access sees nothing"
    );
}

#[test]
fn a_full_door_can_still_be_reset_and_expired_codes_make_room() {
    let (property, seeded) = Property::seeded();
    let service = &property.service;
    let (door, kind) = (seeded.doors[0].uuid, DoorcodeKind::Permanent);
    // Four people have codes here already; nine fit.
    let soon = NOON + MINUTE;
    for number in 0..5 {
        let ends_at = (number == 0).then_some(soon);
        let account = add(&property, number);
        service.set_code(door, account, kind, ends_at).unwrap();
    }
    let one_more = add(&property, 5);
    let told = service.set_code(door, one_more, kind, None).unwrap_err();
    assert_eq!(told.code(), "TOO_MANY_DOORCODES");

    let tokens = property.phone().sign_in(RESIDENT, "own");
    let code = home_code(&property, &tokens);
    reset(&property, &tokens, &code).expect(200);
    property.clock.advance(MINUTE);
    service.set_code(door, one_more, kind, None).unwrap();
}

fn add(property: &Property, number: u8) -> Uuid {
    let account = NewAccount {
        email: &format!("guest{number}@example.org"),
        name: "Some Guest",
        password: PASSWORD,
        active: true,
    };
    property.service.add_account(&account).unwrap()
}
