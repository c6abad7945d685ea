use super::must;
use crate::ports::{Custody, KeyError, KeyPurpose, PhoneKeys, PublicKey, Signature};
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature as Ecdsa, VerifyingKey};
use std::sync::Arc;

/// The contract of [`PhoneKeys`]. `reopen` gives the same keys as a new process would see them.
pub async fn keys(reopen: impl Fn() -> Arc<dyn PhoneKeys>) {
    for custody in [Custody::Memory, Custody::Device] {
        one_custody(&*reopen(), custody).await;
    }
    survives(&reopen).await;
}

async fn one_custody(port: &dyn PhoneKeys, custody: Custody) {
    let both = [KeyPurpose::Holder, KeyPurpose::Dpop];
    for purpose in both {
        must(
            port.destroy(purpose).await,
            "destroying what is not there is success",
        );
        let missing = port.sign(purpose, b"m".to_vec()).await;
        assert_eq!(missing, Err(KeyError::Missing), "no key signs nothing");
        assert_eq!(port.public(purpose).await, Err(KeyError::Missing));
    }
    let first = must(
        port.create(KeyPurpose::Holder, custody).await,
        "a key is made",
    );
    let other = must(
        port.create(KeyPurpose::Dpop, custody).await,
        "a key is made",
    );
    assert_ne!(first, other, "each purpose has a key of its own");
    assert_eq!(port.public(KeyPurpose::Holder).await, Ok(first));
    for length in [0, 1, 64, 1000] {
        let message = vec![9; length];
        let signature = port.sign(KeyPurpose::Holder, message.clone()).await;
        verify(&first, &message, &must(signature, "a key signs any length"));
    }
    let replaced = must(
        port.create(KeyPurpose::Holder, custody).await,
        "it is replaced",
    );
    assert_ne!(first, replaced, "a new key is new");
    let signature = must(port.sign(KeyPurpose::Holder, vec![1]).await, "it signs");
    verify(&replaced, &[1], &signature);
    assert_eq!(
        port.public(KeyPurpose::Dpop).await,
        Ok(other),
        "the other stays"
    );
    let mut listed = must(port.list().await, "it lists");
    listed.sort_unstable();
    assert_eq!(listed, both, "every key is listed once");
    for purpose in both {
        must(port.destroy(purpose).await, "a key is destroyed");
        let gone = port.sign(purpose, b"m".to_vec()).await;
        assert_eq!(
            gone,
            Err(KeyError::Missing),
            "a destroyed key signs nothing"
        );
    }
    let left = must(port.list().await, "it lists");
    assert!(left.is_empty(), "a destroyed key is not listed");
}

/// Device keys outlive the process, memory keys do not.
async fn survives(reopen: &impl Fn() -> Arc<dyn PhoneKeys>) {
    let port = reopen();
    let holder = must(
        port.create(KeyPurpose::Holder, Custody::Device).await,
        "made",
    );
    must(port.create(KeyPurpose::Dpop, Custody::Memory).await, "made");
    let next = reopen();
    assert_eq!(
        next.public(KeyPurpose::Holder).await,
        Ok(holder),
        "a device key survives"
    );
    let signature = must(next.sign(KeyPurpose::Holder, vec![5]).await, "and signs");
    verify(&holder, &[5], &signature);
    let lost = next.public(KeyPurpose::Dpop).await;
    assert_eq!(
        lost,
        Err(KeyError::Missing),
        "a memory key dies with its process"
    );
    must(next.destroy(KeyPurpose::Holder).await, "destroyed");
    let left = must(reopen().list().await, "it lists");
    assert!(left.is_empty(), "nothing survives its destruction");
}

fn verify(public: &PublicKey, message: &[u8], signature: &Signature) {
    let key = must(
        VerifyingKey::from_sec1_bytes(public),
        "a public key is a point",
    );
    let signature = must(Ecdsa::from_slice(signature), "a signature is r || s");
    assert!(
        signature.normalize_s().is_none(),
        "a signature has the low s"
    );
    must(
        key.verify(message, &signature),
        "a signature holds under the public key",
    );
}
