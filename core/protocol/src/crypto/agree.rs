//! X25519 keys: the hello's one-time key, sealing keys, ephemerals.

use core::fmt;

use x25519_dalek::{PublicKey, StaticSecret};

use super::{Random, Secret32};

/// An X25519 public key as it appears on the wire.
pub type AgreementPublic = [u8; 32];

/// An X25519 private key, erased when dropped.
#[derive(Clone)]
pub struct AgreementKey(StaticSecret);

impl AgreementKey {
    /// A fresh key.
    pub fn generate(random: &mut dyn Random) -> Self {
        Self::from_secret(&Secret32::generate(random))
    }

    /// The key with these 32 private bytes (clamped as RFC 7748 says when used).
    pub fn from_secret(secret: &Secret32) -> Self {
        // EXPOSE: becomes the private key, which erases itself.
        Self(StaticSecret::from(*secret.expose()))
    }

    /// The public half.
    pub fn public(&self) -> AgreementPublic {
        PublicKey::from(&self.0).to_bytes()
    }

    /// The shared secret with a public key; `None` if the other key contributes nothing (RFC 7748, section 6.1).
    pub fn agree(&self, public: &AgreementPublic) -> Option<Secret32> {
        let shared = self.0.diffie_hellman(&PublicKey::from(*public));
        shared
            .was_contributory()
            .then(|| Secret32::new(shared.to_bytes()))
    }

    /// The private bytes. Every call says why beside it.
    pub fn expose(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for AgreementKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AgreementKey(..)")
    }
}
