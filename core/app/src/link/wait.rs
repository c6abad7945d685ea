use crate::ports::Clock;
use core::future::Future;
use core::time::Duration;
use futures_util::future::{Either, select};

/// The deadline passed first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Elapsed;

/// Runs `work` for at most `limit` of the clock port's time.
pub(crate) async fn within<F: Future>(
    clock: &dyn Clock,
    limit: Duration,
    work: F,
) -> Result<F::Output, Elapsed> {
    let work = core::pin::pin!(work);
    match select(work, clock.sleep(limit)).await {
        Either::Left((output, _)) => Ok(output),
        Either::Right(((), _)) => Err(Elapsed),
    }
}
