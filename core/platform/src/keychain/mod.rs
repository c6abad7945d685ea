//! The phone's keychain over any keyring-core store.
//!
//! A store is *injected*, never keyring-core's process-wide default, and used only after a real set, get and delete succeeded: some stores
//! open happily and refuse later. It is the device's own ([`device_store`]); a machine without one has no
//! keychain, unless the caller opts in to the development store (feature `development-store`), which no phone build can contain.

mod absent;
#[cfg(feature = "development-store")]
mod development;
mod namespace;
mod worker;

pub use absent::AbsentKeychain;
#[cfg(feature = "development-store")]
pub use development::DevelopmentStore;

use core::time::Duration;
use keyring_core::CredentialStore;
use keyway_app::ports::{BoxFuture, Entropy, ItemClass, ItemName, Keychain, KeychainError};
use namespace::Namespace;
use std::sync::Arc;
use tokio::runtime::Handle;
use worker::Worker;
use zeroize::Zeroizing;

/// A call that takes longer is given up: a store may be asking a prompter that nobody sees.
pub const DEADLINE: Duration = Duration::from_secs(5);

/// The `Keychain` port over one store.
pub struct StoreKeychain {
    worker: Worker<Namespace>,
}

impl StoreKeychain {
    /// Opens a store and proves it by a set, a get and a delete of its own. Items live under the service name `namespace`.
    ///
    /// # Errors
    /// What the store answered, or `Unavailable` when it did not within [`DEADLINE`].
    pub async fn open<O>(
        open: O,
        namespace: String,
        entropy: &dyn Entropy,
        runtime: Handle,
    ) -> Result<Self, KeychainError>
    where
        O: FnOnce() -> keyring_core::Result<Arc<CredentialStore>> + Send + 'static,
    {
        let mut canary = Zeroizing::new(vec![0; 32]);
        entropy
            .fill(&mut canary)
            .map_err(|_| KeychainError::Unavailable)?;
        let worker = Worker::start(runtime, DEADLINE, move || {
            let store = open().map_err(namespace::sort)?;
            Namespace::open(store, namespace)
        })?;
        worker
            .call(move |namespace| namespace.prove(&canary))
            .await?;
        Ok(Self { worker })
    }
}

impl core::fmt::Debug for StoreKeychain {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("StoreKeychain(..)")
    }
}

impl Keychain for StoreKeychain {
    // The stores of a desktop know one class only: readable while the resident is logged in.
    fn set(
        &self,
        name: ItemName,
        _class: ItemClass,
        value: Zeroizing<Vec<u8>>,
    ) -> BoxFuture<'static, Result<(), KeychainError>> {
        self.worker
            .call(move |namespace| namespace.set(name.as_str(), &value))
    }

    fn get(
        &self,
        name: ItemName,
    ) -> BoxFuture<'static, Result<Option<Zeroizing<Vec<u8>>>, KeychainError>> {
        self.worker
            .call(move |namespace| namespace.get(name.as_str()))
    }

    fn delete(&self, name: ItemName) -> BoxFuture<'static, Result<(), KeychainError>> {
        self.worker
            .call(move |namespace| namespace.delete(name.as_str()))
    }

    fn list(&self) -> BoxFuture<'static, Result<Vec<String>, KeychainError>> {
        self.worker.call(Namespace::list)
    }
}

/// The device's own store: the Secret Service on the session bus, the data protection keychain on iOS, the Android keystore. Blocks; may fail or hang
/// where there is none, so it is called by [`StoreKeychain::open`].
///
/// # Errors
/// No session bus, or nobody on it offers the service; no entitlement; on Android, the app did not hand its context over.
#[cfg(target_os = "linux")]
pub fn device_store() -> keyring_core::Result<Arc<CredentialStore>> {
    let store = zbus_secret_service_keyring_store::Store::new()?;
    Ok(store)
}

/// The device's own store; see the Linux one.
///
/// # Errors
/// No entitlement.
#[cfg(target_os = "ios")]
pub fn device_store() -> keyring_core::Result<Arc<CredentialStore>> {
    let store = apple_native_keyring_store::protected::Store::new()?;
    Ok(store)
}

/// The device's own store; see the Linux one.
///
/// # Errors
/// The app did not hand its context over.
#[cfg(target_os = "android")]
pub fn device_store() -> keyring_core::Result<Arc<CredentialStore>> {
    let store = android_native_keyring_store::Store::new()?;
    Ok(store)
}

/// No other system has a store of its own here.
///
/// # Errors
/// Always.
#[cfg(not(any(target_os = "linux", target_os = "ios", target_os = "android")))]
pub fn device_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Err(keyring_core::Error::NoDefaultStore)
}
