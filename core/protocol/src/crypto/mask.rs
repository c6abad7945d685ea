//! The hello's mask and the rotating hint, both under the hint key that the descriptor carries.

use chacha20::ChaCha20;
use chacha20::cipher::{KeyIvInit, StreamCipher};
use subtle::ConstantTimeEq;

use super::{Random, Secret32, hmac, labels};

/// Length of a hint: 4 random bytes and 5 bytes of MAC.
pub const HINT_LENGTH: usize = 9;
const RANDOM_LENGTH: usize = 4;

/// XORs `bytes` with the ChaCha20 key stream of (hint key, challenge). Its own inverse.
pub fn apply(hint_key: &Secret32, challenge: &[u8; 16], bytes: &mut [u8]) {
    // The challenge is longer than ChaCha20's nonce, so it goes into the key.
    let key = hmac(hint_key, &[labels::MASK, challenge]);
    ChaCha20::new(&key.into(), &[0; 12].into()).apply_keystream(bytes);
}

/// A hint nobody without the hint key can link to another.
pub fn new_hint(hint_key: &Secret32, random: &mut dyn Random) -> [u8; HINT_LENGTH] {
    let mut hint = [0; HINT_LENGTH];
    random.fill(&mut hint[..RANDOM_LENGTH]);
    let tag = hint_tag(hint_key, &hint[..RANDOM_LENGTH]);
    hint[RANDOM_LENGTH..].copy_from_slice(&tag);
    hint
}

/// Whether a hint was made under this hint key. By chance it is once in 2^40 foreign hints.
pub fn hint_matches(hint_key: &Secret32, hint: &[u8; HINT_LENGTH]) -> bool {
    let (random, tag) = hint.split_at(RANDOM_LENGTH);
    hint_tag(hint_key, random).ct_eq(tag).into()
}

fn hint_tag(hint_key: &Secret32, random: &[u8]) -> [u8; HINT_LENGTH - RANDOM_LENGTH] {
    let mac = hmac(hint_key, &[labels::HINT, random]);
    let mut tag = [0; HINT_LENGTH - RANDOM_LENGTH];
    tag.copy_from_slice(&mac[..HINT_LENGTH - RANDOM_LENGTH]);
    tag
}
