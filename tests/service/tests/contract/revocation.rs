//! `DELETE /v1/users/{uuid}/doors/{uuid}`: requested, carried by somebody else's phone, confirmed by the lock's own signature.
use crate::bench::Scene;
use crate::guests::{TOM, add_tom, at_door, code, invitation, invite, let_tom_in, revoke, seen};
use crate::support::{
    Answer, GUEST, MINUTE, NOON, Property, RESIDENT, SECOND_RESIDENT, STAFF, Tokens,
};
use keyway_protocol::error::Code;
use keyway_service::{NewAccess, Role};
use serde_json::{Value, json};

const DAY: i64 = 24 * 60 * MINUTE;

/// The lock of the home, Tom in it, and Rosa who let him in.
struct Stay {
    scene: Scene,
    host: Tokens,
    guest: Tokens,
    tom: Value,
}

impl Stay {
    /// Tom's phone and code both open.
    fn settled() -> Self {
        let mut scene = Scene::new();
        add_tom(&scene.property);
        let host = scene.signed_in(1, RESIDENT);
        let tom = let_tom_in(&scene.property, &scene.seeded, &host);
        let guest = scene.signed_in(2, TOM);
        scene.visit(&host);
        Self {
            scene,
            host,
            guest,
            tom,
        }
    }

    fn revoke(&self, tokens: &Tokens) -> Answer {
        let path = at_door(&self.tom, self.scene.door);
        revoke(&self.scene.property.phone(), tokens, &path)
    }

    /// The access as its host sees it.
    fn told(&self) -> Value {
        let phone = self.scene.property.phone();
        let user = seen(&phone, &self.host, &self.tom).expect(200).json();
        user["accesses"][0].clone()
    }

    fn opens(&mut self) -> bool {
        let digits = code(&self.tom);
        matches!(self.scene.bench.type_code(&digits), Some(Ok(())))
    }
}

#[test]
fn a_revocation_is_requested_then_carried_then_confirmed_by_the_locks_own_receipt() {
    let mut stay = Stay::settled();
    let record = stay.scene.record(&stay.guest);
    stay.scene.bench.present(&record).unwrap();
    assert!(stay.opens());
    stay.scene.property.clock.advance(MINUTE);
    stay.revoke(&stay.host).expect(204);

    let told = stay.told();
    assert_eq!(told["state"], "REVOKE_REQUESTED");
    assert_eq!(
        told["revocation"],
        json!({"requestedAt": "2026-11-24T12:01:00Z", "carriedAt": null, "carriedBy": null, "confirmedAt": null})
    );
    assert_eq!(told["doorcode"]["code"], Value::Null);
    assert!(stay.opens(), "the lock has not heard of it");
    stay.scene.bench.present(&record).unwrap();

    stay.scene.property.clock.advance(MINUTE);
    let partner = stay.scene.signed_in(3, SECOND_RESIDENT);
    let theirs = stay.scene.record(&partner);
    let told = stay.told();
    assert_eq!(told["state"], "REVOKE_CARRIED");
    assert_eq!(told["revocation"]["carriedAt"], "2026-11-24T12:02:00Z");
    assert_eq!(told["revocation"]["carriedBy"], "Sam Ortiz");
    assert_eq!(told["revocation"]["confirmedAt"], Value::Null);

    stay.scene.bench.present(&theirs).unwrap();
    let refused = stay.scene.bench.present(&record).unwrap_err();
    assert_eq!(refused.code, Code::Revoked);
    stay.scene.upload(&partner);
    assert_eq!(
        stay.told()["state"],
        "REVOKE_CARRIED",
        "the code still opens"
    );
    assert!(stay.opens());
    stay.scene.sync(&partner);
    assert!(!stay.opens());
    assert_eq!(stay.told()["state"], "REVOKE_CARRIED", "no receipt yet");
    stay.scene.upload(&partner);
    let told = stay.told();
    assert_eq!(told["state"], "REVOKE_CONFIRMED");
    assert_eq!(told["revocation"]["carriedBy"], "Sam Ortiz");
    assert!(told["revocation"]["confirmedAt"].is_string());
}

#[test]
fn whoever_is_revoked_keeps_nothing_at_that_door() {
    let stay = Stay::settled();
    let phone = stay.scene.property.phone();
    let own = |path: &str| phone.get(&stay.guest, path);
    let doors = own("/v1/doors").expect(200).json();
    assert_eq!(doors["doors"].as_array().unwrap().len(), 1);
    stay.revoke(&stay.host).expect(204);
    assert_eq!(own("/v1/doors").expect(200).json()["doors"], json!([]));
    let codes = own("/v1/doorcodes").expect(200).json();
    assert_eq!(codes["doorcodes"], json!([]));
    for resource in ["access", "bundle"] {
        own(&stay.scene.path(resource)).expect(404);
    }
    seen(&phone, &stay.guest, &stay.tom).expect(404);
}

#[test]
fn a_bundle_that_somebody_fetched_carries_it_and_the_revoked_phones_own_does_not() {
    let mut stay = Stay::settled();
    stay.scene.property.clock.advance(MINUTE);
    stay.revoke(&stay.host).expect(204);
    // Tom comes back to the building by another door's invitation, and with him nothing for this one.
    stay.scene.property.clock.advance(MINUTE);
    let again = let_tom_in(&stay.scene.property, &stay.scene.seeded, &stay.host);
    stay.scene.record(&stay.guest);
    let revoked = |stay: &Stay| {
        let phone = stay.scene.property.phone();
        let user = seen(&phone, &stay.host, &again).expect(200).json();
        let accesses = user["accesses"].as_array().unwrap().clone();
        let state = |access: &Value| access["state"] != "ACTIVE";
        accesses.into_iter().find(state).unwrap()
    };
    assert_eq!(revoked(&stay)["state"], "REVOKE_REQUESTED");
    stay.scene.sync(&stay.host);
    let told = revoked(&stay);
    assert_eq!(told["state"], "REVOKE_CARRIED");
    assert_eq!(told["revocation"]["carriedBy"], "Rosa Ortiz");
}

