//! Sealing to a public key: one message of `Noise_N_25519_ChaChaPoly_SHA256`.

use alloc::vec::Vec;

use super::noise::{self, Pattern};
use super::{AgreementKey, AgreementPublic, Secret32, labels};

/// How much longer sealed bytes are than the plaintext: the ephemeral key and the tag.
pub const OVERHEAD: usize = 48;
/// The longest plaintext: Noise's message limit less the overhead.
pub const LONGEST: usize = 65_535 - OVERHEAD;

/// Seals `plaintext` to `public`. `context` is bound in (prologue = label ‖ context) and must be given again to open.
/// `seed` becomes the ephemeral private key: random, used once. `None` if the plaintext is longer than [`LONGEST`] or the key is bad.
pub fn seal_to(
    public: &AgreementPublic,
    context: &[u8],
    plaintext: &[u8],
    seed: &Secret32,
) -> Option<Vec<u8>> {
    let prologue = [labels::SEAL, context].concat();
    let mut handshake = noise::initiator(Pattern::Seal, &prologue, public, None, seed)?;
    noise::write(&mut handshake, plaintext)
}

/// Opens what [`seal_to`] made for `key` under the same `context`; `None` if anything differs.
pub fn open_with(key: &AgreementKey, context: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let prologue = [labels::SEAL, context].concat();
    let unused = Secret32::new([0; 32]);
    let mut handshake = noise::responder(Pattern::Seal, &prologue, key, None, &unused)?;
    noise::read(&mut handshake, sealed)
}
