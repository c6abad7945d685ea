//! One virtual clock for everybody. It moves only when nobody can go on without it.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use keyway_app::ports::{BoxFuture, Clock, UnixMillis};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// 2026-11-24T20:00:00Z: an evening on which somebody is locked out.
pub const START: UnixMillis = 1_795_550_400_000;

/// Time in the world: milliseconds since it began, and who waits for a later moment.
#[derive(Clone, Default)]
pub struct VirtualTime(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    now: u64,
    next_timer: u64,
    timers: BTreeMap<(u64, u64), Waker>,
}

impl VirtualTime {
    /// Milliseconds since the world began.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.state().now
    }

    /// When the next sleeper wakes.
    #[must_use]
    pub fn next_timer(&self) -> Option<u64> {
        self.state().timers.keys().next().map(|(due, _)| *due)
    }

    /// Moves on to `moment` and wakes who waited for it or for anything earlier. Never goes back.
    pub fn advance_to(&self, moment: u64) {
        let due = {
            let mut state = self.state();
            state.now = state.now.max(moment);
            let after = (state.now + 1, 0);
            let later = state.timers.split_off(&after);
            core::mem::replace(&mut state.timers, later)
        };
        due.into_values().for_each(Waker::wake);
    }

    /// Completes at `moment`.
    pub fn until(&self, moment: u64) -> impl Future<Output = ()> + Send + use<> {
        Timer {
            time: self.clone(),
            due: moment,
            key: None,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Timer {
    time: VirtualTime,
    due: u64,
    key: Option<(u64, u64)>,
}

impl Future for Timer {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let time = self.time.clone();
        let mut state = time.state();
        if let Some(key) = self.key.take() {
            state.timers.remove(&key);
        }
        if state.now >= self.due {
            return Poll::Ready(());
        }
        state.next_timer += 1;
        let key = (self.due, state.next_timer);
        state.timers.insert(key, context.waker().clone());
        self.key = Some(key);
        Poll::Pending
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            self.time.state().timers.remove(&key);
        }
    }
}

/// A phone's clocks: the world's time, with the error that its wall clock has.
#[derive(Clone)]
pub struct PhoneClock {
    time: VirtualTime,
    error: Arc<Mutex<i64>>,
}

impl PhoneClock {
    /// A clock that is right.
    #[must_use]
    pub fn new(time: VirtualTime) -> Self {
        Self {
            time,
            error: Arc::default(),
        }
    }

    /// Puts the wall clock wrong by so many milliseconds.
    pub fn set_error(&self, milliseconds: i64) {
        *self.error.lock().unwrap_or_else(PoisonError::into_inner) = milliseconds;
    }
}

impl Clock for PhoneClock {
    fn wall(&self) -> UnixMillis {
        let error = *self.error.lock().unwrap_or_else(PoisonError::into_inner);
        START + self.time.now() as i64 + error
    }

    fn elapsed(&self) -> Duration {
        Duration::from_millis(self.time.now())
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let milliseconds = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Box::pin(
            self.time
                .until(self.time.now().saturating_add(milliseconds)),
        )
    }
}

/// The service's clock: the world's time, which is right by definition.
#[derive(Clone)]
pub struct ServiceClock(pub VirtualTime);

impl keyway_service::Clock for ServiceClock {
    fn now(&self) -> UnixMillis {
        START + self.0.now() as i64
    }
}
