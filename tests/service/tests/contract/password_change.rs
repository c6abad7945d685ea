//! A new password from a signed-in phone: what it must be, who may set it, and what the old one lets in no more.
use crate::support::{Answer, MINUTE, PASSWORD, Phone, Property, RESIDENT, Tokens, post_json};
use http::Method;
use serde_json::json;

const NEW: &str = "Battery Staple 8!";

fn change(phone: &Phone<'_>, tokens: &Tokens, current: &str, new: &str) -> Answer {
    let body = json!({ "currentPassword": current, "newPassword": new });
    let body = ("application/json", body.to_string().into_bytes());
    phone.resource(tokens, Method::PUT, "/v1/password", Some(body))
}

#[test]
fn the_new_password_signs_in_and_the_old_one_does_not() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    change(&phone, &tokens, PASSWORD, NEW).expect(204);
    let old = phone.challenge(RESIDENT, PASSWORD, "own").expect(400);
    assert_eq!(old.code(), "WRONG_CREDENTIALS");
    phone.challenge(RESIDENT, NEW, "own").expect(200);
}

#[test]
fn every_other_session_ends_and_this_one_stays() {
    let property = Property::open();
    let phones = [1, 2, 3].map(|number| Phone::new(&property, number));
    let tokens = [0, 1, 2].map(|index| {
        let tokens = phones[index].sign_in(RESIDENT, "own");
        phones[index].register(&tokens).expect(204);
        tokens
    });
    change(&phones[1], &tokens[1], PASSWORD, NEW).expect(204);
    for index in [0, 2] {
        phones[index]
            .get(&tokens[index], "/v1/sessions")
            .expect(401);
        phones[index].refresh(&tokens[index].refresh).expect(400);
    }
    let kept = Tokens::of(&phones[1].refresh(&tokens[1].refresh).expect(200));
    let live = phones[1].get(&kept, "/v1/sessions").expect(200).json();
    assert_eq!(live["sessions"].as_array().unwrap().len(), 1);
}

#[test]
fn another_accounts_sessions_stay() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let other = Phone::new(&property, 2);
    let others = other.sign_in(crate::support::SECOND_RESIDENT, "own");
    change(&phone, &tokens, PASSWORD, NEW).expect(204);
    other.get(&others, "/v1/sessions").expect(200);
}

#[test]
fn a_sign_in_that_was_under_way_with_the_old_password_comes_to_nothing() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let thief = Phone::new(&property, 2);
    let code = thief
        .challenge(RESIDENT, PASSWORD, "own")
        .expect(200)
        .text("authorization_code");
    change(&phone, &tokens, PASSWORD, NEW).expect(204);
    let told = thief.exchange(&code, Phone::VERIFIER).expect(400);
    assert_eq!(told.code(), "INVALID_GRANT");
}

#[test]
fn a_code_by_e_mail_from_before_the_change_opens_nothing() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let ask = json!({
        "client_id": "keyway-app", "connection": "email", "email": RESIDENT, "send": "code",
    });
    property
        .call(post_json("/passwordless/start", &ask))
        .expect(200);
    let code = property.code_mailed_to(RESIDENT);
    change(&phone, &tokens, PASSWORD, NEW).expect(204);
    phone
        .challenge_with(RESIDENT, &[("otp", &code)], "own")
        .expect(400);
}

#[test]
fn a_wrong_current_password_changes_nothing_and_is_counted_like_one_at_sign_in() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    for _ in 0..4 {
        let told = change(&phone, &tokens, "wrong", NEW).expect(403);
        assert_eq!(told.code(), "WRONG_CREDENTIALS");
    }
    phone.challenge(RESIDENT, "wrong", "own").expect(400);
    let told = change(&phone, &tokens, PASSWORD, NEW).expect(429);
    assert_eq!(told.code(), "TOO_MANY_TRIES");
    assert_eq!(told.header("retry-after"), "30");
    property.clock.advance(MINUTE / 2);
    phone.challenge(RESIDENT, PASSWORD, "own").expect(200);
}

#[test]
fn every_broken_rule_is_told_at_once_by_its_word() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    for (new, violations) in [
        ("Short-Hors7", json!(["LENGTH"])),
        ("battery staple 8!", json!(["UPPER_CASE"])),
        ("Battery Staple!!", json!(["DIGIT"])),
        ("Battery Staple 8", json!(["SYMBOL"])),
        ("", json!(["LENGTH", "UPPER_CASE", "DIGIT", "SYMBOL"])),
        (&format!("A8!{}", "ü".repeat(1022)), json!(["LENGTH"])),
    ] {
        let told = change(&phone, &tokens, PASSWORD, new).expect(422);
        assert_eq!(told.code(), "PASSWORD_RULES");
        assert_eq!(told.json()["violations"], violations, "{new}");
    }
    let other = phone.get(&tokens, "/v1/nothing-here").expect(404).json();
    assert!(other.get("violations").is_none(), "it belongs to one code");
    phone.challenge(RESIDENT, PASSWORD, "own").expect(200);
}

#[test]
fn a_refused_new_password_spends_no_try() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    for _ in 0..10 {
        change(&phone, &tokens, "wrong", "short").expect(422);
    }
    change(&phone, &tokens, PASSWORD, NEW).expect(204);
}

#[test]
fn the_longest_password_signs_in_counted_in_characters() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let longest = format!("A8!{}", "\u{1F511}".repeat(1021));
    change(&phone, &tokens, PASSWORD, &longest).expect(204);
    phone.challenge(RESIDENT, &longest, "own").expect(200);
    let longer = format!("{longest}x");
    phone.challenge(RESIDENT, &longer, "own").expect(400);
}

#[test]
fn it_takes_a_live_session_and_both_passwords() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let dead = Tokens {
        access: crate::support::base64url(&[7; 32]),
        ..tokens.clone()
    };
    change(&phone, &dead, PASSWORD, NEW).expect(401);
    for body in [
        json!({ "newPassword": NEW }),
        json!({ "currentPassword": PASSWORD }),
    ] {
        let body = ("application/json", body.to_string().into_bytes());
        phone
            .resource(&tokens, Method::PUT, "/v1/password", Some(body))
            .expect(400);
    }
    phone.challenge(RESIDENT, PASSWORD, "own").expect(200);
}
