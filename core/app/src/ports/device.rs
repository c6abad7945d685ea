use super::BoxFuture;

/// Why the phone's owner was not confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthenticationError {
    /// The phone has no lock screen, or no way to ask for it.
    #[error("the phone has no lock screen")]
    Missing,
    /// Not recognised, declined, or too many tries.
    #[error("the phone's owner was not recognised")]
    Failed,
}

/// The phone's own way to know its owner: face, finger, code.
///
/// Contract: nothing of what the owner shows reaches the core. Dropping the future dismisses the prompt.
pub trait DeviceAuthentication: Send + Sync + 'static {
    /// Is there a lock screen to ask for?
    fn is_set_up(&self) -> bool;
    /// Asks now. What was confirmed a moment ago does not count.
    fn confirm(&self) -> BoxFuture<'static, Result<(), AuthenticationError>>;
}
