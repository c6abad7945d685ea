//! Keychain, folder and keys in memory. The stores outlive the process; what is in the process does not.
#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use super::Held;
use crate::ports::{
    BoxFuture, Custody, FileKey, FileName, Files, FilesError, ItemClass, ItemName, KeyError,
    KeyPurpose, Keychain, KeychainError, PhoneKeys, PublicKey, ShellPlace, Signature, WIPE_MARKER,
};
use core::sync::atomic::{AtomicU64, Ordering};
use core::task::Poll;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature as Ecdsa, SigningKey};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use zeroize::Zeroizing;

/// Counts the steps of one process and kills it after a given one.
#[derive(Default)]
pub struct Steps {
    taken: AtomicU64,
    kill_after: Mutex<Option<u64>>,
}

impl Steps {
    /// One step has been taken; the caller yields once, so that a kill comes between it and what follows.
    pub async fn taken(&self) {
        self.taken.fetch_add(1, Ordering::Relaxed);
        let mut yielded = false;
        core::future::poll_fn(|context| {
            if yielded {
                return Poll::Ready(());
            }
            yielded = true;
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    /// Steps taken so far.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Dies after so many more steps.
    pub fn kill_after(&self, steps: u64) {
        *self.kill_after.lock().unwrap() = Some(self.count() + steps);
    }

    /// Has the process been killed?
    #[must_use]
    pub fn is_over(&self) -> bool {
        let limit = *self.kill_after.lock().unwrap();
        limit.is_some_and(|limit| self.count() >= limit)
    }
}

/// What survives a kill.
#[derive(Default)]
pub struct Stores(Mutex<Content>);

/// What the stores hold, and how they misbehave.
#[derive(Default)]
pub struct Content {
    /// Keychain items.
    pub items: BTreeMap<String, Vec<u8>>,
    /// Name to sealing key and content.
    pub files: BTreeMap<String, ([u8; 32], Vec<u8>)>,
    /// The `wipe_pending` marker.
    pub marker: bool,
    /// Keys that survive a restart.
    pub device_keys: BTreeMap<KeyPurpose, SigningKey>,
    /// Everything that was ever written to keychain or folder, by name.
    pub ever_written: BTreeSet<String>,
    /// The keychain answers `Refused` to a delete.
    pub keychain_refuses_to_erase: bool,
    /// The keychain answers `Unavailable` to a set.
    pub keychain_refuses_to_set: bool,
    /// The keychain never answers.
    pub keychain_is_silent: bool,
    /// What a shell put at its places, and how they misbehave.
    pub shell: BTreeMap<ShellPlace, Held>,
    /// Two phones of one test get different keys from different seeds.
    pub seed: u64,
    made: u64,
}

impl Stores {
    /// The content, locked.
    pub fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap()
    }

    /// Nothing is stored, and no marker stands.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let content = self.content();
        let stored = content.items.len() + content.files.len() + content.device_keys.len();
        stored + content.shell.len() == 0 && !content.marker
    }
}

/// One process's way to the stores.
#[derive(Clone)]
pub struct Process {
    stores: Arc<Stores>,
    steps: Arc<Steps>,
}

impl Process {
    /// A process on `stores`.
    #[must_use]
    pub fn new(stores: Arc<Stores>, steps: Arc<Steps>) -> Self {
        Self { stores, steps }
    }

    pub(super) fn stores(&self) -> &Stores {
        &self.stores
    }

    pub(super) fn step<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Content) -> T + Send + 'static,
    ) -> BoxFuture<'static, T> {
        let process = self.clone();
        Box::pin(async move {
            let result = work(&mut process.stores.content());
            process.steps.taken().await;
            result
        })
    }
}

/// The keychain, as one process sees it.
pub struct FakeKeychain(
    /// Whose.
    pub Process,
);

impl FakeKeychain {
    fn step<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Content) -> Result<T, KeychainError> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, KeychainError>> {
        if self.0.stores.content().keychain_is_silent {
            return Box::pin(core::future::pending());
        }
        self.0.step(work)
    }
}

impl Keychain for FakeKeychain {
    fn set(
        &self,
        name: ItemName,
        _class: ItemClass,
        value: Zeroizing<Vec<u8>>,
    ) -> BoxFuture<'static, Result<(), KeychainError>> {
        self.step(move |content| {
            if content.keychain_refuses_to_set {
                return Err(KeychainError::Unavailable);
            }
            content.ever_written.insert(name.as_str().to_owned());
            content
                .items
                .insert(name.as_str().to_owned(), value.to_vec());
            Ok(())
        })
    }

    fn get(
        &self,
        name: ItemName,
    ) -> BoxFuture<'static, Result<Option<Zeroizing<Vec<u8>>>, KeychainError>> {
        self.step(move |content| {
            Ok(content
                .items
                .get(name.as_str())
                .cloned()
                .map(Zeroizing::new))
        })
    }

    fn delete(&self, name: ItemName) -> BoxFuture<'static, Result<(), KeychainError>> {
        self.step(move |content| {
            if content.keychain_refuses_to_erase {
                return Err(KeychainError::Refused);
            }
            content.items.remove(name.as_str());
            Ok(())
        })
    }

    fn list(&self) -> BoxFuture<'static, Result<Vec<String>, KeychainError>> {
        self.step(|content| Ok(content.items.keys().cloned().collect()))
    }
}

