use super::BoxFuture;
use core::time::Duration;

/// Milliseconds since 1970-01-01T00:00:00Z, leap seconds ignored, as the phone's wall clock says. May be wrong and may jump.
pub type UnixMillis = i64;

/// The phone's clocks.
///
/// Contract: `elapsed` never goes back, is unrelated to the wall clock and *counts time spent suspended*
/// (`CLOCK_BOOTTIME` on Linux and Android, `mach_continuous_time` on iOS). `sleep` is measured on the same clock as closely
/// as the system allows; after a suspend it may fire late, so expiry is checked on each call and never only by a timer.
pub trait Clock: Send + Sync + 'static {
    /// The wall clock.
    fn wall(&self) -> UnixMillis;
    /// Time since an arbitrary fixed point, suspend included.
    fn elapsed(&self) -> Duration;
    /// Completes once `duration` has passed. Dropping it is free.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}
