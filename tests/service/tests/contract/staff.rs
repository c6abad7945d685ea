//! Staff act at every door of their building and get into none that is not theirs.
use crate::bench::Scene;
use crate::support::{Property, STAFF};
use keyway_protocol::error::Code;
use keyway_protocol::grant::Operations;
use keyway_protocol::lock::Keeper;
use serde_json::json;

#[test]
fn a_grant_of_staff_carries_a_sync_to_a_home_and_does_not_open_it() {
    let mut scene = Scene::new();
    let staff = scene.signed_in(1, STAFF);
    let record = scene.record(&staff);
    assert_eq!(record.claims().operations, Operations::SYNC);
    scene.attest(&staff);
    let refused = scene.bench.present(&record).unwrap_err();
    assert_eq!(refused.code, Code::NotPermitted);

    // The lane was taken all the same, and so are bundle, receipts and log.
    scene.sync(&staff);
    scene.upload(&staff);
    let doors = scene.property.phone().get(&staff, "/v1/doors").expect(200);
    assert_eq!(doors.json()["doors"][0]["lastSync"]["by"], "Stella Staff");
    assert_eq!(doors.json()["doors"][0]["pendingChanges"], 0);
    let standing = scene.bench.ask(|lock, env| lock.standing(env));
    assert_eq!(standing.crit_seq, record.crit_seq());
}

#[test]
fn staff_open_their_service_doors_like_anybody_with_access() {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    let tokens = phone.sign_in(STAFF, "own");
    phone.register(&tokens).expect(204);
    let path = format!("/v1/doors/{}/access", seeded.doors[3].uuid);
    let answer = phone.get(&tokens, &path).expect(200);
    let record = keyway_protocol::record::AccessRecord::decode(&answer.body, None).unwrap();
    assert_eq!(record.claims().operations, Operations::ALL);
}

#[test]
fn staff_get_no_code_of_their_own_for_a_home() {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    let tokens = phone.sign_in(STAFF, "own");
    let path = format!("/v1/doors/{}/doorcodes", seeded.doors[0].uuid);
    let body = json!({ "passcodeType": "DAILY", "day": "TODAY" });
    phone.post(&tokens, &path, &body).expect(404);
    let codes = phone.get(&tokens, "/v1/doorcodes").expect(200).json();
    let codes = codes["doorcodes"].as_array().unwrap();
    assert_eq!(codes.len(), 1);
    assert_eq!(codes[0]["doorUuid"], seeded.doors[3].uuid.to_string());
}

#[test]
fn a_staff_account_without_a_service_door_is_nobodys_staff() {
    let (property, seeded) = Property::seeded();
    let service = &property.service;
    service
        .remove_access(seeded.doors[3].uuid, seeded.accounts[4])
        .unwrap();
    let phone = property.phone();
    let tokens = phone.sign_in(STAFF, "own");
    let doors = phone.get(&tokens, "/v1/doors").expect(200).json();
    assert_eq!(doors["doors"], json!([]));
    let told = phone.get(&tokens, "/v1/buildings").expect(403);
    assert_eq!(told.code(), "FORBIDDEN");
}
