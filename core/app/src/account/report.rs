//! What a sign-out reports: one line for each place, read back after erasing.

use super::Place;
use crate::ports::UnixMillis;
use std::borrow::Cow;

/// What became of one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceResult {
    /// It held something; read back, it holds nothing.
    Gone,
    /// It held nothing, and still does.
    WasEmpty,
    /// It still holds something.
    Remains(Remains),
    /// Keyway, or this shell of it, does not use it; the named test fails when it appears.
    NotUsed {
        /// The test.
        guard: Cow<'static, str>,
    },
}

/// Why something remains, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remains {
    /// The keychain refused to erase.
    KeychainRefused,
    /// The keychain does not answer.
    KeychainSilent,
    /// The key store refused or does not answer.
    KeyStoreRefused,
    /// The folder refused to erase, or does not answer.
    FolderRefused,
    /// A journey has not let go of its memory yet.
    JourneyUnderWay,
    /// The system did not let the shell erase it.
    ShellRefused,
    /// The shell does not answer.
    ShellSilent,
    /// The system gives the shell no way to look.
    ShellCannotLook,
    /// The logout ticket is kept until the service has been told; it can only end this session.
    TicketKept,
    /// The service could not be told; it ends the session by itself.
    ServiceNotTold,
    /// Another line of this report is open.
    SeeAbove,
}

impl Remains {
    /// Why.
    #[must_use]
    pub fn why(self) -> &'static str {
        match self {
            Self::KeychainRefused => "the phone's keychain refused to erase",
            Self::KeychainSilent => "the phone's keychain does not answer",
            Self::KeyStoreRefused => "the phone's key store refused to erase",
            Self::FolderRefused => "the app's folder refused to erase",
            Self::JourneyUnderWay => "something that was under way has not ended yet",
            Self::ShellRefused => "the phone did not let the app erase it",
            Self::ShellSilent => "the app's screens do not answer",
            Self::ShellCannotLook => "the phone does not let the app look there",
            Self::TicketKept => "the logout ticket is kept; it can only end this session",
            Self::ServiceNotTold => "the service could not be told",
            Self::SeeAbove => "another place is open",
        }
    }

    /// What to do.
    #[must_use]
    pub fn action(self) -> &'static str {
        match self {
            Self::KeychainRefused | Self::KeychainSilent | Self::KeyStoreRefused => {
                "restart the phone and open the app: it tries again first of all"
            }
            Self::FolderRefused => "make room on the phone and open the app, or delete the app",
            Self::JourneyUnderWay | Self::ShellSilent => "close the app",
            Self::ShellRefused => "restart the phone, open the app and sign out again",
            Self::ShellCannotLook => "look in the phone's settings, or delete the app",
            Self::TicketKept => "open the app once with network: it tells the service first of all",
            Self::ServiceNotTold => {
                "reset the password from another device to end every session now"
            }
            Self::SeeAbove => "follow what is said there",
        }
    }
}

/// Did the service confirm the end of the session?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerEnd {
    /// It did.
    Ended,
    /// There was no session.
    NoSession,
    /// It ended the session itself, earlier.
    EndedByService,
    /// It could not be told.
    NotTold {
        /// When it ends the session, and the locks this phone's key, by itself; `None` when that is not known here.
        ends_at: Option<UnixMillis>,
    },
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceLine {
    /// The place.
    pub place: Place,
    /// What became of it.
    pub result: PlaceResult,
}

/// The whole report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignOutReport {
    /// Every place was read back empty, and the service confirmed.
    pub complete: bool,
    /// The service's side.
    pub server: ServerEnd,
    /// All places, in order.
    pub places: Vec<PlaceLine>,
    /// Receipts and log segments that were waiting for network and could not be handed over; another phone carries them again.
    pub undelivered: u32,
}

impl SignOutReport {
    /// How many places still hold something.
    #[must_use]
    pub fn leftovers(&self) -> usize {
        self.places
            .iter()
            .filter(|line| matches!(line.result, PlaceResult::Remains(_)))
            .count()
    }
}
