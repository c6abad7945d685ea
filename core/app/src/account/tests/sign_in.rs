use super::*;
use crate::account::Phase;
use crate::ports::{KeyPurpose, Notice};
use crate::testing::Weather;
use futures_util::future::join;

#[test]
fn an_own_phone_is_still_signed_in_after_a_restart() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Own);
    assert_eq!(app.status().phase, Phase::SignedIn(WhosePhone::Own));
    let session = phone.service.state().sessions[0].clone();
    assert!(!session.borrowed && session.holder_key.is_some());
    drop(app);
    let phone = phone.restarted();
    phone.service.set_weather(Weather::Unreachable);
    let app = started(&phone);
    let status = app.status();
    assert_eq!(status.phase, Phase::SignedIn(WhosePhone::Own));
    assert_eq!(status.resident.unwrap().email, EMAIL);
    phone.service.set_weather(Weather::Fair);
    assert_eq!(call(&phone, &app), Ok(()));
}

#[test]
fn the_email_is_trimmed_and_lowered_and_the_password_is_byte_exact() {
    // The fake service knows one spelling of each; `sign_in` sends capitals and blanks around the e-mail.
    let phone = Phone::new();
    let app = started(&phone);
    assert_eq!(sign_in(&phone, &app, WhosePhone::Borrowed), Ok(()));
    let phone = Phone::new();
    let app = started(&phone);
    let trimmed = SecretString::new(PASSWORD.trim().to_owned());
    let signing_in = app.sign_in(EMAIL.to_owned(), trimmed, WhosePhone::Borrowed);
    assert_eq!(
        phone.run(signing_in).unwrap().err(),
        Some(Error::WrongCredentials)
    );
}

#[test]
fn a_wrong_password_makes_no_key_and_leaves_nothing() {
    let phone = Phone::new();
    let app = started(&phone);
    let wrong = SecretString::new("wrong".to_owned());
    let signing_in = app.sign_in(EMAIL.to_owned(), wrong, WhosePhone::Own);
    assert_eq!(
        phone.run(signing_in).unwrap().err(),
        Some(Error::WrongCredentials)
    );
    assert_eq!(app.status().phase, Phase::SignedOut);
    assert!(phone.stores.content().ever_written.is_empty());
    assert!(phone.stores.is_empty());
}

#[test]
fn an_account_that_is_not_active_is_told_apart() {
    let phone = Phone::new();
    phone.service.state().active = false;
    let app = started(&phone);
    let told = sign_in(&phone, &app, WhosePhone::Own);
    assert_eq!(told, Err(Error::AccountNotActive));
}

#[test]
fn a_service_that_is_away_in_trouble_or_silent_leaves_nothing_behind() {
    let cases = [
        (Weather::Unreachable, Error::ServiceUnreachable),
        (Weather::RepliesLost, Error::ServiceUnreachable),
        (Weather::Silent, Error::ServiceUnreachable),
        (Weather::InTrouble, Error::ServiceFault),
    ];
    for (weather, told) in cases {
        let phone = Phone::new();
        phone.service.set_weather(weather);
        let app = started(&phone);
        assert_eq!(
            sign_in(&phone, &app, WhosePhone::Own),
            Err(told),
            "{weather:?}"
        );
        assert_eq!(app.status().phase, Phase::SignedOut, "{weather:?}");
        assert!(phone.stores.is_empty());
    }
}

#[test]
fn a_keychain_that_stores_nothing_ends_the_session_it_cannot_keep() {
    let phone = Phone::new();
    phone.stores.content().keychain_refuses_to_set = true;
    let app = started(&phone);
    let told = sign_in(&phone, &app, WhosePhone::Own);
    assert_eq!(told, Err(Error::KeychainUnavailable));
    assert!(phone.service.state().sessions[0].ended);
    assert!(phone.stores.is_empty());
    assert_eq!(app.status().phase, Phase::SignedOut);
    // The advice that goes with it: a borrowed sign-in needs no keychain.
    assert_eq!(sign_in(&phone, &app, WhosePhone::Borrowed), Ok(()));
}

#[test]
fn two_sign_ins_at_once_give_one_session_and_one_typed_answer() {
    let phone = Phone::new();
    let app = started(&phone);
    let first = app.sign_in(EMAIL.to_owned(), password(), WhosePhone::Own);
    let second = app.sign_in(EMAIL.to_owned(), password(), WhosePhone::Own);
    let (first, second) = phone.run(join(first, second)).unwrap();
    assert!(first.is_ok());
    assert_eq!(second.err(), Some(Error::SignInUnderWay));
    assert_eq!(phone.service.state().sessions.len(), 1);
    let again = sign_in(&phone, &app, WhosePhone::Own);
    assert_eq!(again, Err(Error::AlreadySignedIn));
}

#[test]
fn a_sign_in_whose_caller_went_away_still_ends_whole() {
    let phone = Phone::new();
    let app = started(&phone);
    {
        let signing_in = app.sign_in(EMAIL.to_owned(), password(), WhosePhone::Own);
        let mut signing_in = core::pin::pin!(signing_in);
        let mut context = core::task::Context::from_waker(core::task::Waker::noop());
        assert!(signing_in.as_mut().poll(&mut context).is_pending());
    }
    phone.settle();
    assert_eq!(app.status().phase, Phase::SignedIn(WhosePhone::Own));
    assert_eq!(phone.notices.all(), [Notice::SignedIn { borrowed: false }]);
    let keys: Vec<KeyPurpose> = phone.stores.content().device_keys.keys().copied().collect();
    assert_eq!(keys, [KeyPurpose::Holder, KeyPurpose::Dpop]);
}

#[test]
fn a_wrong_phone_clock_signs_in_and_is_named_in_minutes() {
    let phone = Phone::new();
    *phone.clock.wall_error.lock().unwrap() = -47 * 60_000;
    let app = signed_in(&phone, WhosePhone::Own);
    assert_eq!(app.status().clock_error_minutes, Some(-47));
    *phone.clock.wall_error.lock().unwrap() = 60_000;
    call(&phone, &app).unwrap();
    assert_eq!(app.status().clock_error_minutes, None);
}
