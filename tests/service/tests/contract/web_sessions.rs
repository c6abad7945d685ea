//! The account pages: a browser signs in, sees the phones that are signed in and ends their sessions; and what it may not do.
use crate::browser::{Browser, attribute, hidden, html, tags};
use crate::support::{
    Answer, MINUTE, PASSWORD, Phone, Property, RESIDENT, SECOND_RESIDENT, Tokens, form, post_json,
};
use http::Method;
use serde_json::json;

const SIGN_IN: &str = "/account/sign-in";
const SESSIONS: &str = "/account/sessions";
const END: &str = "/account/sessions/end";
const SIGN_OUT: &str = "/account/sign-out";

fn try_to_sign_in(browser: &mut Browser<'_>, email: &str, password: &str) -> Answer {
    browser.submit(SIGN_IN, &[("email", email), ("password", password)])
}

pub(crate) fn signed_in<'a>(property: &'a Property, email: &str) -> Browser<'a> {
    let mut browser = Browser::new(property);
    let answer = try_to_sign_in(&mut browser, email, PASSWORD).expect(303);
    assert_eq!(answer.header("location"), SESSIONS);
    browser
}

/// The token in the forms of this browser's page.
fn csrf(browser: &mut Browser<'_>) -> String {
    hidden(&browser.get(SESSIONS).expect(200), "csrf")
}

#[track_caller]
fn assert_signed_out(browser: &mut Browser<'_>) {
    let answer = browser.get(SESSIONS).expect(303);
    assert_eq!(answer.header("location"), SIGN_IN);
}

fn is_live(phone: &Phone<'_>, tokens: &Tokens) -> bool {
    phone.get(tokens, "/v1/sessions").status == 200
}

fn id_of(tokens: &Tokens) -> &str {
    tokens.session["id"].as_str().unwrap()
}

#[test]
fn a_browser_signs_in_for_fifteen_minutes_by_a_cookie_that_stays_here() {
    let property = Property::open();
    let mut browser = Browser::new(&property);
    browser.get(SIGN_IN).expect(200);
    let answer = try_to_sign_in(&mut browser, " Rosa@Example.org ", PASSWORD).expect(303);
    let cookie = answer.header("set-cookie");
    let (token, attributes) = cookie.split_once(';').unwrap();
    assert_eq!(token.len(), "__Host-keyway-web=".len() + 43);
    assert!(token.starts_with("__Host-keyway-web="));
    assert_eq!(
        attributes,
        " Path=/; Max-Age=900; Secure; HttpOnly; SameSite=Strict"
    );
    let page = html(&browser.get(SESSIONS).expect(200));
    assert!(page.contains(RESIDENT) && page.contains("No phone is signed in."));
    property.clock.advance(15 * MINUTE - 1);
    browser.get(SESSIONS).expect(200);
    property.clock.advance(1);
    assert_signed_out(&mut browser);
}

#[test]
fn a_wrong_password_and_an_unknown_address_are_told_alike_beside_the_field() {
    let property = Property::open();
    let mut browser = Browser::new(&property);
    let pages = [RESIDENT, "nobody@example.org"].map(|email| {
        let page = html(&try_to_sign_in(&mut browser, email, "wrong password").expect(400));
        let inputs = tags(&page, "input");
        assert_eq!(attribute(inputs[0], "value"), Some(email), "typed once");
        assert_eq!(
            attribute(inputs[1], "aria-describedby"),
            Some("password-error")
        );
        assert!(page.contains("id=\"password-error\" role=\"alert\""));
        assert!(!page.contains("wrong password"), "no password comes back");
        page.replace(email, "")
    });
    assert_eq!(pages[0], pages[1]);
    assert_eq!(browser.cookie, None);
}

