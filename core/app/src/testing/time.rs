//! A clock that stands still until nobody can go on.

use crate::ports::{BoxFuture, Clock, UnixMillis};
use core::future::poll_fn;
use core::task::{Poll, Waker};
use core::time::Duration;
use std::sync::{Arc, Mutex, Weak};

/// 2026-11-24T04:00:00Z, on the service's clock too.
pub(crate) const BEGINNING: UnixMillis = 1_795_492_800_000;

#[derive(Default)]
pub(crate) struct FakeClock {
    now: Mutex<Duration>,
    /// The phone's wall clock is ahead of the service's by so many milliseconds.
    pub(crate) wall_error: Mutex<i64>,
    sleepers: Arc<Mutex<Vec<Weak<Sleeper>>>>,
}

struct Sleeper {
    until: Duration,
    waker: Mutex<Option<Waker>>,
    fired: Mutex<bool>,
}

impl FakeClock {
    pub(crate) fn now(&self) -> Duration {
        *self.now.lock().unwrap()
    }

    /// The service's time, which is right.
    pub(crate) fn true_time(&self) -> UnixMillis {
        BEGINNING + i64::try_from(self.now().as_millis()).unwrap()
    }

    /// Time passes without anybody running: the phone was suspended. Timers fire late.
    pub(crate) fn suspend(&self, duration: Duration) {
        *self.now.lock().unwrap() += duration;
    }

    /// Goes to the next moment somebody waits for; false when nobody does.
    pub(crate) fn advance_to_next(&self) -> bool {
        let mut sleepers = self.sleepers.lock().unwrap();
        sleepers.retain(|sleeper| sleeper.strong_count() > 0);
        let waiting: Vec<Arc<Sleeper>> = sleepers
            .iter()
            .filter_map(Weak::upgrade)
            .filter(|sleeper| !*sleeper.fired.lock().unwrap())
            .collect();
        let Some(next) = waiting.iter().map(|sleeper| sleeper.until).min() else {
            return false;
        };
        let mut now = self.now.lock().unwrap();
        *now = (*now).max(next);
        for sleeper in waiting.iter().filter(|sleeper| sleeper.until <= *now) {
            *sleeper.fired.lock().unwrap() = true;
            if let Some(waker) = sleeper.waker.lock().unwrap().take() {
                waker.wake();
            }
        }
        true
    }
}

impl Clock for FakeClock {
    fn wall(&self) -> UnixMillis {
        self.true_time() + *self.wall_error.lock().unwrap()
    }

    fn elapsed(&self) -> Duration {
        self.now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let sleeper = Arc::new(Sleeper {
            until: self.now() + duration,
            waker: Mutex::new(None),
            fired: Mutex::new(false),
        });
        self.sleepers.lock().unwrap().push(Arc::downgrade(&sleeper));
        Box::pin(poll_fn(move |context| {
            if *sleeper.fired.lock().unwrap() {
                return Poll::Ready(());
            }
            *sleeper.waker.lock().unwrap() = Some(context.waker().clone());
            Poll::Pending
        }))
    }
}
