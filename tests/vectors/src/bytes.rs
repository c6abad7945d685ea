//! Bytes as they stand in vector files.

use std::collections::VecDeque;

use keyway_protocol::crypto::{Random, Secret32, SigningKey, VerifyingKey};
use serde::Deserialize;
use serde::de::{Deserializer, Error};

/// Bytes, in hexadecimal in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hex(pub Vec<u8>);

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        hex::decode(text).map(Self).map_err(D::Error::custom)
    }
}

#[expect(clippy::expect_used, reason = "a helper of tests fails as a test does")]
impl Hex {
    /// The bytes, of which there are exactly `N`.
    ///
    /// # Panics
    /// When there are more or fewer.
    #[must_use]
    pub fn array<const N: usize>(&self) -> [u8; N] {
        self.0.as_slice().try_into().expect("bytes of this length")
    }

    /// 32 bytes as a secret.
    ///
    /// # Panics
    /// When there are more or fewer.
    #[must_use]
    pub fn secret(&self) -> Secret32 {
        Secret32::new(self.array())
    }

    /// A private key of P-256.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn signing_key(&self) -> SigningKey {
        SigningKey::from_secret(&self.secret()).expect("a scalar of the curve")
    }

    /// A public key of P-256.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn public_key(&self) -> VerifyingKey {
        VerifyingKey::from_sec1(&self.0).expect("a point of the curve")
    }
}

/// Gives the listed bytes in their order, and fails when something else is asked for.
#[derive(Debug, Default)]
pub struct Listed(VecDeque<Vec<u8>>);

impl Listed {
    /// What it will give.
    #[must_use]
    pub fn new<'a>(pieces: impl IntoIterator<Item = &'a Hex>) -> Self {
        Self(pieces.into_iter().map(|piece| piece.0.clone()).collect())
    }

    /// How many pieces nobody asked for.
    #[must_use]
    pub fn left(&self) -> usize {
        self.0.len()
    }
}

impl Random for Listed {
    #[expect(clippy::expect_used, reason = "a helper of tests fails as a test does")]
    fn fill(&mut self, bytes: &mut [u8]) {
        let piece = self.0.pop_front().expect("more randomness than is listed");
        bytes.copy_from_slice(&piece);
    }
}

/// A long message that the files do not spell out: byte i is i modulo 251.
#[must_use]
pub fn counting(length: usize) -> Vec<u8> {
    // The remainder is below 251.
    (0..length).map(|index| (index % 251) as u8).collect()
}
