//! Doorcodes. Their digits are behind a handle.

use crate::answer;
use crate::error::KeywayError;
use keyway_app::Reveal;
use keyway_app::service::DoorcodeId;
use std::sync::Arc;

pub use keyway_app::NewDoorcode;
pub use keyway_app::service::{CodeDay, CodeKind, CodeStatus, LocalTime, PasscodeType};

/// What kind of doorcode.
#[uniffi::remote(Enum)]
pub enum CodeKind {
    /// One's own, at one's own door.
    Residence,
    /// One's own, at a shared door.
    Communal,
    /// Holds one calendar day at the door.
    Daily,
    /// Holds one calendar day until 15 minutes after its first use.
    DailySingleUse,
    /// A guest's.
    Permanent,
}

/// How the lock knows a code.
#[uniffi::remote(Enum)]
pub enum PasscodeType {
    /// From its table, after a sync.
    Permanent,
    /// By computing it.
    Daily,
    /// By computing it, once.
    DailySingleUse,
}

/// For which day, on the door's own calendar.
#[uniffi::remote(Enum)]
pub enum CodeDay {
    /// Today.
    Today,
    /// Tomorrow.
    Tomorrow,
}

/// Does the code work at the door?
#[uniffi::remote(Enum)]
pub enum CodeStatus {
    /// Yes.
    Active,
    /// After the door's next sync.
    PendingSync,
    /// From its start.
    NotYet,
    /// No longer.
    Expired,
}

/// A time on the wall of a door: its own timezone's date and time, with that moment's offset.
#[uniffi::remote(Record)]
pub struct LocalTime {
    /// Year.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, 1 to 31.
    pub day: u8,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 59.
    pub second: u8,
    /// Minutes east of UTC.
    pub offset_minutes: i16,
}

/// What daily code to make.
#[uniffi::remote(Record)]
pub struct NewDoorcode {
    /// Ends 15 minutes after its first use.
    pub single_use: bool,
    /// For which day on the door's calendar.
    pub day: CodeDay,
}

/// A doorcode's digits, behind a handle that does not print them.
#[derive(Debug, uniffi::Object)]
#[uniffi::export(Debug)]
pub struct CodeDigits(keyway_app::CodeDigits);

#[uniffi::export]
impl CodeDigits {
    /// How many digits there are.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub fn length(&self) -> Result<u32, KeywayError> {
        answer::now(|| u32::try_from(self.0.length()).unwrap_or(u32::MAX))
    }

    /// Does showing them take a second yes, and a reset later? So it is with a lasting code on a phone that is not the resident's.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub fn asks_twice(&self) -> Result<bool, KeywayError> {
        answer::now(|| self.0.asks_twice())
    }

    /// The digits, ASCII, leading zeros included; wipe them once they are no longer shown.
    ///
    /// `None` where a second yes is needed first: offer a daily code, worthless tomorrow. If they want this one all the same, ask again with
    /// `confirmed`, and advise to reset it from their own phone later. `confirmed` counts only where `asks_twice`.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub fn reveal(&self, confirmed: bool) -> Result<Option<Vec<u8>>, KeywayError> {
        answer::now(|| match self.0.reveal(confirmed) {
            // EXPOSE: to the shell, for the resident's eyes; both copies on this side are zeroed when they are freed.
            Reveal::Digits(digits) => Some(digits.expose().as_bytes().to_vec()),
            Reveal::AsksTwice => None,
        })
    }
}

impl From<keyway_app::CodeDigits> for CodeDigits {
    fn from(digits: keyway_app::CodeDigits) -> Self {
        Self(digits)
    }
}

/// One doorcode.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Doorcode {
    /// Its id.
    pub id: DoorcodeId,
    /// What kind of code.
    pub kind: CodeKind,
    /// How the lock knows it.
    pub passcode_type: PasscodeType,
    /// The digits, behind a handle.
    pub digits: Arc<CodeDigits>,
    /// When it begins, on the door's wall.
    pub start: LocalTime,
    /// When it ends, on the door's wall; `None`: it does not.
    pub end: Option<LocalTime>,
    /// Does it work now, by the service's time?
    pub status: CodeStatus,
    /// It was reset: it works until the door's next sync, then this one does.
    pub replaced_by: Option<DoorcodeId>,
}

impl From<keyway_app::DoorcodeView> for Doorcode {
    fn from(view: keyway_app::DoorcodeView) -> Self {
        let keyway_app::DoorcodeView {
            id,
            kind,
            passcode_type,
            digits,
            start,
            end,
            status,
            replaced_by,
        } = view;
        Self {
            id,
            kind,
            passcode_type,
            digits: Arc::new(digits.into()),
            start,
            end,
            status,
            replaced_by,
        }
    }
}

/// How to enter a code at a door.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct EntryHints {
    /// How to wake the keypad, in words.
    pub wake: String,
    /// At most so many milliseconds between two digits.
    pub between_digits_millis: u64,
    /// A thrown deadbolt refuses daily codes at this door.
    pub deadbolt_refuses_daily: bool,
}

impl From<keyway_app::EntryHints> for EntryHints {
    fn from(hints: keyway_app::EntryHints) -> Self {
        let keyway_app::EntryHints {
            wake,
            between_digits,
            deadbolt_refuses_daily,
        } = hints;
        Self {
            wake,
            between_digits_millis: u64::try_from(between_digits.as_millis()).unwrap_or(u64::MAX),
            deadbolt_refuses_daily,
        }
    }
}

/// The doorcodes of one door.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Doorcodes {
    /// Best first: what works now, before what does not; on a borrowed phone a daily code before a lasting one.
    pub codes: Vec<Doorcode>,
    /// How to enter them; `None` until the doors were fetched.
    pub hints: Option<EntryHints>,
    /// When the service said so: milliseconds, service time.
    pub as_of: i64,
    /// From the cache; `refresh` asks the service.
    pub from_cache: bool,
}

impl From<keyway_app::Doorcodes> for Doorcodes {
    fn from(doorcodes: keyway_app::Doorcodes) -> Self {
        let keyway_app::Doorcodes {
            codes,
            hints,
            as_of,
            from_cache,
        } = doorcodes;
        Self {
            codes: codes.into_iter().map(Doorcode::from).collect(),
            hints: hints.map(EntryHints::from),
            as_of,
            from_cache,
        }
    }
}
