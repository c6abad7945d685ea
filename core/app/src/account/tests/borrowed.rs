use super::*;
use crate::Change;
use crate::account::{Phase, Remains, ServerEnd};
use crate::ports::Notice;
use crate::service::DoorId;
use crate::testing::Weather;
use crate::vault::File;
use core::time::Duration;
use zeroize::Zeroizing;

const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn nothing_is_ever_written_to_keychain_or_folder() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Borrowed);
    let context = app.context().clone();
    let storing = app.context().run(async move {
        let session = context.session()?;
        let file = File::Access(DoorId::from([1; 16]));
        let generation = session.generation();
        let vault = context.vault();
        vault
            .write(generation, file, Zeroizing::new(b"grant".to_vec()))
            .await?;
        vault.read(generation, file).await
    });
    let read = phone.run(storing).unwrap().unwrap();
    assert_eq!(read.as_deref().map(Vec::as_slice), Some(&b"grant"[..]));
    call(&phone, &app).unwrap();
    let report = sign_out(&phone, &app);
    assert!(report.complete, "{report:?}");
    assert!(phone.stores.content().ever_written.is_empty());
    assert!(phone.stores.is_empty());
}

#[test]
fn fifteen_minutes_end_it_by_the_timer() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Borrowed);
    phone.pass(14 * MINUTE);
    assert_eq!(app.status().phase, Phase::SignedIn(WhosePhone::Borrowed));
    phone.pass(MINUTE);
    assert_eq!(app.status().phase, Phase::SignedOut);
    assert!(app.last_report().unwrap().complete);
    assert!(phone.service.state().sessions[0].ended);
    let heard = phone.notices.all();
    assert_eq!(heard.last(), Some(&Notice::SignedOut { complete: true }));
}

#[test]
fn time_spent_suspended_counts_and_the_next_call_sees_it() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Borrowed);
    phone.clock.suspend(15 * MINUTE);
    let calls = phone.service.heard("GET /v1/time");
    assert_eq!(call(&phone, &app), Err(Error::BorrowedTimeUp));
    phone.settle();
    assert_eq!(phone.service.heard("GET /v1/time"), calls);
    assert_eq!(call(&phone, &app), Err(Error::NotSignedIn));
}

#[test]
fn coming_to_the_foreground_sees_it_too() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Borrowed);
    phone.clock.suspend(20 * MINUTE);
    app.surroundings_changed(Change::Foreground);
    phone.settle();
    assert_eq!(app.status().phase, Phase::SignedOut);
}

#[test]
fn a_kill_signs_out() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Borrowed);
    drop(app);
    let phone = phone.restarted();
    assert_eq!(started(&phone).status().phase, Phase::SignedOut);
}

#[test]
fn offline_the_report_says_when_it_ends_by_itself_and_the_next_may_sign_in() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Borrowed);
    let ends_at = app.status().ends_at;
    assert!(ends_at.is_some());
    phone.service.set_weather(Weather::Unreachable);
    let report = sign_out(&phone, &app);
    assert!(!report.complete);
    assert_eq!(report.server, ServerEnd::NotTold { ends_at });
    let at_locks = result(&report, Place::HolderKeyAtLocks);
    assert_eq!(at_locks, PlaceResult::Remains(Remains::ServiceNotTold));
    assert_eq!(result(&report, Place::Keychain), PlaceResult::WasEmpty);
    assert_eq!(app.status().phase, Phase::SignedOut);
    phone.service.set_weather(Weather::Fair);
    assert_eq!(sign_in(&phone, &app, WhosePhone::Borrowed), Ok(()));
    assert!(phone.stores.content().ever_written.is_empty());
}
