//! The facade's shape: a handle, owned values, futures that may move between threads and outlive their caller.

use keyway_app::account::{SignOutReport, Started, Status, WhosePhone};
use keyway_app::secret::{Digits, Secret, SecretString};
use keyway_app::{App, Change, Error};
use std::future::Future;

fn is_handle<T: Clone + Send + Sync + 'static>() {}
fn is_value<T: Send + 'static>() {}
fn is_journey<T: Send + 'static>(_: impl Future<Output = T> + Send + 'static) {}

#[test]
fn the_app_is_a_handle_and_its_answers_are_owned() {
    is_handle::<App>();
    is_value::<Result<Started, Error>>();
    is_value::<Result<SignOutReport, Error>>();
    is_value::<Status>();
    is_value::<(Secret, SecretString, Digits)>();
}

/// Compiles only if each journey's future is `Send + 'static` once it owns its handle.
#[expect(dead_code, reason = "compiling it is the test")]
fn journeys_may_be_spawned(app: App, password: SecretString) {
    let handle = app.clone();
    is_journey(async move { handle.start().await });
    let handle = app.clone();
    is_journey(async move {
        handle
            .sign_in(String::new(), password, WhosePhone::Borrowed)
            .await
    });
    let handle = app.clone();
    is_journey(async move { handle.doors().await });
    let handle = app.clone();
    is_journey(async move { handle.refresh().await });
    let handle = app.clone();
    is_journey(async move { handle.sign_out().await });
    let handle = app.clone();
    is_journey(async move { handle.people_let_in().await });
    let handle = app.clone();
    is_journey(async move { handle.show().await });
    app.surroundings_changed(Change::Foreground);
}

#[test]
fn an_error_prints_what_happened() {
    let clock = Error::PhoneClockWrong { minutes: -47 };
    assert_eq!(clock.to_string(), "This phone's clock is 47 min behind.");
    let wait = Error::TooManyTries { wait_seconds: 37 };
    assert_eq!(wait.to_string(), "Too many tries; the service waits 37 s.");
}

#[test]
fn what_a_script_must_tell_apart_has_an_exit_code_of_its_own() {
    let apart = [
        Error::WrongCredentials,
        Error::ServiceUnreachable,
        Error::LockNotFound,
        Error::OfflineAndGrantLapsed,
        Error::Expired,
        Error::LinkLost,
        Error::KeychainRefusedToErase,
        Error::NotSignedIn,
    ];
    let mut codes: Vec<u8> = apart.iter().map(|e| e.class().exit_code()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), apart.len());
    // 0 is success, 1 and 2 are the shell's own.
    assert!(codes.iter().all(|code| *code > 2));
}
