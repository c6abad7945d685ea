/// The system's random source could not deliver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system's random source failed")]
pub struct EntropyError;

/// A cryptographic random source.
pub trait Entropy: Send + Sync + 'static {
    /// Fills `buffer` with unpredictable bytes, all of it or an error.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError>;
}
