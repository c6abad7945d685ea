//! Randomness is passed in. The phone passes a seed, the lock its generator.

use chacha20::ChaCha20;
use chacha20::cipher::{KeyIvInit, StreamCipher};

use super::Secret32;

/// A source of unpredictable bytes.
pub trait Random {
    /// Fills all of `bytes`.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// The ChaCha20 key stream under a seed (nonce zero): as unpredictable as the seed, the same for the same seed.
pub struct SeededRandom(ChaCha20);

impl SeededRandom {
    /// A generator that gives the same bytes for the same seed. A seed is used once.
    pub fn new(seed: &Secret32) -> Self {
        // EXPOSE: becomes the stream cipher's key, which erases itself.
        Self(ChaCha20::new(seed.expose().into(), &[0; 12].into()))
    }
}

impl Random for SeededRandom {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill(0);
        self.0.apply_keystream(bytes);
    }
}

impl core::fmt::Debug for SeededRandom {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("SeededRandom(..)")
    }
}
