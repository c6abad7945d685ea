//! The phone's P-256 keys in software, for devices without a hardware key store.
//!
//! p256, not ring: its keys wipe themselves, it makes low-s signatures, and it is in the build anyway for the lock protocol. Signatures are
//! deterministic (RFC 6979), so a weak random source cannot give the key away.

use keyway_app::ports::{
    BoxFuture, Custody, Entropy, ItemClass, ItemName, KeyError, KeyPurpose, Keychain,
    KeychainError, PhoneKeys, PublicKey, Signature,
};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{self, SigningKey};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

const PURPOSES: [KeyPurpose; 2] = [KeyPurpose::Holder, KeyPurpose::Dpop];

/// The name of the keychain item that holds a key in [`Custody::Device`]: the 32-byte private scalar.
#[must_use]
pub fn item_name(purpose: KeyPurpose) -> &'static str {
    match purpose {
        KeyPurpose::Holder => "holder-key",
        KeyPurpose::Dpop => "dpop-key",
    }
}

/// The `PhoneKeys` port. A key in [`Custody::Device`] stays in the keychain and is fetched for each signature; one in
/// [`Custody::Memory`] is here only and hides one of the same purpose in the keychain.
pub struct SoftwareKeys {
    shared: Arc<Shared>,
}

struct Shared {
    keychain: Arc<dyn Keychain>,
    entropy: Arc<dyn Entropy>,
    memory: Mutex<BTreeMap<KeyPurpose, SigningKey>>,
}

impl SoftwareKeys {
    /// Keys in `keychain`, made from `entropy`.
    #[must_use]
    pub fn new(keychain: Arc<dyn Keychain>, entropy: Arc<dyn Entropy>) -> Self {
        let shared = Shared {
            keychain,
            entropy,
            memory: Mutex::new(BTreeMap::new()),
        };
        Self {
            shared: Arc::new(shared),
        }
    }
}

impl core::fmt::Debug for SoftwareKeys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SoftwareKeys(..)")
    }
}

impl PhoneKeys for SoftwareKeys {
    fn create(
        &self,
        purpose: KeyPurpose,
        custody: Custody,
    ) -> BoxFuture<'static, Result<PublicKey, KeyError>> {
        let shared = Arc::clone(&self.shared);
        Box::pin(async move {
            let key = shared.generate()?;
            let public = public(&key);
            match custody {
                Custody::Memory => {
                    shared.memory().insert(purpose, key);
                }
                Custody::Device => {
                    shared.store(purpose, &key).await?;
                    shared.memory().remove(&purpose);
                }
            }
            Ok(public)
        })
    }

    fn public(&self, purpose: KeyPurpose) -> BoxFuture<'static, Result<PublicKey, KeyError>> {
        let shared = Arc::clone(&self.shared);
        Box::pin(async move { shared.key(purpose).await.map(|key| public(&key)) })
    }

    fn sign(
        &self,
        purpose: KeyPurpose,
        message: Vec<u8>,
    ) -> BoxFuture<'static, Result<Signature, KeyError>> {
        let shared = Arc::clone(&self.shared);
        Box::pin(async move {
            let key = shared.key(purpose).await?;
            let signature: ecdsa::Signature =
                key.try_sign(&message).map_err(|_| KeyError::Unavailable)?;
            // The locks take low-s only: a signature must not have a twin.
            let signature = signature.normalize_s().unwrap_or(signature);
            Ok(signature.to_bytes().into())
        })
    }

    fn destroy(&self, purpose: KeyPurpose) -> BoxFuture<'static, Result<(), KeyError>> {
        let shared = Arc::clone(&self.shared);
        Box::pin(async move {
            shared.memory().remove(&purpose);
            let erased = shared.keychain.delete(item(purpose)?).await;
            erased.map_err(from_keychain)
        })
    }

    fn list(&self) -> BoxFuture<'static, Result<Vec<KeyPurpose>, KeyError>> {
        let shared = Arc::clone(&self.shared);
        Box::pin(async move {
            let stored = shared.keychain.list().await.map_err(from_keychain)?;
            let memory = shared.memory();
            let exists = |purpose: &KeyPurpose| {
                memory.contains_key(purpose)
                    || stored.iter().any(|name| name == item_name(*purpose))
            };
            Ok(PURPOSES.into_iter().filter(exists).collect())
        })
    }
}

impl Shared {
    fn memory(&self) -> MutexGuard<'_, BTreeMap<KeyPurpose, SigningKey>> {
        // A map of whole keys: nothing a panic could leave half changed.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Draws until the number is a scalar of the curve, which the first one nearly always is.
    fn generate(&self) -> Result<SigningKey, KeyError> {
        let mut scalar = Zeroizing::new([0; 32]);
        for _ in 0..8 {
            self.entropy
                .fill(scalar.as_mut())
                .map_err(|_| KeyError::Unavailable)?;
            if let Ok(key) = SigningKey::from_slice(scalar.as_slice()) {
                return Ok(key);
            }
        }
        Err(KeyError::Unavailable)
    }

    async fn store(&self, purpose: KeyPurpose, key: &SigningKey) -> Result<(), KeyError> {
        let scalar = Zeroizing::new(Zeroizing::new(key.to_bytes()).to_vec());
        let name = item(purpose)?;
        // A background wake answers a lock and refreshes a token: the keys must be readable then.
        let stored = self
            .keychain
            .set(name, ItemClass::AfterFirstUnlock, scalar)
            .await;
        stored.map_err(from_keychain)
    }

    async fn key(&self, purpose: KeyPurpose) -> Result<SigningKey, KeyError> {
        if let Some(key) = self.memory().get(&purpose) {
            return Ok(key.clone());
        }
        let scalar = self.keychain.get(item(purpose)?).await;
        let scalar = scalar.map_err(from_keychain)?.ok_or(KeyError::Missing)?;
        SigningKey::from_slice(&scalar).map_err(|_| KeyError::Invalidated)
    }
}

fn item(purpose: KeyPurpose) -> Result<ItemName, KeyError> {
    ItemName::new(item_name(purpose)).ok_or(KeyError::Unavailable)
}

fn public(key: &SigningKey) -> PublicKey {
    let mut bytes = [0; 65];
    bytes.copy_from_slice(key.verifying_key().to_encoded_point(false).as_bytes());
    bytes
}

fn from_keychain(error: KeychainError) -> KeyError {
    match error {
        KeychainError::Unavailable | KeychainError::Refused => KeyError::Unavailable,
        KeychainError::Locked => KeyError::Locked,
        KeychainError::Corrupt => KeyError::Invalidated,
    }
}
