use super::*;
use crate::account::{Phase, ServerEnd};
use crate::testing::Weather;
use core::time::Duration;
use futures_util::future::join;

const TOKEN_LIFE: Duration = Duration::from_secs(300);
const REFRESH: &str = "POST /oauth/token";

#[test]
fn unreachable_keeps_the_session() {
    for weather in [Weather::Unreachable, Weather::InTrouble, Weather::Silent] {
        let phone = Phone::new();
        let app = signed_in(&phone, WhosePhone::Own);
        phone.pass(TOKEN_LIFE);
        phone.service.set_weather(weather);
        assert!(call(&phone, &app).is_err(), "{weather:?}");
        assert_eq!(
            app.status().phase,
            Phase::SignedIn(WhosePhone::Own),
            "{weather:?}"
        );
        phone.service.set_weather(Weather::Fair);
        assert_eq!(call(&phone, &app), Ok(()), "{weather:?}");
    }
}

#[test]
fn refused_ends_the_session_and_wipes() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Own);
    phone.service.state().sessions[0].ended = true;
    assert_eq!(call(&phone, &app), Err(Error::SessionEndedByService));
    phone.settle();
    assert_eq!(app.status().phase, Phase::SignedOut);
    assert!(phone.stores.is_empty());
    let report = app.last_report().unwrap();
    assert!(report.complete, "{report:?}");
    assert_eq!(report.server, ServerEnd::Ended);
}

#[test]
fn an_access_token_refused_is_renewed_and_the_call_repeated_once() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Own);
    phone.service.state().sessions[0].access.clear();
    assert_eq!(call(&phone, &app), Ok(()));
}

#[test]
fn a_lost_reply_does_not_sign_out() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Own);
    for _ in 0..3 {
        phone.pass(TOKEN_LIFE);
        phone.service.set_weather(Weather::RepliesLost);
        assert_eq!(call(&phone, &app), Err(Error::ServiceUnreachable));
        phone.service.set_weather(Weather::Fair);
        assert_eq!(call(&phone, &app), Ok(()));
    }
    // Also when the process dies between the lost reply and the next try.
    phone.pass(TOKEN_LIFE);
    phone.service.set_weather(Weather::RepliesLost);
    let _ = call(&phone, &app);
    drop(app);
    let phone = phone.restarted();
    phone.service.set_weather(Weather::Fair);
    assert_eq!(call(&phone, &started(&phone)), Ok(()));
}

#[test]
fn a_successor_that_the_keychain_does_not_take_is_not_used_up() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Own);
    phone.stores.content().keychain_refuses_to_set = true;
    for _ in 0..3 {
        phone.pass(TOKEN_LIFE);
        assert_eq!(call(&phone, &app), Ok(()));
    }
    drop(app);
    // The keychain still holds the predecessor: a restart must be able to go on from it.
    let phone = phone.restarted();
    phone.stores.content().keychain_refuses_to_set = false;
    let app = started(&phone);
    assert_eq!(call(&phone, &app), Ok(()));
    drop(app);
    let phone = phone.restarted();
    assert_eq!(call(&phone, &started(&phone)), Ok(()));
}

#[test]
fn killed_at_any_step_of_a_refresh_the_session_is_still_good() {
    let mut steps = 0;
    loop {
        let phone = Phone::new();
        let app = signed_in(&phone, WhosePhone::Own);
        phone.pass(TOKEN_LIFE);
        phone.kill_after(steps);
        let context = app.context().clone();
        let ended = phone.run(app.context().run(async move {
            let session = context.session()?;
            session.send(crate::service::Call::get("/v1/time")).await
        }));
        let whole = ended.is_some();
        drop((ended, app));
        let phone = phone.restarted();
        assert_eq!(
            call(&phone, &started(&phone)),
            Ok(()),
            "killed after {steps}"
        );
        if whole {
            break;
        }
        steps += 1;
    }
    assert!(steps >= 3, "{steps}");
}

#[test]
fn two_journeys_share_one_refresh() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Own);
    phone.pass(TOKEN_LIFE);
    let before = phone.service.heard(REFRESH);
    let journey = || {
        let context = app.context().clone();
        app.context().run(async move {
            let session = context.session()?;
            session.send(crate::service::Call::get("/v1/time")).await
        })
    };
    let (first, second) = phone.run(join(journey(), journey())).unwrap();
    assert!(first.is_ok() && second.is_ok());
    let refreshes = phone.service.heard(REFRESH) - before;
    // One, or one more where the service asked for its newest nonce.
    assert!((1..=2).contains(&refreshes), "{refreshes}");
    assert_eq!(phone.service.state().sessions[0].access.len(), 2);
}

#[test]
fn a_lost_key_is_named_and_does_not_throw_the_session_away() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Own);
    phone.stores.content().device_keys.clear();
    assert_eq!(call(&phone, &app), Err(Error::PhoneKeyLost));
    assert_eq!(app.status().phase, Phase::SignedIn(WhosePhone::Own));
}
