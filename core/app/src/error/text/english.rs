//! English. One row for each error: what happened, what to do, what else works.

use super::Row;
use crate::error::Error;

const OTHER_WAYS: &str = "A doorcode, your keycard or the mechanical key open the door too; so can someone with access, or the property.";
const CODES_STAY: &str = "Cached doorcodes and a cached key work without network.";
const ASK_PROPERTY: &str = "The property can help and let you in.";
const DAILY_CODE: &str = "Someone with access, or the property, can give you a daily code.";
const NOTHING_LOST: &str = "Nothing was changed.";

/// The words for `error`; `{n}`, `{total}` and `{direction}` are filled in.
#[rustfmt::skip]
pub(super) fn words(error: Error) -> Row {
    use Error as E;
    match error {
        E::BluetoothOff => ("Bluetooth is off.", "Turn Bluetooth on and try again.", OTHER_WAYS),
        E::BluetoothNotPermitted => ("This app may not use Bluetooth.", "Allow Bluetooth for this app in the phone's settings.", OTHER_WAYS),
        E::BluetoothUnsupported => ("This phone has no Bluetooth that locks understand.", "Use another phone, or another way in.", OTHER_WAYS),
        E::LocationOff => ("Location is off, and this phone needs it to look for locks.", "Turn location on and try again.", OTHER_WAYS),
        E::LockNotFound => ("The lock was not found nearby.", "Go closer to the door, wake its keypad and try again.", OTHER_WAYS),
        E::LinkLost => ("The link to the lock broke.", "Stay close to the door and try again.", OTHER_WAYS),
        E::NotYet => ("Your access to this door begins later.", "Look at its start time, or ask whoever gave it.", ASK_PROPERTY),
        E::Expired => ("Your access to this door has ended.", "Go online once to renew it, or ask whoever gave it.", ASK_PROPERTY),
        E::OutOfSchedule => ("Your access does not hold at this hour.", "Come back within its hours, or ask whoever gave it.", ASK_PROPERTY),
        E::Revoked => ("Your access to this door was taken back.", "Ask whoever gave it.", ASK_PROPERTY),
        E::SyncRequired => ("The lock needs a sync before it can let you in.", "Go online once and sync this door.", DAILY_CODE),
        E::ClockUnsure => ("The lock does not know the time.", "Sync the door with a phone that has network; a resident's own code still works.", ASK_PROPERTY),
        E::Deadbolt => ("The deadbolt is thrown from inside.", "Ask someone inside to open.", "The mechanical key may work; so may the property."),
        E::LockBusy => ("The lock is busy with someone else.", "Wait a moment and try again.", OTHER_WAYS),
        E::NotPermitted => ("Your access does not include this.", "Ask whoever gave it.", ASK_PROPERTY),
        E::PresenceRequired => ("The lock wants you to confirm on this phone.", "Unlock the phone and try again.", OTHER_WAYS),
        E::LockNotTrusted => ("What answered is not your lock, or does not speak as it should.", "Do not try again here; tell the property.", OTHER_WAYS),
        E::DoorUnknown => ("You have no such door.", "Refresh your doors and choose again.", ASK_PROPERTY),
        E::NoBluetoothUnlock => ("This door cannot be unlocked with a phone.", "Use your doorcode or keycard.", DAILY_CODE),
        E::NoKeycard => ("This lock takes no keycard.", "Use another way in.", DAILY_CODE),
        E::NoMechanicalKey => ("This lock has no mechanical key.", "Use another way in.", DAILY_CODE),
        E::NoDoorcode => ("You have no doorcode for this door.", "Ask whoever let you in for one.", DAILY_CODE),
        E::NobodyElse => ("Nobody else may let somebody in at this door.", "Ask the property.", ASK_PROPERTY),
        E::NoPropertyContact => ("The property left no number and no address here.", "Look for a notice at the entrance.", DAILY_CODE),
        E::MechanicalFault => ("The lock tried and could not move.", "Push or pull the door gently and try again.", "The mechanical key may work; tell the property."),
        E::LockBatteryLow => ("The lock's battery is too low to move it.", "Use the mechanical key.", "Tell the property to change the battery."),
        E::LockStorage => ("The lock could not store what it was sent.", "Try the sync again.", "Tell the property if it happens again."),
        E::LockTooOld => ("The lock is older than this app understands.", "Use your doorcode or keycard.", "The property can update the lock."),
        E::LockTooNew => ("The lock is newer than this app.", "Update the app.", OTHER_WAYS),
        E::OfflineAndGrantLapsed => ("There is no network, and the access kept on this phone has lapsed.", "Go online for a moment, then try again.", OTHER_WAYS),
        E::WrongCredentials => ("The e-mail or the password is wrong.", "Check both and try again; capitals matter in the password.", "Reset the password from your own mailbox, or ask for a daily code."),
        E::AccountNotActive => ("This account is not active.", "Ask the property to activate it.", DAILY_CODE),
        E::PasswordTooWeak { .. } => ("The new password does not follow the rules.", "Use 12 to 1024 characters with a capital letter, a digit and a symbol.", NOTHING_LOST),
        E::MailboxNeeded => ("That arrives in your own mailbox, which is not on this phone.", "Sign in with your password.", DAILY_CODE),
        E::TooManyTries { .. } => ("Too many tries; the service waits {n} s.", "Wait that long, then try once more.", DAILY_CODE),
        E::SessionEndedByService => ("The service ended your session; nothing of it is left on this phone.", "Sign in again.", DAILY_CODE),
        E::BorrowedTimeUp => ("The 15 minutes on a borrowed phone are over; everything was forgotten.", "Sign in again if you still need it.", DAILY_CODE),
        E::PhoneClockWrong { .. } => ("This phone's clock is {n} min {direction}.", "Set the clock to automatic in the phone's settings.", "Times shown are the service's; doorcodes are not affected."),
        E::NotSignedIn => ("Nobody is signed in.", "Sign in first.", DAILY_CODE),
        E::Hidden => ("The app is hidden.", "Show it again with this phone's lock screen.", DAILY_CODE),
        E::DeviceAuthenticationMissing => ("This phone has no lock screen to ask for.", "Set one up in the phone's settings.", "Sign out instead: nothing stays."),
        E::DeviceAuthenticationFailed => ("The phone's owner was not recognised.", "Try again.", "Sign out: that needs no confirmation."),
        E::NotOnBorrowedPhone => ("On somebody else's phone nothing is kept, so nothing can be hidden.", "Sign out.", NOTHING_LOST),
        E::AlreadySignedIn => ("Somebody is signed in already.", "Sign out first.", NOTHING_LOST),
        E::SignInUnderWay => ("A sign-in is under way.", "Wait for it, or sign out to stop it.", NOTHING_LOST),
        E::SignOutUnderWay => ("A sign-out is under way.", "Wait for its report.", NOTHING_LOST),
        E::SignedOutMeanwhile => ("You signed out while this ran; it had no effect here.", "Sign in again if you need it.", NOTHING_LOST),
        E::ServiceUnreachable => ("The service cannot be reached.", "Check the network and try again.", CODES_STAY),
        E::ServiceFault => ("The service is in trouble.", "Try again in a minute.", CODES_STAY),
        E::ServiceNotTrusted => ("What answered is not the service.", "Use another network; this one may be watched.", CODES_STAY),
        E::AppTooOld => ("This app is too old for the service.", "Update the app.", CODES_STAY),
        E::ServiceRefused => ("The service refused this.", "Refresh and try again.", ASK_PROPERTY),
        E::CodeNotResettable => ("This code cannot be reset.", "Wait for its end, or ask whoever gave it.", DAILY_CODE),
        E::CodeCannotBeRevoked => ("Daily codes cannot be taken back; they end by themselves.", "Wait until the end of its day.", ASK_PROPERTY),
        E::NoDoorcodeLeft => ("This door has no room for another code.", "Take one back, or wait until tomorrow.", ASK_PROPERTY),
        E::SharingNotAllowed => ("You may not let others in at this door.", "Ask a resident of this door.", ASK_PROPERTY),
        E::AlreadyHasAccess => ("That person has access to this door already.", "Change the access they have.", NOTHING_LOST),
        E::RecipientInvalid => ("That is no e-mail address or telephone number.", "Check it; a telephone number begins with + and its country.", NOTHING_LOST),
        E::PeriodInvalid => ("That start or end cannot be used.", "The end comes after the start; a daily code is for today or tomorrow.", NOTHING_LOST),
        E::SyncInterrupted => ("The sync was cut; it continues where it stopped.", "Stay close to the door and sync again.", "Any other resident's phone can finish it."),
        E::UploadPending => ("The lock is up to date; the service has not got its answer yet.", "Go online; it is sent by itself.", NOTHING_LOST),
        E::BundleNotAvailableOffline => ("There is nothing to carry to this lock, and no network to fetch it.", "Go online for a moment, then sync.", "Any resident with network can sync this door."),
        E::CodePendingSync => ("This doorcode works after the door's next sync.", "Sync the door, then use the code.", DAILY_CODE),
        E::PartialFailure { .. } => ("{n} of {total} doors failed.", "Look at each door's answer and try those again.", OTHER_WAYS),
        E::UnlockUnderWay => ("An unlock is under way.", "Wait for it, or cancel it.", NOTHING_LOST),
        E::SyncUnderWay => ("A sync is under way.", "Wait for it, or cancel it.", NOTHING_LOST),
        E::Cancelled => ("Cancelled.", "Start again when you like.", NOTHING_LOST),
        E::KeychainUnavailable => ("This phone's keychain is not available.", "Restart the phone and try again.", "Sign in as on a borrowed phone: that needs no keychain."),
        E::KeychainRefusedToErase => ("This phone's keychain refused to erase.", "Restart the phone and open the app: it tries again first of all.", "Reset your password from another device: that ends every session."),
        E::PhoneLocked => ("This phone is locked.", "Unlock it and try again.", OTHER_WAYS),
        E::ConfirmationDeclined => ("The phone's confirmation was declined.", "Try again and confirm.", OTHER_WAYS),
        E::PhoneKeyLost => ("This phone's key is no longer usable.", "Sign out and in again to make a new one.", OTHER_WAYS),
        E::FolderUnavailable => ("The app's folder cannot be used.", "Make room on the phone and try again.", OTHER_WAYS),
        E::RandomSourceFailed => ("The phone's random source failed.", "Restart the phone.", OTHER_WAYS),
        E::Internal => ("The app made a mistake.", "Close it and open it again.", OTHER_WAYS),
    }
}
