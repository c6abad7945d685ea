//! From what the radio, the key and the lock said to what a resident is told.

use super::driver::DriveEnd;
use super::finder::FindError;
use crate::attempt::Stop;
use crate::error::{Error, Fault};
use keyway_protocol::error::{Code, Error as Refusal, Failure, PeerIncompatible};
use keyway_protocol::phone::Reason;
use keyway_protocol::wire::gatt;

impl From<Stop> for Error {
    fn from(why: Stop) -> Self {
        match why {
            Stop::Cancelled => Self::Cancelled,
            Stop::Preempted => Self::SyncInterrupted,
            Stop::SessionEnded => Self::SignedOutMeanwhile,
        }
    }
}

impl From<FindError> for Error {
    fn from(error: FindError) -> Self {
        match error {
            FindError::Radio(radio) => Fault::Radio(radio).into(),
            FindError::NotFound => Self::LockNotFound,
            FindError::Stopped(why) => why.into(),
        }
    }
}

impl From<DriveEnd> for Error {
    fn from(end: DriveEnd) -> Self {
        match end {
            DriveEnd::Lost => Self::LinkLost,
            DriveEnd::Stopped(why) => why.into(),
            DriveEnd::Key(key) => Fault::Key(key).into(),
            DriveEnd::Entropy(entropy) => Fault::Entropy(entropy).into(),
            DriveEnd::Misuse(_) => Self::Internal,
            DriveEnd::Ended(ending) => match ending.reason {
                Reason::Cancelled => Self::Cancelled,
                Reason::NoHello | Reason::Silent => Self::LinkLost,
                Reason::Failed(failure) => told_failure(failure),
            },
        }
    }
}

fn told_failure(failure: Failure) -> Error {
    match failure {
        Failure::Refused(refusal) => told_refusal(refusal),
        Failure::PeerIncompatible(PeerIncompatible::Version(theirs)) if theirs < gatt::VERSION => {
            Error::LockTooOld
        }
        Failure::PeerIncompatible(_) => Error::LockTooNew,
        Failure::ApiMisuse(_) => Error::Internal,
        // What misbehaved said it was the lock; a failure this version does not know is no better.
        _ => Error::LockNotTrusted,
    }
}

/// A lock's no, in the resident's terms.
pub(crate) fn told_refusal(refusal: Refusal) -> Error {
    match refusal.code {
        Code::NotYet => Error::NotYet,
        Code::Expired => Error::Expired,
        Code::OutOfSchedule => Error::OutOfSchedule,
        Code::Revoked => Error::Revoked,
        // The lock stands on newer documents than this phone has, or cannot follow ours: both end with fresh ones.
        Code::SyncRequired | Code::BadDocument | Code::Rollback => Error::SyncRequired,
        Code::ClockUnsure => Error::ClockUnsure,
        Code::NotPermitted => Error::NotPermitted,
        Code::PresenceRequired => Error::PresenceRequired,
        Code::Deadbolt => Error::Deadbolt,
        Code::MechanicalFault => Error::MechanicalFault,
        Code::BatteryLow => Error::LockBatteryLow,
        Code::Storage => Error::LockStorage,
        Code::Version | Code::UnknownCommand => Error::LockTooOld,
        // Each is over with the next try, which begins with a fresh hello.
        Code::Busy | Code::StaleHello | Code::UnknownSlot | Code::UnknownGrant => Error::LockBusy,
        _ => Error::LockNotTrusted,
    }
}

#[cfg(test)]
mod tests {
    use super::{told_failure, told_refusal};
    use crate::error::Error;
    use keyway_protocol::error::{Code, Error as Refusal, PeerIncompatible};
    use keyway_protocol::wire::gatt;

    #[test]
    fn a_lock_of_another_version_is_too_old_or_too_new() {
        let told = |version| told_failure(PeerIncompatible::Version(version).into());
        assert_eq!(told(gatt::VERSION - 1), Error::LockTooOld);
        assert_eq!(told(gatt::VERSION + 1), Error::LockTooNew);
        assert_eq!(
            told_failure(PeerIncompatible::Suite(9).into()),
            Error::LockTooNew
        );
        // A lock that does not know what this app asks for is older than it.
        for code in [Code::Version, Code::UnknownCommand] {
            assert_eq!(told_refusal(Refusal::new(code)), Error::LockTooOld);
        }
    }
}
