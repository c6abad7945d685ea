//! E-mail and password: what is told, what is not, and how often one may ask.
use crate::support::{MINUTE, PASSWORD, Phone, Property, RESIDENT, form};
use serde_json::json;

#[test]
fn a_resident_signs_in_on_an_own_phone() {
    let property = Property::open();
    let phone = property.phone();
    let code = phone
        .challenge(RESIDENT, PASSWORD, "own")
        .expect(200)
        .text("authorization_code");
    let answer = phone.exchange(&code, Phone::VERIFIER).expect(200).json();

    assert_eq!(answer["token_type"], "DPoP");
    assert_eq!(answer["expires_in"], 300);
    assert_eq!(answer["account"]["email"], RESIDENT);
    assert_eq!(answer["session"]["borrowed"], false);
    assert_eq!(answer["logout_ticket"].as_str().unwrap().len(), 43);
    assert_eq!(answer["holder_nonce"].as_str().unwrap().len(), 43);
}

#[test]
fn the_e_mail_is_trimmed_and_lower_cased_and_the_password_is_not() {
    let property = Property::open();
    let phone = property.phone();
    phone
        .challenge("  Rosa@Example.ORG ", PASSWORD, "own")
        .expect(200);
    for password in ["correct-horse-7", " Correct-Horse-7", "Correct-Horse-7 "] {
        phone.challenge(RESIDENT, password, "own").expect(400);
    }
}

#[test]
fn an_unknown_e_mail_and_a_wrong_password_are_told_alike() {
    let property = Property::open();
    let phone = property.phone();
    let wrong = phone.challenge(RESIDENT, "wrong", "own").expect(400);
    let unknown = phone
        .challenge("nobody@example.org", PASSWORD, "own")
        .expect(400);

    assert_eq!(wrong.body, unknown.body);
    assert_eq!(wrong.headers, unknown.headers);
    assert_eq!(wrong.code(), "WRONG_CREDENTIALS");
    assert_eq!(wrong.text("error"), "access_denied");
}

#[test]
fn only_who_knows_the_password_learns_that_an_account_is_not_active() {
    let property = Property::open();
    let phone = property.phone();
    let wrong = phone
        .challenge("idle@example.org", "wrong", "own")
        .expect(400);
    assert_eq!(wrong.code(), "WRONG_CREDENTIALS");
    let right = phone
        .challenge("idle@example.org", PASSWORD, "own")
        .expect(403);
    assert_eq!(right.code(), "USER_ACCOUNT_NOT_ACTIVE");
}

#[test]
fn too_many_tries_have_to_wait_whether_or_not_there_is_an_account() {
    let property = Property::open();
    let phone = property.phone();
    let mut waits = Vec::new();
    for email in [RESIDENT, "nobody@example.org"] {
        for _ in 0..5 {
            phone.challenge(email, "wrong", "own").expect(400);
        }
        // The right password has to wait as well, or it could be found while waiting.
        let told = phone.challenge(email, PASSWORD, "own").expect(429);
        assert_eq!(told.code(), "TOO_MANY_TRIES");
        assert_eq!(told.header("retry-after"), "30");
        assert_eq!(told.json()["retryAfter"], 30);
        waits.push(told.body);
    }
    assert_eq!(waits[0], waits[1]);

    property.clock.advance(30_000);
    phone.challenge(RESIDENT, "wrong", "own").expect(400);
    let longer = phone.challenge(RESIDENT, PASSWORD, "own").expect(429);
    assert_eq!(longer.json()["retryAfter"], 60);
}

#[test]
fn the_wait_ends_and_a_right_password_gives_all_tries_back() {
    let property = Property::open();
    let phone = property.phone();
    for _ in 0..5 {
        phone.challenge(RESIDENT, "wrong", "own").expect(400);
    }
    property.clock.advance(30_000);
    phone.challenge(RESIDENT, PASSWORD, "own").expect(200);
    for _ in 0..5 {
        phone.challenge(RESIDENT, "wrong", "own").expect(400);
    }
}

#[test]
fn the_wait_never_exceeds_five_minutes() {
    let property = Property::open();
    let phone = property.phone();
    for _ in 0..12 {
        phone.challenge(RESIDENT, "wrong", "own");
        property.clock.advance(5 * MINUTE);
    }
    phone.challenge(RESIDENT, PASSWORD, "own").expect(200);
}

