//! Letting others in.

use super::canned::{Home, id};
use serde_json::{Value, json};

fn access(door: u8, kind: &str) -> Value {
    json!({
        "doorUuid": id(door), "passcodeType": kind, "role": "GUEST", "shareable": false,
        "startTime": "2026-11-24T11:30:00Z", "endTime": null,
        "doorcode": { "code": "00421378", "description": "VALID" }, "state": "ACTIVE",
    })
}

fn bo(accesses: &[Value], failures: &[Value]) -> Value {
    json!({
        "userUuid": id(0xb0), "firstName": "Bo", "lastName": "Lee", "email": "bo@b.test",
        "accesses": accesses, "failures": failures,
    })
}

#[test]
fn a_code_for_somebody_is_asked_for_at_each_door_and_a_door_that_failed_ends_with_42() {
    let home = Home::new();
    let failed = json!({ "doorUuid": id(2), "code": "DAILY_CODES_EXHAUSTED" });
    let made = bo(&[access(1, "DAILY_SINGLE_USE")], &[failed]);
    home.service.answers("POST /v2/users", 201, made);
    let line = "let-in Front Garage --email bo@b.test --first Bo --last Lee --single-use";
    let (code, events) = home.keyway(line);
    assert_eq!(code, 42, "{events:?}");
    assert_eq!(events[0]["accesses"][0]["door"], "Front");
    assert_eq!(events[0]["accesses"][0]["digits"], Value::Null);
    assert_eq!(events[0]["failures"][0]["error"], "no_doorcode_left");
    assert_eq!(events[1]["error"], "partial_failure");
    let asked = &home.service.heard("POST /v2/users")[0];
    assert_eq!(asked["doorUuids"], json!([id(1), id(2)]));
    assert_eq!(asked["passcodeType"], "DAILY_SINGLE_USE");
    assert_eq!(asked["email"], "bo@b.test");
}

#[test]
fn an_invitation_holds_on_the_first_doors_wall() {
    let home = Home::new();
    let made = bo(&[access(1, "PERMANENT")], &[]);
    home.service.answers("POST /v2/users", 201, made);
    let line = "invite Front --email bo@b.test --first Bo --last Lee --from 2090-12-01T18:00 --until '2090-12-02 18:00'";
    let events = home.does(line);
    assert_eq!(events[0]["event"], "let_in");
    let asked = &home.service.heard("POST /v2/users")[0];
    assert_eq!(asked["startTime"], "2090-12-01T17:00:00.000Z");
    assert_eq!(asked["endTime"], "2090-12-02T17:00:00.000Z");

    let (code, events) = home
        .keyway("invite Front --email bo@b.test --first Bo --last Lee --until '2090-03-26 02:30'");
    assert_eq!((code, &events[0]["error"]), (17, &json!("time_skipped")));
    let (code, events) = home.keyway("invite Front --email nobody --first Bo --last Lee");
    assert_eq!(
        (code, &events[0]["error"]),
        (17, &json!("recipient_invalid"))
    );
    assert_eq!(home.service.heard("POST /v2/users").len(), 1);
}

#[test]
fn an_access_is_taken_back_and_its_end_moved_by_the_persons_name() {
    let home = Home::new();
    let mut revoked = access(2, "PERMANENT");
    revoked["revocation"] = json!({
        "requestedAt": "2026-11-24T11:30:00Z", "carriedAt": "2026-11-24T11:31:00Z", "carriedBy": "Ada", "confirmedAt": null,
    });
    let people = json!({ "users": [bo(&[access(1, "PERMANENT"), revoked], &[])] });
    home.service.answers("GET /v1/users", 200, people);
    let events = home.does("guests");
    assert_eq!(events[0]["accesses"][1]["revocation"]["carriedBy"], "Ada");

    let at = format!("/v1/users/{}/doors/{}", id(0xb0), id(1));
    home.service
        .answers(&format!("DELETE {at}"), 204, Value::Null);
    let events = home.does("revoke \"bo lee\" Front");
    assert_eq!(events[0]["state"], "requested");
    assert_eq!(home.service.heard(&format!("DELETE {at}")).len(), 1);

    let changed = bo(&[access(1, "PERMANENT")], &[]);
    home.service.answers(&format!("PATCH {at}"), 200, changed);
    home.does("change-end bo@b.test Front --never");
    home.does("change-end Bo Front --until 2090-07-01T12:00");
    let asked = home.service.heard(&format!("PATCH {at}"));
    assert_eq!(asked[0], json!({ "endTime": null }));
    assert_eq!(asked[1], json!({ "endTime": "2090-07-01T10:00:00.000Z" }));

    let (code, events) = home.keyway("revoke Cleo Front");
    assert_eq!((code, &events[0]["error"]), (37, &json!("person_unknown")));
}

#[test]
fn a_daily_code_cannot_be_taken_back() {
    let home = Home::new();
    let people = json!({ "users": [bo(&[access(1, "DAILY")], &[])] });
    home.service.answers("GET /v1/users", 200, people);
    let line = format!("DELETE /v1/users/{}/doors/{}", id(0xb0), id(1));
    let refused = json!({ "code": "PASSCODE_TYPE_CANT_BE_REVOKED" });
    home.service.answers(&line, 400, refused);
    let (code, events) = home.keyway("revoke Bo Front");
    assert_eq!(
        (code, &events[0]["error"]),
        (37, &json!("code_cannot_be_revoked"))
    );
}