#[test]
fn the_same_person_can_be_let_in_again() {
    let mut stay = Stay::settled();
    stay.revoke(&stay.host).expect(204);
    // Within the same second, and before any lock has heard of the revocation.
    let again = let_tom_in(&stay.scene.property, &stay.scene.seeded, &stay.host);
    assert_eq!(again["userUuid"], stay.tom["userUuid"]);
    assert_ne!(code(&again), code(&stay.tom));
    let record = stay.scene.visit(&stay.guest);
    stay.scene.bench.present(&record).unwrap();
    assert!(!stay.opens());
    let digits = code(&again);
    assert_eq!(stay.scene.bench.type_code(&digits), Some(Ok(())));

    let phone = stay.scene.property.phone();
    let user = seen(&phone, &stay.host, &again).expect(200).json();
    let states: Vec<&Value> = user["accesses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|access| &access["state"])
        .collect();
    assert_eq!(states, ["ACTIVE", "REVOKE_CONFIRMED"]);
}

#[test]
fn revoking_again_changes_nothing() {
    let stay = Stay::settled();
    stay.revoke(&stay.host).expect(204);
    let told = stay.told();
    stay.scene.property.clock.advance(MINUTE);
    stay.revoke(&stay.host).expect(204);
    assert_eq!(stay.told(), told);
}

#[test]
fn only_the_granter_and_staff_revoke() {
    let stay = Stay::settled();
    let phone = stay.scene.property.phone();
    let partner = phone.sign_in(SECOND_RESIDENT, "own");
    assert_eq!(stay.revoke(&partner).expect(403).code(), "FORBIDDEN");
    let guest = phone.sign_in(GUEST, "own");
    assert_eq!(stay.revoke(&guest).expect(404).code(), "NOT_FOUND");
    assert_eq!(stay.told()["state"], "ACTIVE");
    let staff = phone.sign_in(STAFF, "own");
    stay.revoke(&staff).expect(204);
    assert_eq!(stay.told()["state"], "REVOKE_REQUESTED");
}

#[test]
fn staff_take_a_residents_access_away_and_the_household_does_not_see_that_as_a_guest() {
    let stay = Stay::settled();
    let phone = stay.scene.property.phone();
    let staff = phone.sign_in(STAFF, "own");
    let sam = json!({"userUuid": stay.scene.seeded.accounts[1]});
    let path = at_door(&sam, stay.scene.door);
    revoke(&phone, &stay.host, &path).expect(404);
    revoke(&phone, &staff, &path).expect(204);
    let user = seen(&phone, &staff, &sam).expect(200).json();
    let state = |access: &&Value| access["state"] == "REVOKE_REQUESTED";
    let accesses = user["accesses"].as_array().unwrap();
    assert_eq!(accesses.iter().filter(state).count(), 1);
    seen(&phone, &stay.host, &sam).expect(404);
}

#[test]
fn a_daily_code_cannot_be_revoked() {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    let host = phone.sign_in(RESIDENT, "own");
    let door = seeded.doors[0].uuid;
    for kind in ["DAILY", "DAILY_SINGLE_USE"] {
        let user = invite(&phone, &host, &invitation(kind, &[door])).expect(201);
        let path = at_door(&user.json(), door);
        let told = revoke(&phone, &host, &path).expect(400);
        assert_eq!(told.code(), "PASSCODE_TYPE_CANT_BE_REVOKED");
        let partner = phone.sign_in(SECOND_RESIDENT, "own");
        assert_eq!(
            revoke(&phone, &partner, &path).expect(403).code(),
            "FORBIDDEN"
        );
        let guest = phone.sign_in(GUEST, "own");
        revoke(&phone, &guest, &path).expect(404);
    }
}

#[test]
fn a_revoked_access_stays_listed_for_thirty_days() {
    let stay = Stay::settled();
    stay.revoke(&stay.host).expect(204);
    let phone = stay.scene.property.phone();
    for (days, status) in [(29, 200), (1, 404)] {
        stay.scene.property.clock.advance(days * DAY);
        let host = phone.sign_in(RESIDENT, "own");
        seen(&phone, &host, &stay.tom).expect(status);
    }
}

#[test]
fn a_guest_without_a_code_is_confirmed_by_the_lane_alone() {
    let mut scene = Scene::new();
    let account = add_tom(&scene.property);
    let access = NewAccess {
        door: scene.door,
        account,
        role: Role::Guest,
        starts_at: NOON,
        ends_at: None,
    };
    scene.property.service.add_access(&access).unwrap();
    let staff = scene.signed_in(3, STAFF);
    let tom = json!({ "userUuid": account });
    let phone = scene.property.phone();
    revoke(&phone, &staff, &at_door(&tom, scene.door)).expect(204);
    let record = scene.record(&staff);
    let _ = scene.bench.present(&record);
    scene.upload(&staff);
    let phone = scene.property.phone();
    let user = seen(&phone, &staff, &tom).expect(200).json();
    assert_eq!(user["accesses"][0]["state"], "REVOKE_CONFIRMED");
}
