//! Keys in the phone's own hardware, reached through the shell. What it answers is checked here: a point off the curve, a signature of another form
//! or a high-s twin goes no further.

use super::SoftwareKeys;
use crate::keychain::AbsentKeychain;
use crate::runtime::Blocking;
use core::future::Future;
use keyway_app::ports::{
    BoxFuture, Custody, Entropy, KeyError, KeyPurpose, PhoneKeys, PublicKey, Signature,
};
use p256::ecdsa;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The phone's hardware, as a shell reaches it. Calls block.
pub trait KeyStore: Send + Sync + 'static {
    /// Makes a key, replacing one of the same purpose; gives an uncompressed SEC1 point.
    ///
    /// # Errors
    /// Why not.
    fn create(&self, purpose: KeyPurpose) -> Result<Vec<u8>, KeyError>;
    /// The public half of an existing key, as `create` gives it.
    ///
    /// # Errors
    /// Why not.
    fn public(&self, purpose: KeyPurpose) -> Result<Vec<u8>, KeyError>;
    /// Signs `message` (not its hash) with ECDSA over SHA-256; gives DER, or `r || s`.
    ///
    /// # Errors
    /// Why not.
    fn sign(&self, purpose: KeyPurpose, message: Vec<u8>) -> Result<Vec<u8>, KeyError>;
    /// Destroys a key; destroying what is not there is success.
    ///
    /// # Errors
    /// Why not.
    fn destroy(&self, purpose: KeyPurpose) -> Result<(), KeyError>;
    /// All keys that exist now.
    ///
    /// # Errors
    /// Why not.
    fn list(&self) -> Result<Vec<KeyPurpose>, KeyError>;
}

/// The `PhoneKeys` port: [`Custody::Device`] in a [`KeyStore`], [`Custody::Memory`] in software, where it hides a key of the same purpose in the store.
pub struct DeviceKeys {
    store: Arc<dyn KeyStore>,
    memory: Arc<SoftwareKeys>,
    /// Which purposes have a key in memory.
    borrowed: Arc<Mutex<BTreeSet<KeyPurpose>>>,
    blocking: Blocking,
}

impl DeviceKeys {
    /// Keys in `store`; those in memory are made from `entropy`.
    #[must_use]
    pub fn new(store: Arc<dyn KeyStore>, entropy: Arc<dyn Entropy>, blocking: Blocking) -> Self {
        Self {
            store,
            // It holds nothing and takes nothing: a borrowed phone's keys cannot end up on it.
            memory: Arc::new(SoftwareKeys::new(Arc::new(AbsentKeychain), entropy)),
            borrowed: Arc::default(),
            blocking,
        }
    }

    fn borrowed(&self) -> MutexGuard<'_, BTreeSet<KeyPurpose>> {
        locked(&self.borrowed)
    }

    fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn KeyStore) -> Result<T, KeyError> + Send + 'static,
    ) -> impl Future<Output = Result<T, KeyError>> + Send + 'static {
        let store = Arc::clone(&self.store);
        let answering = self.blocking.run(move || question(&*store));
        async move { answering.await.unwrap_or(Err(KeyError::Unavailable)) }
    }
}

impl core::fmt::Debug for DeviceKeys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("DeviceKeys(..)")
    }
}

impl PhoneKeys for DeviceKeys {
    fn create(
        &self,
        purpose: KeyPurpose,
        custody: Custody,
    ) -> BoxFuture<'static, Result<PublicKey, KeyError>> {
        let (memory, borrowed) = (Arc::clone(&self.memory), Arc::clone(&self.borrowed));
        match custody {
            Custody::Memory => Box::pin(async move {
                let key = memory.create(purpose, Custody::Memory).await?;
                locked(&borrowed).insert(purpose);
                Ok(key)
            }),
            Custody::Device => {
                let made = self.ask(move |store| store.create(purpose));
                Box::pin(async move {
                    let key = point(&made.await?)?;
                    locked(&borrowed).remove(&purpose);
                    memory.destroy(purpose).await?;
                    Ok(key)
                })
            }
        }
    }

    fn public(&self, purpose: KeyPurpose) -> BoxFuture<'static, Result<PublicKey, KeyError>> {
        if self.borrowed().contains(&purpose) {
            return self.memory.public(purpose);
        }
        let public = self.ask(move |store| store.public(purpose));
        Box::pin(async move { point(&public.await?) })
    }

    fn sign(
        &self,
        purpose: KeyPurpose,
        message: Vec<u8>,
    ) -> BoxFuture<'static, Result<Signature, KeyError>> {
        if self.borrowed().contains(&purpose) {
            return self.memory.sign(purpose, message);
        }
        let signed = self.ask(move |store| store.sign(purpose, message));
        Box::pin(async move { low_s(&signed.await?) })
    }

    fn destroy(&self, purpose: KeyPurpose) -> BoxFuture<'static, Result<(), KeyError>> {
        self.borrowed().remove(&purpose);
        let in_memory = self.memory.destroy(purpose);
        let in_store = self.ask(move |store| store.destroy(purpose));
        Box::pin(async move {
            // Both are tried, whatever becomes of one.
            let memory = in_memory.await;
            in_store.await.and(memory)
        })
    }

    fn list(&self) -> BoxFuture<'static, Result<Vec<KeyPurpose>, KeyError>> {
        let mut all = self.borrowed().clone();
        let stored = self.ask(|store| store.list());
        Box::pin(async move {
            all.extend(stored.await?);
            Ok(all.into_iter().collect())
        })
    }
}

fn locked(set: &Mutex<BTreeSet<KeyPurpose>>) -> MutexGuard<'_, BTreeSet<KeyPurpose>> {
    // Every change is one insert or remove: a panic elsewhere leaves none half done.
    set.lock().unwrap_or_else(PoisonError::into_inner)
}

fn point(bytes: &[u8]) -> Result<PublicKey, KeyError> {
    let on_curve = p256::PublicKey::from_sec1_bytes(bytes);
    on_curve.map_err(|_| KeyError::Unavailable)?;
    bytes.try_into().map_err(|_| KeyError::Unavailable)
}

/// The locks take low-s only: a signature must not have a twin. Hardware gives either.
fn low_s(bytes: &[u8]) -> Result<Signature, KeyError> {
    let signature = ecdsa::Signature::from_slice(bytes)
        .or_else(|_| ecdsa::Signature::from_der(bytes))
        .map_err(|_| KeyError::Unavailable)?;
    let signature = signature.normalize_s().unwrap_or(signature);
    Ok(signature.to_bytes().into())
}