/// The folder, as one process sees it.
pub struct FakeFiles(
    /// Whose.
    pub Process,
);

impl Files for FakeFiles {
    fn write(
        &self,
        name: FileName,
        key: FileKey,
        bytes: Zeroizing<Vec<u8>>,
    ) -> BoxFuture<'static, Result<(), FilesError>> {
        self.0.step(move |content| {
            content.ever_written.insert(name.as_str().to_owned());
            // EXPOSE: a sealed file opens only under its own key, here too.
            let sealed = (*key.expose(), bytes.to_vec());
            content.files.insert(name.as_str().to_owned(), sealed);
            Ok(())
        })
    }

    fn read(
        &self,
        name: FileName,
        key: FileKey,
    ) -> BoxFuture<'static, Result<Option<Zeroizing<Vec<u8>>>, FilesError>> {
        self.0
            .step(move |content| match content.files.get(name.as_str()) {
                None => Ok(None),
                // EXPOSE: as above.
                Some((sealed, bytes)) if sealed == key.expose() => {
                    Ok(Some(Zeroizing::new(bytes.clone())))
                }
                Some(_) => Err(FilesError::Corrupt),
            })
    }

    fn delete(&self, name: FileName) -> BoxFuture<'static, Result<(), FilesError>> {
        self.0.step(move |content| {
            content.files.remove(name.as_str());
            Ok(())
        })
    }

    fn list(&self) -> BoxFuture<'static, Result<Vec<String>, FilesError>> {
        self.0.step(|content| {
            let marker = content.marker.then(|| WIPE_MARKER.to_owned());
            Ok(content.files.keys().cloned().chain(marker).collect())
        })
    }

    fn delete_all(&self) -> BoxFuture<'static, Result<(), FilesError>> {
        self.0.step(|content| {
            content.files.clear();
            Ok(())
        })
    }

    fn set_marker(&self, present: bool) -> BoxFuture<'static, Result<(), FilesError>> {
        self.0.step(move |content| {
            if present {
                content.ever_written.insert(WIPE_MARKER.to_owned());
            }
            content.marker = present;
            Ok(())
        })
    }

    fn marker(&self) -> BoxFuture<'static, Result<bool, FilesError>> {
        self.0.step(|content| Ok(content.marker))
    }
}

/// Keys of either custody; those in memory are this process's.
pub struct FakeKeys {
    process: Process,
    memory: Arc<Mutex<BTreeMap<KeyPurpose, SigningKey>>>,
}

impl FakeKeys {
    /// A process's keys.
    #[must_use]
    pub fn new(process: Process) -> Self {
        Self {
            process,
            memory: Arc::default(),
        }
    }

    fn with_key<T: Send + 'static>(
        &self,
        purpose: KeyPurpose,
        work: impl FnOnce(&SigningKey) -> T + Send + 'static,
    ) -> BoxFuture<'static, Result<T, KeyError>> {
        let memory = Arc::clone(&self.memory);
        self.process.step(move |content| {
            let memory = memory.lock().unwrap();
            let key = memory.get(&purpose).or(content.device_keys.get(&purpose));
            key.map(work).ok_or(KeyError::Missing)
        })
    }
}

fn public(key: &SigningKey) -> PublicKey {
    let point = key.verifying_key().to_encoded_point(false);
    point.as_bytes().try_into().unwrap()
}

impl PhoneKeys for FakeKeys {
    fn create(
        &self,
        purpose: KeyPurpose,
        custody: Custody,
    ) -> BoxFuture<'static, Result<PublicKey, KeyError>> {
        let memory = Arc::clone(&self.memory);
        self.process.step(move |content| {
            content.made += 1;
            let mut scalar = Sha256::new();
            scalar.update(content.seed.to_be_bytes());
            scalar.update(content.made.to_be_bytes());
            let key = SigningKey::from_slice(&scalar.finalize()).unwrap();
            let point = public(&key);
            match custody {
                Custody::Device => content.device_keys.insert(purpose, key),
                Custody::Memory => memory.lock().unwrap().insert(purpose, key),
            };
            Ok(point)
        })
    }

    fn public(&self, purpose: KeyPurpose) -> BoxFuture<'static, Result<PublicKey, KeyError>> {
        self.with_key(purpose, public)
    }

    fn sign(
        &self,
        purpose: KeyPurpose,
        message: Vec<u8>,
    ) -> BoxFuture<'static, Result<Signature, KeyError>> {
        self.with_key(purpose, move |key| {
            let signature: Ecdsa = key.sign(&message);
            let signature = signature.normalize_s().unwrap_or(signature);
            signature.to_bytes().into()
        })
    }

    fn destroy(&self, purpose: KeyPurpose) -> BoxFuture<'static, Result<(), KeyError>> {
        let memory = Arc::clone(&self.memory);
        self.process.step(move |content| {
            memory.lock().unwrap().remove(&purpose);
            content.device_keys.remove(&purpose);
            Ok(())
        })
    }

    fn list(&self) -> BoxFuture<'static, Result<Vec<KeyPurpose>, KeyError>> {
        let memory = Arc::clone(&self.memory);
        self.process.step(move |content| {
            let memory = memory.lock().unwrap();
            let all: BTreeSet<_> = memory.keys().chain(content.device_keys.keys()).collect();
            Ok(all.into_iter().copied().collect())
        })
    }
}
