//! What somebody who is let in is told, and by which way.
use crate::guests::{TOM, code, invitation, invited, mail_to, messages_to};
use crate::support::{Property, RESIDENT};
use keyway_service::Recipient;
use serde_json::{Value, json};

#[test]
fn a_message_says_who_which_door_which_code_when_and_how() {
    let (property, seeded) = Property::seeded();
    let user = invited(
        &property,
        RESIDENT,
        &invitation("DAILY", &[seeded.doors[0].uuid]),
    );
    let user = user.expect(201).json();
    let mail = mail_to(&property, TOM);
    let [message] = &mail[..] else {
        panic!("one message, not {}", mail.len());
    };
    for said in [
        "Rosa Ortiz lets you in: Home 4B",
        "Hello Tom,",
        "Home 4B, Elm Court",
        &format!("Doorcode: {}", code(&user)),
        "all day on Tuesday, 24 November 2026 (America/New_York)",
        "Touch the lens and wait for the light.",
        "at most 5 seconds between two digits",
        "not open while the deadbolt is thrown",
    ] {
        assert!(message.contains(said), "{said:?} in {message}");
    }
    let subject = message.lines().next().unwrap();
    assert!(
        !subject.contains(&code(&user)),
        "no code on a locked screen"
    );
}

#[test]
fn a_message_about_a_longer_stay_tells_both_ends_by_the_doors_clock() {
    let (property, seeded) = Property::seeded();
    let mut asked = invitation("PERMANENT", &[seeded.doors[1].uuid]);
    asked["endTime"] = json!("2026-12-24T17:30:00Z");
    invited(&property, RESIDENT, &asked).expect(201);
    let message = &mail_to(&property, TOM)[0];
    let when = "from Tuesday, 24 November 2026, 07:00 to Thursday, 24 December 2026, 12:30 (America/New_York)";
    assert!(message.contains(when), "{message}");
    assert!(message.contains("after the next sync"), "{message}");
    assert!(!message.contains("deadbolt"), "{message}");
}

#[test]
fn a_text_goes_to_a_phone_and_none_goes_where_nobody_asked_for_it() {
    let (property, seeded) = Property::seeded();
    let mut asked = invitation("DAILY_SINGLE_USE", &[seeded.doors[0].uuid]);
    asked["email"] = Value::Null;
    asked["phone"] = json!("+1 (212) 555-0142");
    let user = invited(&property, RESIDENT, &asked).expect(201).json();
    assert_eq!(user["phone"], "+12125550142");
    assert!(user.get("email").is_none());
    let number = Recipient::Phone("+12125550142".into());
    let texts = messages_to(&property, &number);
    assert_eq!(texts.len(), 1);
    assert!(texts[0].contains(&code(&user)) && texts[0].contains("15 minutes"));

    asked["shouldNotify"] = json!(false);
    invited(&property, RESIDENT, &asked).expect(201);
    assert_eq!(messages_to(&property, &number).len(), 1);
}
