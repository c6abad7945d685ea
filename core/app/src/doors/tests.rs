//! The unlock on a virtual clock, against the protocol's own lock.

use super::{CanUnlock, UnlockOutcome, UnlockPhase};
use crate::account::WhosePhone;
use crate::ports::{Power, RadioError};
use crate::secret::SecretString;
use crate::testing::air::Operation;
use crate::testing::doorway::{self, Lease, door, plain_door};
use crate::testing::{EMAIL, PASSWORD, Phone, Weather};
use crate::{App, Config, Error};
use core::time::Duration;
use keyway_protocol::error::Code;
use keyway_protocol::grant::Flags;

const DAY: u64 = 86_400;

/// Signed in, with everything fetched ahead.
pub(crate) fn resident(whose: WhosePhone) -> (Phone, App) {
    let phone = Phone::new();
    let app = App::new(phone.ports.clone(), Config::default());
    phone.run(app.start()).unwrap().unwrap();
    let password = SecretString::new(PASSWORD.into());
    phone
        .run(app.sign_in(EMAIL.into(), password, whose))
        .unwrap()
        .unwrap();
    stock(&phone, 7 * DAY, whose);
    phone.run(app.refresh()).unwrap().unwrap();
    (phone, app)
}

/// Puts everything about the doors on the service's shelf.
pub(crate) fn stock(phone: &Phone, holds: u64, whose: WhosePhone) {
    let issued = u64::try_from(phone.clock.true_time() / 1000).unwrap();
    let mut state = phone.service.state();
    let holder = state.sessions[0].holder_key.clone().unwrap();
    let flags = match whose {
        WhosePhone::Own => Flags::default(),
        WhosePhone::Borrowed => Flags::BORROWED,
    };
    let lease = Lease {
        id: 1,
        issued,
        holds,
        flags,
    };
    let access = format!("GET /v1/doors/{}/access", doorway::DOOR);
    let shelf = [
        (
            "GET /v1/doors".into(),
            doorway::doors().to_string().into_bytes(),
        ),
        (
            "GET /v1/doorcodes".into(),
            doorway::doorcodes().to_string().into_bytes(),
        ),
        (access, doorway::access(&holder, lease)),
    ];
    state
        .shelf
        .extend(shelf.map(|(line, body)| (line, (200, body))));
}

fn unlock(phone: &Phone, app: &App) -> UnlockOutcome {
    let attempt = app.unlock(door());
    let outcome = phone.run(attempt.outcome()).unwrap();
    phone.pass(Duration::from_secs(20));
    outcome
}

fn not(error: Error) -> UnlockOutcome {
    UnlockOutcome::NotUnlocked { error }
}

fn operations(phone: &Phone, wanted: Operation) -> usize {
    let street = phone.radio.street();
    street
        .operations
        .iter()
        .filter(|(_, operation)| *operation == wanted)
        .count()
}

#[test]
fn an_unlock_reports_its_phases_and_one_outcome() {
    let (phone, app) = resident(WhosePhone::Own);
    let attempt = app.unlock(door());
    let (phases, first, second) = phone
        .run(async {
            let mut phases = Vec::new();
            while let Some(phase) = attempt.next().await {
                phases.push(phase);
            }
            (phases, attempt.outcome().await, attempt.outcome().await)
        })
        .unwrap();
    assert_eq!(
        phases,
        [
            UnlockPhase::Scanning,
            UnlockPhase::Connecting,
            UnlockPhase::Authenticating,
            UnlockPhase::Unlocking
        ]
    );
    assert_eq!(
        (first, second),
        (UnlockOutcome::Unlocked, UnlockOutcome::Unlocked)
    );
    assert_eq!(phone.radio.street().moves, 1);
}

