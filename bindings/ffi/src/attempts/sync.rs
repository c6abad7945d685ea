use crate::answer;
use crate::error::KeywayError;

pub use keyway_app::SyncPhase;

/// How far a sync is.
#[uniffi::remote(Enum)]
pub enum SyncPhase {
    /// Getting what the lock lacks from the service, or from the cache.
    Fetching,
    /// Looking for the lock.
    Scanning,
    /// Connecting to it.
    Connecting,
    /// Each side shows who it is.
    Authenticating,
    /// The bundle is on its way.
    Sending {
        /// Bytes the lock has, also from an earlier courier.
        sent: u64,
        /// Bytes of the bundle.
        total: u64,
    },
    /// The lock verifies and stores it.
    Applying,
    /// The lock hands out receipts and its sealed log.
    Collecting,
    /// The service gets them.
    Uploading,
}

/// How a sync ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum SyncOutcome {
    /// The lock is up to date as far as this phone can make it.
    Synced {
        /// The service found the lock's signature under its receipts good.
        receipt_verified: bool,
        /// Log entries that the service took from this phone.
        log_entries_carried: u32,
        /// What the lock said waits on this phone for the next network.
        upload_pending: bool,
    },
    /// It was cut on the way.
    Interrupted {
        /// The next sync continues where this one stopped, also from another phone.
        resumable: bool,
    },
    /// Nothing was carried.
    NotSynced {
        /// Why.
        why: KeywayError,
    },
}

impl From<keyway_app::SyncOutcome> for SyncOutcome {
    fn from(outcome: keyway_app::SyncOutcome) -> Self {
        match outcome {
            keyway_app::SyncOutcome::Synced {
                receipt_verified,
                log_entries_carried,
                upload_pending,
            } => Self::Synced {
                receipt_verified,
                log_entries_carried,
                upload_pending,
            },
            keyway_app::SyncOutcome::Interrupted { resumable } => Self::Interrupted { resumable },
            keyway_app::SyncOutcome::NotSynced { error } => Self::NotSynced { why: error.into() },
        }
    }
}

/// A sync under way. Dropping it cancels.
#[derive(Debug, uniffi::Object)]
#[uniffi::export(Debug)]
pub struct SyncAttempt(keyway_app::SyncAttempt);

#[uniffi::export]
impl SyncAttempt {
    /// The next phase; `None` once there is an outcome. Phases may repeat when a link had to be made anew. One caller at a time.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub async fn next(&self) -> Result<Option<SyncPhase>, KeywayError> {
        answer::later(self.0.next()).await
    }

    /// Stops it. Returns at once; the outcome follows within 100 ms.
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
    pub async fn outcome(&self) -> Result<SyncOutcome, KeywayError> {
        answer::later(self.0.outcome()).await.map(Into::into)
    }
}

impl From<keyway_app::SyncAttempt> for SyncAttempt {
    fn from(attempt: keyway_app::SyncAttempt) -> Self {
        Self(attempt)
    }
}
