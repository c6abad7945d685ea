//! The form of a sealed file: version byte ‖ nonce (12) ‖ ChaCha20-Poly1305 ciphertext and tag.
//!
//! Version and name are authenticated: a file renamed to another's name, or of another version, does not open. Nonces are random; a key
//! lives for one session and seals a few thousand times, far below the 2^32 that 96 random bits allow.

use keyway_app::ports::{Entropy, FileKey, FileName, FilesError};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

/// The form above. A file of any other version does not open, and the cache is fetched again.
const VERSION: u8 = 1;
const HEADER: usize = 1 + NONCE_LEN;

pub(super) fn seal(
    name: &FileName,
    key: &FileKey,
    mut content: Zeroizing<Vec<u8>>,
    entropy: &dyn Entropy,
) -> Result<Vec<u8>, FilesError> {
    let mut nonce = [0; NONCE_LEN];
    entropy
        .fill(&mut nonce)
        .map_err(|_| FilesError::Unavailable)?;
    let tag = cipher(key)?
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(authenticated(name)),
            &mut content,
        )
        .map_err(|_| FilesError::Unavailable)?;
    let mut sealed = Vec::with_capacity(HEADER + content.len() + tag.as_ref().len());
    sealed.push(VERSION);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&content);
    sealed.extend_from_slice(tag.as_ref());
    Ok(sealed)
}

pub(super) fn open(
    name: &FileName,
    key: &FileKey,
    sealed: Vec<u8>,
) -> Result<Zeroizing<Vec<u8>>, FilesError> {
    // Opened in place: from here on the buffer holds plaintext.
    let mut buffer = Zeroizing::new(sealed);
    let (header, body) = buffer
        .split_at_mut_checked(HEADER)
        .ok_or(FilesError::Corrupt)?;
    let (version, nonce) = header.split_first().ok_or(FilesError::Corrupt)?;
    if *version != VERSION {
        return Err(FilesError::Corrupt);
    }
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| FilesError::Corrupt)?;
    let length = cipher(key)?
        .open_in_place(nonce, Aad::from(authenticated(name)), body)
        .map_err(|_| FilesError::Corrupt)?
        .len();
    let plain = buffer.get(HEADER..HEADER + length).unwrap_or_default();
    Ok(Zeroizing::new(plain.to_vec()))
}

fn cipher(key: &FileKey) -> Result<LessSafeKey, FilesError> {
    // EXPOSE: the cipher is one of the two users of the file key.
    UnboundKey::new(&CHACHA20_POLY1305, key.expose())
        .map(LessSafeKey::new)
        .map_err(|_| FilesError::Corrupt)
}

fn authenticated(name: &FileName) -> Vec<u8> {
    [&[VERSION], name.as_str().as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::{open, seal};
    use crate::entropy::SystemEntropy;
    use keyway_app::ports::{FileKey, FileName, FilesError};
    use zeroize::Zeroizing;

    fn name(text: &str) -> FileName {
        FileName::new(text).expect("a name")
    }

    #[test]
    fn a_sealed_file_opens_only_whole_under_its_name_and_key() {
        let key = FileKey::new([7; 32]);
        let content = Zeroizing::new(b"0042317".to_vec());
        let sealed = seal(&name("codes"), &key, content, &SystemEntropy::new()).expect("sealed");
        assert!(!sealed.windows(7).any(|window| window == b"0042317"));
        let opened = open(&name("codes"), &key, sealed.clone()).expect("opened");
        assert_eq!(opened.as_slice(), b"0042317");

        let refused = |name: &FileName, key: &FileKey, sealed: Vec<u8>| {
            assert_eq!(open(name, key, sealed), Err(FilesError::Corrupt));
        };
        refused(&name("doors"), &key, sealed.clone());
        refused(&name("codes"), &FileKey::new([8; 32]), sealed.clone());
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            refused(&name("codes"), &key, damaged);
            refused(&name("codes"), &key, sealed[..at].to_vec());
        }
    }
}
