//! The phone's clocks.

use core::time::Duration;
use keyway_app::ports::{BoxFuture, Clock, UnixMillis};
use rustix::time::{ClockId, clock_gettime};
use std::time::SystemTime;
use tokio::runtime::Handle;

/// Time since boot, suspend included.
#[cfg(any(target_os = "linux", target_os = "android"))]
const ELAPSED: ClockId = ClockId::Boottime;
/// Darwin's monotonic clock goes on while the phone sleeps.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const ELAPSED: ClockId = ClockId::Monotonic;

/// The system's clocks, with tokio's timer for waits.
#[derive(Clone, Debug)]
pub struct SystemClock {
    timer: Handle,
}

impl SystemClock {
    /// Waits run on the timer of `runtime`, whoever polls them.
    #[must_use]
    pub fn new(runtime: Handle) -> Self {
        Self { timer: runtime }
    }
}

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock port's real part"
    )]
    fn wall(&self) -> UnixMillis {
        let since = |earlier: SystemTime, later: SystemTime| {
            let duration = later.duration_since(earlier).unwrap_or_default();
            UnixMillis::try_from(duration.as_millis()).unwrap_or(UnixMillis::MAX)
        };
        let now = SystemTime::now();
        if now >= SystemTime::UNIX_EPOCH {
            since(SystemTime::UNIX_EPOCH, now)
        } else {
            -since(now, SystemTime::UNIX_EPOCH)
        }
    }

    fn elapsed(&self) -> Duration {
        let now = clock_gettime(ELAPSED);
        let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
        let nanoseconds = u32::try_from(now.tv_nsec).unwrap_or(0);
        Duration::new(seconds, nanoseconds)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        // The timer is taken from the runtime entered here, so the future may be polled on any thread.
        let _entered = self.timer.enter();
        Box::pin(tokio::time::sleep(duration))
    }
}
