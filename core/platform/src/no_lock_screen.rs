//! A device that cannot ask for its owner.

use keyway_app::ports::{AuthenticationError, BoxFuture, DeviceAuthentication};

/// Says that there is no lock screen here.
#[derive(Clone, Copy, Debug)]
pub struct NoLockScreen;

impl DeviceAuthentication for NoLockScreen {
    fn is_set_up(&self) -> bool {
        false
    }

    fn confirm(&self) -> BoxFuture<'static, Result<(), AuthenticationError>> {
        Box::pin(async { Err(AuthenticationError::Missing) })
    }
}
