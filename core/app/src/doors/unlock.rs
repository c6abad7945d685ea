//! The unlock as an attempt: phases, one outcome, then a short sync in the same session.

use super::access::current_access;
use super::list::cached_door;
use super::tap::Tap;
use crate::account::SessionHandle;
use crate::attempt::{Attempt, Reporter, Stopper, bound_to};
use crate::context::Context;
use crate::courier;
use crate::error::{Error, Fault};
use crate::link::driver::Driver;
use crate::link::finder::usable;
use crate::link::turn::{Purpose, Turn};
use crate::ports::Notice;
use crate::service::DoorId;
use core::fmt;

/// How far an unlock is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnlockOutcome {
    /// The lock said that the bolt was withdrawn.
    Unlocked,
    /// The bolt did not move for this tap, and will not.
    NotUnlocked {
        /// Why.
        error: Error,
    },
    /// The lock may have acted, and could not be asked. Look at the door; another tap is another command.
    MayHaveUnlocked,
}

/// An unlock under way. Dropping it cancels.
pub struct UnlockAttempt(Attempt<UnlockPhase, UnlockOutcome>);

impl UnlockAttempt {
    /// The next phase; `None` once there is an outcome. Phases may repeat when a link had to be made anew.
    pub async fn next(&self) -> Option<UnlockPhase> {
        self.0.next().await
    }

    /// Stops it. The outcome follows within 100 ms and tells whether the lock may have acted before.
    pub fn cancel(&self) {
        self.0.cancel();
    }

    /// The one outcome, the same for every call.
    pub async fn outcome(&self) -> UnlockOutcome {
        self.0.outcome().await
    }
}

impl fmt::Debug for UnlockAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnlockAttempt(..)")
    }
}

pub(super) type UnlockReporter = Reporter<UnlockPhase, UnlockOutcome>;

/// Begins an unlock. What stands against it is its outcome.
pub(crate) fn unlock(context: &Context, door: DoorId) -> UnlockAttempt {
    let spawn = context.ports().spawn.clone();
    let context = context.clone();
    let lost = UnlockOutcome::MayHaveUnlocked;
    UnlockAttempt(Attempt::start(&*spawn, lost, |reporter, stopper| {
        Box::pin(run(context, door, reporter, stopper))
    }))
}

async fn run(context: Context, door: DoorId, mut reporter: UnlockReporter, stopper: Stopper) {
    let session = match context.session() {
        Ok(session) => session,
        Err(fault) => return reporter.finish(refused(fault)),
    };
    let ended = session.ended();
    let journey = journey(&context, &session, door, &mut reporter, &stopper);
    let left = Box::pin(bound_to(ended, &stopper, journey)).await;
    context.ports().observer.notice(Notice::UnlockEnded);
    if let Some(left) = left {
        Box::pin(afterwards(&context, session, door, left)).await;
    }
}

/// What an unlock leaves behind: a link, and the radio until that is closed.
struct Left {
    turn: Turn,
    driver: Option<Driver>,
    unlocked: bool,
    /// What follows outlives the attempt: only an unlock or the session's end stops it.
    stopper: Stopper,
}

async fn journey(
    context: &Context,
    session: &SessionHandle,
    door: DoorId,
    reporter: &mut UnlockReporter,
    stopper: &Stopper,
) -> Option<Left> {
    let Ok(mut turn) = session.memory().turns.take(Purpose::Unlock, stopper) else {
        reporter.finish(refused(Error::UnlockUnderWay));
        return None;
    };
    let mut tap = match prepare(context, session, door, &mut turn, stopper).await {
        Ok(tap) => tap,
        Err(fault) => {
            turn.release();
            let outcome = refused(told(session, fault));
            session.memory().note("unlock", &outcome);
            reporter.finish(outcome);
            return None;
        }
    };
    let outcome = match tap.run(reporter).await {
        UnlockOutcome::NotUnlocked { error } => refused(told(session, error)),
        settled => settled,
    };
    let calm = Stopper::new();
    let mut driver = tap.into_driver();
    if let Some(driver) = &mut driver {
        driver.obey(&calm);
    }
    // The next tap is welcome from the outcome on: what follows gives way to it.
    turn.yield_to_unlocks(&calm);
    session.memory().note("unlock", &outcome);
    reporter.finish(outcome);
    Some(Left {
        turn,
        driver,
        unlocked: outcome == UnlockOutcome::Unlocked,
        stopper: calm,
    })
}

/// After an unlock a short sync in the same session; after anything else the disconnect alone.
async fn afterwards(context: &Context, session: SessionHandle, door: DoorId, left: Left) {
    let Left {
        turn,
        mut driver,
        unlocked,
        stopper,
    } = left;
    if !unlocked {
        turn.release();
        // Sign-out waits for handles, not for a slow disconnect.
        drop(session);
        return close(driver).await;
    }
    let ended = session.ended();
    let passing = async {
        if let Some(driver) = &mut driver {
            courier::visit_briefly(context, &session, door, driver).await;
        }
        turn.release();
        close(driver).await;
        let _ = stopper
            .guard(courier::hand_in(context, &session, door))
            .await;
    };
    Box::pin(bound_to(ended, &stopper, passing)).await;
}

async fn close(driver: Option<Driver>) {
    if let Some(driver) = driver {
        driver.close().await;
    }
}

/// Everything before the radio: no network where the cached grant holds.
async fn prepare<'a>(
    context: &'a Context,
    session: &'a SessionHandle,
    door: DoorId,
    turn: &mut Turn,
    stopper: &'a Stopper,
) -> Result<Tap<'a>, Fault> {
    stopper
        .guard(async {
            if let Some(known) = cached_door(context, session, door).await?
                && !known.has_bluetooth_unlock
            {
                return Err(Error::NoBluetoothUnlock.into());
            }
            usable(&*context.ports().radio)?;
            let access = current_access(context, session, door).await?;
            let tap = Tap::new(context, session, door, access, stopper)?;
            turn.ready(&*context.ports().clock).await;
            Ok(tap)
        })
        .await
        .unwrap_or_else(|why| Err(Fault::Told(why.into())))
}

/// Names the reason of a session's end, where that is what stopped the journey.
pub(crate) fn told(session: &SessionHandle, fault: impl Into<Fault>) -> Error {
    let error = Error::from(fault.into());
    match (error, session.check()) {
        (Error::SignedOutMeanwhile, Err(fault)) => fault.into(),
        _ => error,
    }
}

fn refused(fault: impl Into<Fault>) -> UnlockOutcome {
    UnlockOutcome::NotUnlocked {
        error: Error::from(fault.into()),
    }
}
