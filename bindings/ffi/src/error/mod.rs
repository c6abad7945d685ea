//! What went wrong: the core's errors, one for one, with their words.

mod words;

pub use words::{Advice, ErrorClass, Language, language_of_tag};

use keyway_app::Error;
use keyway_app::account::PasswordRules;

/// Says the core's errors again, with both conversions: a variant that is missing on either side does not compile.
macro_rules! mirror {
    (
        $(#[$doc:meta])*
        pub enum $name:ident {
            $($(#[$about:meta])* $variant:ident $({ $($(#[$field_about:meta])* $field:ident: $type:ty),+ })?,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Error)]
        pub enum $name {
            $($(#[$about])* $variant $({ $($(#[$field_about])* $field: $type),+ })?,)*
        }

        impl From<Error> for $name {
            fn from(error: Error) -> Self {
                match error {
                    $(Error::$variant $({ $($field),+ })? => Self::$variant $({ $($field),+ })?,)*
                }
            }
        }

        impl From<$name> for Error {
            fn from(error: $name) -> Self {
                match error {
                    $($name::$variant $({ $($field),+ })? => Self::$variant $({ $($field),+ })?,)*
                }
            }
        }
    };
}

mirror! {
    /// What a resident is told. One variant for each answer; none carries a secret, a name or an address.
    ///
    /// `advice` has the words for it, in the resident's language: what happened, what to do, what else works.
    pub enum KeywayError {
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
        /// The lock takes no keycard.
        NoKeycard,
        /// The lock takes no mechanical key.
        NoMechanicalKey,
        /// This account has no doorcode here.
        NoDoorcode,
        /// Nobody else may let somebody in here.
        NobodyElse,
        /// The property left no number and no address.
        NoPropertyContact,
        /// No network, and the cached right has lapsed.
        OfflineAndGrantLapsed,
        /// Wrong e-mail or password; it is not said which.
        WrongCredentials,
        /// The account is not active.
        AccountNotActive,
        /// A new password does not follow the rules.
        PasswordTooWeak {
            /// What it lacks.
            lacks: PasswordRules
        },
        /// A one-time code, or a reset, arrives in the resident's mailbox, and that is not on somebody else's phone.
        MailboxNeeded,
        /// Too many tries.
        TooManyTries {
            /// Wait at least this long, seconds.
            wait_seconds: u32
        },
        /// The service ended the session; this phone was wiped.
        SessionEndedByService,
        /// The 15 minutes on a borrowed phone are over; everything was forgotten.
        BorrowedTimeUp,
        /// The phone's clock is wrong.
        PhoneClockWrong {
            /// Ahead of the service's time by so many minutes; negative when behind.
            minutes: i32
        },
        /// This account has no such session; it may have ended by itself.
        SessionUnknown,
        /// Nobody is signed in.
        NotSignedIn,
        /// The app is hidden.
        Hidden,
        /// The phone has no lock screen, or no way to ask for it.
        DeviceAuthenticationMissing,
        /// The phone's owner was not recognised, or declined.
        DeviceAuthenticationFailed,
        /// On somebody else's phone there is only signing out.
        NotOnBorrowedPhone,
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
        /// Nobody whom this account let in.
        PersonUnknown,
        /// This code cannot be reset.
        CodeNotResettable,
        /// Daily codes end by themselves and cannot be taken back.
        CodeCannotBeRevoked,
        /// The door has no room for another code.
        NoDoorcodeLeft,
        /// This account may not let others in at this door.
        SharingNotAllowed,
        /// The person has access there already.
        AlreadyHasAccess,
        /// The e-mail address or telephone number cannot be used.
        RecipientInvalid,
        /// The start or the end cannot be used.
        PeriodInvalid,
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
            total: u32
        },
        /// Another unlock is under way.
        UnlockUnderWay,
        /// Another sync is under way.
        SyncUnderWay,
        /// The resident cancelled.
        Cancelled,
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
}

impl core::fmt::Display for KeywayError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        Error::from(*self).fmt(f)
    }
}

impl core::error::Error for KeywayError {}
