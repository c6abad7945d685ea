//! Exit codes: one for each class of error.

use keyway_app::ErrorClass;

/// Done.
pub const SUCCESS: u8 = 0;
/// The command line, or a line at the prompt, was not understood.
pub const USAGE: u8 = 2;
/// `--home` or `--building` is missing, or the building's file cannot be used.
pub const SET_UP: u8 = 3;

/// Every class, in the order of the table.
const CLASSES: [ErrorClass; 28] = [
    ErrorClass::Internal,
    ErrorClass::Credentials,
    ErrorClass::AccountNotActive,
    ErrorClass::TooManyTries,
    ErrorClass::SessionEnded,
    ErrorClass::NotSignedIn,
    ErrorClass::Busy,
    ErrorClass::Hidden,
    ErrorClass::Input,
    ErrorClass::BorrowedPhone,
    ErrorClass::Network,
    ErrorClass::Service,
    ErrorClass::PhoneClock,
    ErrorClass::Version,
    ErrorClass::Bluetooth,
    ErrorClass::LockNotFound,
    ErrorClass::LinkLost,
    ErrorClass::LockRefused,
    ErrorClass::LockFault,
    ErrorClass::GrantLapsed,
    ErrorClass::Door,
    ErrorClass::Sharing,
    ErrorClass::Sync,
    ErrorClass::UploadPending,
    ErrorClass::Partial,
    ErrorClass::Phone,
    ErrorClass::Leftovers,
    ErrorClass::Cancelled,
];

/// What a class means, in a few words.
fn meaning(class: ErrorClass) -> &'static str {
    match class {
        ErrorClass::Internal => "the app made a mistake",
        ErrorClass::Credentials => "wrong e-mail or password",
        ErrorClass::AccountNotActive => "the account is not active",
        ErrorClass::TooManyTries => "too many tries",
        ErrorClass::SessionEnded => "the session has ended",
        ErrorClass::NotSignedIn => "nobody is signed in",
        ErrorClass::Busy => "something else is under way, or it is done already",
        ErrorClass::Hidden => "the app is hidden, and the phone's owner was not recognised",
        ErrorClass::Input => "what was typed cannot be used",
        ErrorClass::BorrowedPhone => "not on somebody else's phone",
        ErrorClass::Network => "the service cannot be reached",
        ErrorClass::Service => "the service is in trouble, refused, or is not the service",
        ErrorClass::PhoneClock => "the phone's clock is wrong",
        ErrorClass::Version => "app, service and lock are of different ages",
        ErrorClass::Bluetooth => "Bluetooth is off, missing or not permitted",
        ErrorClass::LockNotFound => "the lock was not found",
        ErrorClass::LinkLost => "the link to the lock was lost",
        ErrorClass::LockRefused => "the lock refused",
        ErrorClass::LockFault => "the lock's mechanics, battery or storage failed",
        ErrorClass::GrantLapsed => "no network, and the cached access has lapsed",
        ErrorClass::Door => "no such door, or it cannot do that",
        ErrorClass::Sharing => "codes and guests: not allowed, not possible, or no room",
        ErrorClass::Sync => "the sync is not complete",
        ErrorClass::UploadPending => "the lock is up to date, the service not yet",
        ErrorClass::Partial => "some doors failed",
        ErrorClass::Phone => "keychain, folder, key or random source of this phone",
        ErrorClass::Leftovers => "signed out, and something remains: see the report",
        ErrorClass::Cancelled => "cancelled",
    }
}

/// Code and meaning of every exit, as `--help` and the README list them.
pub fn rows() -> impl Iterator<Item = (u8, &'static str)> {
    let own = [
        (SUCCESS, "done"),
        (USAGE, "the command line was not understood"),
        (SET_UP, "--home or --building is missing or cannot be used"),
    ];
    own.into_iter()
        .chain(CLASSES.map(|class| (class.exit_code(), meaning(class))))
}

/// The table for `--help`.
#[must_use]
pub fn table() -> String {
    rows().fold("Exit codes:\n".to_owned(), |table, (code, meaning)| {
        format!("{table}  {code:>2}  {meaning}\n")
    })
}

#[cfg(test)]
mod tests {
    use super::rows;
    use std::collections::BTreeSet;

    #[test]
    fn each_class_has_a_code_of_its_own_and_the_readme_lists_it() {
        let readme = include_str!("../README.md");
        let mut codes = BTreeSet::new();
        for (code, meaning) in rows() {
            assert!(codes.insert(code), "{code} stands twice");
            let row = format!("| {code} | {meaning} |");
            assert!(readme.contains(&row), "the README lacks: {row}");
        }
    }
}
