//! Hashes and what is derived with them: SHA-256, HMAC-SHA-256, HKDF-SHA-256.

use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroize;

use super::Secret32;
use crate::ids::Digest;

/// SHA-256 over the parts, one after the other.
pub fn sha256(parts: &[&[u8]]) -> Digest {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    Digest(hash.finalize().into())
}

/// HMAC-SHA-256 under a secret over the parts, one after the other.
pub fn hmac(key: &Secret32, parts: &[&[u8]]) -> [u8; 32] {
    // EXPOSE: keys the MAC.
    let mut mac = keyed(key.expose());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// HKDF-SHA-256 without salt: `info` is the label and the context parts, one after the other.
pub fn derive(key: &Secret32, label: &[u8], context: &[&[u8]]) -> Secret32 {
    let mut info = alloc::vec::Vec::from(label);
    for part in context {
        info.extend_from_slice(part);
    }
    // EXPOSE: input key material.
    let hkdf = Hkdf::<Sha256>::new(None, key.expose());
    let mut bytes = [0; 32];
    #[expect(
        clippy::expect_used,
        reason = "32 bytes are less than HKDF's limit of 255 blocks"
    )]
    hkdf.expand(&info, &mut bytes).expect("32 bytes");
    let derived = Secret32::new(bytes);
    bytes.zeroize();
    derived
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    <Hmac<Sha256> as Mac>::new_from_slice(key).expect("any length")
}
