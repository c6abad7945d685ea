//! Who is signed in. A moment is milliseconds since 1970-01-01T00:00:00Z of the service's clock.

use crate::answer;
use crate::error::KeywayError;
use crate::lockout::Availability;
use crate::report::SignOutReport;
use core::fmt;
use keyway_app::secret::SecretString;
use keyway_app::service::SessionId;

pub use keyway_app::WayToSignIn;
pub use keyway_app::account::{PasswordRules, WhosePhone};
pub use keyway_app::service::SessionFacts;

/// The first question of a sign-in: "is this your phone?"
#[uniffi::remote(Enum)]
pub enum WhosePhone {
    /// One's own: the session is kept, doors and codes are cached for use without network.
    Own,
    /// Somebody else's: everything stays in memory, for 15 minutes at most.
    Borrowed,
}

/// Where the account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Phase {
    /// `start` has not run yet.
    Starting,
    /// Nobody is signed in.
    SignedOut,
    /// A sign-in is under way.
    SigningIn,
    /// Somebody is signed in.
    SignedIn {
        /// On whose phone.
        whose: WhosePhone,
    },
    /// Somebody is signed in, and nothing of it is shown or held in memory until the phone's owner asks.
    Hidden,
    /// A sign-out is under way.
    SigningOut,
    /// A sign-out left something open; the next start, sign-in or network finishes it.
    WipePending,
}

impl From<keyway_app::account::Phase> for Phase {
    fn from(phase: keyway_app::account::Phase) -> Self {
        match phase {
            keyway_app::account::Phase::Starting => Self::Starting,
            keyway_app::account::Phase::SignedOut => Self::SignedOut,
            keyway_app::account::Phase::SigningIn => Self::SigningIn,
            keyway_app::account::Phase::SignedIn(whose) => Self::SignedIn { whose },
            keyway_app::account::Phase::Hidden => Self::Hidden,
            keyway_app::account::Phase::SigningOut => Self::SigningOut,
            keyway_app::account::Phase::WipePending => Self::WipePending,
        }
    }
}

/// The signed-in resident, as the service names them. Its text form does not.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug)]
pub struct Resident {
    /// E-mail address.
    pub email: String,
    /// Name.
    pub name: String,
}

impl fmt::Debug for Resident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resident(..)")
    }
}

impl From<keyway_app::account::Resident> for Resident {
    fn from(resident: keyway_app::account::Resident) -> Self {
        let keyway_app::account::Resident { email, name } = resident;
        Self { email, name }
    }
}

/// What a shell shows about the account.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug)]
pub struct Status {
    /// Where the account is.
    pub phase: Phase,
    /// The signed-in resident.
    pub resident: Option<Resident>,
    /// When the session ends by itself, milliseconds of the service's clock: absolute if borrowed, otherwise unless it is refreshed before.
    pub ends_at: Option<i64>,
    /// By how many minutes the phone's clock is ahead (negative: behind), if it is wrong by more than two.
    pub clock_error_minutes: Option<i32>,
}

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whose phone is nobody's business in a log.
        write!(f, "Status({:?})", self.phase)
    }
}

impl From<keyway_app::account::Status> for Status {
    fn from(status: keyway_app::account::Status) -> Self {
        let keyway_app::account::Status {
            phase,
            resident,
            ends_at,
            clock_error_minutes,
        } = status;
        Self {
            phase: phase.into(),
            resident: resident.map(Resident::from),
            ends_at,
            clock_error_minutes,
        }
    }
}

/// What the start found.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Started {
    /// The report of a wipe that an earlier process did not finish, or of what an earlier installation left.
    pub finished_wipe: Option<SignOutReport>,
}

impl From<keyway_app::account::Started> for Started {
    fn from(started: keyway_app::account::Started) -> Self {
        let keyway_app::account::Started { finished_wipe } = started;
        Self {
            finished_wipe: finished_wipe.map(SignOutReport::from),
        }
    }
}

/// A way to get on from the first screen.
#[uniffi::remote(Enum)]
pub enum WayToSignIn {
    /// No sign-in at all: somebody with access, or the property, tells a code for today.
    DailyCodeFromSomeone,
    /// E-mail and password.
    Password,
    /// E-mail and a one-time code from one's own mailbox.
    OneTimeCode,
    /// A new password, by a link in one's own mailbox.
    PasswordReset,
    /// The property's office.
    Property,
}

/// One way to get on, and whether it works on this phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SignInOption {
    /// Which.
    pub way: WayToSignIn,
    /// Does it work on this phone?
    pub availability: Availability,
}

impl From<keyway_app::SignInOption> for SignInOption {
    fn from(option: keyway_app::SignInOption) -> Self {
        let keyway_app::SignInOption { way, availability } = option;
        Self {
            way,
            availability: availability.into(),
        }
    }
}

/// One of the account's sessions.
#[uniffi::remote(Record)]
pub struct SessionFacts {
    /// Its id.
    pub id: SessionId,
    /// On somebody else's phone.
    pub borrowed: bool,
    /// When it began: milliseconds, service time.
    pub started_at: i64,
    /// When the service last heard from it: milliseconds, service time.
    pub last_seen_at: i64,
    /// When it ends by itself: milliseconds, service time.
    pub ends_at: i64,
    /// It is this phone's.
    pub current: bool,
}

/// Rules for a new password, each on or off: those that a password does not follow.
#[uniffi::remote(Record)]
pub struct PasswordRules {
    /// 12 to 1024 characters (Unicode scalar values).
    pub length: bool,
    /// An upper-case letter.
    pub upper_case: bool,
    /// A digit.
    pub digit: bool,
    /// A symbol: neither letter, digit nor white space.
    pub symbol: bool,
}

/// The rules that a new password does not follow, while it is typed. Never asked of a password that signs in: old accounts hold shorter ones.
///
/// # Errors
/// [`KeywayError::Internal`] alone.
#[uniffi::export]
pub fn rules_lacked_by(password: String) -> Result<PasswordRules, KeywayError> {
    let password = SecretString::new(password);
    answer::now(|| PasswordRules::lacked_by(&password))
}
