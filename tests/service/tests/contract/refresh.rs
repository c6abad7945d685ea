//! Rotation: a lost reply signs nobody out, a copied token ends the family, a borrowed session ends by itself.
use crate::support::{MINUTE, Phone, Property, RESIDENT, Tokens};

#[test]
fn a_refresh_gives_new_tokens_and_no_second_ticket() {
    let property = Property::open();
    let phone = property.phone();
    let first = phone.sign_in(RESIDENT, "own");
    let second = Tokens::of(&phone.refresh(&first.refresh).expect(200));
    assert_ne!(first.access, second.access);
    assert_ne!(first.refresh, second.refresh);
    assert_eq!(first.session["id"], second.session["id"]);
    assert_eq!(second.ticket, None);
    phone.register(&second).expect(204);
}

#[test]
fn a_lost_reply_is_answered_again_with_the_same_successor() {
    let property = Property::open();
    let phone = property.phone();
    let first = phone.sign_in(RESIDENT, "own");
    let lost = Tokens::of(&phone.refresh(&first.refresh).expect(200));
    let again = Tokens::of(&phone.refresh(&first.refresh).expect(200));
    assert_eq!(lost.refresh, again.refresh);
    let third = Tokens::of(&phone.refresh(&again.refresh).expect(200));
    phone.register(&third).expect(204);
}

#[test]
fn a_predecessor_is_dead_once_its_successor_was_used_and_ends_the_family() {
    let property = Property::open();
    let phone = property.phone();
    let first = phone.sign_in(RESIDENT, "own");
    let second = Tokens::of(&phone.refresh(&first.refresh).expect(200));
    let third = Tokens::of(&phone.refresh(&second.refresh).expect(200));

    let reused = phone.refresh(&first.refresh).expect(400);
    assert_eq!(reused.text("error"), "invalid_grant");
    phone.refresh(&third.refresh).expect(400);
    phone.register(&third).expect(401);
}

#[test]
fn a_thief_without_the_key_gets_nothing_and_ends_nothing() {
    let property = Property::open();
    let phone = property.phone();
    let first = phone.sign_in(RESIDENT, "own");
    let second = Tokens::of(&phone.refresh(&first.refresh).expect(200));
    Tokens::of(&phone.refresh(&second.refresh).expect(200));

    let thief = Phone::new(&property, 2);
    thief.refresh(&first.refresh).expect(400);
    phone.refresh(&second.refresh).expect(200);
}

#[test]
fn a_made_up_token_is_refused() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let mut forged = crate::support::from_base64url(&tokens.refresh);
    // The next generation, with this one's MAC.
    forged[19] += 1;
    phone
        .refresh(&crate::support::base64url(&forged))
        .expect(400);
    phone.refresh("").expect(400);
    phone.refresh(&tokens.refresh).expect(200);
}

#[test]
fn a_borrowed_session_ends_after_fifteen_minutes_whatever_the_phone_does() {
    let property = Property::open();
    let phone = property.phone();
    let mut tokens = phone.sign_in(RESIDENT, "borrowed");
    assert_eq!(tokens.session["borrowed"], true);
    assert_eq!(tokens.session["endsAt"], "2026-11-24T12:15:00Z");
    for _ in 0..3 {
        property.clock.advance(4 * MINUTE);
        tokens = Tokens::of(&phone.refresh(&tokens.refresh).expect(200));
        assert_eq!(tokens.session["endsAt"], "2026-11-24T12:15:00Z");
    }
    let last = phone.refresh(&tokens.refresh).expect(200);
    assert_eq!(last.json()["expires_in"], 180);
    let last = Tokens::of(&last);

    property.clock.advance(3 * MINUTE);
    phone.refresh(&last.refresh).expect(400);
    phone.register(&last).expect(401);
}

#[test]
fn an_own_session_lives_as_long_as_it_is_used() {
    let property = Property::open();
    let phone = property.phone();
    let mut tokens = phone.sign_in(RESIDENT, "own");
    let day = 24 * 60 * MINUTE;
    for _ in 0..3 {
        property.clock.advance(89 * day);
        tokens = Tokens::of(&phone.refresh(&tokens.refresh).expect(200));
    }
    property.clock.advance(90 * day);
    phone.refresh(&tokens.refresh).expect(400);
}

#[test]
fn sessions_survive_a_restart_of_the_service() {
    let mut property = Property::open();
    let tokens = property.phone().sign_in(RESIDENT, "own");
    property.restart();
    let phone = Phone::new(&property, 1);
    phone.refresh(&tokens.refresh).expect(200);
}
