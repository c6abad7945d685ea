//! The words for an error, and its class.

use super::KeywayError;
use crate::answer;
use keyway_app::Error;

pub use keyway_app::{ErrorClass, Language};

/// A language that the words exist in. The shell chooses.
#[uniffi::remote(Enum)]
pub enum Language {
    /// English.
    English,
    /// Spanish.
    Spanish,
}

/// Classes of errors: what a script or a log can tell apart.
#[uniffi::remote(Enum)]
pub enum ErrorClass {
    /// A fault of the app itself.
    Internal,
    /// Wrong e-mail or password.
    Credentials,
    /// The account is not active.
    AccountNotActive,
    /// Too many tries.
    TooManyTries,
    /// The session has ended.
    SessionEnded,
    /// Nobody is signed in.
    NotSignedIn,
    /// Something else is under way, or it is done already.
    Busy,
    /// The app is hidden, and the phone's owner was not recognised.
    Hidden,
    /// What was typed cannot be used.
    Input,
    /// Not on somebody else's phone.
    BorrowedPhone,
    /// No network, or no answer.
    Network,
    /// The service is in trouble or refused.
    Service,
    /// The phone's clock is wrong.
    PhoneClock,
    /// App, service and lock are of different ages.
    Version,
    /// Bluetooth is off, missing or not permitted.
    Bluetooth,
    /// The lock was not found.
    LockNotFound,
    /// The link broke.
    LinkLost,
    /// The lock refused.
    LockRefused,
    /// The lock's mechanics, battery or storage failed.
    LockFault,
    /// No network and the cached right has lapsed.
    GrantLapsed,
    /// This door cannot do that.
    Door,
    /// Codes and guests: not allowed, not possible, or no room.
    Sharing,
    /// The sync is not complete.
    Sync,
    /// The lock is up to date, the service not yet.
    UploadPending,
    /// Some doors failed.
    Partial,
    /// Keychain, folder, key or random source of the phone.
    Phone,
    /// Something could not be erased.
    Leftovers,
    /// Cancelled by the resident.
    Cancelled,
}

/// What to tell the resident, in the order in which it helps.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Advice {
    /// What happened.
    pub happened: String,
    /// What to do now.
    pub action: String,
    /// What else works: another way in, or whom to ask.
    pub fallback: String,
}

impl From<keyway_app::Advice> for Advice {
    fn from(advice: keyway_app::Advice) -> Self {
        Self {
            happened: advice.happened,
            action: advice.action.to_owned(),
            fallback: advice.fallback.to_owned(),
        }
    }
}

#[uniffi::export]
impl KeywayError {
    /// The words for this error in a language.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub fn advice(&self, language: Language) -> Result<Advice, KeywayError> {
        answer::now(|| Error::from(*self).text(language).into())
    }

    /// The class, for logs and exit codes.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub fn class(&self) -> Result<ErrorClass, KeywayError> {
        answer::now(|| Error::from(*self).class())
    }

    /// The exit code of a shell that ends with this error: 9 to 60, the number of its class.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub fn exit_code(&self) -> Result<u8, KeywayError> {
        answer::now(|| Error::from(*self).class().exit_code())
    }
}

/// The language of a tag such as `es-MX` or `en`; English for one whose words are not here.
///
/// # Errors
/// [`KeywayError::Internal`] alone.
#[uniffi::export]
pub fn language_of_tag(tag: String) -> Result<Language, KeywayError> {
    answer::now(|| Language::of_tag(&tag))
}