#[test]
fn an_unlock_with_a_cached_grant_asks_nothing_of_the_network() {
    let (phone, app) = resident(WhosePhone::Own);
    phone.service.set_weather(Weather::Silent);
    let before = phone.service.state().heard.len();
    let outcome = phone.run(app.unlock(door()).outcome()).unwrap();
    assert_eq!(outcome, UnlockOutcome::Unlocked);
    assert_eq!(phone.service.state().heard.len(), before);
}

#[test]
fn a_lapsed_grant_without_network_is_told_as_that() {
    let (phone, app) = resident(WhosePhone::Own);
    phone.clock.suspend(Duration::from_secs(8 * DAY));
    phone.service.set_weather(Weather::Unreachable);
    assert_eq!(unlock(&phone, &app), not(Error::OfflineAndGrantLapsed));
    assert_eq!(operations(&phone, Operation::Scan), 0);
}

#[test]
fn a_second_unlock_at_once_gets_a_typed_answer_and_the_first_goes_on() {
    let (phone, app) = resident(WhosePhone::Own);
    let first = app.unlock(door());
    phone.settle();
    let second = app.unlock(door());
    assert_eq!(
        phone.run(second.outcome()).unwrap(),
        not(Error::UnlockUnderWay)
    );
    assert_eq!(phone.run(first.outcome()).unwrap(), UnlockOutcome::Unlocked);
}

#[test]
fn a_cancelled_unlock_answers_at_once_and_the_next_one_works() {
    let (phone, app) = resident(WhosePhone::Own);
    phone.radio.street().silent = true;
    phone.radio.street().close_hangs = true;
    let attempt = app.unlock(door());
    phone.pass(Duration::from_secs(1));
    let told = phone.clock.now();
    attempt.cancel();
    assert_eq!(phone.run(attempt.outcome()).unwrap(), not(Error::Cancelled));
    assert!(phone.clock.now() - told <= Duration::from_millis(100));
    let after: Vec<Operation> = {
        let street = phone.radio.street();
        let late = street.operations.iter().filter(|(at, _)| *at >= told);
        late.map(|(_, operation)| *operation).collect()
    };
    assert!(after.iter().all(|operation| *operation == Operation::Close));
    phone.radio.street().silent = false;
    assert_eq!(unlock(&phone, &app), UnlockOutcome::Unlocked);
}

#[test]
fn dropping_the_attempt_cancels_it() {
    let (phone, app) = resident(WhosePhone::Own);
    drop(app.unlock(door()));
    phone.pass(Duration::from_secs(30));
    assert_eq!(phone.radio.street().moves, 0);
}

#[test]
fn a_link_cut_as_the_bolt_moves_is_settled_by_asking_the_lock() {
    let (phone, app) = resident(WhosePhone::Own);
    phone.radio.street().cut_at_motor = true;
    assert_eq!(unlock(&phone, &app), UnlockOutcome::Unlocked);
    assert_eq!(phone.radio.street().moves, 1);
    assert_eq!(phone.radio.street().papers().taps(), 1);
}

#[test]
fn a_lock_that_cannot_be_asked_again_may_have_unlocked() {
    let (phone, app) = resident(WhosePhone::Own);
    phone.radio.street().cut_at_motor = true;
    phone.radio.street().gone_at_motor = true;
    assert_eq!(unlock(&phone, &app), UnlockOutcome::MayHaveUnlocked);
    assert_eq!(phone.radio.street().moves, 1);
}

#[test]
fn a_silent_lock_ends_in_time_and_did_not_unlock() {
    let (phone, app) = resident(WhosePhone::Own);
    phone.radio.street().silent = true;
    let begun = phone.clock.now();
    let outcome = phone.run(app.unlock(door()).outcome()).unwrap();
    assert_eq!(outcome, not(Error::LinkLost));
    assert!(phone.clock.now() - begun < Duration::from_secs(60));
}

#[test]
fn a_lock_out_of_range_is_given_up_after_twenty_seconds() {
    let (phone, app) = resident(WhosePhone::Own);
    phone.radio.street().in_range = false;
    let begun = phone.clock.now();
    let outcome = phone.run(app.unlock(door()).outcome()).unwrap();
    assert_eq!(outcome, not(Error::LockNotFound));
    assert_eq!(phone.clock.now() - begun, Duration::from_secs(20));
}

