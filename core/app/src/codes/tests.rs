//! Doorcodes on a virtual clock.

use super::Reveal;
use crate::account::WhosePhone;
use crate::doors::tests::resident;
use crate::service::{CodeKind, CodeStatus};
use crate::testing::Weather;
use crate::testing::doorway::door;
use core::time::Duration;

#[test]
fn codes_come_from_the_cache_with_leading_zeros_and_the_doors_own_time() {
    let (phone, app) = resident(WhosePhone::Own);
    phone.service.set_weather(Weather::Unreachable);
    let codes = phone.run(app.doorcodes(door())).unwrap().unwrap();
    assert!(codes.from_cache);
    let residence = &codes.codes[0];
    assert_eq!(residence.kind, CodeKind::Residence);
    assert_eq!(residence.start.to_string(), "2026-11-24 00:00");
    let Reveal::Digits(digits) = residence.digits.reveal(false) else {
        panic!("asks twice on an own phone");
    };
    // EXPOSE: the test compares what a resident would read.
    assert_eq!(digits.expose(), "0042137");
    let hints = codes.hints.unwrap();
    assert_eq!(hints.between_digits, Duration::from_secs(5));
    assert!(hints.deadbolt_refuses_daily);
}

#[test]
fn a_code_ends_by_the_services_time_while_the_phones_clock_is_wrong() {
    let (phone, app) = resident(WhosePhone::Own);
    // A day slow: by the phone's own clock the daily code would still hold.
    *phone.clock.wall_error.lock().unwrap() = -86_400_000;
    phone.run(app.refresh()).unwrap().unwrap();
    let status = |app: &crate::App| {
        let codes = phone.run(app.doorcodes(door())).unwrap().unwrap();
        let daily = codes
            .codes
            .into_iter()
            .find(|code| code.kind == CodeKind::Daily);
        daily.unwrap().status
    };
    assert_eq!(status(&app), CodeStatus::Active);
    phone.clock.suspend(Duration::from_secs(19 * 3600));
    assert_eq!(status(&app), CodeStatus::Expired);
}

#[test]
fn a_borrowed_phone_shows_a_daily_code_first_and_a_lasting_one_after_a_second_yes() {
    let (phone, app) = resident(WhosePhone::Borrowed);
    let codes = phone.run(app.doorcodes(door())).unwrap().unwrap();
    let kinds: Vec<_> = codes.codes.iter().map(|code| code.kind).collect();
    assert_eq!(kinds, [CodeKind::Daily, CodeKind::Residence]);
    let (daily, lasting) = (&codes.codes[0].digits, &codes.codes[1].digits);
    assert!(matches!(daily.reveal(false), Reveal::Digits(_)));
    assert!(lasting.asks_twice());
    assert!(matches!(lasting.reveal(false), Reveal::AsksTwice));
    assert!(matches!(lasting.reveal(true), Reveal::Digits(_)));
}

#[test]
fn debug_shows_no_digits() {
    let (phone, app) = resident(WhosePhone::Own);
    let codes = phone.run(app.doorcodes(door())).unwrap().unwrap();
    let shown = format!("{codes:?}");
    assert!(shown.contains("CodeDigits(..)") && !shown.contains("42137"));
}
