//! The one-time code by e-mail: who gets one, what it opens, and what it is worth to who does not have the mailbox.
use crate::support::{
    Answer, MINUTE, PASSWORD, Phone, Property, RESIDENT, SECOND_RESIDENT, Tokens, post_json,
};
use serde_json::{Value, json};

const NOBODY: &str = "nobody@example.org";
const IDLE: &str = "idle@example.org";

fn request(email: &str) -> Value {
    json!({
        "client_id": "keyway-app",
        "connection": "email",
        "email": email,
        "send": "code",
    })
}

fn start(property: &Property, email: &str) -> Answer {
    property.call(post_json("/passwordless/start", &request(email)))
}

/// Asks for a code and reads it in the mail.
fn fresh_code(property: &Property, email: &str) -> String {
    start(property, email).expect(200);
    property.code_mailed_to(email)
}

fn challenge(property: &Property, email: &str, code: &str) -> Answer {
    property
        .phone()
        .challenge_with(email, &[("otp", code)], "own")
}

/// Other digits than `code`, different for each `number`.
fn wrong(code: &str, number: usize) -> String {
    let code: usize = code.parse().unwrap();
    format!("{:06}", (code + 1 + number) % 1_000_000)
}

#[test]
fn a_code_of_six_digits_signs_in_on_an_own_and_on_a_borrowed_phone() {
    let property = Property::open();
    for (phone, borrowed) in [("own", false), ("borrowed", true)] {
        let code = fresh_code(&property, RESIDENT);
        let answer = property
            .phone()
            .challenge_with(RESIDENT, &[("otp", &code)], phone)
            .expect(200)
            .text("authorization_code");
        let tokens = property.phone().exchange(&answer, Phone::VERIFIER);
        let tokens = Tokens::of(&tokens.expect(200));
        assert_eq!(tokens.session["borrowed"], borrowed);
        property.phone().register(&tokens).expect(204);
    }
}

#[test]
fn the_mail_says_how_long_the_code_holds_and_its_subject_does_not_tell_it() {
    let property = Property::open();
    let code = fresh_code(&property, RESIDENT);
    let mail = property.mail_of(RESIDENT).pop().unwrap();
    assert!(mail.text.contains("10 minutes"), "{}", mail.text);
    assert!(!mail.subject.contains(&code), "lock screens show subjects");
}

#[test]
fn the_address_is_trimmed_lower_cased_and_told_back() {
    let property = Property::open();
    let answer = start(&property, "  Rosa@Example.ORG ").expect(200);
    assert_eq!(answer.json(), json!({ "email": RESIDENT }));
    let code = property.code_mailed_to(RESIDENT);
    challenge(&property, " ROSA@example.org", &code).expect(200);
}

#[test]
fn an_address_without_an_active_account_is_answered_alike_and_written_to_never() {
    let property = Property::open();
    // As long as the other one, so that the answers are.
    let [resident, nobody] = [SECOND_RESIDENT, "ida@example.org"];
    let known = start(&property, resident).expect(200);
    for email in [nobody, "IDA@example.org "] {
        let other = start(&property, email).expect(200);
        assert_eq!(other.headers, known.headers);
        assert_eq!(other.json(), json!({ "email": nobody }));
    }
    start(&property, IDLE).expect(200);
    assert_eq!(property.service.deliver_messages(), 1);
    assert_eq!(property.mail_of(resident).len(), 1);
    assert_eq!(property.mailbox.tries(), 1);
}

#[test]
fn three_mails_in_fifteen_minutes_and_the_fourth_waits_whether_or_not_there_is_an_account() {
    let property = Property::open();
    let mut told = Vec::new();
    for email in [RESIDENT, NOBODY, IDLE] {
        for _ in 0..3 {
            start(&property, email).expect(200);
        }
        let refused = start(&property, email).expect(429);
        assert_eq!(refused.code(), "TOO_MANY_TRIES");
        assert_eq!(refused.header("retry-after"), "900");
        assert_eq!(refused.json()["retryAfter"], 900);
        told.push(refused.body);
    }
    assert!(told.iter().all(|body| *body == told[0]));
    assert_eq!(property.mail_of(RESIDENT).len(), 3);
}

#[test]
fn the_window_moves_and_a_refusal_does_not_prolong_it() {
    let property = Property::open();
    for _ in 0..3 {
        start(&property, RESIDENT).expect(200);
        property.clock.advance(4 * MINUTE);
    }
    // The first of the three was 12 minutes ago.
    let refused = start(&property, RESIDENT).expect(429);
    assert_eq!(refused.header("retry-after"), "180");
    property.clock.advance(3 * MINUTE);
    start(&property, RESIDENT).expect(200);
    let refused = start(&property, RESIDENT).expect(429);
    assert_eq!(refused.header("retry-after"), "240");
}

#[test]
fn the_limit_and_the_code_survive_a_restart() {
    let mut property = Property::open();
    for _ in 0..3 {
        start(&property, RESIDENT).expect(200);
    }
    property.restart();
    start(&property, RESIDENT).expect(429);
    let code = property.code_mailed_to(RESIDENT);
    challenge(&property, RESIDENT, &code).expect(200);
}

#[test]
fn a_code_works_once() {
    let property = Property::open();
    let code = fresh_code(&property, RESIDENT);
    challenge(&property, RESIDENT, &code).expect(200);
    let again = challenge(&property, RESIDENT, &code).expect(400);
    assert_eq!(again.code(), "WRONG_CREDENTIALS");
}

