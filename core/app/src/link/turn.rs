//! Whose turn it is on the radio: one journey at a time, an unlock before a sync.

use super::wait::within;
use crate::attempt::{Stop, Stopper};
use crate::ports::Clock;
use core::time::Duration;
use futures_channel::oneshot;
use futures_util::future::{FutureExt as _, Shared};
use std::sync::{Arc, Mutex, PoisonError};

/// A closing link is waited for this long; it is capped at 2 s itself, see [`super::driver::CLOSE_LIMIT`].
const PREDECESSOR_LIMIT: Duration = Duration::from_millis(2_500);

/// What a journey wants the radio for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The resident stands at a door.
    Unlock,
    /// Courier work; gives way to an unlock.
    Sync,
}

/// Another journey has the radio and keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Occupied(pub(crate) Purpose);

/// Hands out the radio.
#[derive(Clone, Default)]
pub(crate) struct Turns(Arc<Mutex<TurnState>>);

#[derive(Default)]
struct TurnState {
    count: u64,
    holder: Option<Holder>,
    closing: Vec<Shared<oneshot::Receiver<()>>>,
}

struct Holder {
    number: u64,
    purpose: Purpose,
    stopper: Stopper,
}

impl Turns {
    /// Stops courier work that has the radio; an unlock keeps it.
    pub(crate) fn interrupt_sync(&self) {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(holder) = &state.holder
            && holder.purpose == Purpose::Sync
        {
            holder.stopper.stop(Stop::Preempted);
        }
    }

    /// Takes the radio for the journey that `stopper` stops. An unlock stops a sync that has it; any other meeting is answered with [`Occupied`].
    pub(crate) fn take(&self, purpose: Purpose, stopper: &Stopper) -> Result<Turn, Occupied> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &state.holder {
            Some(holder) if purpose == Purpose::Unlock && holder.purpose == Purpose::Sync => {
                holder.stopper.stop(Stop::Preempted);
            }
            Some(holder) => return Err(Occupied(holder.purpose)),
            None => {}
        }
        state.count += 1;
        let number = state.count;
        state.holder = Some(Holder {
            number,
            purpose,
            stopper: stopper.clone(),
        });
        let (closed, closing) = oneshot::channel();
        let before = state
            .closing
            .drain(..)
            .filter(|c| c.peek().is_none())
            .collect::<Vec<_>>();
        state.closing.clone_from(&before);
        state.closing.push(closing.shared());
        Ok(Turn {
            turns: self.clone(),
            number,
            before,
            closed: Some(closed),
        })
    }
}

/// The radio, until dropped.
pub(crate) struct Turn {
    turns: Turns,
    number: u64,
    before: Vec<Shared<oneshot::Receiver<()>>>,
    closed: Option<oneshot::Sender<()>>,
}

impl Turn {
    /// Waits until the links of earlier journeys are closed, or have had their time: a lock may take one link from a phone only.
    pub(crate) async fn ready(&mut self, clock: &dyn Clock) {
        let before = core::mem::take(&mut self.before);
        let _ = within(
            clock,
            PREDECESSOR_LIMIT,
            futures_util::future::join_all(before),
        )
        .await;
    }

    /// What is left of this journey gives way to an unlock from now on, which stops it by `stopper`.
    pub(crate) fn yield_to_unlocks(&self, stopper: &Stopper) {
        let mut state = self.turns.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(holder) = &mut state.holder
            && holder.number == self.number
        {
            holder.purpose = Purpose::Sync;
            holder.stopper = stopper.clone();
        }
    }

    /// Lets the next journey begin though this one's link is still closing: a cancelled unlock must not answer *busy* to the next.
    pub(crate) fn release(&self) {
        let mut state = self.turns.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.holder.as_ref().map(|h| h.number) == Some(self.number) {
            state.holder = None;
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.release();
        if let Some(closed) = self.closed.take() {
            let _ = closed.send(());
        }
    }
}
