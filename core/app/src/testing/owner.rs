//! The phone's owner, in front of it or not.
#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use crate::ports::{AuthenticationError, BoxFuture, DeviceAuthentication};
use std::sync::Mutex;

/// A lock screen that recognises whom a test says.
#[derive(Debug)]
pub struct FakeOwner(Mutex<Result<(), AuthenticationError>>);

impl Default for FakeOwner {
    /// The owner is there.
    fn default() -> Self {
        Self(Mutex::new(Ok(())))
    }
}

impl FakeOwner {
    /// From now on the lock screen answers so; [`AuthenticationError::Missing`]: there is none.
    pub fn answers(&self, answer: Result<(), AuthenticationError>) {
        *self.0.lock().unwrap() = answer;
    }
}

impl DeviceAuthentication for FakeOwner {
    fn is_set_up(&self) -> bool {
        *self.0.lock().unwrap() != Err(AuthenticationError::Missing)
    }

    fn confirm(&self) -> BoxFuture<'static, Result<(), AuthenticationError>> {
        let answer = *self.0.lock().unwrap();
        Box::pin(async move { answer })
    }
}
