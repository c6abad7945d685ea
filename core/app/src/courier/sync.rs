//! The sync as an attempt: fetched ahead where there is network, carried, brought back, handed in.

use super::carry::Carry;
use crate::account::SessionHandle;
use crate::attempt::{Attempt, Reporter, Stop, Stopper, bound_to};
use crate::context::Context;
use crate::doors::told;
use crate::error::{Error, Fault};
use crate::link::turn::{Occupied, Purpose};
use crate::ports::Notice;
use crate::service::DoorId;
use core::fmt;

/// How far a sync is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        error: Error,
    },
}

/// A sync under way. Dropping it cancels.
pub struct SyncAttempt(Attempt<SyncPhase, SyncOutcome>);

impl SyncAttempt {
    /// The next phase; `None` once there is an outcome. Phases may repeat when a link had to be made anew.
    pub async fn next(&self) -> Option<SyncPhase> {
        self.0.next().await
    }

    /// Stops it. The outcome follows within 100 ms.
    pub fn cancel(&self) {
        self.0.cancel();
    }

    /// The one outcome, the same for every call.
    pub async fn outcome(&self) -> SyncOutcome {
        self.0.outcome().await
    }
}

impl fmt::Debug for SyncAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SyncAttempt(..)")
    }
}

type SyncReporter = Reporter<SyncPhase, SyncOutcome>;

/// Begins a sync. What stands against it is its outcome.
pub(crate) fn sync(context: &Context, door: DoorId) -> SyncAttempt {
    let spawn = context.ports().spawn.clone();
    let context = context.clone();
    let lost = SyncOutcome::Interrupted { resumable: true };
    SyncAttempt(Attempt::start(&*spawn, lost, |reporter, stopper| {
        Box::pin(run(context, door, reporter, stopper))
    }))
}

async fn run(context: Context, door: DoorId, mut reporter: SyncReporter, stopper: Stopper) {
    match context.session() {
        Ok(session) => {
            let ended = session.ended();
            let journey = journey(&context, session, door, &mut reporter, &stopper);
            Box::pin(bound_to(ended, &stopper, journey)).await;
        }
        Err(fault) => reporter.finish(SyncOutcome::NotSynced {
            error: fault.into(),
        }),
    }
    context.ports().observer.notice(Notice::SyncEnded);
}

async fn journey(
    context: &Context,
    session: SessionHandle,
    door: DoorId,
    reporter: &mut SyncReporter,
    stopper: &Stopper,
) {
    let mut turn = match session.memory().turns.take(Purpose::Sync, stopper) {
        Ok(turn) => turn,
        Err(Occupied(purpose)) => {
            let error = match purpose {
                Purpose::Unlock => Error::UnlockUnderWay,
                Purpose::Sync => Error::SyncUnderWay,
            };
            return reporter.finish(SyncOutcome::NotSynced { error });
        }
    };
    let mut carry = Carry::new(context, &session, door, stopper);
    let carried = carry.run(&mut turn, reporter).await;
    if let Err(cut) = carried {
        turn.release();
        let outcome = ended_by(&session, cut, carry.has_begun());
        session.memory().note("sync", &outcome);
        reporter.finish(outcome);
        let driver = carry.into_driver();
        // Sign-out waits for handles, not for a slow disconnect.
        drop(session);
        if let Some(driver) = driver {
            driver.close().await;
        }
        return;
    }
    if let Some(driver) = carry.into_driver() {
        driver.close().await;
    }
    // The network takes its time; an unlock need not wait for it.
    drop(turn);
    reporter.phase(SyncPhase::Uploading);
    let uploaded = stopper.guard(super::upload::upload(context, &session, door));
    let outcome = match uploaded.await {
        Ok(Ok(uploaded)) => SyncOutcome::Synced {
            receipt_verified: uploaded.receipt_verified,
            log_entries_carried: uploaded.entries,
            upload_pending: uploaded.pending,
        },
        Err(Stop::SessionEnded) | Ok(Err(Fault::Stale)) => SyncOutcome::NotSynced {
            error: told(&session, Fault::Stale),
        },
        // The lock is up to date, whatever becomes of the upload.
        Err(Stop::Cancelled | Stop::Preempted) | Ok(Err(_)) => SyncOutcome::Synced {
            receipt_verified: false,
            log_entries_carried: 0,
            upload_pending: true,
        },
    };
    session.memory().note("sync", &outcome);
    reporter.finish(outcome);
}

/// A sync that had begun, or gave way, can go on; what failed before says why.
fn ended_by(session: &SessionHandle, error: Error, begun: bool) -> SyncOutcome {
    match error {
        Error::SyncInterrupted => SyncOutcome::Interrupted { resumable: true },
        Error::Cancelled | Error::LinkLost | Error::LockNotFound if begun => {
            SyncOutcome::Interrupted { resumable: true }
        }
        error => SyncOutcome::NotSynced {
            error: told(session, error),
        },
    }
}
