use super::{SyncOutcome, SyncPhase};
use crate::answer;
use crate::error::KeywayError;
use keyway_app::service::DoorId;

pub use keyway_app::SyncAllPhase;

/// How far a sync of all doors in range is.
#[uniffi::remote(Enum)]
pub enum SyncAllPhase {
    /// Listening for locks.
    LookingAround,
    /// At one of them.
    AtDoor {
        /// Which.
        door: DoorId,
        /// Its place in the row, from 1.
        number: u32,
        /// Of so many.
        total: u32,
        /// How far its sync is.
        phase: SyncPhase,
    },
}

/// What came of the sync of one door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct DoorSynced {
    /// The door.
    pub door: DoorId,
    /// How its sync ended.
    pub outcome: SyncOutcome,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SyncAllOutcome {
    /// Every door in range, and what came of its sync.
    pub doors: Vec<DoorSynced>,
    /// What stood against all of it, or [`KeywayError::PartialFailure`]; `None`: every door in range is up to date.
    pub error: Option<KeywayError>,
}

impl From<keyway_app::SyncAllOutcome> for SyncAllOutcome {
    fn from(outcome: keyway_app::SyncAllOutcome) -> Self {
        let keyway_app::SyncAllOutcome { doors, error } = outcome;
        let synced = |(door, outcome): (DoorId, keyway_app::SyncOutcome)| DoorSynced {
            door,
            outcome: outcome.into(),
        };
        Self {
            doors: doors.into_iter().map(synced).collect(),
            error: error.map(KeywayError::from),
        }
    }
}

/// A sync of every door in range. Dropping it cancels.
#[derive(Debug, uniffi::Object)]
#[uniffi::export(Debug)]
pub struct SyncAllAttempt(keyway_app::SyncAllAttempt);

#[uniffi::export]
impl SyncAllAttempt {
    /// The next phase; `None` once there is an outcome. One caller at a time.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub async fn next(&self) -> Result<Option<SyncAllPhase>, KeywayError> {
        answer::later(self.0.next()).await
    }

    /// Stops it, the door under way included. Returns at once; doors that are done stay done.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub fn cancel(&self) -> Result<(), KeywayError> {
        answer::now(|| self.0.cancel())
    }

    /// The one outcome, the same for every caller and every call.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub async fn outcome(&self) -> Result<SyncAllOutcome, KeywayError> {
        answer::later(self.0.outcome()).await.map(Into::into)
    }
}

impl From<keyway_app::SyncAllAttempt> for SyncAllAttempt {
    fn from(attempt: keyway_app::SyncAllAttempt) -> Self {
        Self(attempt)
    }
}
