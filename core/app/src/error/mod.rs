//! Errors: what a resident is told ([`Error`], small, outside) and what went wrong (`Fault`, rich, inside), with one conversion between.

mod fault;
mod text;

pub(crate) use fault::Fault;
pub use text::Advice;

/// What a resident is told. One variant for each answer that product.md tells apart; none carries a secret, a name or an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.text().happened)]
pub enum Error {
    // --- Bluetooth and the link ---
    /// Bluetooth is off.
    BluetoothOff,
    /// Bluetooth is not permitted to this app.
    BluetoothNotPermitted,
    /// This phone has no Bluetooth Low Energy.
    BluetoothUnsupported,
    /// Android's location switch is off.
    LocationOff,
    /// The lock was not seen in time.
    LockNotFound,
    /// The link broke before anything could have happened at the lock.
    LinkLost,
    // --- the lock refused ---
    /// The right begins later.
    NotYet,
    /// The right has ended.
    Expired,
    /// Outside the hours of the right.
    OutOfSchedule,
    /// The right was taken back.
    Revoked,
    /// The lock needs a sync first.
    SyncRequired,
    /// The lock does not know the time.
    ClockUnsure,
    /// The deadbolt is thrown.
    Deadbolt,
    /// The lock serves somebody else; try again.
    LockBusy,
    /// The right does not include this.
    NotPermitted,
    /// The lock wants a sign of presence (the phone unlocked, a tap).
    PresenceRequired,
    /// The lock's answer is not its own, or does not follow the protocol.
    LockNotTrusted,
    // --- the door and its lock ---
    /// This account has no such door.
    DoorUnknown,
    /// The door has no Bluetooth unlock.
    NoBluetoothUnlock,
    /// The lock tried and its mechanics failed.
    MechanicalFault,
    /// The lock's battery is too low to move.
    LockBatteryLow,
    /// The lock could not store what it was sent.
    LockStorage,
    /// The lock speaks an older protocol than this app.
    LockTooOld,
    /// The lock speaks a newer protocol than this app.
    LockTooNew,
    /// No network, and the cached right has lapsed.
    OfflineAndGrantLapsed,
    // --- account and service ---
    /// Wrong e-mail or password; it is not said which.
    WrongCredentials,
    /// The account is not active.
    AccountNotActive,
    /// Too many tries.
    TooManyTries {
        /// Wait at least this long, seconds.
        wait_seconds: u32,
    },
    /// The service ended the session; this phone was wiped.
    SessionEndedByService,
    /// The 15 minutes on a borrowed phone are over; everything was forgotten.
    BorrowedTimeUp,
    /// The phone's clock is wrong.
    PhoneClockWrong {
        /// Ahead of the service's time by so many minutes; negative when behind.
        minutes: i32,
    },
    /// Nobody is signed in.
    NotSignedIn,
    /// Somebody is signed in already.
    AlreadySignedIn,
    /// A sign-in is under way.
    SignInUnderWay,
    /// A sign-out is under way.
    SignOutUnderWay,
    /// The resident signed out while this ran; it had no effect here.
    SignedOutMeanwhile,
    /// No network, or the service does not answer.
    ServiceUnreachable,
    /// The service answered that it is in trouble.
    ServiceFault,
    /// What answered is not the service.
    ServiceNotTrusted,
    /// The service no longer speaks with an app of this age.
    AppTooOld,
    /// The service refused this request.
    ServiceRefused,
    // --- sync ---
    /// The sync was cut; it continues where it stopped.
    SyncInterrupted,
    /// The lock is up to date; the service has not got its answer yet.
    UploadPending,
    /// There is nothing to carry, and no network to fetch it.
    BundleNotAvailableOffline,
    /// The doorcode works after the door's next sync.
    CodePendingSync,
    /// Some doors failed.
    PartialFailure {
        /// How many failed.
        failed: u32,
        /// Of how many.
        total: u32,
    },
    /// Another unlock is under way.
    UnlockUnderWay,
    /// Another sync is under way.
    SyncUnderWay,
    /// The resident cancelled.
    Cancelled,
    // --- the phone ---
    /// The phone's keychain is not available.
    KeychainUnavailable,
    /// The phone's keychain refused to erase.
    KeychainRefusedToErase,
    /// The phone is locked.
    PhoneLocked,
    /// The resident declined the phone's confirmation.
    ConfirmationDeclined,
    /// The phone's key is gone or was invalidated (screen lock changed, restored backup).
    PhoneKeyLost,
    /// The app's folder cannot be used (full, read-only).
    FolderUnavailable,
    /// The phone's random source failed.
    RandomSourceFailed,
    /// A fault of the app itself.
    Internal,
}

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
            Self::DoorUnknown | Self::NoBluetoothUnlock => Class::Door,
            Self::MechanicalFault | Self::LockBatteryLow | Self::LockStorage => Class::LockFault,
            Self::LockTooOld | Self::LockTooNew | Self::AppTooOld => Class::Version,
            Self::OfflineAndGrantLapsed => Class::GrantLapsed,
            Self::WrongCredentials => Class::Credentials,
            Self::AccountNotActive => Class::AccountNotActive,
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
