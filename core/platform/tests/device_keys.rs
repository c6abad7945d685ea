//! Keys in a phone's hardware: the port's contract, and what becomes of an answer that no such key gives.
#![expect(
    clippy::expect_used,
    reason = "a fixture that cannot be made fails the test"
)]

use keyway_app::ports::{Custody, Entropy, KeyError, KeyPurpose, PhoneKeys, conformance};
use keyway_platform::entropy::SystemEntropy;
use keyway_platform::keys::{DeviceKeys, KeyStore};
use keyway_platform::runtime::Runtime;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

fn keys_in(store: Arc<dyn KeyStore>, runtime: &Runtime) -> Arc<dyn PhoneKeys> {
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy::new());
    Arc::new(DeviceKeys::new(store, entropy, runtime.blocking()))
}

/// A phone's hardware: answers in DER, as a secure element does, and always with the high s.
#[derive(Default)]
struct Hardware(Mutex<BTreeMap<KeyPurpose, SigningKey>>);

impl Hardware {
    fn keys(&self) -> MutexGuard<'_, BTreeMap<KeyPurpose, SigningKey>> {
        self.0.lock().expect("the keys")
    }
}

fn public(key: &SigningKey) -> Vec<u8> {
    let point = key.verifying_key().to_encoded_point(false);
    point.as_bytes().to_vec()
}

impl KeyStore for Hardware {
    fn create(&self, purpose: KeyPurpose) -> Result<Vec<u8>, KeyError> {
        let mut scalar = [0; 32];
        SystemEntropy::new().fill(&mut scalar).expect("entropy");
        let key = SigningKey::from_slice(&scalar).expect("nearly every number is a scalar");
        let public = public(&key);
        self.keys().insert(purpose, key);
        Ok(public)
    }

    fn public(&self, purpose: KeyPurpose) -> Result<Vec<u8>, KeyError> {
        self.keys()
            .get(&purpose)
            .map(public)
            .ok_or(KeyError::Missing)
    }

    fn sign(&self, purpose: KeyPurpose, message: Vec<u8>) -> Result<Vec<u8>, KeyError> {
        let keys = self.keys();
        let key = keys.get(&purpose).ok_or(KeyError::Missing)?;
        let signature: Signature = key.sign(&message);
        let low = signature.normalize_s().unwrap_or(signature);
        let high = Signature::from_scalars(low.r(), -low.s()).expect("the twin");
        Ok(high.to_der().as_bytes().to_vec())
    }

    fn destroy(&self, purpose: KeyPurpose) -> Result<(), KeyError> {
        self.keys().remove(&purpose);
        Ok(())
    }

    fn list(&self) -> Result<Vec<KeyPurpose>, KeyError> {
        Ok(self.keys().keys().copied().collect())
    }
}

#[test]
fn keys_in_hardware_keep_their_contract() {
    let runtime = Runtime::new().expect("a runtime");
    let hardware = Arc::new(Hardware::default());
    runtime.block_on(conformance::keys(|| keys_in(hardware.clone(), &runtime)));
}

#[test]
fn a_borrowed_phones_hardware_is_asked_for_nothing() {
    let runtime = Runtime::new().expect("a runtime");
    let hardware = Arc::new(Hardware::default());
    let keys = keys_in(hardware.clone(), &runtime);
    runtime.block_on(async {
        let made = keys.create(KeyPurpose::Holder, Custody::Memory).await;
        assert_eq!(keys.public(KeyPurpose::Holder).await, made);
        assert!(keys.sign(KeyPurpose::Holder, vec![1]).await.is_ok());
        assert_eq!(keys.list().await, Ok(vec![KeyPurpose::Holder]));
        assert!(hardware.keys().is_empty());
    });
}

/// Answers with what no P-256 key gives.
struct Nonsense;

impl KeyStore for Nonsense {
    fn create(&self, _purpose: KeyPurpose) -> Result<Vec<u8>, KeyError> {
        Ok(vec![4; 65])
    }

    fn public(&self, _purpose: KeyPurpose) -> Result<Vec<u8>, KeyError> {
        Ok(Vec::new())
    }

    fn sign(&self, _purpose: KeyPurpose, _message: Vec<u8>) -> Result<Vec<u8>, KeyError> {
        Ok(vec![0; 64])
    }

    fn destroy(&self, _purpose: KeyPurpose) -> Result<(), KeyError> {
        Err(KeyError::Unavailable)
    }

    #[expect(clippy::panic, reason = "what a shell must not do")]
    fn list(&self) -> Result<Vec<KeyPurpose>, KeyError> {
        panic!("in the shell")
    }
}

#[test]
fn what_hardware_answers_is_checked() {
    let runtime = Runtime::new().expect("a runtime");
    let keys = keys_in(Arc::new(Nonsense), &runtime);
    runtime.block_on(async {
        let made = keys.create(KeyPurpose::Holder, Custody::Device).await;
        assert_eq!(made, Err(KeyError::Unavailable), "a point off the curve");
        let public = keys.public(KeyPurpose::Holder).await;
        assert_eq!(public, Err(KeyError::Unavailable), "no point");
        let signed = keys.sign(KeyPurpose::Holder, vec![1]).await;
        assert_eq!(signed, Err(KeyError::Unavailable), "not a signature");
        let destroyed = keys.destroy(KeyPurpose::Holder).await;
        assert_eq!(destroyed, Err(KeyError::Unavailable), "it was not");
        let listed = keys.list().await;
        assert_eq!(listed, Err(KeyError::Unavailable), "it panicked");
    });
}
