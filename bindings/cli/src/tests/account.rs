//! Sessions, hiding, support.

use super::canned::{Home, id};
use crate::journey;
use serde_json::{Value, json};

fn sessions() -> Value {
    let session = |byte: u8, current: bool| {
        json!({
            "id": id(byte), "borrowed": !current, "startedAt": "2026-11-24T11:30:00Z",
            "lastSeenAt": "2026-11-24T11:31:00Z", "endsAt": "2027-02-22T11:30:00Z", "current": current,
        })
    };
    json!({ "serverTime": "2026-11-24T11:32:00Z", "sessions": [session(0x1a, true), session(0x2b, false)] })
}

#[test]
fn one_session_is_ended_by_the_beginning_of_its_id() {
    let home = Home::new();
    home.service.answers("GET /v1/sessions", 200, sessions());
    let line = format!("DELETE /v1/sessions/{}", id(0x2b));
    home.service.answers(&line, 204, Value::Null);
    assert_eq!(home.does("sessions").len(), 2);
    let events = home.does("end-session 2b");
    assert_eq!(
        (&events[0]["event"], &events[0]["id"]),
        (&json!("session_ended"), &json!(id(0x2b)))
    );
    assert_eq!(home.service.heard(&line).len(), 1);
    let (code, events) = home.keyway("end-session 3c");
    assert_eq!((code, &events[0]["error"]), (17, &json!("session_unknown")));
}

#[test]
fn this_phones_own_session_ends_with_a_report() {
    let home = Home::new();
    home.service.answers("GET /v1/sessions", 200, sessions());
    let events = home.does("end-session 1a");
    assert_eq!(
        (&events[0]["event"], &events[0]["complete"]),
        (&json!("signed_out"), &json!(true))
    );
    assert_eq!(home.service.heard("POST /v1/sessions/end").len(), 1);
    assert_eq!(home.keyway("sessions").0, 14);
}

#[test]
fn every_session_ends_with_a_report_or_none_at_all() {
    let home = Home::new();
    home.service
        .answers("DELETE /v1/sessions", 503, json!({ "code": "IN_TROUBLE" }));
    assert_eq!(home.keyway("end-sessions").0, 21);
    home.does("doors");
    home.service
        .answers("DELETE /v1/sessions", 204, Value::Null);
    let events = home.does("end-sessions");
    let names: Vec<_> = events.iter().map(|event| &event["event"]).collect();
    assert_eq!(names, ["sessions_ended", "signed_out"]);
    assert_eq!(home.keyway("doors").0, 14);
}

#[test]
fn a_terminal_has_no_lock_screen_to_hide_behind() {
    let home = Home::new();
    let (code, events) = home.keyway("hide");
    assert_eq!(
        (code, &events[0]["error"]),
        (16, &json!("device_authentication_missing"))
    );
    let (code, events) = home.runs(async |app, output| journey::show(app, output).await);
    assert_eq!((code, &events[0]["event"]), (0, &json!("shown")));
}

#[test]
fn support_gets_a_report_without_names() {
    let home = Home::new();
    home.does("doors");
    let report = home.does("diagnostics")[0]["report"].clone();
    assert_eq!(report["account"], "signed in");
    assert_eq!(report["doors"].as_array().map(Vec::len), Some(2));
    for name in ["Front", "Rosa", "rosa@b.test", &id(1)] {
        assert!(!report.to_string().contains(name), "{name}: {report}");
    }
}
