//! The courier on a virtual clock, against the protocol's own lock.

use super::{SyncOutcome, SyncPhase};
use crate::account::WhosePhone;
use crate::doors::tests::resident;
use crate::testing::doorway::{self, door};
use crate::testing::{Phone, Weather};
use crate::{App, Change, Error, UnlockOutcome};
use core::time::Duration;
use keyway_protocol::error::Code;
use serde_json::json;

/// Four chunks, which is what this lock expects.
const BUNDLE: usize = 3_500;

fn line(method: &str, what: &str) -> String {
    format!("{method} /v1/doors/{}/{what}", doorway::DOOR)
}

/// An own phone; the service has a bundle for the lock and takes what comes back.
fn courier() -> (Phone, App) {
    let (phone, app) = resident(WhosePhone::Own);
    let issued = u64::try_from(phone.clock.true_time() / 1000).unwrap();
    let bundle = doorway::bundle(None, 1, BUNDLE, issued);
    let verified = json!({"receiptVerified": true, "critSeq": 1, "bulkSeq": 1}).to_string();
    let logged = json!({"entries": 3, "ackedIndex": 5}).to_string();
    let shelf = [
        (line("GET", "bundle"), bundle),
        (line("POST", "receipts"), verified.into_bytes()),
        (line("POST", "log"), logged.into_bytes()),
        (line("POST", "time"), b"attest".to_vec()),
    ];
    phone
        .service
        .state()
        .shelf
        .extend(shelf.map(|(line, body)| (line, (200, body))));
    (phone, app)
}

fn sync(phone: &Phone, app: &App) -> (Vec<SyncPhase>, SyncOutcome) {
    let attempt = app.sync(door());
    phone
        .run(async {
            let mut phases = Vec::new();
            while let Some(phase) = attempt.next().await {
                phases.push(phase);
            }
            (phases, attempt.outcome().await)
        })
        .unwrap()
}

fn synced(entries: u32, upload_pending: bool) -> SyncOutcome {
    SyncOutcome::Synced {
        receipt_verified: !upload_pending,
        log_entries_carried: entries,
        upload_pending,
    }
}

#[test]
fn a_sync_carries_the_bundle_down_and_receipts_and_log_up() {
    let (phone, app) = courier();
    let (phases, outcome) = sync(&phone, &app);
    assert_eq!(outcome, synced(6, false));
    let total = u64::try_from(BUNDLE).unwrap();
    assert!(phases.contains(&SyncPhase::Sending { sent: total, total }));
    let order = [
        SyncPhase::Fetching,
        SyncPhase::Scanning,
        SyncPhase::Connecting,
        SyncPhase::Authenticating,
        SyncPhase::Applying,
        SyncPhase::Collecting,
        SyncPhase::Uploading,
    ];
    let places: Vec<_> = order
        .iter()
        .map(|wanted| phases.iter().position(|phase| phase == wanted).unwrap())
        .collect();
    assert!(places.is_sorted(), "{phases:?}");
    assert_eq!(phone.radio.street().papers().bulk_seq, 1);
}

#[test]
fn receipts_are_handed_in_before_the_log() {
    let (phone, app) = courier();
    sync(&phone, &app);
    let heard = phone.service.state().heard.clone();
    let place = |line: String| heard.iter().position(|heard| *heard == line).unwrap();
    assert!(place(line("POST", "receipts")) < place(line("POST", "log")));
}

#[test]
fn a_bundle_fetched_ahead_is_delivered_without_network_and_handed_in_later() {
    let (phone, app) = courier();
    phone.radio.street().in_range = false;
    let (_, outcome) = sync(&phone, &app);
    let error = Error::LockNotFound;
    assert_eq!(outcome, SyncOutcome::NotSynced { error });
    phone.radio.street().in_range = true;
    phone.service.set_weather(Weather::Unreachable);
    let (_, outcome) = sync(&phone, &app);
    assert_eq!(outcome, synced(0, true));
    assert_eq!(phone.radio.street().papers().bulk_seq, 1);
    phone.service.set_weather(Weather::Fair);
    app.surroundings_changed(Change::Network { available: true });
    phone.pass(Duration::from_secs(1));
    assert!(phone.service.heard(&line("POST", "receipts")) >= 1);
    assert!(phone.service.heard(&line("POST", "log")) >= 1);
}

#[test]
fn nothing_to_carry_and_no_network_is_told_as_that() {
    let (phone, app) = courier();
    phone.service.set_weather(Weather::Unreachable);
    let (_, outcome) = sync(&phone, &app);
    let error = Error::BundleNotAvailableOffline;
    assert_eq!(outcome, SyncOutcome::NotSynced { error });
}

#[test]
fn a_cut_sync_goes_on_where_it_stopped() {
    let (phone, app) = courier();
    phone.radio.street().cut_after_writes = Some(16);
    let (phases, outcome) = sync(&phone, &app);
    assert_eq!(outcome, synced(6, false));
    let links = phases
        .iter()
        .filter(|phase| **phase == SyncPhase::Connecting)
        .count();
    assert_eq!(links, 2);
    assert_eq!(phone.radio.street().papers().chunks_taken, 4);
}

