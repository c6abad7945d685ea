//! The end of a session: by ticket, by revocation, and what dies with it.
use crate::support::{Phone, Property, RESIDENT, SECOND_RESIDENT, Tokens, form, post_json};
use serde_json::json;

fn end(property: &Property, ticket: &str) -> u16 {
    let request = post_json("/v1/sessions/end", &json!({ "ticket": ticket }));
    property.call(request).status.as_u16()
}

fn revoke(property: &Property, token: &str) -> u16 {
    let request = form("/oauth/revoke", &[("token", token)]);
    property.call(request).status.as_u16()
}

#[test]
fn a_logout_ticket_ends_its_session_once_and_says_so_every_time() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let ticket = tokens.ticket.clone().unwrap();
    for _ in 0..3 {
        assert_eq!(end(&property, &ticket), 204);
    }
    phone.register(&tokens).expect(401);
    phone.refresh(&tokens.refresh).expect(400);
}

#[test]
fn a_ticket_ends_no_other_session() {
    let property = Property::open();
    let phone = property.phone();
    let first = phone.sign_in(RESIDENT, "own");
    let other = Phone::new(&property, 2);
    let second = other.sign_in(RESIDENT, "own");
    end(&property, &first.ticket.unwrap());
    other.register(&second).expect(204);
}

#[test]
fn a_ticket_that_was_never_given_out_is_not_confirmed() {
    let property = Property::open();
    let unknown = crate::support::base64url(&[3; 32]);
    assert_eq!(end(&property, &unknown), 404);
}

#[test]
fn a_ticket_of_a_session_that_ran_out_is_confirmed() {
    let property = Property::open();
    let tokens = property.phone().sign_in(RESIDENT, "borrowed");
    property.clock.advance(16 * crate::support::MINUTE);
    assert_eq!(end(&property, &tokens.ticket.unwrap()), 204);
}

#[test]
fn revoking_the_refresh_token_ends_the_session() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    assert_eq!(revoke(&property, &tokens.refresh), 200);
    phone.register(&tokens).expect(401);
    phone.refresh(&tokens.refresh).expect(400);
}

#[test]
fn revoking_an_access_token_denies_it_and_keeps_the_session() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    assert_eq!(revoke(&property, &tokens.access), 200);
    phone.register(&tokens).expect(401);
    let next = Tokens::of(&phone.refresh(&tokens.refresh).expect(200));
    phone.register(&next).expect(204);
}

#[test]
fn revoking_nonsense_is_answered_like_everything_else() {
    let property = Property::open();
    assert_eq!(revoke(&property, "nonsense"), 200);
    assert_eq!(revoke(&property, ""), 200);
}

#[test]
fn a_phone_key_is_taken_only_with_a_signature_over_this_sessions_nonce_and_account() {
    let property = Property::open();
    let phone = property.phone();
    let tokens = phone.sign_in(RESIDENT, "own");
    let other = Phone::new(&property, 2);
    let others = other.sign_in(SECOND_RESIDENT, "own");

    let mut foreign_nonce = tokens.clone();
    foreign_nonce.holder_nonce.clone_from(&others.holder_nonce);
    let told = phone.register(&foreign_nonce).expect(422);
    assert_eq!(told.code(), "PHONE_KEY_PROOF_REFUSED");

    let mut foreign_account = tokens.clone();
    foreign_account.account.clone_from(&others.account);
    phone.register(&foreign_account).expect(422);

    phone.register(&tokens).expect(204);
    phone.register(&tokens).expect(204);
}

#[test]
fn a_phone_key_belongs_to_one_account() {
    let property = Property::open();
    let phone = property.phone();
    phone.register(&phone.sign_in(RESIDENT, "own")).expect(204);
    let told = phone.register(&phone.sign_in(SECOND_RESIDENT, "own"));
    assert_eq!(told.expect(409).code(), "PHONE_KEY_IN_USE");
}
