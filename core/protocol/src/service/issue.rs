//! Signing: a typed document in, its signed bytes out. Nothing here decides what a document should say.

use alloc::vec::Vec;

use crate::bundle::Manifest;
use crate::critical::CriticalLane;
use crate::crypto::SigningKey;
use crate::descriptor::Descriptor;
use crate::document::sign_with;
use crate::grant::GrantClaims;
use crate::root::RootDocument;
use crate::time::TimeAttest;

/// Signs a root version; `signer` is the key that the version before it lists, or for version 1 its own.
pub fn root(document: &RootDocument, signer: &SigningKey) -> Vec<u8> {
    sign_with(document, signer)
}

/// Signs a lock's descriptor.
pub fn descriptor(document: &Descriptor, signer: &SigningKey) -> Vec<u8> {
    sign_with(document, signer)
}

/// Signs a grant.
pub fn grant(claims: &GrantClaims, signer: &SigningKey) -> Vec<u8> {
    sign_with(claims, signer)
}

/// Signs a critical lane, its revocations put in the order which the format demands.
pub fn critical(lane: &CriticalLane, signer: &SigningKey) -> Vec<u8> {
    let mut ordered = lane.clone();
    ordered
        .revocations
        .sort_by_key(|revocation| revocation.whom);
    sign_with(&ordered, signer)
}

/// Signs a bundle's manifest.
pub fn manifest(manifest: &Manifest, signer: &SigningKey) -> Vec<u8> {
    sign_with(manifest, signer)
}

/// Signs the time over a lock's nonce.
pub fn attest(attest: &TimeAttest, signer: &SigningKey) -> Vec<u8> {
    sign_with(attest, signer)
}
