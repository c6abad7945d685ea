//! Hiding: kept on the phone, gone from memory, back only for the phone's owner.

use super::{call, sign_in, sign_out, signed_in, started};
use crate::account::{Phase, WhosePhone};
use crate::ports::AuthenticationError;
use crate::testing::Phone;
use crate::vault::Item;
use crate::{App, Config, Error};

fn hidden(phone: &Phone) -> App {
    let app = signed_in(phone, WhosePhone::Own);
    phone.run(app.hide()).unwrap().unwrap();
    assert_eq!(app.status().phase, Phase::Hidden);
    app
}

#[test]
fn what_is_hidden_is_kept_and_answers_nobody() {
    let phone = Phone::new();
    let app = hidden(&phone);
    assert!(app.status().resident.is_none());
    assert_eq!(phone.run(app.doors()).unwrap(), Err(Error::Hidden));
    assert_eq!(call(&phone, &app), Err(Error::Hidden));
    assert_eq!(sign_in(&phone, &app, WhosePhone::Own), Err(Error::Hidden));
    let items = &phone.stores.content().items;
    assert!(items.contains_key("session") && items.contains_key(Item::Hidden.name().as_str()));
}

#[test]
fn only_the_phones_owner_brings_it_back() {
    let phone = Phone::new();
    let app = hidden(&phone);
    phone.owner.answers(Err(AuthenticationError::Failed));
    assert_eq!(
        phone.run(app.show()).unwrap(),
        Err(Error::DeviceAuthenticationFailed)
    );
    assert_eq!(app.status().phase, Phase::Hidden);
    phone.owner.answers(Ok(()));
    let status = phone.run(app.show()).unwrap().unwrap();
    assert_eq!(status.phase, Phase::SignedIn(WhosePhone::Own));
    assert_eq!(call(&phone, &app), Ok(()));
    // A restart finds it shown.
    let phone = phone.restarted();
    let app = started(&phone);
    assert_eq!(app.status().phase, Phase::SignedIn(WhosePhone::Own));
}

#[test]
fn showing_what_is_not_hidden_says_how_things_stand() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Own);
    let status = phone.run(app.show()).unwrap().unwrap();
    assert_eq!(status.phase, Phase::SignedIn(WhosePhone::Own));
    sign_out(&phone, &app);
    assert_eq!(phone.run(app.show()).unwrap(), Err(Error::NotSignedIn));
}

#[test]
fn a_restart_and_a_kill_leave_it_hidden() {
    let phone = Phone::new();
    let app = hidden(&phone);
    drop(app);
    let phone = phone.restarted();
    let app = App::new(phone.ports.clone(), Config::default());
    phone.run(app.start()).unwrap().unwrap();
    assert_eq!(app.status().phase, Phase::Hidden);
    assert_eq!(phone.run(app.doors()).unwrap(), Err(Error::Hidden));
    phone.run(app.show()).unwrap().unwrap();
    assert_eq!(call(&phone, &app), Ok(()));
}

#[test]
fn signing_out_needs_no_owner_and_leaves_nothing() {
    let phone = Phone::new();
    let app = hidden(&phone);
    phone.owner.answers(Err(AuthenticationError::Failed));
    let report = sign_out(&phone, &app);
    assert!(report.complete, "{report:?}");
    assert!(phone.stores.is_empty());
    assert_eq!(app.status().phase, Phase::SignedOut);
}

#[test]
fn a_phone_without_lock_screen_and_a_borrowed_one_hide_nothing() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Own);
    phone.owner.answers(Err(AuthenticationError::Missing));
    assert_eq!(
        phone.run(app.hide()).unwrap(),
        Err(Error::DeviceAuthenticationMissing)
    );
    assert_eq!(call(&phone, &app), Ok(()));

    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Borrowed);
    assert_eq!(
        phone.run(app.hide()).unwrap(),
        Err(Error::NotOnBorrowedPhone)
    );

    let phone = Phone::new();
    let app = started(&phone);
    assert_eq!(phone.run(app.hide()).unwrap(), Err(Error::NotSignedIn));
}
