//! How a call is answered: a panic on the way becomes an error like any other, and its text stays here.

use crate::error::KeywayError;
use core::future::Future;
use core::panic::AssertUnwindSafe;
use futures_util::FutureExt as _;

/// Answers a call that returns at once.
pub(crate) fn now<T>(work: impl FnOnce() -> T) -> Result<T, KeywayError> {
    // Nothing of ours is looked at again after a panic: the core guards its own state.
    std::panic::catch_unwind(AssertUnwindSafe(work)).map_err(|_| KeywayError::Internal)
}

/// Answers a call that takes its time and cannot fail otherwise.
pub(crate) async fn later<T>(work: impl Future<Output = T>) -> Result<T, KeywayError> {
    let caught = AssertUnwindSafe(work).catch_unwind().await;
    caught.map_err(|_| KeywayError::Internal)
}

/// Answers with what a journey of the core gives.
pub(crate) async fn journey<T, U: From<T>>(
    journey: impl Future<Output = Result<T, keyway_app::Error>>,
) -> Result<U, KeywayError> {
    Ok(later(journey).await??.into())
}
