//! The service's clock: passed in, so that a virtual world and a test own time.
use std::sync::atomic::{AtomicI64, Ordering};

/// Milliseconds since 1970-01-01T00:00:00Z, leap seconds ignored.
pub type UnixMillis = i64;

/// Wall time as the service believes it. The service trusts this clock; it is what locks and phones are corrected by.
pub trait Clock: Send + Sync + 'static {
    /// Now, UTC.
    fn now(&self) -> UnixMillis;
}

/// The machine's clock, for a real process.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UnixMillis {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the one place where a real service process reads the clock"
        )]
        let now = std::time::SystemTime::now();
        now.duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| since.as_millis() as UnixMillis)
    }
}

/// A clock that moves only when told.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn new(now: UnixMillis) -> Self {
        Self(AtomicI64::new(now))
    }

    /// Moves the clock by `millis`, also backwards.
    pub fn advance(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }

    /// Sets the clock to `now`.
    pub fn set(&self, now: UnixMillis) {
        self.0.store(now, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> UnixMillis {
        self.0.load(Ordering::SeqCst)
    }
}
