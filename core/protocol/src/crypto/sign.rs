//! ES256: ECDSA on P-256 with SHA-256, deterministic (RFC 6979), low-s only, on both sides.

use alloc::vec::Vec;
use core::fmt;

use p256::ecdsa::signature::{Signer, Verifier};

use super::{Secret32, sha256};
use crate::ids::{HolderHash, KeyId};

/// `r ‖ s`, 32 bytes each, big endian, low-s.
pub type Signature = [u8; 64];

/// A P-256 signing key, erased when dropped. The phone's holder key is not one: it is a port.
#[derive(Clone)]
pub struct SigningKey(p256::ecdsa::SigningKey);

impl SigningKey {
    /// The key with this private scalar; `None` if it is zero or not below the order.
    pub fn from_secret(secret: &Secret32) -> Option<Self> {
        // EXPOSE: becomes the private key, which erases itself.
        p256::ecdsa::SigningKey::from_slice(secret.expose())
            .ok()
            .map(Self)
    }

    /// The public half.
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(*self.0.verifying_key())
    }

    /// Signs the parts, one after the other.
    pub fn sign(&self, parts: &[&[u8]]) -> Signature {
        let signature: p256::ecdsa::Signature = self.0.sign(&concatenated(parts));
        // Deterministic signatures come with either s; the protocol knows one form only.
        signature
            .normalize_s()
            .unwrap_or(signature)
            .to_bytes()
            .into()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningKey(..)")
    }
}

/// A P-256 public key that was checked to lie on the curve.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VerifyingKey(p256::ecdsa::VerifyingKey);

impl VerifyingKey {
    /// Length of the compressed point.
    pub const LENGTH: usize = 33;

    /// Reads a SEC1 point, compressed (33 bytes) or not (65 bytes).
    pub fn from_sec1(bytes: &[u8]) -> Option<Self> {
        p256::ecdsa::VerifyingKey::from_sec1_bytes(bytes)
            .ok()
            .map(Self)
    }

    /// The compressed point, the protocol's only wire form.
    pub fn to_bytes(&self) -> [u8; Self::LENGTH] {
        let mut bytes = [0; Self::LENGTH];
        bytes.copy_from_slice(self.0.to_encoded_point(true).as_bytes());
        bytes
    }

    /// Names this key in documents.
    pub fn id(&self) -> KeyId {
        let digest = sha256(&[&self.to_bytes()]);
        let mut id = [0; KeyId::LENGTH];
        id.copy_from_slice(&digest.0[..KeyId::LENGTH]);
        KeyId(id)
    }

    /// Names the phone whose holder key this is.
    pub fn holder_hash(&self) -> HolderHash {
        HolderHash(sha256(&[&self.to_bytes()]).0)
    }

    /// Whether `signature` is this key's over the parts, one after the other. A high s is refused.
    pub fn verify(&self, parts: &[&[u8]], signature: &Signature) -> bool {
        let Ok(signature) = p256::ecdsa::Signature::from_slice(signature) else {
            return false;
        };
        signature.normalize_s().is_none() && self.0.verify(&concatenated(parts), &signature).is_ok()
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "VerifyingKey({})", self.id())
    }
}

fn concatenated(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}
