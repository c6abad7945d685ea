use super::*;
use crate::account::{Keeper, Phase, Remains, ServerEnd};
use crate::ports::Notice;
use crate::service::DoorId;
use crate::testing::Weather;
use crate::vault::File;
use crate::{Change, error::Fault};
use core::time::Duration;
use futures_util::future::join;
use zeroize::Zeroizing;

fn store(phone: &Phone, app: &App, file: File) {
    let context = app.context().clone();
    let storing = app.context().run(async move {
        let session = context.session()?;
        let content = Zeroizing::new(b"something".to_vec());
        let vault = context.vault();
        vault.write(session.generation(), file, content).await
    });
    phone.run(storing).unwrap().unwrap();
}

#[test]
fn an_own_phone_reports_every_place_once_and_nothing_stays() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Own);
    store(&phone, &app, File::Doors);
    store(&phone, &app, File::Access(DoorId::from([1; 16])));
    let report = sign_out(&phone, &app);
    assert!(report.complete && report.leftovers() == 0, "{report:?}");
    assert_eq!(report.server, ServerEnd::Ended);
    assert!(phone.stores.is_empty());
    assert!(phone.service.state().sessions[0].ended);
    let numbers: Vec<u8> = report
        .places
        .iter()
        .map(|line| line.place.number())
        .collect();
    assert_eq!(numbers, (1..=43).collect::<Vec<u8>>());
    for place in [
        Place::HolderKey,
        Place::DpopKey,
        Place::Keychain,
        Place::CacheKey,
        Place::CacheFiles,
        Place::GrantsAndDescriptors,
        Place::KeychainAfterUninstall,
        Place::CoreMemory,
        Place::RefreshTokens,
        Place::HolderKeyAtLocks,
        Place::KilledMidway,
    ] {
        assert_eq!(result(&report, place), PlaceResult::Gone, "{place:?}");
    }
    assert_eq!(result(&report, Place::CourierStore), PlaceResult::WasEmpty);
    for line in &report.places {
        if let Keeper::Unused { guard } = line.place.keeper() {
            let guard = guard.into();
            assert_eq!(line.result, PlaceResult::NotUsed { guard });
        }
    }
    assert_eq!(
        phone.notices.all().last(),
        Some(&Notice::SignedOut { complete: true })
    );
}

#[test]
fn a_second_sign_out_finds_every_place_empty() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Own);
    sign_out(&phone, &app);
    let report = sign_out(&phone, &app);
    assert!(report.complete, "{report:?}");
    assert_eq!(report.server, ServerEnd::NoSession);
    assert_eq!(result(&report, Place::Keychain), PlaceResult::WasEmpty);
}

#[test]
fn offline_the_ticket_stays_and_the_next_network_finishes() {
    for weather in [Weather::Unreachable, Weather::Silent, Weather::InTrouble] {
        let phone = Phone::new();
        let app = signed_in(&phone, WhosePhone::Own);
        let ends_at = app.status().ends_at;
        assert!(ends_at.is_some());
        phone.service.set_weather(weather);
        let begun = phone.clock.now();
        let report = sign_out(&phone, &app);
        assert!(
            phone.clock.now() - begun <= Duration::from_secs(6),
            "{weather:?}"
        );
        assert!(!report.complete);
        assert_eq!(report.server, ServerEnd::NotTold { ends_at });
        let kept = PlaceResult::Remains(Remains::TicketKept);
        assert_eq!(result(&report, Place::Keychain), kept);
        assert_eq!(result(&report, Place::HolderKey), PlaceResult::Gone);
        let held: Vec<String> = phone.stores.content().items.keys().cloned().collect();
        assert_eq!(held, ["logout-ticket"]);
        assert!(phone.stores.content().marker);
        assert_eq!(app.status().phase, Phase::WipePending);
        phone.service.set_weather(Weather::Fair);
        app.surroundings_changed(Change::Network { available: true });
        phone.settle();
        assert_eq!(app.status().phase, Phase::SignedOut);
        assert!(app.last_report().unwrap().complete);
        assert!(phone.stores.is_empty() && phone.service.state().sessions[0].ended);
    }
}

#[test]
fn a_ticket_that_the_service_does_not_know_is_not_taken_for_an_end() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Own);
    phone.service.state().sessions[0].ticket = "another".to_owned();
    let report = sign_out(&phone, &app);
    assert!(matches!(report.server, ServerEnd::NotTold { .. }) && !report.complete);
    // It is of no use to anybody: nothing is kept for another try.
    assert!(phone.stores.is_empty());
    assert_eq!(app.status().phase, Phase::SignedOut);
}

