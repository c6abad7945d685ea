//! Signing in and out, codes and links by mail, sessions and passwords.
use crate::phone::{NEW, NOON, PASSWORD, Phone, RESIDENT, secret};
use keyway_app::Error;
use keyway_app::account::{Phase, PlaceResult, ServerEnd, WhosePhone};

#[test]
fn own_phone_signs_in_stays_in_over_refreshes_and_signs_out_completely() {
    let phone = Phone::new();
    phone.sign_in(WhosePhone::Own).unwrap();
    assert_eq!(phone.app.status().phase, Phase::SignedIn(WhosePhone::Own));
    assert_eq!(phone.app.status().clock_error_minutes, None);
    for _ in 0..5 {
        phone.later(6);
        phone.run(phone.app.refresh()).unwrap();
    }
    let report = phone.run(phone.app.sign_out()).unwrap();
    assert!(report.complete, "{report:?}");
    assert_eq!(report.server, ServerEnd::Ended);
    assert!(phone.stores.is_empty());
}

#[test]
fn borrowed_phone_signs_in_sees_doors_and_ends_after_fifteen_minutes() {
    let phone = Phone::new();
    phone.sign_in(WhosePhone::Borrowed).unwrap();
    let ends_at = phone.app.status().ends_at;
    assert_eq!(ends_at, Some(NOON + 15 * 60_000));
    phone.run(phone.app.doors()).unwrap();
    phone.later(15);
    let told = phone.run(phone.app.doors());
    assert_eq!(told.err(), Some(Error::BorrowedTimeUp));
    assert!(phone.stores.content().ever_written.is_empty());
}

#[test]
fn a_wrong_password_is_told_as_such() {
    let phone = Phone::new();
    let told = phone.sign_in_with("wrong", WhosePhone::Own);
    assert_eq!(told.err(), Some(Error::WrongCredentials));
    let report = phone.run(phone.app.sign_out()).unwrap();
    let held = |result: &PlaceResult| matches!(result, PlaceResult::Gone | PlaceResult::Remains(_));
    assert!(
        !report
            .places
            .iter()
            .any(|line| held(&line.result) && line.place.number() < 43)
    );
}

#[test]
fn a_code_from_the_mailbox_signs_in_and_a_wrong_one_does_not() {
    let phone = Phone::new();
    phone
        .run(phone.app.send_one_time_code(RESIDENT.to_owned()))
        .unwrap();
    let mail = phone.newest_mail();
    let mut digits = mail.split(|c: char| !c.is_ascii_digit());
    let code = digits.find(|digits| digits.len() == 6).unwrap();
    let sign_in = |code: &str| {
        let attempt =
            phone
                .app
                .sign_in_with_code(RESIDENT.to_owned(), secret(code), WhosePhone::Own);
        phone.run(attempt).map(drop)
    };
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(sign_in(wrong), Err(Error::WrongCredentials));
    sign_in(code).unwrap();
    assert_eq!(phone.app.status().phase, Phase::SignedIn(WhosePhone::Own));
}

#[test]
fn mails_asked_for_too_often_have_to_wait() {
    let phone = Phone::new();
    let ask = || phone.run(phone.app.send_password_reset(RESIDENT.to_owned()));
    for _ in 0..3 {
        ask().unwrap();
    }
    assert!(matches!(ask(), Err(Error::TooManyTries { .. })));
    assert!(phone.newest_mail().contains("/account/reset?token="));
}

#[test]
fn another_phones_session_is_seen_and_ended_and_the_phone_learns_it() {
    let phone = Phone::new();
    phone.sign_in(WhosePhone::Own).unwrap();
    let lost = phone.another();
    lost.sign_in(WhosePhone::Borrowed).unwrap();
    let sessions = phone.run(phone.app.sessions()).unwrap();
    assert_eq!(sessions.len(), 2);
    let other = sessions.iter().find(|session| !session.current).unwrap();
    assert!(other.borrowed);
    phone.run(phone.app.end_session(other.id)).unwrap();
    assert_eq!(phone.run(phone.app.sessions()).unwrap().len(), 1);
    assert!(lost.run(lost.app.refresh()).is_err());
    assert_eq!(lost.app.status().phase, Phase::SignedOut);
}

#[test]
fn a_new_password_ends_the_other_phone_and_keeps_this_one() {
    let phone = Phone::new();
    phone.sign_in(WhosePhone::Own).unwrap();
    let other = phone.another();
    other.sign_in(WhosePhone::Own).unwrap();
    let change = |current: &str, new: &str| {
        phone.run(phone.app.change_password(secret(current), secret(new)))
    };
    assert_eq!(change("wrong", NEW), Err(Error::WrongCredentials));
    change(PASSWORD, NEW).unwrap();
    assert!(other.run(other.app.refresh()).is_err());
    phone.run(phone.app.refresh()).unwrap();
    assert_eq!(phone.run(phone.app.sessions()).unwrap().len(), 1);
    let again = phone.another();
    assert!(again.sign_in(WhosePhone::Own).is_err());
    again.sign_in_with(NEW, WhosePhone::Own).unwrap();
}

#[test]
fn ending_all_sessions_ends_this_one_and_wipes() {
    let phone = Phone::new();
    phone.sign_in(WhosePhone::Own).unwrap();
    let other = phone.another();
    other.sign_in(WhosePhone::Own).unwrap();
    phone.run(phone.app.end_all_sessions()).unwrap();
    assert!(phone.stores.is_empty());
    assert!(other.run(other.app.refresh()).is_err());
}
