//! The service's randomness: passed in, so that a virtual world can repeat itself.
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use ring::rand::SecureRandom;
use std::sync::{Mutex, PoisonError};

/// The random source could not deliver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the random source failed")]
pub struct EntropyFailed;

/// A cryptographic random source.
pub trait Entropy: Send + Sync + 'static {
    /// Fills `buffer` with unpredictable bytes, all of it or an error.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyFailed>;
}

/// The system's random source, for a real process.
#[derive(Debug)]
pub struct SystemEntropy(ring::rand::SystemRandom);

impl SystemEntropy {
    /// The system's source.
    #[must_use]
    pub fn new() -> Self {
        Self(ring::rand::SystemRandom::new())
    }
}

impl Default for SystemEntropy {
    fn default() -> Self {
        Self::new()
    }
}

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyFailed> {
        self.0.fill(buffer).map_err(|_| EntropyFailed)
    }
}

/// A repeatable source for tests and virtual worlds. Whoever knows the seed knows every secret made from it.
pub struct SeededEntropy(Mutex<ChaCha20Rng>);

impl SeededEntropy {
    /// The stream that belongs to `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }
}

impl std::fmt::Debug for SeededEntropy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SeededEntropy")
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyFailed> {
        let mut stream = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stream.fill_bytes(buffer);
        Ok(())
    }
}