#[test]
fn a_code_holds_for_ten_minutes() {
    for (after, status) in [(10 * MINUTE - 1, 200), (10 * MINUTE, 400)] {
        let property = Property::open();
        let code = fresh_code(&property, RESIDENT);
        property.clock.advance(after);
        challenge(&property, RESIDENT, &code).expect(status);
    }
}

#[test]
fn a_mail_that_could_not_leave_while_its_code_held_does_not_leave_later() {
    let property = Property::open();
    start(&property, RESIDENT).expect(200);
    property.clock.advance(10 * MINUTE);
    assert_eq!(property.service.deliver_messages(), 0);
}

#[test]
fn a_new_code_replaces_the_one_before_it() {
    let property = Property::open();
    let first = fresh_code(&property, RESIDENT);
    let second = fresh_code(&property, RESIDENT);
    assert_ne!(first, second);
    challenge(&property, RESIDENT, &first).expect(400);
    challenge(&property, RESIDENT, &second).expect(200);
}

#[test]
fn four_wrong_codes_leave_the_right_one_alive_and_the_fifth_kills_it() {
    for (wrong_tries, status) in [(4, 200), (5, 400)] {
        let property = Property::open();
        let code = fresh_code(&property, RESIDENT);
        for number in 0..wrong_tries {
            let told = challenge(&property, RESIDENT, &wrong(&code, number)).expect(400);
            assert_eq!(told.code(), "WRONG_CREDENTIALS");
        }
        // The wait that five tries cost is over before the code is.
        property.clock.advance(MINUTE);
        challenge(&property, RESIDENT, &code).expect(status);
    }
}

#[test]
fn wrong_codes_and_wrong_passwords_are_counted_together() {
    let property = Property::open();
    let code = fresh_code(&property, RESIDENT);
    let phone = property.phone();
    for number in 0..3 {
        phone.challenge(RESIDENT, "wrong", "own").expect(400);
        if number < 2 {
            challenge(&property, RESIDENT, &wrong(&code, number)).expect(400);
        }
    }
    for refused in [
        challenge(&property, RESIDENT, &code),
        phone.challenge(RESIDENT, PASSWORD, "own"),
    ] {
        assert_eq!(refused.expect(429).header("retry-after"), "30");
    }
    property.clock.advance(MINUTE / 2);
    challenge(&property, RESIDENT, &code).expect(200);
    // What was right gives all tries back.
    for _ in 0..5 {
        phone.challenge(RESIDENT, "wrong", "own").expect(400);
    }
}

#[test]
fn a_wrong_code_an_expired_one_and_an_unknown_address_are_told_alike() {
    let property = Property::open();
    let code = fresh_code(&property, RESIDENT);
    start(&property, NOBODY).expect(200);
    let wrong_code = challenge(&property, RESIDENT, &wrong(&code, 0)).expect(400);
    let never_asked = challenge(&property, SECOND_RESIDENT, &code).expect(400);
    let unknown = challenge(&property, NOBODY, &code).expect(400);
    property.clock.advance(10 * MINUTE);
    let expired = challenge(&property, RESIDENT, &code).expect(400);
    for other in [&never_asked, &unknown, &expired] {
        assert_eq!(other.body, wrong_code.body);
    }
    assert_eq!(wrong_code.text("error"), "access_denied");
}

#[test]
fn a_code_opens_no_other_account() {
    let property = Property::open();
    let code = fresh_code(&property, RESIDENT);
    fresh_code(&property, SECOND_RESIDENT);
    challenge(&property, SECOND_RESIDENT, &code).expect(400);
    challenge(&property, RESIDENT, &code).expect(200);
}

#[test]
fn an_account_that_is_no_longer_active_learns_so_from_the_right_code_only() {
    let property = Property::open();
    let code = fresh_code(&property, RESIDENT);
    let database = property.folder.path().join("service.db");
    let database = rusqlite::Connection::open(database).unwrap();
    database
        .execute("UPDATE accounts SET active = 0", [])
        .unwrap();
    let told = challenge(&property, RESIDENT, &wrong(&code, 0)).expect(400);
    assert_eq!(told.code(), "WRONG_CREDENTIALS");
    let told = challenge(&property, RESIDENT, &code).expect(403);
    assert_eq!(told.code(), "USER_ACCOUNT_NOT_ACTIVE");
}

#[test]
fn exactly_one_of_password_and_code_is_taken() {
    let property = Property::open();
    let code = fresh_code(&property, RESIDENT);
    let both = [("password", PASSWORD), ("otp", code.as_str())];
    for proofs in [&both[..], &[]] {
        let told = property.phone().challenge_with(RESIDENT, proofs, "own");
        assert_eq!(told.expect(400).code(), "BAD_REQUEST");
    }
    challenge(&property, RESIDENT, &code).expect(200);
}

#[test]
fn other_clients_ways_and_addresses_are_refused() {
    let property = Property::open();
    for (member, value, code) in [
        ("client_id", "somebody-else", "UNKNOWN_CLIENT"),
        ("connection", "sms", "BAD_REQUEST"),
        ("send", "link", "BAD_REQUEST"),
        ("email", "no address", "BAD_REQUEST"),
        ("email", "", "BAD_REQUEST"),
        (
            "email",
            &format!("{}@example.org", "a".repeat(250)),
            "BAD_REQUEST",
        ),
    ] {
        let mut body = request(RESIDENT);
        body[member] = json!(value);
        let told = property.call(post_json("/passwordless/start", &body));
        assert_eq!(told.expect(400).code(), code, "{member}");
    }
    assert_eq!(property.service.deliver_messages(), 0);
}