#[test]
fn only_who_knows_the_password_learns_that_an_account_is_not_active() {
    let property = Property::open();
    let mut browser = Browser::new(&property);
    try_to_sign_in(&mut browser, "idle@example.org", "wrong").expect(400);
    let page = try_to_sign_in(&mut browser, "idle@example.org", PASSWORD).expect(403);
    assert!(html(&page).contains("not active"));
    assert_eq!(browser.cookie, None);
}

#[test]
fn tries_are_counted_together_with_those_of_the_app() {
    let property = Property::open();
    let mut browser = Browser::new(&property);
    for _ in 0..3 {
        try_to_sign_in(&mut browser, RESIDENT, "wrong").expect(400);
    }
    let phone = property.phone();
    for _ in 0..2 {
        phone.challenge(RESIDENT, "wrong", "own").expect(400);
    }
    let page = try_to_sign_in(&mut browser, RESIDENT, PASSWORD).expect(429);
    assert_eq!(page.header("retry-after"), "30");
    assert!(html(&page).contains("30 seconds"));
    phone.challenge(RESIDENT, PASSWORD, "own").expect(429);
}

#[test]
fn the_page_lists_the_phones_and_each_button_says_which_it_ends() {
    let property = Property::open();
    property.phone().sign_in(RESIDENT, "own");
    property.clock.advance(MINUTE);
    Phone::new(&property, 2).sign_in(RESIDENT, "borrowed");
    Phone::new(&property, 3).sign_in(SECOND_RESIDENT, "own");
    let page = html(&signed_in(&property, RESIDENT).get(SESSIONS).expect(200));
    let labels: Vec<&str> = tags(&page, "button")
        .into_iter()
        .filter_map(|button| attribute(button, "aria-label"))
        .collect();
    assert_eq!(
        labels,
        [
            "End this session: Borrowed phone, signed in 24 November 2026, 12:01 UTC",
            "End this session: Own phone, signed in 24 November 2026, 12:00 UTC",
        ]
    );
    assert!(page.contains("datetime=\"2026-11-24T12:16:00Z\""));
    assert!(page.contains("End all"));
}

#[test]
fn one_session_is_ended_and_the_browser_comes_back_to_the_list() {
    let property = Property::open();
    let (lost, kept) = (Phone::new(&property, 2), property.phone());
    let lost_tokens = lost.sign_in(RESIDENT, "own");
    let tokens = kept.sign_in(RESIDENT, "own");
    let mut browser = signed_in(&property, RESIDENT);
    let csrf = csrf(&mut browser);
    for _ in 0..2 {
        let fields = [("csrf", &*csrf), ("id", id_of(&lost_tokens))];
        let answer = browser.submit(END, &fields).expect(303);
        assert_eq!(answer.header("location"), "/account/sessions?ended=one");
    }
    assert!(!is_live(&lost, &lost_tokens));
    assert!(is_live(&kept, &tokens));
    let page = html(&browser.get("/account/sessions?ended=one").expect(200));
    assert!(page.contains("The session is ended."));
    assert!(!page.contains(id_of(&lost_tokens)) && page.contains(id_of(&tokens)));
    for nothing_ended in [SESSIONS, "/account/sessions?ended=%3Cscript%3E"] {
        let page = html(&browser.get(nothing_ended).expect(200));
        assert!(!page.contains("role=\"status\""));
    }
}

#[test]
fn all_sessions_are_ended_and_the_browser_stays() {
    let property = Property::open();
    let phones = [1, 2].map(|number| Phone::new(&property, number));
    let tokens = [0, 1].map(|index| phones[index].sign_in(RESIDENT, "own"));
    let other = Phone::new(&property, 3);
    let others = other.sign_in(SECOND_RESIDENT, "own");
    let mut browser = signed_in(&property, RESIDENT);
    let csrf = csrf(&mut browser);
    let fields = [("csrf", &*csrf), ("all", "yes")];
    let answer = browser.submit(END, &fields).expect(303);
    assert_eq!(answer.header("location"), "/account/sessions?ended=all");
    assert!(!is_live(&phones[0], &tokens[0]) && !is_live(&phones[1], &tokens[1]));
    assert!(is_live(&other, &others));
    browser.get(SESSIONS).expect(200);
}

