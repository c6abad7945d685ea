//! Calls on the facade, from their beginning to their end.

mod calls;

pub(crate) use calls::begin;

use crate::observe;
use futures_util::FutureExt as _;
use keyway_app::ports::BoxFuture;
use keyway_app::{SyncAllAttempt, SyncAttempt, UnlockAttempt};
use serde_json::Value;

/// What a call gave, and digits that it revealed.
pub(crate) type Observed = (Value, Option<String>);

/// A call that goes on.
pub(crate) enum Begun {
    /// An unlock, and the phases it reported so far.
    Unlock(UnlockAttempt, Vec<String>),
    /// A sync, likewise.
    Sync(SyncAttempt, Vec<String>),
    /// A sync of all doors in range, likewise.
    SyncAll(SyncAllAttempt, Vec<String>),
    /// Any other call.
    Call(BoxFuture<'static, Observed>),
    /// It has ended.
    Done(Observed),
}

impl Begun {
    /// Lets a call begin: its work runs on the spawn port from here on.
    pub(crate) async fn poke(&mut self) {
        let Self::Call(call) = self else { return };
        let mut polled = None;
        core::future::poll_fn(|context| {
            polled = match call.poll_unpin(context) {
                core::task::Poll::Ready(observed) => Some(observed),
                core::task::Poll::Pending => None,
            };
            core::task::Poll::Ready(())
        })
        .await;
        if let Some(observed) = polled {
            *self = Self::Done(observed);
        }
    }

    /// Waits for a phase; false when the attempt ended without it.
    pub(crate) async fn reach(&mut self, wanted: &str) -> bool {
        loop {
            let (next, phases) = match self {
                Self::Unlock(attempt, phases) => (
                    attempt.next().await.map(|phase| observe::word(&phase)),
                    phases,
                ),
                Self::Sync(attempt, phases) => (
                    attempt.next().await.map(|phase| observe::word(&phase)),
                    phases,
                ),
                Self::SyncAll(attempt, phases) => {
                    let next = attempt.next().await;
                    (next.map(|phase| observe::word(&phase)), phases)
                }
                Self::Call(_) | Self::Done(_) => return false,
            };
            let Some(phase) = next else { return false };
            let reached = phase == wanted;
            phases.push(phase);
            if reached {
                return true;
            }
        }
    }

    /// Cancels an attempt; false for anything else.
    pub(crate) fn cancel(&self) -> bool {
        match self {
            Self::Unlock(attempt, _) => attempt.cancel(),
            Self::Sync(attempt, _) => attempt.cancel(),
            Self::SyncAll(attempt, _) => attempt.cancel(),
            Self::Call(_) | Self::Done(_) => return false,
        }
        true
    }

    /// Waits for the end.
    pub(crate) async fn finish(self) -> Observed {
        match self {
            Self::Unlock(attempt, mut phases) => {
                while let Some(phase) = attempt.next().await {
                    phases.push(observe::word(&phase));
                }
                (observe::unlock(&phases, attempt.outcome().await), None)
            }
            Self::Sync(attempt, mut phases) => {
                while let Some(phase) = attempt.next().await {
                    phases.push(observe::word(&phase));
                }
                phases.dedup();
                (observe::sync(&phases, attempt.outcome().await), None)
            }
            Self::SyncAll(attempt, mut phases) => {
                while let Some(phase) = attempt.next().await {
                    phases.push(observe::word(&phase));
                }
                phases.dedup();
                (observe::sync_all(&phases, &attempt.outcome().await), None)
            }
            Self::Call(call) => call.await,
            Self::Done(observed) => observed,
        }
    }
}
