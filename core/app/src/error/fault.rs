//! What went wrong, in the words of whoever noticed. The one conversion to what a resident is told stands here.

use super::Error;
use crate::account::Forbidden;
use crate::ports::{
    AuthenticationError, EntropyError, FilesError, HttpError, KeyError, KeychainError, RadioError,
};
use crate::service::{Breach, Problem, ProblemCode};

/// Rich, inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// No answer from the service.
    Http(HttpError),
    /// The service answered with a problem.
    Problem(Problem),
    /// The service's answer does not follow its contract.
    Breach(Breach),
    /// The keychain.
    Keychain(KeychainError),
    /// The keychain did not erase.
    KeychainErase,
    /// The app's folder.
    Files(FilesError),
    /// A key of the phone.
    Key(KeyError),
    /// The phone's owner was not confirmed.
    Device(AuthenticationError),
    /// The random source.
    Entropy(EntropyError),
    /// The radio.
    Radio(RadioError),
    /// The account's state forbids this now.
    Forbidden(Forbidden),
    /// The session that this worked for has ended.
    Stale,
    /// Decided by a journey, in the resident's terms already.
    Told(Error),
}

impl Fault {
    /// What a resource that is not there means, for a call that was about something else than a door.
    pub(crate) fn or_unknown(self, unknown: Error) -> Self {
        match self {
            Self::Problem(problem) if problem.code == ProblemCode::NotFound => Self::Told(unknown),
            other => other,
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Http(HttpError::Unreachable | HttpError::TimedOut | HttpError::Broken) => {
                Self::ServiceUnreachable
            }
            Fault::Http(HttpError::NotTheService) => Self::ServiceNotTrusted,
            Fault::Http(HttpError::BadAnswer) | Fault::Breach(_) => Self::ServiceFault,
            Fault::Problem(problem) => problem.into(),
            Fault::Keychain(KeychainError::Locked) | Fault::Key(KeyError::Locked) => {
                Self::PhoneLocked
            }
            Fault::Keychain(KeychainError::Unavailable | KeychainError::Refused)
            | Fault::Key(KeyError::Unavailable) => Self::KeychainUnavailable,
            Fault::Keychain(KeychainError::Corrupt)
            | Fault::Key(KeyError::Invalidated | KeyError::Missing) => Self::PhoneKeyLost,
            Fault::Key(KeyError::Cancelled) => Self::ConfirmationDeclined,
            Fault::KeychainErase => Self::KeychainRefusedToErase,
            Fault::Files(FilesError::Unavailable | FilesError::Corrupt | FilesError::Refused) => {
                Self::FolderUnavailable
            }
            Fault::Device(AuthenticationError::Missing) => Self::DeviceAuthenticationMissing,
            Fault::Device(AuthenticationError::Failed) => Self::DeviceAuthenticationFailed,
            Fault::Entropy(EntropyError) => Self::RandomSourceFailed,
            Fault::Radio(RadioError::Off) => Self::BluetoothOff,
            Fault::Radio(RadioError::NotPermitted) => Self::BluetoothNotPermitted,
            Fault::Radio(RadioError::LocationOff) => Self::LocationOff,
            Fault::Radio(RadioError::Unsupported) => Self::BluetoothUnsupported,
            Fault::Radio(RadioError::TimedOut) => Self::LockNotFound,
            Fault::Radio(RadioError::Lost | RadioError::Refused) => Self::LinkLost,
            Fault::Forbidden(forbidden) => forbidden.into(),
            Fault::Stale => Self::SignedOutMeanwhile,
            Fault::Told(error) => error,
        }
    }
}

macro_rules! fault_from {
    ($($port:ty => $variant:ident),* $(,)?) => {$(
        impl From<$port> for Fault {
            fn from(error: $port) -> Self {
                Self::$variant(error)
            }
        }
    )*};
}

fault_from! {
    HttpError => Http,
    Problem => Problem,
    Breach => Breach,
    KeychainError => Keychain,
    FilesError => Files,
    KeyError => Key,
    AuthenticationError => Device,
    EntropyError => Entropy,
    RadioError => Radio,
    Forbidden => Forbidden,
    Error => Told,
}
