//! What can go wrong in the shell, in the words and codes of the core.

use crate::exit;
use crate::language::language;
use keyway_app::ports::KeychainError;
use keyway_app::{Advice, Error, ErrorClass};
use keyway_platform::assemble::AssembleError;
use keyway_platform::building::BuildingError;

/// An ending that is not success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The core says so.
    Core(Error),
    /// No folder was named.
    NoHome,
    /// No building was named.
    NoBuilding,
    /// The building's file.
    Building(BuildingError),
    /// Another process is this phone.
    HomeInUse,
    /// Somebody's own session is on this phone; a borrowed one would erase it.
    HomeNotEmpty,
    /// Nobody can be asked: standard input is not a terminal.
    NobodyToAsk,
    /// The line was not understood; the text says what would be.
    Usage(String),
    /// Several doors begin like that.
    SeveralDoors(Vec<String>),
    /// The unlock may have happened, and the lock could not be asked.
    MayHaveUnlocked,
    /// Signed out, but something remains; the report says what.
    Leftovers,
    /// Told already, when it happened; what is left is its exit code.
    Told(u8),
}

impl Failure {
    /// The exit code.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Core(error) => error.class().exit_code(),
            Self::NoHome | Self::NoBuilding | Self::Building(_) => exit::SET_UP,
            Self::NobodyToAsk | Self::Usage(_) => exit::USAGE,
            Self::HomeInUse | Self::HomeNotEmpty => ErrorClass::Busy.exit_code(),
            Self::SeveralDoors(_) => ErrorClass::Door.exit_code(),
            Self::MayHaveUnlocked => ErrorClass::LinkLost.exit_code(),
            Self::Leftovers => ErrorClass::Leftovers.exit_code(),
            Self::Told(code) => *code,
        }
    }

    /// The name for scripts, in snake case.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Core(error) => snake(&format!("{error:?}")),
            other => snake(&format!("{other:?}")),
        }
    }

    /// What happened, what to do, what else works.
    #[must_use]
    pub fn advice(&self) -> Advice {
        let (happened, action, fallback) = match self {
            Self::Core(error) => return error.text(language()),
            Self::NoHome => (
                "No folder for this phone was named.".to_owned(),
                "Add --home DIR; it is made when something is first stored.",
                "KEYWAY_HOME names it too.",
            ),
            Self::NoBuilding => (
                "No building was named.".to_owned(),
                "Add --building FILE; `cargo building serve` writes one.",
                "KEYWAY_BUILDING names it too.",
            ),
            Self::Building(error) => (
                sentence(&error.to_string()),
                "Check --building; `cargo building serve` writes that file.",
                "Nothing was changed.",
            ),
            Self::HomeInUse => (
                "Another keyway uses this phone's folder.".to_owned(),
                "Wait for it to end, or choose another --home.",
                "Nothing was changed.",
            ),
            Self::HomeNotEmpty => (
                "Somebody is signed in on this phone.".to_owned(),
                "Choose another --home for a borrowed session.",
                "Nothing was changed.",
            ),
            Self::NobodyToAsk => (
                "There is no terminal to ask for e-mail and password.".to_owned(),
                "Use --email and --password-stdin.",
                "Nothing was changed.",
            ),
            Self::Usage(text) => (
                text.clone(),
                "Say `help` for what can be said here.",
                "Nothing was changed.",
            ),
            Self::SeveralDoors(names) => (
                format!("Several doors begin like that: {}.", names.join(", ")),
                "Write more of the name, or the door's id.",
                "Nothing was changed.",
            ),
            Self::MayHaveUnlocked => (
                "The door may have unlocked; the lock could not be asked.".to_owned(),
                "Try the handle first.",
                "If it is locked, unlock again, or use a doorcode or your keycard.",
            ),
            Self::Told(_) => (
                "A command before this did not succeed.".to_owned(),
                "Read its own answer.",
                "Nothing else was changed.",
            ),
            Self::Leftovers => (
                "Signed out, and something remains.".to_owned(),
                "Read the report: each open place says what to do.",
                "Reset your password from another device: that ends every session.",
            ),
        };
        Advice {
            happened,
            action,
            fallback,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl From<AssembleError> for Failure {
    fn from(error: AssembleError) -> Self {
        match error {
            AssembleError::HomeInUse => Self::HomeInUse,
            AssembleError::Home => Self::Core(Error::FolderUnavailable),
            AssembleError::Threads => Self::Core(Error::Internal),
            AssembleError::Service(error) => Self::Building(error.into()),
            AssembleError::Keychain(KeychainError::Locked) => Self::Core(Error::PhoneLocked),
            AssembleError::Keychain(_) => Self::Core(Error::KeychainUnavailable),
        }
    }
}

/// `WrongCredentials` becomes `wrong_credentials`; fields are left out.
pub(crate) fn snake(debug: &str) -> String {
    let name = debug.split([' ', '(', '{']).next().unwrap_or("");
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// An error's text as a sentence of its own.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
}

#[cfg(test)]
mod tests {
    use super::Failure;
    use keyway_app::Error;
    use keyway_platform::assemble::AssembleError;
    use keyway_platform::building::BuildingError;

    #[test]
    fn each_failure_says_what_happened_what_to_do_and_what_else_works() {
        let failures = [
            Failure::from(Error::WrongCredentials),
            Failure::from(AssembleError::HomeInUse),
            Failure::Building(BuildingError::Unreadable),
            Failure::SeveralDoors(vec!["Front".to_owned(), "Front yard".to_owned()]),
        ];
        for failure in failures {
            let advice = failure.advice();
            for text in [advice.happened.as_str(), advice.action, advice.fallback] {
                assert!(text.ends_with('.'), "{failure:?}: {text}");
            }
            assert_ne!(failure.exit_code(), 0, "{failure:?}");
        }
    }

    #[test]
    fn names_for_scripts_are_stable_words_without_fields() {
        let tries = Error::TooManyTries { wait_seconds: 30 };
        assert_eq!(Failure::from(tries).name(), "too_many_tries");
        assert_eq!(Failure::Usage("canary".to_owned()).name(), "usage");
    }
}
