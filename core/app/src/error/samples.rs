//! One of each error, for tests that hold something for all of them.

use super::Error;
use crate::account::PasswordRules;

macro_rules! samples {
    ($($variant:ident $({ $field:ident: $value:expr $(, $other:ident: $second:expr)? })?),* $(,)?) => {
        impl Error {
            /// One of each variant. A variant that is missing here does not compile.
            #[must_use]
            pub fn samples() -> Vec<Self> {
                fn is_listed(error: Error) {
                    match error {
                        $(Error::$variant $({ $field: _ $(, $other: _)? })? => {})*
                    }
                }
                let samples = vec![$(Self::$variant $({ $field: $value $(, $other: $second)? })?),*];
                samples.iter().copied().for_each(is_listed);
                samples
            }
        }
    };
}

samples! {
    BluetoothOff,
    BluetoothNotPermitted,
    BluetoothUnsupported,
    LocationOff,
    LockNotFound,
    LinkLost,
    NotYet,
    Expired,
    OutOfSchedule,
    Revoked,
    SyncRequired,
    ClockUnsure,
    Deadbolt,
    LockBusy,
    NotPermitted,
    PresenceRequired,
    LockNotTrusted,
    DoorUnknown,
    PersonUnknown,
    SessionUnknown,
    NoBluetoothUnlock,
    NoKeycard,
    NoMechanicalKey,
    NoDoorcode,
    NobodyElse,
    NoPropertyContact,
    MechanicalFault,
    LockBatteryLow,
    LockStorage,
    LockTooOld,
    LockTooNew,
    OfflineAndGrantLapsed,
    WrongCredentials,
    AccountNotActive,
    PasswordTooWeak { lacks: PasswordRules::ALL },
    MailboxNeeded,
    TooManyTries { wait_seconds: 30 },
    SessionEndedByService,
    BorrowedTimeUp,
    PhoneClockWrong { minutes: 7 },
    NotSignedIn,
    Hidden,
    DeviceAuthenticationMissing,
    DeviceAuthenticationFailed,
    NotOnBorrowedPhone,
    AlreadySignedIn,
    SignInUnderWay,
    SignOutUnderWay,
    SignedOutMeanwhile,
    ServiceUnreachable,
    ServiceFault,
    ServiceNotTrusted,
    AppTooOld,
    ServiceRefused,
    CodeNotResettable,
    CodeCannotBeRevoked,
    NoDoorcodeLeft,
    SharingNotAllowed,
    AlreadyHasAccess,
    RecipientInvalid,
    PeriodInvalid,
    SyncInterrupted,
    UploadPending,
    BundleNotAvailableOffline,
    CodePendingSync,
    PartialFailure { failed: 1, total: 3 },
    UnlockUnderWay,
    SyncUnderWay,
    Cancelled,
    KeychainUnavailable,
    KeychainRefusedToErase,
    PhoneLocked,
    ConfirmationDeclined,
    PhoneKeyLost,
    FolderUnavailable,
    RandomSourceFailed,
    Internal,
}
