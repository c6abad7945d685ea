use crate::answer;
use crate::error::KeywayError;

pub use keyway_app::UnlockPhase;

/// How far an unlock is.
#[uniffi::remote(Enum)]
pub enum UnlockPhase {
    /// Looking for the lock.
    Scanning,
    /// Connecting to it.
    Connecting,
    /// Each side shows who it is.
    Authenticating,
    /// The lock has accepted; the bolt moves.
    Unlocking,
}

/// How an unlock ended, with its certainty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum UnlockOutcome {
    /// The lock said that the bolt was withdrawn.
    Unlocked,
    /// The bolt did not move for this tap, and will not.
    NotUnlocked {
        /// Why.
        why: KeywayError,
    },
    /// The lock may have acted, and could not be asked. Look at the door; another tap is another command.
    MayHaveUnlocked,
}

impl From<keyway_app::UnlockOutcome> for UnlockOutcome {
    fn from(outcome: keyway_app::UnlockOutcome) -> Self {
        match outcome {
            keyway_app::UnlockOutcome::Unlocked => Self::Unlocked,
            keyway_app::UnlockOutcome::NotUnlocked { error } => {
                Self::NotUnlocked { why: error.into() }
            }
            keyway_app::UnlockOutcome::MayHaveUnlocked => Self::MayHaveUnlocked,
        }
    }
}

/// An unlock under way. Dropping it cancels.
#[derive(Debug, uniffi::Object)]
#[uniffi::export(Debug)]
pub struct UnlockAttempt(keyway_app::UnlockAttempt);

#[uniffi::export]
impl UnlockAttempt {
    /// The next phase; `None` once there is an outcome. Phases may repeat when a link had to be made anew. One caller at a time.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub async fn next(&self) -> Result<Option<UnlockPhase>, KeywayError> {
        answer::later(self.0.next()).await
    }

    /// Stops it. Returns at once; the outcome follows within 100 ms and tells whether the lock may have acted before.
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
    pub async fn outcome(&self) -> Result<UnlockOutcome, KeywayError> {
        answer::later(self.0.outcome()).await.map(Into::into)
    }
}

impl From<keyway_app::UnlockAttempt> for UnlockAttempt {
    fn from(attempt: keyway_app::UnlockAttempt) -> Self {
        Self(attempt)
    }
}