#[test]
fn a_form_without_the_token_of_this_very_browser_does_nothing() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let mut browser = signed_in(&property, RESIDENT);
    let own = csrf(&mut browser);
    // Of the same account even, in another browser.
    let foreign = csrf(&mut signed_in(&property, RESIDENT));
    assert_ne!(own, foreign);
    let id = id_of(&tokens);
    browser.submit(END, &[("id", id)]).expect(400);
    browser.submit(SIGN_OUT, &[]).expect(400);
    for wrong in ["", "nonsense", &*foreign] {
        for fields in [
            [("csrf", wrong), ("id", id)],
            [("csrf", wrong), ("all", "yes")],
        ] {
            browser.submit(END, &fields).expect(403);
        }
        browser.submit(SIGN_OUT, &[("csrf", wrong)]).expect(403);
    }
    assert!(is_live(&phone, &tokens));
    browser.get(SESSIONS).expect(200);
}

#[test]
fn a_form_that_another_site_sent_does_nothing_even_with_the_token() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let mut browser = signed_in(&property, RESIDENT);
    let csrf = csrf(&mut browser);
    let sign_in = [("email", RESIDENT), ("password", PASSWORD)];
    for (path, fields) in [
        (END, [("csrf", &*csrf), ("all", "yes")]),
        (SIGN_OUT, [("csrf", &*csrf), ("from", "sessions")]),
        (SIGN_IN, sign_in),
    ] {
        let mut request = form(path, &fields);
        let cookie = browser.cookie.clone().unwrap().parse().unwrap();
        request.headers_mut().insert("cookie", cookie);
        let site = "cross-site".parse().unwrap();
        request.headers_mut().insert("sec-fetch-site", site);
        let answer = property.call(request).expect(403);
        assert!(answer.headers.get("set-cookie").is_none());
    }
    assert!(is_live(&phone, &tokens));
}

#[test]
fn another_accounts_session_is_as_unknown_as_none() {
    let property = Property::open();
    let other = Phone::new(&property, 2);
    let others = other.sign_in(SECOND_RESIDENT, "own");
    let mut browser = signed_in(&property, RESIDENT);
    let csrf = csrf(&mut browser);
    let mut end = |id: &str| browser.submit(END, &[("csrf", &*csrf), ("id", id)]);
    let foreign = end(id_of(&others)).expect(404);
    let none = end("00000000-0000-4000-8000-000000000000").expect(404);
    assert_eq!(foreign.body, none.body);
    end("nonsense").expect(404);
    assert!(is_live(&other, &others));
}

#[test]
fn exactly_one_or_all_is_ended() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let mut browser = signed_in(&property, RESIDENT);
    let csrf = csrf(&mut browser);
    let both = [("csrf", &*csrf), ("id", id_of(&tokens)), ("all", "yes")];
    browser.submit(END, &both).expect(400);
    browser.submit(END, &both[..1]).expect(400);
    assert!(is_live(&phone, &tokens));
}

#[test]
fn without_a_cookie_of_ours_there_is_nothing_but_the_way_to_sign_in() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let csrf = csrf(&mut signed_in(&property, RESIDENT));
    let made_up = format!("__Host-keyway-web={}", crate::support::base64url(&[7; 32]));
    for cookie in [None, Some("__Host-keyway-web=x".into()), Some(made_up)] {
        let mut browser = Browser::new(&property);
        browser.cookie = cookie;
        assert_signed_out(&mut browser);
        let all = [("csrf", &*csrf), ("all", "yes")];
        for (path, fields) in [(END, &all[..]), (SIGN_OUT, &all[..1])] {
            let answer = browser.submit(path, fields).expect(303);
            assert_eq!(answer.header("location"), SIGN_IN);
        }
    }
    assert!(is_live(&phone, &tokens));
}

