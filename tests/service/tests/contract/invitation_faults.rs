//! What is refused before any door is asked: each of OpenDOOR's codes, and who may not let anybody in.
use crate::guests::{TOM, invitation, invite, mail_to};
use crate::support::{GUEST, NOON, Property, RESIDENT, STAFF};
use keyway_service::{NewAccess, Role};
use serde_json::{Value, json};
use uuid::Uuid;

/// An invitation to the home with one member exchanged, and what was answered.
fn told(passcode_type: &str, members: &[(&str, Value)], status: u16) -> String {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let mut invitation = invitation(passcode_type, &[seeded.doors[0].uuid]);
    for (member, value) in members {
        invitation[*member] = value.clone();
    }
    let told = invite(&phone, &tokens, &invitation).expect(status).code();
    assert!(mail_to(&property, TOM).is_empty(), "nothing was sent");
    told
}

fn refused(passcode_type: &str, member: &str, value: Value) -> String {
    told(passcode_type, &[(member, value)], 400)
}

#[test]
fn either_an_email_or_a_phone_number() {
    let both = refused("DAILY", "phone", json!("+12125550142"));
    assert_eq!(both, "EMAIL_AND_PHONE_PROVIDED");
    let neither = refused("DAILY", "email", Value::Null);
    assert_eq!(neither, "EMAIL_OR_PHONE_REQUIRED");
    assert_eq!(
        refused("PERMANENT", "email", Value::Null),
        "EMAIL_OR_PHONE_REQUIRED"
    );
}

#[test]
fn an_email_that_says_nothing_or_nonsense() {
    assert_eq!(
        refused("DAILY", "email", json!("  ")),
        "EMAIL_CAN_NOT_BE_EMPTY"
    );
    assert_eq!(refused("DAILY", "email", json!("tom")), "INVALID_EMAIL");
    let two_headers = json!("tom@example.com\r\nBcc: all@example.com");
    assert_eq!(refused("DAILY", "email", two_headers), "INVALID_EMAIL");
}

#[test]
fn a_permanent_passcode_needs_an_email() {
    let by_phone = [("email", Value::Null), ("phone", json!("+12125550142"))];
    assert_eq!(
        told("PERMANENT", &by_phone, 400),
        "EMAIL_REQUIRED_FOR_PERMANENT"
    );
}

#[test]
fn a_phone_number_must_be_e164() {
    for number in ["", "212 555 0142", "+1", "+12125550142x"] {
        let by_phone = [("email", Value::Null), ("phone", json!(number))];
        assert_eq!(told("DAILY", &by_phone, 400), "INVALID_PHONE", "{number}");
    }
}

#[test]
fn a_start_must_be_a_time_and_for_a_daily_code_today_or_tomorrow_at_the_door() {
    for kind in ["PERMANENT", "DAILY", "DAILY_SINGLE_USE"] {
        assert_eq!(
            refused(kind, "startTime", json!("soon")),
            "INVALID_START_TIME"
        );
        assert_eq!(
            refused(kind, "startTime", Value::Null),
            "INVALID_START_TIME"
        );
    }
    // It is noon in Greenwich: in New York the 24th began at five and the 26th begins at five.
    for outside in ["2026-11-24T04:59:59Z", "2026-11-26T05:00:00Z"] {
        assert_eq!(
            refused("DAILY", "startTime", json!(outside)),
            "INVALID_START_TIME"
        );
    }
    for inside in [
        "2026-11-24T05:00:00Z",
        "2026-11-26T04:59:59Z",
        "2026-11-24T00:00:00-05:00",
    ] {
        let (property, seeded) = Property::seeded();
        let phone = property.phone();
        let tokens = phone.sign_in(RESIDENT, "own");
        let mut invitation = invitation("DAILY", &[seeded.doors[0].uuid]);
        invitation["startTime"] = json!(inside);
        invite(&phone, &tokens, &invitation).expect(201);
    }
}