#[test]
fn an_open_wipe_is_finished_by_the_next_start_and_before_the_next_sign_in() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Own);
    phone.service.set_weather(Weather::Unreachable);
    sign_out(&phone, &app);
    let early = sign_in(&phone, &app, WhosePhone::Own);
    assert_eq!(early, Err(Error::ServiceUnreachable));
    drop(app);
    let phone = phone.restarted();
    phone.service.set_weather(Weather::Fair);
    let app = App::new(phone.ports.clone(), Config::default());
    let found = phone.run(app.start()).unwrap().unwrap();
    assert!(found.finished_wipe.unwrap().complete);
    assert!(phone.stores.is_empty());
    assert_eq!(sign_in(&phone, &app, WhosePhone::Own), Ok(()));
}

#[test]
fn a_keychain_that_refuses_to_erase_remains_and_says_what_to_do() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Own);
    phone.stores.content().keychain_refuses_to_erase = true;
    let report = sign_out(&phone, &app);
    assert!(!report.complete);
    assert_eq!(report.server, ServerEnd::Ended);
    let refused = PlaceResult::Remains(Remains::KeychainRefused);
    assert_eq!(result(&report, Place::Keychain), refused);
    assert_eq!(result(&report, Place::CacheKey), refused);
    assert_eq!(result(&report, Place::CacheFiles), PlaceResult::WasEmpty);
    let next = sign_in(&phone, &app, WhosePhone::Own);
    assert_eq!(next, Err(Error::KeychainRefusedToErase));
    phone.stores.content().keychain_refuses_to_erase = false;
    assert!(sign_out(&phone, &app).complete);
    assert!(phone.stores.is_empty());
}

#[test]
fn a_keychain_that_does_not_answer_remains_and_holds_nothing_up() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Own);
    phone.stores.content().keychain_is_silent = true;
    let begun = phone.clock.now();
    let report = sign_out(&phone, &app);
    assert!(phone.clock.now() - begun <= Duration::from_secs(6));
    let silent = PlaceResult::Remains(Remains::KeychainSilent);
    assert_eq!(result(&report, Place::Keychain), silent);
    assert!(phone.stores.content().files.is_empty());
    assert!(phone.stores.content().device_keys.is_empty());
    assert!(phone.service.state().sessions[0].ended);
}

#[test]
fn a_sign_out_during_a_sign_in_leaves_nothing_wherever_it_comes() {
    for whose in [WhosePhone::Own, WhosePhone::Borrowed] {
        for polls in 1..60 {
            let phone = Phone::new();
            let app = started(&phone);
            let signing_in = app.sign_in(EMAIL.to_owned(), password(), whose);
            let later = async {
                for _ in 0..polls {
                    phone.steps.taken().await;
                }
                app.sign_out().await
            };
            let (coming, report) = phone.run(join(signing_in, later)).unwrap();
            let report = report.unwrap();
            assert!(report.complete, "{polls}: {report:?}");
            if coming.is_err() {
                assert_eq!(coming.err(), Some(Error::SignedOutMeanwhile), "{polls}");
            }
            assert!(phone.stores.is_empty(), "{polls}");
            let open = phone.service.state().sessions.iter().any(|s| !s.ended);
            assert!(!open, "{polls}");
        }
    }
}

#[test]
fn what_finishes_after_the_sign_out_writes_nothing() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Own);
    let session = app.context().session().unwrap();
    let generation = session.generation();
    drop(session);
    sign_out(&phone, &app);
    let late = app.context().vault();
    let content = || Zeroizing::new(b"late".to_vec());
    let writing = late.write(generation, File::Doorcodes, content());
    assert_eq!(phone.run(writing).unwrap(), Err(Fault::Stale));
    let item = late.set_item(generation, crate::vault::Item::Session, content());
    assert_eq!(phone.run(item).unwrap(), Err(Fault::Stale));
    assert!(phone.stores.is_empty());
    let dropped = Notice::StaleWriteDropped;
    assert_eq!(
        phone
            .notices
            .all()
            .iter()
            .filter(|n| **n == dropped)
            .count(),
        2
    );
}

#[test]
fn a_journey_that_does_not_let_go_is_named() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Borrowed);
    let held = app.context().session().unwrap();
    let report = sign_out(&phone, &app);
    let line = result(&report, Place::CoreMemory);
    assert_eq!(line, PlaceResult::Remains(Remains::JourneyUnderWay));
    drop(held);
    assert!(sign_out(&phone, &app).complete);
}

#[test]
fn a_waiting_journey_is_woken_by_the_sign_out() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Borrowed);
    let context = app.context().clone();
    let journey = app.context().run(async move {
        let session = context.session()?;
        session.ended().await;
        Err::<(), _>(Fault::Stale)
    });
    let (journey, report) = phone.run(join(journey, app.sign_out())).unwrap();
    assert_eq!(journey, Err(Error::SignedOutMeanwhile));
    assert!(report.unwrap().complete);
}

#[test]
fn two_sign_outs_at_once_run_one_wipe() {
    let phone = Phone::new();
    let app = signed_in(&phone, WhosePhone::Own);
    let (first, second) = phone.run(join(app.sign_out(), app.sign_out())).unwrap();
    assert!(first.unwrap().complete);
    assert_eq!(second.err(), Some(Error::SignOutUnderWay));
}