#[test]
fn the_cookie_is_found_among_others() {
    let property = Property::open();
    let mut browser = signed_in(&property, RESIDENT);
    let ours = browser.cookie.take().unwrap();
    browser.cookie = Some(format!("theme=dark; {ours}; lang=en"));
    browser.get(SESSIONS).expect(200);
}

#[test]
fn signing_out_ends_this_browsers_session_and_clears_its_cookie() {
    let property = Property::open();
    let mut browser = signed_in(&property, RESIDENT);
    let mut other = signed_in(&property, RESIDENT);
    let stolen = browser.cookie.clone();
    let csrf = csrf(&mut browser);
    let answer = browser.submit(SIGN_OUT, &[("csrf", &csrf)]).expect(303);
    assert_eq!(
        answer.header("set-cookie"),
        "__Host-keyway-web=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict"
    );
    assert_eq!(browser.cookie, None);
    let told = browser.get(answer.header("location")).expect(200);
    assert!(html(&told).contains("This browser is signed out."));
    browser.cookie = stolen;
    assert_signed_out(&mut browser);
    other.get(SESSIONS).expect(200);
}

#[test]
fn a_browser_is_no_session_of_the_app() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    signed_in(&property, RESIDENT);
    let live = phone.get(&tokens, "/v1/sessions").expect(200).json();
    assert_eq!(live["sessions"].as_array().unwrap().len(), 1);
}

#[test]
fn a_signed_in_browser_survives_a_restart() {
    let mut property = Property::open();
    let cookie = signed_in(&property, RESIDENT).cookie;
    property.restart();
    let mut browser = Browser::new(&property);
    browser.cookie = cookie;
    browser.get(SESSIONS).expect(200);
}

#[test]
fn a_new_password_and_the_end_of_all_sessions_sign_every_browser_out() {
    const NEW: &str = "Battery Staple 8!";
    let change = |_: &Property, phone: &Phone<'_>, tokens: &Tokens| {
        let body = json!({ "currentPassword": PASSWORD, "newPassword": NEW });
        let body = ("application/json", body.to_string().into_bytes());
        phone
            .resource(tokens, Method::PUT, "/v1/password", Some(body))
            .expect(204);
    };
    let reset = |property: &Property, _: &Phone<'_>, _: &Tokens| {
        let ask = json!({ "email": RESIDENT });
        property
            .call(post_json("/v1/password/reset", &ask))
            .expect(202);
        let token = property.reset_token_mailed_to(RESIDENT);
        let fields = [("token", &*token), ("password", NEW), ("repeated", NEW)];
        property.call(form("/account/reset", &fields)).expect(200);
    };
    let end_all = |_: &Property, phone: &Phone<'_>, tokens: &Tokens| {
        phone
            .resource(tokens, Method::DELETE, "/v1/sessions", None)
            .expect(204);
    };
    let by_the_office = |property: &Property, _: &Phone<'_>, tokens: &Tokens| {
        let account = uuid::Uuid::parse_str(&tokens.account).unwrap();
        property.service.end_sessions(account).unwrap();
    };
    type Way = fn(&Property, &Phone<'_>, &Tokens);
    let ways: [Way; 4] = [change, reset, end_all, by_the_office];
    for way in ways {
        let property = Property::open();
        let phone = property.phone();
        let tokens = phone.sign_in(RESIDENT, "own");
        let mut browser = signed_in(&property, RESIDENT);
        let mut other = signed_in(&property, SECOND_RESIDENT);
        way(&property, &phone, &tokens);
        assert_signed_out(&mut browser);
        other.get(SESSIONS).expect(200);
    }
}

#[test]
fn an_address_that_comes_back_on_a_page_is_text() {
    let property = Property::open();
    let mut browser = Browser::new(&property);
    let page = try_to_sign_in(&mut browser, "\"><script>alert(1)</script>", "x");
    assert!(html(&page.expect(400)).contains("&quot;&gt;&lt;script&gt;"));
}
