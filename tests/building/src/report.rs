//! The demo's result: the last line of `demo --json`.

use serde::{Deserialize, Serialize};

/// What the story came to. Every field can be recomputed from what the processes left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The session was a borrowed phone's.
    pub borrowed: bool,
    /// Signing in succeeded.
    pub signed_in: bool,
    /// Doorcodes shown.
    pub codes: usize,
    /// The lock took the bundle the phone carried.
    pub synced: bool,
    /// The service verified the lock's signature on its receipt.
    pub receipt_verified: bool,
    /// Entries of the lock's log that reached the service through this phone.
    pub log_entries_carried: usize,
    /// The lock confirmed that it opened.
    pub unlocked: bool,
    /// Messages the phone sent and had answered, from the lock's hello to the start of its motor.
    pub round_trips_to_unlock: usize,
    /// Times the motor moved.
    pub motor_moves: usize,
    /// The scan found the canaries while the resident was signed in: it can find what is there.
    pub scan_control_found: bool,
    /// What signing out did.
    pub sign_out: SignOut,
    /// Traces of the resident that the scan found afterwards.
    pub leftovers: usize,
}

/// What signing out did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOut {
    /// Every place was read back empty, and the service confirmed the session's end.
    pub complete: bool,
    /// `ended`, or what the service could not be told.
    pub server: String,
    /// Every place, one by one.
    pub places: Vec<Place>,
}

/// One place where something of a resident can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Which.
    pub place: String,
    /// `gone`, `was empty`, or `remains` with the reason.
    pub result: String,
}

impl Report {
    /// Did everything happen that the story promises?
    #[must_use]
    pub fn is_what_was_promised(&self) -> bool {
        let in_and_out = self.signed_in && self.synced && self.unlocked && self.motor_moves == 1;
        let proven =
            self.receipt_verified && self.scan_control_found && self.round_trips_to_unlock == 1;
        in_and_out && proven && self.codes > 0 && self.sign_out.complete && self.leftovers == 0
    }
}
