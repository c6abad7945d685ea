//! What the demo tells a phone to do, and what the phone says: one JSON line each way, over its standard input and output.

use crate::report::Place;
use serde::{Deserialize, Serialize};

/// One thing to do: what a resident would tap.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub(crate) enum Order {
    /// Sign in.
    SignIn {
        /// As typed.
        email: String,
        /// As typed.
        password: String,
    },
    /// Show the doors.
    Doors,
    /// Show the doorcodes of a door.
    Codes {
        /// Which door.
        door: String,
    },
    /// Sync a door.
    Sync {
        /// Which door.
        door: String,
    },
    /// Unlock a door.
    Unlock {
        /// Which door.
        door: String,
    },
    /// The screen is locked: what opens doors without the phone's key is forgotten.
    LockScreen,
    /// Sign out.
    SignOut,
}

/// What the phone says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "said", rename_all = "kebab-case")]
pub(crate) enum Said {
    /// It can be told what to do.
    Ready,
    /// A long order goes on.
    Phase {
        /// What happens now.
        phase: String,
    },
    /// Signed in.
    SignedIn {
        /// Whose account.
        name: String,
    },
    /// The doors.
    Doors {
        /// One line each.
        doors: Vec<Door>,
    },
    /// The doorcodes.
    Codes {
        /// One line each.
        codes: Vec<Code>,
    },
    /// The sync ended well.
    Synced {
        /// Log entries of the lock that the service has now.
        log_entries: usize,
        /// The service verified the lock's receipt.
        receipt_verified: bool,
        /// Something of the lock's waits on the phone for the next network.
        pending: bool,
    },
    /// It was told.
    Noted,
    /// The lock said that it opened.
    Unlocked,
    /// The lock may have opened and could not be asked.
    MayHaveUnlocked,
    /// Signed out.
    SignedOut {
        /// Every place was read back empty and the service confirmed.
        complete: bool,
        /// The service's side.
        server: String,
        /// All places.
        places: Vec<Place>,
    },
    /// It did not work: the resident's error.
    Failed {
        /// The error's name.
        error: String,
        /// What happened, what to do, what else works.
        text: String,
    },
}

/// A door as shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Door {
    /// Its identifier.
    pub(crate) uuid: String,
    /// Its name.
    pub(crate) name: String,
    /// Does the lock have internet?
    pub(crate) connected: bool,
    /// Changes waiting for a sync.
    pub(crate) pending: u32,
}

/// A doorcode as shown.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Code {
    /// Its kind.
    pub(crate) kind: String,
    /// The digits.
    pub(crate) digits: String,
    /// Its state.
    pub(crate) status: String,
    /// It is shown only after a second yes, with the advice to reset it later.
    pub(crate) asked_twice: bool,
}

/// Digits are for the resident's eyes.
impl core::fmt::Debug for Code {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Code({}, {})", self.kind, self.status)
    }
}
