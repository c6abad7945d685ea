//! Resetting a password by a link: whom it is mailed to, what it does, how often, and the pages it leads through.
use crate::browser::{Browser, attribute, hidden, html, tags};
use crate::support::{
    Answer, MINUTE, PASSWORD, Phone, Property, RESIDENT, SECOND_RESIDENT, Tokens, form, post_json,
};
use serde_json::json;

const NEW: &str = "Battery Staple 8!";
const NOBODY: &str = "nobody@example.org";
const IDLE: &str = "idle@example.org";

fn ask(property: &Property, email: &str) -> Answer {
    property.call(post_json("/v1/password/reset", &json!({ "email": email })))
}

/// Asks for a link and reads its token in the mail.
fn fresh_link(property: &Property, email: &str) -> String {
    ask(property, email).expect(202);
    property.reset_token_mailed_to(email)
}

fn page(property: &Property, token: &str) -> Answer {
    Browser::new(property).get(&format!("/account/reset?token={token}"))
}

fn set(property: &Property, token: &str, password: &str) -> Answer {
    let fields = [
        ("token", token),
        ("password", password),
        ("repeated", password),
    ];
    Browser::new(property).submit("/account/reset", &fields)
}

#[test]
fn the_link_leads_to_a_form_and_the_form_to_a_new_password() {
    let property = Property::open();
    let token = fresh_link(&property, RESIDENT);
    assert_eq!(token.len(), 43);
    let form = page(&property, &token).expect(200);
    assert_eq!(hidden(&form, "token"), token);
    let page = html(&form);
    for rule in ["12", "1024", "upper-case", "digit", "symbol"] {
        assert!(page.contains(rule), "{rule} is told beforehand");
    }

    let done = html(&set(&property, &token, NEW).expect(200));
    assert!(done.contains("Your password is changed; every session has ended"));
    let phone = property.phone();
    phone.challenge(RESIDENT, PASSWORD, "own").expect(400);
    phone.challenge(RESIDENT, NEW, "own").expect(200);
}

#[test]
fn an_address_without_an_active_account_is_answered_alike_and_written_to_never() {
    let property = Property::open();
    let known = ask(&property, RESIDENT).expect(202);
    assert_eq!(known.json(), json!({}));
    for email in [NOBODY, IDLE] {
        let other = ask(&property, email).expect(202);
        assert_eq!(other.headers, known.headers);
        assert_eq!(other.body, known.body);
    }
    assert_eq!(property.service.deliver_messages(), 1);
    assert_eq!(property.mail_of(RESIDENT).len(), 1);
    assert_eq!(property.mailbox.tries(), 1);
}

#[test]
fn three_mails_an_hour_and_the_fourth_waits_whether_or_not_there_is_an_account() {
    let property = Property::open();
    let mut told = Vec::new();
    for email in [RESIDENT, NOBODY] {
        for _ in 0..3 {
            ask(&property, email).expect(202);
        }
        let refused = ask(&property, email).expect(429);
        assert_eq!(refused.code(), "TOO_MANY_TRIES");
        assert_eq!(refused.header("retry-after"), "3600");
        told.push(refused.body);
    }
    assert_eq!(told[0], told[1]);
    property.clock.advance(60 * MINUTE);
    ask(&property, RESIDENT).expect(202);
}

#[test]
fn the_page_that_asks_for_a_link_shares_the_limit() {
    let property = Property::open();
    let mut browser = Browser::new(&property);
    browser.get("/account/reset-request").expect(200);
    for email in [RESIDENT, NOBODY] {
        for _ in 0..2 {
            let page = browser.submit("/account/reset-request", &[("email", email)]);
            let page = html(&page.expect(200));
            assert!(page.contains("If there is an account, a mail is on its way"));
            assert!(!page.contains(email), "the page is the same for everybody");
        }
        ask(&property, email).expect(202);
        let page = browser.submit("/account/reset-request", &[("email", email)]);
        let page = page.expect(429);
        assert_eq!(page.header("retry-after"), "3600");
        assert!(html(&page).contains("60 minutes"));
    }
    assert_eq!(property.mail_of(RESIDENT).len(), 3);
}