#[test]
fn a_failed_connect_is_tried_again() {
    let (phone, app) = resident(WhosePhone::Own);
    phone.radio.street().failing_connects = 2;
    assert_eq!(unlock(&phone, &app), UnlockOutcome::Unlocked);
    assert_eq!(operations(&phone, Operation::Connect), 3);
}

#[test]
fn the_second_unlock_resumes_and_a_borrowed_phone_never_does() {
    for (whose, resumes) in [(WhosePhone::Own, true), (WhosePhone::Borrowed, false)] {
        let (phone, app) = resident(whose);
        assert_eq!(unlock(&phone, &app), UnlockOutcome::Unlocked);
        let context = app.context();
        let session = context.session().unwrap();
        let held = session.memory().resumption(door());
        assert_eq!(held.is_some(), resumes, "{whose:?}");
        assert_eq!(unlock(&phone, &app), UnlockOutcome::Unlocked);
        assert_eq!(phone.radio.street().moves, 2);
    }
}

#[test]
fn each_refusal_has_its_own_answer() {
    let (phone, app) = resident(WhosePhone::Own);
    phone.service.set_weather(Weather::Unreachable);
    for (code, error) in [
        (Code::Revoked, Error::Revoked),
        (Code::NotYet, Error::NotYet),
        (Code::Expired, Error::Expired),
        (Code::Version, Error::LockTooOld),
        (Code::OutOfSchedule, Error::OutOfSchedule),
        (Code::Deadbolt, Error::Deadbolt),
        (Code::BatteryLow, Error::LockBatteryLow),
        (Code::SyncRequired, Error::SyncRequired),
    ] {
        phone.radio.street().papers().refuses = Some(code);
        assert_eq!(unlock(&phone, &app), not(error), "{code}");
    }
    assert_eq!(phone.radio.street().moves, 0);
}

#[test]
fn what_stands_against_the_radio_is_told_before_a_scan() {
    let (phone, app) = resident(WhosePhone::Own);
    phone.radio.street().adapter.power = Power::Off;
    assert_eq!(unlock(&phone, &app), not(Error::BluetoothOff));
    let doors = phone.run(app.doors()).unwrap().unwrap();
    let why = Error::from(crate::error::Fault::Radio(RadioError::Off));
    assert_eq!(doors.doors[0].can_unlock, CanUnlock::No { why });
    assert_eq!(operations(&phone, Operation::Scan), 0);
}

#[test]
fn doors_come_from_the_cache_with_what_this_phone_can_do_at_each() {
    let (phone, app) = resident(WhosePhone::Own);
    phone.service.set_weather(Weather::Unreachable);
    let doors = phone.run(app.doors()).unwrap().unwrap();
    assert!(doors.from_cache);
    assert!(matches!(doors.doors[0].can_unlock, CanUnlock::Yes { .. }));
    assert_eq!(doors.doors[0].battery_age.map(|age| age / 60_000), Some(60));
    let why = Error::NoBluetoothUnlock;
    assert_eq!(doors.doors[1].can_unlock, CanUnlock::No { why });
    let outcome = phone.run(app.unlock(plain_door()).outcome()).unwrap();
    assert_eq!(outcome, not(Error::NoBluetoothUnlock));
}

#[test]
fn a_sign_out_in_the_middle_of_an_unlock_ends_both() {
    let (phone, app) = resident(WhosePhone::Own);
    phone.radio.street().silent = true;
    let attempt = app.unlock(door());
    phone.pass(Duration::from_secs(1));
    let report = phone.run(app.sign_out()).unwrap().unwrap();
    assert!(report.complete);
    let outcome = phone.run(attempt.outcome()).unwrap();
    assert_eq!(outcome, not(Error::SignedOutMeanwhile));
}