#[test]
fn an_end_must_come_after_the_start_and_not_be_over() {
    for end in ["never", "2026-11-24T12:00:00Z", "2026-11-24T11:00:00Z"] {
        assert_eq!(
            refused("PERMANENT", "endTime", json!(end)),
            "INVALID_END_TIME"
        );
    }
    let past = [
        ("startTime", json!("2026-11-01T12:00:00Z")),
        ("endTime", json!("2026-11-02T12:00:00Z")),
    ];
    assert_eq!(told("PERMANENT", &past, 400), "INVALID_END_TIME");
}

#[test]
fn a_daily_code_has_no_end_of_its_own() {
    for kind in ["DAILY", "DAILY_SINGLE_USE"] {
        let end = json!("2026-11-24T18:00:00Z");
        assert_eq!(refused(kind, "endTime", end), "END_TIME_NOT_SUPPORTED");
    }
}

#[test]
fn names_doors_and_kinds_that_are_none() {
    assert_eq!(refused("DAILY", "firstName", json!(" ")), "BAD_REQUEST");
    assert_eq!(
        refused("DAILY", "lastName", json!("Taylor\nBcc: x")),
        "BAD_REQUEST"
    );
    assert_eq!(refused("DAILY", "doorUuids", json!([])), "BAD_REQUEST");
    let many: Vec<Uuid> = (0..21).map(Uuid::from_u128).collect();
    assert_eq!(refused("DAILY", "doorUuids", json!(many)), "BAD_REQUEST");
    assert_eq!(refused("HOURLY", "email", json!(TOM)), "BAD_REQUEST");
    assert_eq!(refused("PERMANENT", "role", json!("TOURER")), "BAD_REQUEST");
}

#[test]
fn a_resident_lets_in_guests_only() {
    for role in ["RESIDENT", "NON_RESIDENT"] {
        let told = told("PERMANENT", &[("role", json!(role))], 403);
        assert_eq!(told, "USER_CAN_NOT_SHARE");
    }
}

#[test]
fn a_guest_lets_nobody_in_whatever_the_property_wrote_down() {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    let tokens = phone.sign_in(GUEST, "own");
    for kind in ["PERMANENT", "DAILY", "DAILY_SINGLE_USE"] {
        let invitation = invitation(kind, &[seeded.doors[0].uuid, seeded.doors[1].uuid]);
        let told = invite(&phone, &tokens, &invitation).expect(403);
        assert_eq!(told.code(), "USER_CAN_NOT_SHARE");
    }
    assert!(mail_to(&property, TOM).is_empty());
}

#[test]
fn nobody_lets_in_before_their_own_access_begins_or_where_there_is_none() {
    let (property, seeded) = Property::seeded();
    let account = crate::guests::add_tom(&property);
    property
        .service
        .add_access(&NewAccess {
            door: seeded.doors[0].uuid,
            account,
            role: Role::Resident,
            starts_at: NOON + 60_000,
            ends_at: None,
        })
        .unwrap();
    let phone = property.phone();
    let tokens = phone.sign_in(TOM, "own");
    let to = |doors: &[Uuid]| {
        let mut invitation = invitation("DAILY", doors);
        invitation["email"] = json!("una@example.com");
        invite(&phone, &tokens, &invitation)
    };
    let told = to(&[seeded.doors[0].uuid]).expect(403);
    assert_eq!(told.code(), "USER_CAN_NOT_SHARE");
    assert_eq!(
        to(&[seeded.doors[1].uuid]).expect(404).code(),
        "NOT_FOUND",
        "a door that is not theirs does not exist"
    );
    let told = to(&[seeded.doors[1].uuid, seeded.doors[0].uuid]).expect(403);
    assert_eq!(told.code(), "USER_CAN_NOT_SHARE");
    property.clock.advance(60_000);
    to(&[seeded.doors[0].uuid]).expect(201);
}

#[test]
fn staff_make_a_daily_code_for_guests_only() {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    let tokens = phone.sign_in(STAFF, "own");
    let mut invitation = invitation("DAILY", &[seeded.doors[0].uuid]);
    invitation["role"] = json!("RESIDENT");
    let told = invite(&phone, &tokens, &invitation).expect(400);
    assert_eq!(told.code(), "BAD_REQUEST");
}
