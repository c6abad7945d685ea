//! The few primitives the service uses, by ring: MACs under a purpose key, sealing of what rests in the database, base64url.
use crate::Entropy;
use crate::problem::Problem;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::{aead, digest, hmac};
use zeroize::Zeroizing;

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    hash
}

/// HMAC-SHA-256 over `parts`, each preceded by its length so that no two lists of parts collide.
pub(crate) fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut tag = [0; 32];
    tag.copy_from_slice(context.sign().as_ref());
    tag
}

/// Whether two MACs are equal, in constant time.
pub(crate) fn same(left: &[u8], right: &[u8]) -> bool {
    subtle::ConstantTimeEq::ct_eq(left, right).into()
}

/// `nonce(12) || ciphertext || tag(16)` by ChaCha20-Poly1305; `context` is authenticated, so that a row's secret cannot be moved to another row.
pub(crate) fn seal(
    key: &[u8; 32],
    entropy: &dyn Entropy,
    context: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, Problem> {
    let mut nonce = [0; 12];
    entropy.fill(&mut nonce)?;
    let mut body = plain.to_vec();
    cipher(key)?
        .seal_in_place_append_tag(
            aead::Nonce::assume_unique_for_key(nonce),
            aead::Aad::from(context),
            &mut body,
        )
        .map_err(|_| Problem::Internal("sealing failed"))?;
    Ok([&nonce[..], &body].concat())
}

/// What [`seal`] sealed.
pub(crate) fn open(
    key: &[u8; 32],
    context: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Problem> {
    const BROKEN: Problem = Problem::Internal("a sealed row does not open");
    let (nonce, body) = sealed.split_first_chunk::<12>().ok_or(BROKEN)?;
    let mut body = Zeroizing::new(body.to_vec());
    let length = cipher(key)?
        .open_in_place(
            aead::Nonce::assume_unique_for_key(*nonce),
            aead::Aad::from(context),
            &mut body,
        )
        .map_err(|_| BROKEN)?
        .len();
    body.truncate(length);
    Ok(body)
}

fn cipher(key: &[u8; 32]) -> Result<aead::LessSafeKey, Problem> {
    aead::UnboundKey::new(&aead::CHACHA20_POLY1305, key)
        .map(aead::LessSafeKey::new)
        .map_err(|_| Problem::Internal("sealing failed"))
}

/// Base64url without padding.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Strict base64url without padding.
pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Strict base64url of exactly `N` bytes.
pub(crate) fn array_from_base64url<const N: usize>(text: &str) -> Option<[u8; N]> {
    from_base64url(text)?.try_into().ok()
}
