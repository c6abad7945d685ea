//! The system's random source.

use keyway_app::ports::{Entropy, EntropyError};
use ring::rand::{SecureRandom as _, SystemRandom};

/// ring's view of the system's cryptographic random source.
#[derive(Clone, Debug)]
pub struct SystemEntropy {
    source: SystemRandom,
}

impl SystemEntropy {
    /// The system's source; nothing is opened until the first use.
    #[must_use]
    pub fn new() -> Self {
        Self {
            source: SystemRandom::new(),
        }
    }
}

impl Default for SystemEntropy {
    fn default() -> Self {
        Self::new()
    }
}

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        self.source.fill(buffer).map_err(|_| EntropyError)
    }
}
