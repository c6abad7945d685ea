//! What only this layer does: lifetimes, abandoned calls, shells that misbehave. What the calls themselves do is shown by the core's tests, and over this
//! layer by the journeys that the phones' languages play.

mod support;

use core::future::Future as _;
use core::pin::pin;
use core::task::{Context, Waker};
use keyway::KeywayError;
use keyway::account::{Phase, WhosePhone};
use keyway::attempts::UnlockOutcome;
use keyway::open::OpenError;
use keyway::report::{PlaceResult, Remains};
use keyway::shell::Notice;
use keyway::surroundings::Change;
use keyway_app::service::DoorId;
use std::sync::Arc;
use support::{Home, Shell, run};

const DOOR: [u8; 16] = [7; 16];

#[test]
fn a_home_is_one_apps_until_it_is_shut_down_and_shutting_down_twice_is_fine() {
    let home = Home::new();
    let app = home.open().unwrap();
    assert_eq!(home.open().err(), Some(OpenError::HomeInUse));
    run(app.start()).unwrap();
    run(app.shut_down()).unwrap();
    run(app.shut_down()).unwrap();
    let again = home.open().unwrap();
    assert!(run(again.start()).unwrap().finished_wipe.is_none());
}

#[test]
fn after_it_was_shut_down_every_call_has_a_typed_answer() {
    let home = Home::new();
    let app = home.open().unwrap();
    run(app.start()).unwrap();
    run(app.shut_down()).unwrap();
    assert_eq!(run(app.doors()).err(), Some(KeywayError::Internal));
    assert_eq!(run(app.sign_out()).err(), Some(KeywayError::Internal));
    app.surroundings_changed(Change::Foreground).unwrap();
    let attempt = app.unlock(DoorId::from(DOOR)).unwrap();
    assert_eq!(run(attempt.next()).unwrap(), None);
    // It never began: the lost outcome of an unlock claims nothing.
    let outcome = run(attempt.outcome()).unwrap();
    assert_eq!(outcome, UnlockOutcome::MayHaveUnlocked);
}

#[test]
fn what_is_let_go_of_ends_in_the_background_and_frees_its_home() {
    let home = Home::new();
    let app = home.open().unwrap();
    let attempt = app.unlock(DoorId::from(DOOR)).unwrap();
    let notices = app.notices().unwrap();
    drop(app);
    // The attempt outlives the app that it came from.
    let why = KeywayError::NotSignedIn;
    assert_eq!(
        run(attempt.outcome()).unwrap(),
        UnlockOutcome::NotUnlocked { why }
    );
    assert_eq!(run(notices.next()).unwrap(), None);
    // Its end is not waited for by anybody; the home is free once it came.
    while home.open().err() == Some(OpenError::HomeInUse) {
        std::thread::yield_now();
    }
}

#[test]
fn an_attempt_ends_once_and_cancelling_it_afterwards_changes_nothing() {
    let home = Home::new();
    let app = home.open().unwrap();
    run(app.start()).unwrap();
    let attempt = app.unlock(DoorId::from(DOOR)).unwrap();
    let first = run(attempt.outcome()).unwrap();
    attempt.cancel().unwrap();
    attempt.cancel().unwrap();
    assert_eq!(run(attempt.outcome()).unwrap(), first);
    assert_eq!(run(attempt.next()).unwrap(), None);
    assert_eq!(run(attempt.next()).unwrap(), None);
}

#[test]
fn a_call_whose_caller_went_away_is_carried_to_its_end() {
    // A service that takes the connection and says nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let home = Home::with_service_at(&silent.local_addr().unwrap().to_string());
    let app = home.open().unwrap();
    run(app.start()).unwrap();
    {
        let email = "ada@example.test".to_owned();
        let mut sign_in = pin!(app.sign_in(email, "wrong".to_owned(), WhosePhone::Own));
        let mut context = Context::from_waker(Waker::noop());
        assert!(sign_in.as_mut().poll(&mut context).is_pending());
    }
    while app.status().unwrap().phase != Phase::SigningIn {
        std::thread::yield_now();
    }
    // The resident went on: the sign-in under way is stopped by the sign-out, not lost.
    let report = run(app.sign_out()).unwrap();
    assert_eq!(app.status().unwrap().phase, Phase::SignedOut, "{report:?}");
}

#[test]
fn a_shell_that_fails_at_one_place_is_a_line_of_the_report() {
    let home = Home::new();
    let app = home.open_with(Arc::new(Shell), None, None).unwrap();
    run(app.start()).unwrap();
    let report = run(app.sign_out()).unwrap();
    let result = |number: usize| report.places[number - 1].result.clone();
    assert_eq!(result(25), PlaceResult::Gone);
    let remains = |number: usize| match result(number) {
        PlaceResult::Remains { reason, .. } => Some(reason),
        _ => None,
    };
    assert_eq!(remains(22), Some(Remains::ShellRefused));
    assert_eq!(remains(36), Some(Remains::ShellCannotLook));
    let guard = "place_16_not_used".to_owned();
    assert_eq!(result(16), PlaceResult::NotUsed { guard });
    assert_eq!(report.places.len(), 43);
    assert!(!report.complete);
}

#[test]
fn notices_are_pulled_each_once() {
    let home = Home::new();
    let app = home.open().unwrap();
    run(app.start()).unwrap();
    let notices = app.notices().unwrap();
    run(app.sign_out()).unwrap();
    let complete = false;
    assert_eq!(
        run(notices.next()).unwrap(),
        Some(Notice::SignedOut { complete })
    );
    run(app.shut_down()).unwrap();
    assert_eq!(run(notices.next()).unwrap(), None);
}

#[test]
fn what_is_no_building_is_told_as_that() {
    let mut home = Home::new();
    home.building = "{}".to_owned();
    assert_eq!(home.open().err(), Some(OpenError::Building));
    let mut home = Home::new();
    home.building = home.building.replace("https://", "http://");
    assert_eq!(home.open().err(), Some(OpenError::Service));
}

#[test]
fn a_panic_inside_is_an_error_and_its_text_stays_inside() {
    assert_eq!(keyway::testing::panic_inside(), Err(KeywayError::Internal));
    let later = run(keyway::testing::panic_inside_later());
    assert_eq!(later, Err(KeywayError::Internal));
    assert!(!KeywayError::Internal.to_string().contains("cross"));
}
