//! The account's own sessions: listed, ended one by one and all at once, and nobody else's.
use crate::support::{Answer, MINUTE, Phone, Property, RESIDENT, SECOND_RESIDENT, Tokens};
use http::Method;
use serde_json::{Value, json};

fn list(phone: &Phone<'_>, tokens: &Tokens) -> Vec<Value> {
    let answer = phone.get(tokens, "/v1/sessions").expect(200).json();
    answer["sessions"].as_array().unwrap().clone()
}

fn end(phone: &Phone<'_>, tokens: &Tokens, path: &str) -> Answer {
    phone.resource(tokens, Method::DELETE, path, None)
}

fn path_of(tokens: &Tokens) -> String {
    format!("/v1/sessions/{}", tokens.session["id"].as_str().unwrap())
}

#[test]
fn the_live_sessions_are_listed_newest_first_and_the_asking_one_is_marked() {
    let property = Property::open();
    let own = property.phone();
    let first = own.sign_in(RESIDENT, "own");
    property.clock.advance(MINUTE);
    let other = Phone::new(&property, 2);
    let second = other.sign_in(RESIDENT, "borrowed");
    Phone::new(&property, 3).sign_in(SECOND_RESIDENT, "own");
    property.clock.advance(MINUTE);
    let first = Tokens::of(&own.refresh(&first.refresh).expect(200));

    let answer = own.get(&first, "/v1/sessions").expect(200).json();
    assert_eq!(
        answer,
        json!({
            "serverTime": "2026-11-24T12:02:00Z",
            "sessions": [
                {
                    "id": second.session["id"],
                    "borrowed": true,
                    "startedAt": "2026-11-24T12:01:00Z",
                    "lastSeenAt": "2026-11-24T12:01:00Z",
                    "endsAt": "2026-11-24T12:16:00Z",
                    "current": false,
                },
                {
                    "id": first.session["id"],
                    "borrowed": false,
                    "startedAt": "2026-11-24T12:00:00Z",
                    "lastSeenAt": "2026-11-24T12:02:00Z",
                    "endsAt": "2027-02-22T12:02:00Z",
                    "current": true,
                },
            ],
        })
    );
}

#[test]
fn sessions_that_ended_or_ran_out_are_not_listed() {
    let property = Property::open();
    let own = property.phone();
    let tokens = own.sign_in(RESIDENT, "own");
    let other = Phone::new(&property, 2);
    other.sign_in(RESIDENT, "borrowed");
    let third = other.sign_in(RESIDENT, "own");
    assert_eq!(list(&own, &tokens).len(), 3);
    end(&own, &tokens, &path_of(&third)).expect(204);
    property.clock.advance(15 * MINUTE);
    let tokens = Tokens::of(&own.refresh(&tokens.refresh).expect(200));
    let live = list(&own, &tokens);
    assert_eq!(live.len(), 1);
    assert_eq!(live[0]["current"], true);
}

#[test]
fn a_lost_phones_session_is_ended_from_another_and_every_token_of_it_dies() {
    let property = Property::open();
    let lost = Phone::new(&property, 2);
    let lost_tokens = lost.sign_in(RESIDENT, "own");
    let own = property.phone();
    let tokens = own.sign_in(RESIDENT, "own");
    for _ in 0..2 {
        end(&own, &tokens, &path_of(&lost_tokens)).expect(204);
    }
    lost.get(&lost_tokens, "/v1/sessions").expect(401);
    lost.refresh(&lost_tokens.refresh).expect(400);
    own.register(&tokens).expect(204);
}

#[test]
fn ones_own_session_can_be_ended_by_its_name() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    end(&phone, &tokens, &path_of(&tokens)).expect(204);
    phone.get(&tokens, "/v1/sessions").expect(401);
}

#[test]
fn another_accounts_session_is_as_unknown_as_none() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let other = Phone::new(&property, 2);
    let others = other.sign_in(SECOND_RESIDENT, "own");
    let foreign = end(&phone, &tokens, &path_of(&others)).expect(404);
    for path in [
        "/v1/sessions/00000000-0000-4000-8000-000000000000",
        "/v1/sessions/nonsense",
    ] {
        assert_eq!(end(&phone, &tokens, path).expect(404).body, foreign.body);
    }
    other.register(&others).expect(204);
}

#[test]
fn all_are_ended_at_once_the_asking_one_too_and_nobody_elses() {
    let property = Property::open();
    let phones = [1, 2, 3].map(|number| Phone::new(&property, number));
    let tokens = [0, 1].map(|index| phones[index].sign_in(RESIDENT, "own"));
    let others = phones[2].sign_in(SECOND_RESIDENT, "own");
    end(&phones[0], &tokens[0], "/v1/sessions").expect(204);
    for (phone, tokens) in phones.iter().zip(&tokens) {
        phone.get(tokens, "/v1/sessions").expect(401);
        phone.refresh(&tokens.refresh).expect(400);
    }
    phones[2].register(&others).expect(204);
}

#[test]
fn only_a_live_session_may_ask_or_end() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let dead = Tokens {
        access: crate::support::base64url(&[7; 32]),
        ..tokens.clone()
    };
    phone.get(&dead, "/v1/sessions").expect(401);
    end(&phone, &dead, "/v1/sessions").expect(401);
    end(&phone, &dead, &path_of(&tokens)).expect(401);
    assert_eq!(list(&phone, &tokens).len(), 1);
}