#[test]
fn codes_and_links_have_limits_of_their_own() {
    let property = Property::open();
    for _ in 0..3 {
        ask(&property, RESIDENT).expect(202);
    }
    let code = json!({
        "client_id": "keyway-app", "connection": "email", "email": RESIDENT, "send": "code",
    });
    property
        .call(post_json("/passwordless/start", &code))
        .expect(200);
}

#[test]
fn what_is_no_address_is_refused() {
    let property = Property::open();
    for email in ["", "rosa", "rosa @example.org"] {
        assert_eq!(ask(&property, email).expect(400).code(), "BAD_REQUEST");
        let mut browser = Browser::new(&property);
        let page = browser.submit("/account/reset-request", &[("email", email)]);
        let page = html(&page.expect(400));
        let input = tags(&page, "input")[0];
        assert_eq!(attribute(input, "aria-invalid"), Some("true"));
    }
}

#[test]
fn every_session_ends_on_every_phone() {
    let property = Property::open();
    let phones = [1, 2, 3].map(|number| Phone::new(&property, number));
    let tokens = [0, 1].map(|index| phones[index].sign_in(RESIDENT, "own"));
    let others = phones[2].sign_in(SECOND_RESIDENT, "own");
    let token = fresh_link(&property, RESIDENT);
    set(&property, &token, NEW).expect(200);
    for (phone, tokens) in phones.iter().zip(&tokens) {
        phone.get(tokens, "/v1/sessions").expect(401);
        phone.refresh(&tokens.refresh).expect(400);
    }
    phones[2].get(&others, "/v1/sessions").expect(200);
}

#[test]
fn a_sign_in_that_was_under_way_with_the_old_password_comes_to_nothing() {
    let property = Property::open();
    let token = fresh_link(&property, RESIDENT);
    let thief = property.phone();
    let code = thief
        .challenge(RESIDENT, PASSWORD, "own")
        .expect(200)
        .text("authorization_code");
    set(&property, &token, NEW).expect(200);
    thief.exchange(&code, Phone::VERIFIER).expect(400);
}

#[test]
fn a_link_works_once_and_takes_the_others_of_its_account_with_it() {
    let property = Property::open();
    let first = fresh_link(&property, RESIDENT);
    let second = fresh_link(&property, RESIDENT);
    let others = fresh_link(&property, SECOND_RESIDENT);
    set(&property, &first, NEW).expect(200);
    for spent in [&first, &second] {
        let told = page(&property, spent).expect(410);
        assert!(html(&told).contains("no longer works"));
        set(&property, spent, PASSWORD).expect(410);
    }
    property.phone().challenge(RESIDENT, NEW, "own").expect(200);
    set(&property, &others, NEW).expect(200);
}

#[test]
fn a_link_holds_for_half_an_hour() {
    for (after, status) in [(30 * MINUTE - 1, 200), (30 * MINUTE, 410)] {
        let property = Property::open();
        let token = fresh_link(&property, RESIDENT);
        property.clock.advance(after);
        page(&property, &token).expect(status);
        set(&property, &token, NEW).expect(status);
    }
}

#[test]
fn a_link_survives_a_restart_and_any_number_of_looks() {
    let mut property = Property::open();
    let token = fresh_link(&property, RESIDENT);
    property.restart();
    for _ in 0..3 {
        page(&property, &token).expect(200);
    }
    set(&property, &token, NEW).expect(200);
}

#[test]
fn what_never_was_a_link_is_told_like_one_that_is_over() {
    let property = Property::open();
    let unknown = crate::support::base64url(&[7; 32]);
    let told = page(&property, &unknown).expect(410).body;
    for token in ["", "nonsense", "%FF", "a&token=b", "%3Cscript%3E"] {
        assert_eq!(page(&property, token).expect(410).body, told, "{token}");
    }
    let without = Browser::new(&property).get("/account/reset");
    assert_eq!(without.expect(410).body, told);
    set(&property, &unknown, NEW).expect(410);
    set(&property, &unknown, "short").expect(410);
}

