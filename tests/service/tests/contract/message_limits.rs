//! Nobody can flood a mailbox or a phone through this service: each host causes so many messages within an hour, and no more.
use crate::guests::{TOM, code, invitation, invite, invited, mail_to, messages_to};
use crate::support::{Answer, MINUTE, Property, RESIDENT, SECOND_RESIDENT};
use keyway_service::Recipient;
use serde_json::{Value, json};
use uuid::Uuid;

fn to(email: &str, door: Uuid) -> Value {
    let mut asked = invitation("DAILY", &[door]);
    asked["email"] = json!(email);
    asked["day"] = json!("TODAY");
    asked
}

#[track_caller]
fn refused(answer: Answer, seconds: &str) {
    let answer = answer.expect(429);
    assert_eq!(answer.code(), "TOO_MANY_TRIES");
    assert_eq!(answer.header("retry-after"), seconds);
    assert_eq!(answer.json()["retryAfter"].to_string(), seconds);
}

#[test]
fn ten_messages_an_hour_go_to_one_recipient() {
    let (property, seeded) = Property::seeded();
    let home = seeded.doors[0].uuid;
    let phone = property.phone();
    let host = phone.sign_in(RESIDENT, "own");
    for _ in 0..10 {
        invite(&phone, &host, &to(TOM, home)).expect(201);
        property.clock.advance(20_000);
    }
    refused(invite(&phone, &host, &to(" TOM@example.com", home)), "3400");
    assert_eq!(mail_to(&property, TOM).len(), 10);
    // Another recipient, another host, and a code that nobody is told of are not held up.
    invite(&phone, &host, &to("una@example.com", home)).expect(201);
    invited(&property, SECOND_RESIDENT, &to(TOM, home)).expect(201);
    let mut silent = to(TOM, home);
    silent["shouldNotify"] = json!(false);
    invite(&phone, &host, &silent).expect(201);
    // What was refused does not count: the first message's place is free an hour after it.
    property.clock.advance(3_399_000);
    let host = phone.sign_in(RESIDENT, "own");
    refused(invite(&phone, &host, &to(TOM, home)), "1");
    property.clock.advance(1_000);
    invite(&phone, &host, &to(TOM, home)).expect(201);
    refused(invite(&phone, &host, &to(TOM, home)), "20");
}

#[test]
fn thirty_messages_an_hour_are_caused_by_one_host_to_whomever_by_mail_or_text() {
    let (property, seeded) = Property::seeded();
    let home = seeded.doors[0].uuid;
    let number = |guest: usize| format!("+1212555{guest:04}");
    let text_to = |guest: usize| {
        let mut asked = to(TOM, home);
        asked["email"] = Value::Null;
        asked["phone"] = json!(number(guest));
        asked
    };
    // Spread over doors and days, so that no door runs out of daily codes.
    for guest in 0..15_usize {
        let mail = to(
            &format!("g{guest}@example.com"),
            seeded.doors[guest % 3].uuid,
        );
        invited(&property, RESIDENT, &mail).expect(201);
        let mut text = text_to(guest);
        text["day"] = json!("TOMORROW");
        text["doorUuids"] = json!([seeded.doors[guest % 3].uuid]);
        invited(&property, RESIDENT, &text).expect(201);
    }
    let mut late = text_to(99);
    late["day"] = json!("TOMORROW");
    refused(invited(&property, RESIDENT, &late), "3600");
    let sent = messages_to(&property, &Recipient::Phone(number(0)));
    assert_eq!(sent.len(), 1);
    assert!(messages_to(&property, &Recipient::Phone(number(99))).is_empty());
    invited(&property, SECOND_RESIDENT, &late).expect(201);
    property.clock.advance(60 * MINUTE);
    invited(&property, RESIDENT, &late).expect(201);
}

#[test]
fn nothing_is_made_when_the_message_could_not_be_queued() {
    let (property, seeded) = Property::seeded();
    let home = seeded.doors[0].uuid;
    let phone = property.phone();
    let host = phone.sign_in(RESIDENT, "own");
    for _ in 0..10 {
        invite(&phone, &host, &to(TOM, home)).expect(201);
    }
    let users = || phone.get(&host, "/v1/users").expect(200).json();
    let doors = || phone.get(&host, "/v1/doors").expect(200).json()["doors"].clone();
    let before = (users(), doors());
    let lasting = invitation("PERMANENT", &[home, seeded.doors[1].uuid]);
    refused(invite(&phone, &host, &lasting), "3600");
    let mut tomorrow = to(TOM, home);
    tomorrow["day"] = json!("TOMORROW");
    refused(invite(&phone, &host, &tomorrow), "3600");
    assert_eq!((users(), doors()), before);
    let asked =
        json!({ "client_id": "keyway-app", "connection": "email", "email": TOM, "send": "code" });
    let asked = crate::support::post_json("/passwordless/start", &asked);
    property.call(asked).expect(200);
    assert_eq!(mail_to(&property, TOM).len(), 10, "there is no account");
    // It is the message that is refused, not the code.
    tomorrow["shouldNotify"] = json!(false);
    let user = invite(&phone, &host, &tomorrow).expect(201).json();
    assert_eq!(code(&user).len(), 8);
}
