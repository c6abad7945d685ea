//! What a link has heard and nobody has taken yet: bounded, numbered, filled by a task that does nothing else.

use keyway_app::ports::LinkEvent;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Notifications kept for a slow reader. A protocol window is 16 frames; a burst beyond this many is lost as the air loses frames, and repeated.
const ROOM: usize = 256;

/// An event with its number on the link, counted from 1. A gap between two numbers is what found no room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Numbered {
    /// Its number.
    pub(super) number: u64,
    /// What happened.
    pub(super) event: LinkEvent,
}

/// The queue between a link's pump and whoever waits in `next`.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    state: Mutex<State>,
    filled: Notify,
    turned: Notify,
    suspicion: Notify,
}

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<Numbered>,
    arrived: u64,
    lost: bool,
}

impl Inbox {
    /// Takes a notification; what finds no room is gone, but counted. Nothing follows a loss.
    pub(super) fn push(&self, event: LinkEvent) {
        let mut state = self.state();
        if state.lost {
            return;
        }
        state.arrived += 1;
        if state.queue.len() < ROOM {
            let number = state.arrived;
            state.queue.push_back(Numbered { number, event });
        }
        drop(state);
        self.filled.notify_one();
    }

    /// The link is gone. It is told once, after what was heard before it, and always finds room.
    pub(super) fn lose(&self) {
        let mut state = self.state();
        if state.lost {
            return;
        }
        state.lost = true;
        state.arrived += 1;
        let number = state.arrived;
        let event = LinkEvent::Lost;
        state.queue.push_back(Numbered { number, event });
        drop(state);
        self.filled.notify_one();
        self.turned.notify_one();
    }

    /// Waits until the link is gone. One task only may.
    pub(super) async fn lost(&self) {
        while !self.is_lost() {
            self.turned.notified().await;
        }
    }

    /// Something says that the link may be gone.
    pub(super) fn suspect(&self) {
        self.suspicion.notify_one();
    }

    /// Waits for a suspicion. One task only may.
    pub(super) async fn suspected(&self) {
        self.suspicion.notified().await;
    }

    /// Has the loss been noticed?
    pub(super) fn is_lost(&self) -> bool {
        self.state().lost
    }

    /// The next event; waits for ever once the loss was told.
    pub(super) async fn next(&self) -> Numbered {
        loop {
            let filled = self.filled.notified();
            if let Some(event) = self.state().queue.pop_front() {
                return event;
            }
            filled.await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Inbox, ROOM};
    use futures_util::FutureExt as _;
    use keyway_app::ports::LinkEvent;

    fn down(byte: u8) -> LinkEvent {
        LinkEvent::Down(vec![byte])
    }

    #[test]
    fn what_finds_no_room_is_a_gap_in_the_numbers_and_the_loss_is_told_all_the_same() {
        let inbox = Inbox::default();
        for _ in 0..ROOM + 3 {
            inbox.push(down(1));
        }
        let first = inbox.next().now_or_never().unwrap();
        assert_eq!((first.number, first.event), (1, down(1)));
        inbox.push(down(2));
        inbox.lose();
        let rest: Vec<_> =
            core::iter::from_fn(|| inbox.next().now_or_never().map(|n| n.number)).collect();
        let room = u64::try_from(ROOM).unwrap();
        let expected: Vec<u64> = (2..=room).chain([room + 4, room + 5]).collect();
        assert_eq!(rest, expected);
    }

    #[test]
    fn the_loss_is_told_once_and_nothing_follows_it() {
        let inbox = Inbox::default();
        inbox.push(down(1));
        inbox.lose();
        inbox.lose();
        inbox.push(down(2));
        assert!(inbox.is_lost());
        let events: Vec<_> =
            core::iter::from_fn(|| inbox.next().now_or_never().map(|n| n.event)).collect();
        assert_eq!(events, [down(1), LinkEvent::Lost]);
    }

    #[tokio::test]
    async fn whoever_waits_is_woken() {
        let inbox = Inbox::default();
        let (heard, ()) = tokio::join!(inbox.next(), async { inbox.push(down(9)) });
        assert_eq!(heard.event, down(9));
    }
}