#[test]
fn broken_rules_are_shown_by_name_and_do_not_spend_the_link() {
    let property = Property::open();
    let token = fresh_link(&property, RESIDENT);
    let told = set(&property, &token, "battery staple").expect(422);
    assert_eq!(hidden(&told, "token"), token);
    let told = html(&told);
    let items = tags(&told, "li");
    let named: Vec<&str> = items
        .iter()
        .filter_map(|item| attribute(item, "data-rule"))
        .collect();
    assert_eq!(named, ["UPPER_CASE", "DIGIT", "SYMBOL"]);
    assert!(told.contains("id=\"password-error\" role=\"alert\""));
    assert!(!told.contains("battery staple"), "no password comes back");

    let fields = [
        ("token", token.as_str()),
        ("password", NEW),
        ("repeated", "Battery Staple 9!"),
    ];
    let different = Browser::new(&property).submit("/account/reset", &fields);
    let different = html(&different.expect(400));
    assert!(different.contains("id=\"password-error\" role=\"alert\""));
    assert!(different.contains("<title>Error: Set a new password"));
    let focused = tags(&different, "input").into_iter();
    let focused: Vec<_> = focused.filter(|it| it.contains(" autofocus")).collect();
    assert_eq!(
        focused.len(),
        1,
        "a reader begins where both are typed again"
    );
    assert_eq!(attribute(focused[0], "id"), Some("password"));
    set(&property, &token, NEW).expect(200);
}

#[test]
fn who_has_the_mailbox_does_not_wait_for_what_a_stranger_tried() {
    let property = Property::open();
    let phone = property.phone();
    for _ in 0..5 {
        phone.challenge(RESIDENT, "wrong", "own").expect(400);
    }
    phone.challenge(RESIDENT, PASSWORD, "own").expect(429);
    let token = fresh_link(&property, RESIDENT);
    set(&property, &token, NEW).expect(200);
    phone.challenge(RESIDENT, NEW, "own").expect(200);
}

#[test]
fn a_form_that_another_site_sent_does_nothing() {
    let property = Property::open();
    let token = fresh_link(&property, RESIDENT);
    let fields = [("token", &*token), ("password", NEW), ("repeated", NEW)];
    for (path, fields) in [
        ("/account/reset", &fields[..]),
        ("/account/reset-request", &[("email", RESIDENT)]),
    ] {
        for site in ["cross-site", "same-site"] {
            let mut request = form(path, fields);
            let site = site.parse().unwrap();
            request.headers_mut().insert("sec-fetch-site", site);
            property.call(request).expect(403);
        }
    }
    assert_eq!(property.mail_of(RESIDENT).len(), 1);
    property
        .phone()
        .challenge(RESIDENT, PASSWORD, "own")
        .expect(200);
    let lines = property.trace.0.lock().unwrap();
    let told = lines
        .iter()
        .filter(|line| line.code == Some("FOREIGN_FORM"));
    assert_eq!(told.count(), 4);
    assert!(!format!("{lines:?}").contains(&token));
}

#[test]
fn an_address_that_comes_back_on_a_page_is_text() {
    let property = Property::open();
    let mut browser = Browser::new(&property);
    let evil = "\"><script>alert(1)</script>";
    let page = browser.submit("/account/reset-request", &[("email", evil)]);
    assert!(html(&page.expect(400)).contains("&quot;&gt;&lt;script&gt;"));
}

#[test]
fn the_style_is_ours_and_shows_the_focus() {
    let property = Property::open();
    let style = Browser::new(&property)
        .get("/account/style.css")
        .expect(200);
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert!(html(&style).contains(":focus-visible"));
}

#[test]
fn tokens_of_before_are_told_apart_from_tokens_of_after() {
    let property = Property::open();
    let phone = property.phone();
    phone.sign_in(RESIDENT, "own");
    let token = fresh_link(&property, RESIDENT);
    set(&property, &token, NEW).expect(200);
    let code = phone
        .challenge(RESIDENT, NEW, "own")
        .expect(200)
        .text("authorization_code");
    let tokens = Tokens::of(&phone.exchange(&code, Phone::VERIFIER).expect(200));
    let live = phone.get(&tokens, "/v1/sessions").expect(200).json();
    assert_eq!(live["sessions"].as_array().unwrap().len(), 1);
}