#[test]
fn a_throttle_survives_a_restart() {
    let mut property = Property::open();
    for _ in 0..5 {
        property
            .phone()
            .challenge(RESIDENT, "wrong", "own")
            .expect(400);
    }
    property.restart();
    property
        .phone()
        .challenge(RESIDENT, PASSWORD, "own")
        .expect(429);
}

#[test]
fn another_verifier_gets_no_tokens_and_the_right_one_still_does() {
    let property = Property::open();
    let phone = property.phone();
    let code = phone
        .challenge(RESIDENT, PASSWORD, "own")
        .expect(200)
        .text("authorization_code");
    let other = "another-verifier-of-forty-three-characters-or-more";
    let refused = phone.exchange(&code, other).expect(400);
    assert_eq!(refused.text("error"), "invalid_grant");
    assert_eq!(refused.code(), "INVALID_GRANT");
    phone.exchange(&code, Phone::VERIFIER).expect(200);
}

#[test]
fn a_code_dies_after_a_minute() {
    let property = Property::open();
    let phone = property.phone();
    let code = phone
        .challenge(RESIDENT, PASSWORD, "own")
        .expect(200)
        .text("authorization_code");
    property.clock.advance(MINUTE);
    phone.exchange(&code, Phone::VERIFIER).expect(400);
}

#[test]
fn a_code_that_comes_twice_ends_the_session_it_made() {
    let property = Property::open();
    let phone = property.phone();
    let code = phone
        .challenge(RESIDENT, PASSWORD, "own")
        .expect(200)
        .text("authorization_code");
    let first = phone.exchange(&code, Phone::VERIFIER).expect(200);
    phone.exchange(&code, Phone::VERIFIER).expect(400);
    phone.refresh(&first.text("refresh_token")).expect(400);
}

#[test]
fn plain_pkce_and_other_clients_are_refused() {
    let property = Property::open();
    let base = [
        ("client_id", "keyway-app"),
        ("username", RESIDENT),
        ("password", PASSWORD),
        ("code_challenge", "c"),
        ("code_challenge_method", "plain"),
        ("phone", "own"),
    ];
    let plain = property.call(form("/oauth/authorize-challenge", &base));
    assert_eq!(plain.expect(400).text("error"), "invalid_request");

    let mut other = base;
    other[0].1 = "somebody-else";
    let other = property.call(form("/oauth/authorize-challenge", &other));
    assert_eq!(other.expect(400).code(), "UNKNOWN_CLIENT");
}

#[test]
fn every_refusal_has_a_code() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let answers = [
        phone.get(&tokens, "/v1/nothing-here").expect(404),
        phone.get(&tokens, "/v1/phone-key").expect(405),
        phone
            .resource(&tokens, http::Method::PUT, "/v1/phone-key", None)
            .expect(415),
        phone
            .resource(
                &tokens,
                http::Method::PUT,
                "/v1/phone-key",
                Some(("application/json", b"{".to_vec())),
            )
            .expect(400),
        phone
            .resource(
                &tokens,
                http::Method::PUT,
                "/v1/phone-key",
                Some(("application/json", vec![b' '; 300_000])),
            )
            .expect(413),
        property
            .call(crate::support::post_json(
                "/v1/sessions/end",
                &json!({"ticket": "x"}),
            ))
            .expect(400),
    ];
    for answer in answers {
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let body = answer.json();
        assert_eq!(body["status"], answer.status.as_u16());
        assert_eq!(
            body["type"],
            format!("urn:keyway:problem:{}", answer.code())
        );
    }
}

#[test]
fn every_answer_carries_nonce_date_and_no_store() {
    let property = Property::open();
    let answer = property.phone().challenge(RESIDENT, "wrong", "own");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("date"), "Tue, 24 Nov 2026 12:00:00 GMT");
    assert!(!answer.header("dpop-nonce").is_empty());
}

#[test]
fn the_trace_tells_routes_and_codes_and_nothing_that_was_said() {
    let property = Property::open();
    property.phone().challenge(RESIDENT, "wrong", "own");
    let lines = property.trace.0.lock().unwrap();
    let line = lines.last().unwrap();
    assert_eq!(line.route, "/oauth/authorize-challenge");
    assert_eq!(line.code, Some("WRONG_CREDENTIALS"));
    let printed = format!("{lines:?}");
    assert!(!printed.contains("rosa") && !printed.contains("wrong"));
}
