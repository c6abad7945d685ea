//! `PATCH /v1/users/{uuid}/doors/{uuid}`: until when a guest stays, by whoever let them in or by staff.
use crate::access::at;
use crate::bench::Scene;
use crate::guests::{TOM, add_tom, at_door, change, code, invitation, invite, let_tom_in};
use crate::support::{
    Answer, GUEST, MINUTE, NOON, Property, RESIDENT, SECOND_RESIDENT, STAFF, Tokens,
};
use keyway_protocol::error::Code;
use keyway_service::Seeded;
use serde_json::{Value, json};

/// Tom at Rosa's home.
struct Stay {
    property: Property,
    seeded: Seeded,
    host: Tokens,
    tom: Value,
}

impl Stay {
    fn new() -> Self {
        let (property, seeded) = Property::seeded();
        let host = property.phone().sign_in(RESIDENT, "own");
        let tom = let_tom_in(&property, &seeded, &host);
        Self {
            property,
            seeded,
            host,
            tom,
        }
    }

    fn change(&self, tokens: &Tokens, body: Value) -> Answer {
        let path = at_door(&self.tom, self.seeded.doors[0].uuid);
        change(&self.property.phone(), tokens, &path, &body)
    }

    fn sign_in(&self, email: &str) -> Tokens {
        self.property.phone().sign_in(email, "own")
    }
}

#[test]
fn an_end_is_set_moved_and_taken_away_again() {
    let stay = Stay::new();
    let end = |body| {
        let user = stay.change(&stay.host, body).expect(200).json();
        user["accesses"][0]["endTime"].clone()
    };
    assert_eq!(
        end(json!({"endTime": "2026-12-01T00:00:00+01:00"})),
        "2026-11-30T23:00:00Z"
    );
    assert_eq!(end(json!({})), "2026-11-30T23:00:00Z", "absent is no null");
    assert_eq!(end(json!({"endTime": null})), Value::Null);
    for over in ["2026-11-24T12:00:00Z", "soon"] {
        let told = stay.change(&stay.host, json!({"endTime": over}));
        assert_eq!(told.expect(400).code(), "INVALID_END_TIME");
    }
}

#[test]
fn a_guest_is_never_made_to_share() {
    let stay = Stay::new();
    for host in [RESIDENT, STAFF] {
        let tokens = stay.sign_in(host);
        let told = stay.change(&tokens, json!({"shareable": true})).expect(403);
        assert_eq!(told.code(), "USER_CAN_NOT_SHARE");
        stay.change(&tokens, json!({"shareable": false}))
            .expect(200);
    }
}

#[test]
fn staff_say_whether_a_resident_may_share() {
    let stay = Stay::new();
    let staff = stay.sign_in(STAFF);
    let partner = json!({"userUuid": stay.seeded.accounts[1]});
    let path = at_door(&partner, stay.seeded.doors[0].uuid);
    let phone = stay.property.phone();
    let user = change(&phone, &staff, &path, &json!({"shareable": false})).expect(200);
    assert_eq!(user.json()["accesses"][0]["shareable"], false);

    let tokens = stay.sign_in(SECOND_RESIDENT);
    let doors = phone.get(&tokens, "/v1/doors").expect(200).json();
    assert_eq!(doors["doors"][0]["shareable"], false);
    let mut una = invitation("DAILY", &[stay.seeded.doors[0].uuid]);
    una["email"] = json!("una@example.com");
    let told = invite(&phone, &tokens, &una).expect(403);
    assert_eq!(told.code(), "USER_CAN_NOT_SHARE");
    let doors = phone.get(&stay.host, "/v1/doors").expect(200).json();
    assert_eq!(doors["doors"][0]["sharers"], json!([]));
}

#[test]
fn only_the_granter_and_staff_change_what_they_can_see() {
    let stay = Stay::new();
    let end = json!({"endTime": "2026-12-01T00:00:00Z"});
    let partner = stay.sign_in(SECOND_RESIDENT);
    let told = stay.change(&partner, end.clone()).expect(403);
    assert_eq!(told.code(), "FORBIDDEN", "the household sees and leaves it");
    let guest = stay.sign_in(GUEST);
    let told = stay.change(&guest, end.clone()).expect(404);
    assert_eq!(told.code(), "NOT_FOUND");
    stay.change(&stay.sign_in(STAFF), end).expect(200);

    // One's own access is in sight and not one's own to change.
    let own = json!({"userUuid": stay.seeded.accounts[2]});
    let path = at_door(&own, stay.seeded.doors[0].uuid);
    let phone = stay.property.phone();
    let told = change(&phone, &guest, &path, &json!({"endTime": null}));
    assert_eq!(told.expect(403).code(), "FORBIDDEN");
}

#[test]
fn what_is_not_there_cannot_be_changed() {
    let stay = Stay::new();
    let phone = stay.property.phone();
    let end = json!({"endTime": null});
    let entrance = at_door(&stay.tom, stay.seeded.doors[1].uuid);
    change(&phone, &stay.host, &entrance, &end).expect(404);
    let nobody = format!("/v1/users/nobody/doors/{}", stay.seeded.doors[0].uuid);
    change(&phone, &stay.host, &nobody, &end).expect(404);
}

#[test]
fn a_daily_code_has_nothing_to_change() {
    let stay = Stay::new();
    let phone = stay.property.phone();
    let door = stay.seeded.doors[0].uuid;
    let daily = invite(&phone, &stay.host, &invitation("DAILY", &[door]));
    let path = at_door(&daily.expect(201).json(), door);
    let end = json!({"endTime": "2026-11-24T18:00:00Z"});
    let told = change(&phone, &stay.host, &path, &end).expect(400);
    assert_eq!(told.code(), "END_TIME_NOT_SUPPORTED");
    let told = change(&phone, &stay.host, &path, &json!({"shareable": true}));
    assert_eq!(told.expect(403).code(), "USER_CAN_NOT_SHARE");
}

#[test]
fn a_shorter_stay_ends_at_the_lock_too_for_code_and_phone() {
    let mut scene = Scene::new();
    add_tom(&scene.property);
    let host = scene.signed_in(1, RESIDENT);
    let tom = let_tom_in(&scene.property, &scene.seeded, &host);
    let guest = scene.signed_in(2, TOM);
    let record = scene.visit(&guest);
    assert_eq!(scene.bench.type_code(&code(&tom)), Some(Ok(())));

    let path = at_door(&tom, scene.door);
    let end = json!({"endTime": "2026-11-24T12:30:00Z"});
    let phone = scene.property.phone();
    change(&phone, &host, &path, &end).expect(200);
    // The grant would last a day: the lock refuses it once anybody came by, and the phone fetches a shorter one.
    scene.property.clock.advance(1_000);
    scene.visit(&host);
    assert_eq!(
        scene.bench.present(&record).unwrap_err().code,
        Code::Revoked
    );
    let shorter = scene.record(&guest);
    scene.bench.present(&shorter).unwrap();
    let end = at(NOON + 30 * MINUTE);
    assert_eq!(shorter.claims().expires, end);

    scene.bench.now += u64::try_from(31 * MINUTE).unwrap();
    assert!(!matches!(scene.bench.type_code(&code(&tom)), Some(Ok(()))));
    assert_eq!(
        scene.bench.present(&shorter).unwrap_err().code,
        Code::Expired
    );
}
