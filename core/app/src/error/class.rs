//! Classes of errors: what a script can tell apart by exit code.

use super::Error;

/// Classes of errors: what a script can tell apart by exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ErrorClass {
    /// A fault of the app itself.
    Internal = 9,
    /// Wrong e-mail or password.
    Credentials = 10,
    /// The account is not active.
    AccountNotActive = 11,
    /// Too many tries.
    TooManyTries = 12,
    /// The session has ended.
    SessionEnded = 13,
    /// Nobody is signed in.
    NotSignedIn = 14,
    /// Something else is under way, or it is done already.
    Busy = 15,
    /// The app is hidden, and the phone's owner was not recognised.
    Hidden = 16,
    /// What was typed cannot be used.
    Input = 17,
    /// Not on somebody else's phone.
    BorrowedPhone = 18,
    /// No network, or no answer.
    Network = 20,
    /// The service is in trouble or refused.
    Service = 21,
    /// The phone's clock is wrong.
    PhoneClock = 22,
    /// App, service and lock are of different ages.
    Version = 23,
    /// Bluetooth is off, missing or not permitted.
    Bluetooth = 30,
    /// The lock was not found.
    LockNotFound = 31,
    /// The link broke.
    LinkLost = 32,
    /// The lock refused.
    LockRefused = 33,
    /// The lock's mechanics, battery or storage failed.
    LockFault = 34,
    /// No network and the cached right has lapsed.
    GrantLapsed = 35,
    /// This door cannot do that.
    Door = 36,
    /// Codes and guests: not allowed, not possible, or no room.
    Sharing = 37,
    /// The sync is not complete.
    Sync = 40,
    /// The lock is up to date, the service not yet.
    UploadPending = 41,
    /// Some doors failed.
    Partial = 42,
    /// Keychain, folder, key or random source of the phone.
    Phone = 50,
    /// Something could not be erased.
    Leftovers = 51,
    /// Cancelled by the resident.
    Cancelled = 60,
}

impl ErrorClass {
    /// The exit code of a shell that ends with this class.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        self as u8
    }
}

impl Error {
    /// The class, for exit codes and telemetry.
    #[must_use]
    pub fn class(self) -> ErrorClass {
        use ErrorClass as Class;
        match self {
            Self::BluetoothOff
            | Self::BluetoothNotPermitted
            | Self::BluetoothUnsupported
            | Self::LocationOff => Class::Bluetooth,
            Self::LockNotFound => Class::LockNotFound,
            Self::LinkLost => Class::LinkLost,
            Self::NotYet
            | Self::Expired
            | Self::OutOfSchedule
            | Self::Revoked
            | Self::SyncRequired
            | Self::ClockUnsure
            | Self::Deadbolt
            | Self::LockBusy
            | Self::NotPermitted
            | Self::PresenceRequired
            | Self::LockNotTrusted => Class::LockRefused,
            Self::DoorUnknown
            | Self::NoBluetoothUnlock
            | Self::NoKeycard
            | Self::NoMechanicalKey
            | Self::NoDoorcode
            | Self::NobodyElse
            | Self::NoPropertyContact => Class::Door,
            Self::MechanicalFault | Self::LockBatteryLow | Self::LockStorage => Class::LockFault,
            Self::LockTooOld | Self::LockTooNew | Self::AppTooOld => Class::Version,
            Self::OfflineAndGrantLapsed => Class::GrantLapsed,
            Self::WrongCredentials => Class::Credentials,
            Self::AccountNotActive => Class::AccountNotActive,
            Self::PasswordTooWeak { .. }
            | Self::RecipientInvalid
            | Self::PeriodInvalid
            | Self::SessionUnknown => Class::Input,
            Self::MailboxNeeded | Self::NotOnBorrowedPhone => Class::BorrowedPhone,
            Self::Hidden | Self::DeviceAuthenticationMissing | Self::DeviceAuthenticationFailed => {
                Class::Hidden
            }
            Self::CodeNotResettable
            | Self::CodeCannotBeRevoked
            | Self::NoDoorcodeLeft
            | Self::SharingNotAllowed
            | Self::PersonUnknown
            | Self::AlreadyHasAccess => Class::Sharing,
            Self::TooManyTries { .. } => Class::TooManyTries,
            Self::SessionEndedByService | Self::BorrowedTimeUp | Self::SignedOutMeanwhile => {
                Class::SessionEnded
            }
            Self::PhoneClockWrong { .. } => Class::PhoneClock,
            Self::NotSignedIn => Class::NotSignedIn,
            Self::AlreadySignedIn
            | Self::SignInUnderWay
            | Self::SignOutUnderWay
            | Self::UnlockUnderWay
            | Self::SyncUnderWay => Class::Busy,
            Self::ServiceUnreachable => Class::Network,
            Self::ServiceFault | Self::ServiceNotTrusted | Self::ServiceRefused => Class::Service,
            Self::SyncInterrupted | Self::BundleNotAvailableOffline | Self::CodePendingSync => {
                Class::Sync
            }
            Self::UploadPending => Class::UploadPending,
            Self::PartialFailure { .. } => Class::Partial,
            Self::Cancelled | Self::ConfirmationDeclined => Class::Cancelled,
            Self::KeychainUnavailable
            | Self::PhoneLocked
            | Self::PhoneKeyLost
            | Self::FolderUnavailable
            | Self::RandomSourceFailed => Class::Phone,
            Self::KeychainRefusedToErase => Class::Leftovers,
            Self::Internal => Class::Internal,
        }
    }
}
