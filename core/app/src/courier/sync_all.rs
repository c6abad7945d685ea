//! Syncing every door in range, one after the other: what fails at one door is that door's.

use super::sync::{SyncOutcome, SyncPhase, sync};
use crate::attempt::{Attempt, Reporter, Stopper};
use crate::context::Context;
use crate::doors::{look_around, told};
use crate::error::{Error, Fault};
use crate::service::DoorId;
use core::fmt;
use futures_util::future::{Either, select};

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncAllOutcome {
    /// Every door in range, and what came of its sync.
    pub doors: Vec<(DoorId, SyncOutcome)>,
    /// What stood against all of it, or [`Error::PartialFailure`]; `None`: every door in range is up to date.
    pub error: Option<Error>,
}

/// A sync of every door in range. Dropping it cancels.
pub struct SyncAllAttempt(Attempt<SyncAllPhase, SyncAllOutcome>);

impl SyncAllAttempt {
    /// The next phase; `None` once there is an outcome.
    pub async fn next(&self) -> Option<SyncAllPhase> {
        self.0.next().await
    }

    /// Stops it, the door under way included. Doors that are done stay done.
    pub fn cancel(&self) {
        self.0.cancel();
    }

    /// The one outcome, the same for every call.
    pub async fn outcome(&self) -> SyncAllOutcome {
        self.0.outcome().await
    }
}

impl fmt::Debug for SyncAllAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SyncAllAttempt(..)")
    }
}

type AllReporter = Reporter<SyncAllPhase, SyncAllOutcome>;

/// Begins it. What stands against it is its outcome.
pub(crate) fn sync_all_in_range(context: &Context) -> SyncAllAttempt {
    let spawn = context.ports().spawn.clone();
    let context = context.clone();
    let lost = SyncAllOutcome {
        doors: Vec::new(),
        error: Some(Error::SyncInterrupted),
    };
    SyncAllAttempt(Attempt::start(&*spawn, lost, |reporter, stopper| {
        Box::pin(run(context, reporter, stopper))
    }))
}

async fn run(context: Context, mut reporter: AllReporter, stopper: Stopper) {
    reporter.phase(SyncAllPhase::LookingAround);
    let near = match near(&context, &stopper).await {
        Ok(near) => near,
        Err(error) => {
            return reporter.finish(SyncAllOutcome {
                doors: Vec::new(),
                error: Some(error),
            });
        }
    };
    let total = u32::try_from(near.len()).unwrap_or(u32::MAX);
    let mut doors = Vec::new();
    for (number, door) in (1..).zip(near) {
        let place = (door, number, total);
        let (outcome, stopped) = one(&context, place, &reporter, &stopper).await;
        doors.push((door, outcome));
        if stopped {
            break;
        }
    }
    let error = judge(&doors, total);
    reporter.finish(SyncAllOutcome { doors, error });
}

/// The doors in range, the nearest first.
async fn near(context: &Context, stopper: &Stopper) -> Result<Vec<DoorId>, Error> {
    let session = context.session().map_err(Error::from)?;
    let heard = look_around(context, &session, stopper)
        .await
        .map_err(|fault: Fault| told(&session, fault))?;
    if heard.is_empty() {
        return Err(Error::LockNotFound);
    }
    let mut near: Vec<_> = heard.into_iter().collect();
    near.sort_by_key(|(_, rssi)| core::cmp::Reverse(*rssi));
    Ok(near.into_iter().map(|(door, _)| door).collect())
}

/// One door's sync; true when all of it was told to stop.
async fn one(
    context: &Context,
    (door, number, total): (DoorId, u32, u32),
    reporter: &AllReporter,
    stopper: &Stopper,
) -> (SyncOutcome, bool) {
    let attempt = sync(context, door);
    let watching = async {
        while let Some(phase) = attempt.next().await {
            reporter.phase(SyncAllPhase::AtDoor {
                door,
                number,
                total,
                phase,
            });
        }
        attempt.outcome().await
    };
    let watching = core::pin::pin!(watching);
    let stopped = core::pin::pin!(stopper.stopped());
    match select(watching, stopped).await {
        Either::Left((outcome, _)) => (outcome, false),
        Either::Right((_, watching)) => {
            attempt.cancel();
            (watching.await, true)
        }
    }
}

fn judge(doors: &[(DoorId, SyncOutcome)], total: u32) -> Option<Error> {
    let done = doors
        .iter()
        .filter(|(_, outcome)| matches!(outcome, SyncOutcome::Synced { .. }))
        .count();
    let failed = total.saturating_sub(u32::try_from(done).unwrap_or(u32::MAX));
    match doors {
        _ if failed == 0 => None,
        // With one door its own answer says more.
        [(_, SyncOutcome::NotSynced { error })] if total == 1 => Some(*error),
        [(_, SyncOutcome::Interrupted { .. })] if total == 1 => Some(Error::SyncInterrupted),
        _ => Some(Error::PartialFailure { failed, total }),
    }
}
