//! A long journey as an object: phases are pulled, it can be cancelled, and it ends exactly once.
//!
//! The work runs on the [`Spawn`] port, so that dropping the caller's future never cuts a write in half; cancelling is a message
//! to the work, never a drop of it. The generic half lives here; each journey wraps it in a type of its own without generics.

use crate::log;
use crate::ports::{BoxFuture, Spawn};
use core::fmt::Debug;
use core::future::Future;
use futures_channel::{mpsc, oneshot};
use futures_util::future::{Either, FutureExt as _, Shared, select};
use futures_util::lock::Mutex as AsyncMutex;
use futures_util::stream::StreamExt as _;
use std::sync::{Arc, Mutex, PoisonError};

/// Why a journey was told to stop. The first reason wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The resident cancelled, or nobody holds the attempt any more.
    Cancelled,
    /// An explicit unlock needs the radio that a sync holds.
    Preempted,
    /// The session ended (sign-out, wipe, refusal).
    SessionEnded,
}

/// The journey as its caller holds it. Dropping it cancels.
pub(crate) struct Attempt<P, O> {
    phases: AsyncMutex<mpsc::UnboundedReceiver<P>>,
    outcome: Shared<oneshot::Receiver<O>>,
    lost: O,
    stopper: Stopper,
}

impl<P, O> Attempt<P, O>
where
    P: Send + 'static,
    O: Clone + Send + Sync + 'static,
{
    /// Starts `work` on `spawn`. `lost` is the outcome if the work dies without one: a runtime shut down under it.
    pub(crate) fn start<W>(spawn: &dyn Spawn, lost: O, work: W) -> Self
    where
        W: FnOnce(Reporter<P, O>, Stopper) -> BoxFuture<'static, ()>,
    {
        let (phase_sender, phases) = mpsc::unbounded();
        let (outcome_sender, outcome) = oneshot::channel();
        let stopper = Stopper::new();
        let reporter = Reporter {
            phases: phase_sender,
            outcome: Some(outcome_sender),
        };
        spawn.spawn(work(reporter, stopper.clone()));
        Self {
            phases: AsyncMutex::new(phases),
            outcome: outcome.shared(),
            lost,
            stopper,
        }
    }

    /// The next phase; `None` once the journey has ended.
    pub(crate) async fn next(&self) -> Option<P> {
        self.phases.lock().await.next().await
    }

    /// Asks the work to stop. Returns at once; the outcome follows.
    pub(crate) fn cancel(&self) {
        self.stopper.stop(Stop::Cancelled);
    }

    /// The one outcome, the same for every caller and every call.
    pub(crate) async fn outcome(&self) -> O {
        self.outcome
            .clone()
            .await
            .unwrap_or_else(|oneshot::Canceled| self.lost.clone())
    }
}

impl<P, O> Drop for Attempt<P, O> {
    fn drop(&mut self) {
        self.stopper.stop(Stop::Cancelled);
    }
}

/// The work's voice: any number of phases, then one outcome.
pub(crate) struct Reporter<P, O> {
    phases: mpsc::UnboundedSender<P>,
    outcome: Option<oneshot::Sender<O>>,
}

impl<P: Debug, O: Debug> Reporter<P, O> {
    /// Reports a phase. Nobody listening is no error.
    pub(crate) fn phase(&self, phase: P) {
        log::phase(&phase);
        let _ = self.phases.unbounded_send(phase);
    }

    /// Ends the journey. Later phases and outcomes are dropped: there is exactly one end.
    pub(crate) fn finish(&mut self, outcome: O) {
        if let Some(sender) = self.outcome.take() {
            log::outcome(&outcome);
            self.phases.close_channel();
            let _ = sender.send(outcome);
        }
    }
}

/// Tells one journey to stop, and lets the journey wait for that. Clones speak of the same journey.
#[derive(Clone)]
pub(crate) struct Stopper(Arc<StopState>);

struct StopState {
    sender: Mutex<Option<oneshot::Sender<Stop>>>,
    signal: Shared<oneshot::Receiver<Stop>>,
}

impl Stopper {
    /// One that nobody has told anything yet.
    pub(crate) fn new() -> Self {
        let (sender, receiver) = oneshot::channel();
        Self(Arc::new(StopState {
            sender: Mutex::new(Some(sender)),
            signal: receiver.shared(),
        }))
    }

    /// Asks the journey to stop.
    pub(crate) fn stop(&self, why: Stop) {
        let sender = self
            .0
            .sender
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(sender) = sender {
            let _ = sender.send(why);
        }
    }

    /// Completes once the journey is told to stop.
    pub(crate) async fn stopped(&self) -> Stop {
        let signal = self.0.signal.clone();
        signal.await.unwrap_or(Stop::Cancelled)
    }

    /// Runs `work` unless the journey is told to stop first; a stop wins over work that is ready too.
    pub(crate) async fn guard<F: Future>(&self, work: F) -> Result<F::Output, Stop> {
        let stopped = core::pin::pin!(self.stopped());
        let work = core::pin::pin!(work);
        match select(stopped, work).await {
            Either::Left((why, _)) => Err(why),
            Either::Right((output, _)) => Ok(output),
        }
    }
}

/// Runs `journey` to its end; when `ended` comes first, the journey is told to stop and still runs to its end.
pub(crate) async fn bound_to<F: Future>(
    ended: impl Future<Output = ()>,
    stopper: &Stopper,
    journey: F,
) -> F::Output {
    let ended = core::pin::pin!(ended);
    let journey = core::pin::pin!(journey);
    match select(journey, ended).await {
        Either::Left((output, _)) => output,
        Either::Right(((), journey)) => {
            stopper.stop(Stop::SessionEnded);
            journey.await
        }
    }
}
