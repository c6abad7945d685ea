//! Doors, ways in, codes, activity.

use super::canned::{Home, id};
use serde_json::{Value, json};

fn code(byte: u8, kind: &str, passcode_type: &str, status: &str) -> Value {
    json!({
        "uuid": id(byte), "doorUuid": id(1), "kind": kind, "passcodeType": passcode_type, "code": "0042137",
        "startTime": "2026-11-23T23:00:00Z", "endTime": null,
        "startLocal": "2026-11-24T00:00:00+01:00", "endLocal": null, "status": status, "replacedBy": null,
    })
}

#[test]
fn the_ladder_stands_in_the_cores_order_with_whom_to_ask() {
    let home = Home::new();
    let events = home.does("options front");
    let ways: Vec<_> = events[0]["options"]
        .as_array()
        .expect("ways")
        .iter()
        .collect();
    let available = |way: &&&Value| way["available"] == true;
    assert_eq!(
        ways.iter().take_while(available).count(),
        ways.iter().filter(available).count()
    );
    let phone = ways.iter().find(|way| way["way"] == "phone");
    assert_eq!(phone.expect("a way")["why"], "no_bluetooth_unlock");
    assert_eq!(events[0]["sharers"], json!(["Ada"]));
    assert_eq!(events[0]["property"]["phone"], "+1 555 0100");
    assert_eq!(home.keyway("options cellar").0, 36);
}

#[test]
fn a_new_daily_code_is_shown_at_once() {
    let home = Home::new();
    let made = code(7, "DAILY", "DAILY", "ACTIVE");
    let line = format!("POST /v1/doors/{}/doorcodes", id(1));
    home.service.answers(&line, 201, made);
    let events = home.does("new-code Front --tomorrow");
    assert_eq!(
        (&events[0]["event"], &events[0]["digits"]),
        (&json!("code"), &json!("0042137"))
    );
    let asked = &home.service.heard(&line)[0];
    assert_eq!(
        (&asked["passcodeType"], &asked["day"]),
        (&json!("DAILY"), &json!("TOMORROW"))
    );
}

#[test]
fn a_reset_is_of_ones_own_code_and_stays_covered() {
    let home = Home::new();
    let mut old = code(7, "RESIDENCE", "PERMANENT", "ACTIVE");
    old["replacedBy"] = json!(id(8));
    let codes = [
        code(6, "DAILY", "DAILY", "ACTIVE"),
        old,
        code(8, "RESIDENCE", "PERMANENT", "PENDING_SYNC"),
    ];
    let list = json!({ "serverTime": "2026-11-24T11:30:00Z", "doorcodes": codes });
    home.service.answers("GET /v1/doorcodes", 200, list);
    let line = format!("POST /v1/doorcodes/{}/reset", id(8));
    let made = code(9, "RESIDENCE", "PERMANENT", "PENDING_SYNC");
    home.service.answers(&line, 200, made);
    let events = home.does("reset-code Front");
    assert_eq!(home.service.heard(&line).len(), 1);
    assert_eq!(
        (&events[0]["status"], &events[0]["digits"]),
        (&json!("pending_sync"), &Value::Null)
    );
    let (code, events) = home.keyway("reset-code Garage");
    assert_eq!((code, &events[0]["error"]), (36, &json!("no_doorcode")));
}

#[test]
fn activity_goes_back_to_the_first_entry_when_more_is_asked_for() {
    let home = Home::new();
    let entry = |at: &str| {
        json!({
            "at": at, "uncertainSeconds": 0, "event": "UNLOCK", "result": "EXECUTED", "count": 1,
            "by": { "kind": "PHONE", "name": "Rosa", "userUuid": id(0xaa), "isYou": true },
            "visibleTo": ["RESIDENTS"],
        })
    };
    let line = format!("GET /v1/doors/{}/activity", id(1));
    let newest = json!({ "entries": [entry("2026-11-24T11:30:00Z")], "nextPageToken": "p2" });
    home.service.answers(&line, 200, newest);
    let oldest = json!({ "entries": [entry("2026-11-24T10:00:00Z")] });
    home.service
        .answers(&format!("{line}?pageToken=p2"), 200, oldest);
    let events = home.does("activity Front");
    assert_eq!((events.len(), &events[1]["event"]), (2, &json!("older")));
    let events = home.does("activity Front --more");
    assert_eq!(
        (events.len(), &events[1]["at"]),
        (2, &json!("2026-11-24T10:00:00Z"))
    );
    assert_eq!(events[0]["visibleTo"], json!(["residents"]));
}

#[test]
fn a_service_that_always_has_more_and_never_shows_it_is_left() {
    let home = Home::new();
    let line = format!("GET /v1/doors/{}/activity", id(1));
    let nothing = json!({ "entries": [], "nextPageToken": "again" });
    home.service.answers(&line, 200, nothing.clone());
    home.service
        .answers(&format!("{line}?pageToken=again"), 200, nothing);
    assert_eq!(home.does("activity Front --more").len(), 1);
}
