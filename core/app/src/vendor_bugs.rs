//! Bugs that a lock vendor's own SDK had, one test each; the first of them, about signatures, stands with the signatures in
//! `core/protocol`, and the one about logs in `tests/building`.

use crate::account::{Phase, WhosePhone};
use crate::doors::tests::resident;
use crate::testing::doorway::door;
use crate::{Error, UnlockOutcome};
use core::time::Duration;

/// Two final events after a failed second attempt.
#[test]
fn a_failed_second_attempt_has_one_outcome_and_then_silence() {
    let (phone, app) = resident(WhosePhone::Own);
    assert_eq!(
        phone.run(app.unlock(door()).outcome()).unwrap(),
        UnlockOutcome::Unlocked
    );
    phone.pass(Duration::from_secs(20));
    phone.radio.street().in_range = false;
    let second = app.unlock(door());
    let error = Error::LockNotFound;
    for _ in 0..2 {
        let outcome = phone.run(second.outcome()).unwrap();
        assert_eq!(outcome, UnlockOutcome::NotUnlocked { error });
    }
    // Phases that nobody took are still there, in order, and end for good.
    let rest = phone.run(async {
        let mut rest = 0;
        while second.next().await.is_some() {
            rest += 1;
        }
        (rest, second.next().await)
    });
    let (rest, after) = rest.unwrap();
    assert!(rest <= 4, "{rest}");
    assert_eq!(after, None);
    phone.pass(Duration::from_secs(60));
    assert_eq!(
        phone.run(second.outcome()).unwrap(),
        UnlockOutcome::NotUnlocked { error }
    );
    assert_eq!(phone.radio.street().moves, 1);
}

/// A 401 with a full cache threw the cache away.
#[test]
fn a_refused_access_token_costs_neither_session_nor_cache() {
    let (phone, app) = resident(WhosePhone::Own);
    let codes = phone.run(app.doorcodes(door())).unwrap().unwrap();
    assert!(!codes.codes.is_empty());
    // Refused whatever token it is shown: also after a refresh that went well.
    let refusal = (401, br#"{"code":"UNAUTHORIZED"}"#.to_vec());
    for line in ["GET /v1/doors", "GET /v1/doorcodes"] {
        let mut state = phone.service.state();
        state.sessions[0].access.clear();
        state.shelf.insert(line.to_owned(), refusal.clone());
    }
    assert_eq!(
        phone.run(app.refresh()).unwrap().err(),
        Some(Error::ServiceFault)
    );
    assert_eq!(app.status().phase, Phase::SignedIn(WhosePhone::Own));
    let kept = phone.run(app.doorcodes(door())).unwrap().unwrap();
    assert_eq!(kept.codes.len(), codes.codes.len());
    assert_eq!(
        phone.run(app.unlock(door()).outcome()).unwrap(),
        UnlockOutcome::Unlocked
    );
}