#[test]
fn an_unlock_preempts_a_sync() {
    let (phone, app) = courier();
    phone.radio.street().silent = true;
    let sync = app.sync(door());
    phone.pass(Duration::from_secs(1));
    phone.radio.street().silent = false;
    let unlock = app.unlock(door());
    let outcome = phone.run(sync.outcome()).unwrap();
    assert_eq!(outcome, SyncOutcome::Interrupted { resumable: true });
    assert_eq!(
        phone.run(unlock.outcome()).unwrap(),
        UnlockOutcome::Unlocked
    );
}

#[test]
fn a_second_sync_does_not_interrupt_the_first() {
    let (phone, app) = courier();
    let first = app.sync(door());
    phone.settle();
    let second = app.sync(door());
    let error = Error::SyncUnderWay;
    let outcome = phone.run(second.outcome()).unwrap();
    assert_eq!(outcome, SyncOutcome::NotSynced { error });
    assert_eq!(phone.run(first.outcome()).unwrap(), synced(6, false));
}

#[test]
fn an_unlock_syncs_in_passing_after_its_outcome() {
    let (phone, app) = courier();
    let outcome = phone.run(app.unlock(door()).outcome()).unwrap();
    assert_eq!(outcome, UnlockOutcome::Unlocked);
    phone.pass(Duration::from_secs(20));
    assert!(phone.service.heard(&line("POST", "log")) >= 1);
}

#[test]
fn a_lock_without_time_has_it_attested_and_then_unlocks() {
    let (phone, app) = courier();
    {
        let street = phone.radio.street();
        let mut papers = street.papers();
        papers.attested = false;
        papers.refuses = Some(Code::ClockUnsure);
    }
    let outcome = phone.run(app.unlock(door()).outcome()).unwrap();
    assert_eq!(outcome, UnlockOutcome::Unlocked);
    assert_eq!(phone.radio.street().moves, 1);
}

#[test]
fn a_forged_receipt_is_not_called_verified() {
    let (phone, app) = courier();
    let forged = json!({"code": "RECEIPT_FORGED"}).to_string().into_bytes();
    let receipts = line("POST", "receipts");
    phone.service.state().shelf.insert(receipts, (422, forged));
    let (_, outcome) = sync(&phone, &app);
    assert!(matches!(
        outcome,
        SyncOutcome::Synced {
            receipt_verified: false,
            upload_pending: false,
            ..
        }
    ));
}

/// An own phone that carries a lock's answers and could not hand them in yet.
fn laden_courier() -> (Phone, App) {
    let (phone, app) = courier();
    phone.radio.street().in_range = false;
    sync(&phone, &app);
    phone.radio.street().in_range = true;
    phone.service.set_weather(Weather::Unreachable);
    assert_eq!(sync(&phone, &app).1, synced(0, true));
    (phone, app)
}

#[test]
fn a_sign_out_hands_in_what_waits_before_it_ends_the_session() {
    // Also when nonce and access token have lapsed while there was no network.
    for waited in [0, 400] {
        let (phone, app) = laden_courier();
        phone.pass(Duration::from_secs(waited));
        phone.service.set_weather(Weather::Fair);
        let report = phone.run(app.sign_out()).unwrap().unwrap();
        assert!(report.complete && report.undelivered == 0, "{waited}");
        let heard = phone.service.state().heard.clone();
        let place = |line: &str| heard.iter().rposition(|heard| heard == line).unwrap();
        let end = place("POST /v1/sessions/end");
        assert!(place(&line("POST", "receipts")) < end);
        assert!(place(&line("POST", "log")) < end);
        assert!(phone.stores.is_empty());
    }
}

#[test]
fn a_sign_out_without_network_counts_what_it_could_not_hand_in() {
    let (phone, app) = laden_courier();
    let report = phone.run(app.sign_out()).unwrap().unwrap();
    assert!(report.undelivered >= 2 && !report.complete, "{report:?}");
    assert!(phone.stores.content().files.is_empty());
}

/// The relay's victim: a phone in a pocket. Whatever wakes the app, only a tap moves a bolt.
#[test]
fn r08_a_phone_in_the_background_opens_nothing_in_1_000_approaches() {
    let (phone, app) = courier();
    app.surroundings_changed(Change::Background);
    app.surroundings_changed(Change::PhoneLocked);
    for approach in 0..1_000 {
        phone.radio.street().in_range = false;
        phone.pass(Duration::from_secs(60));
        phone.radio.street().in_range = true;
        app.surroundings_changed(Change::Bluetooth);
        app.surroundings_changed(Change::Network { available: true });
        if approach % 100 == 0 {
            // The control: the lock is there, and a sync in the background reaches it.
            let (_, outcome) = sync(&phone, &app);
            assert!(matches!(outcome, SyncOutcome::Synced { .. }), "{outcome:?}");
        } else if approach % 10 == 0 {
            phone.run(app.doors_in_range()).unwrap().unwrap();
        }
    }
    assert_eq!(phone.radio.street().moves, 0);
    let tap = phone.run(app.unlock(door()).outcome()).unwrap();
    assert_eq!(tap, UnlockOutcome::Unlocked);
}
