//! The sign-out report: what became of every place where something of a resident can stay.

pub use keyway_app::account::{Remains, ServerEnd};

/// Why something remains.
#[uniffi::remote(Enum)]
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

/// Did the service confirm the end of the session?
#[uniffi::remote(Enum)]
pub enum ServerEnd {
    /// It did.
    Ended,
    /// There was no session.
    NoSession,
    /// It ended the session itself, earlier.
    EndedByService,
    /// It could not be told.
    NotTold {
        /// When it ends the session, and the locks this phone's key, by itself: milliseconds, service time; `None` when that is not known here.
        ends_at: Option<i64>,
    },
}

/// What became of one place.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum PlaceResult {
    /// It held something; read back, it holds nothing.
    Gone,
    /// It held nothing.
    WasEmpty,
    /// It still holds something.
    Remains {
        /// Why.
        reason: Remains,
        /// Why, in words (English).
        why: String,
        /// What to do about it, in words (English).
        action: String,
    },
    /// Keyway, or this shell of it, does not use it; the named test fails when it appears.
    NotUsed {
        /// The test.
        guard: String,
    },
}

impl From<keyway_app::account::PlaceResult> for PlaceResult {
    fn from(result: keyway_app::account::PlaceResult) -> Self {
        match result {
            keyway_app::account::PlaceResult::Gone => Self::Gone,
            keyway_app::account::PlaceResult::WasEmpty => Self::WasEmpty,
            keyway_app::account::PlaceResult::Remains(reason) => Self::Remains {
                reason,
                why: reason.why().to_owned(),
                action: reason.action().to_owned(),
            },
            keyway_app::account::PlaceResult::NotUsed { guard } => Self::NotUsed {
                guard: guard.into_owned(),
            },
        }
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PlaceLine {
    /// The place's number in the list of places, 1 to 43.
    pub number: u8,
    /// The place in words (English).
    pub place: String,
    /// What became of it.
    pub result: PlaceResult,
}

impl From<keyway_app::account::PlaceLine> for PlaceLine {
    fn from(line: keyway_app::account::PlaceLine) -> Self {
        let keyway_app::account::PlaceLine { place, result } = line;
        Self {
            number: place.number(),
            place: place.name().to_owned(),
            result: result.into(),
        }
    }
}

/// The whole report.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SignOutReport {
    /// Every place was read back empty, and the service confirmed.
    pub complete: bool,
    /// The service's side.
    pub server: ServerEnd,
    /// All places, in order.
    pub places: Vec<PlaceLine>,
    /// How many places still hold something.
    pub leftovers: u32,
    /// Receipts and log segments that were waiting for network and could not be handed over; another phone carries them again.
    pub undelivered: u32,
}

impl From<keyway_app::account::SignOutReport> for SignOutReport {
    fn from(report: keyway_app::account::SignOutReport) -> Self {
        let leftovers = u32::try_from(report.leftovers()).unwrap_or(u32::MAX);
        let keyway_app::account::SignOutReport {
            complete,
            server,
            places,
            undelivered,
        } = report;
        Self {
            complete,
            server,
            places: places.into_iter().map(PlaceLine::from).collect(),
            leftovers,
            undelivered,
        }
    }
}
