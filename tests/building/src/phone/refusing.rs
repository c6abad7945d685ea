//! A keychain that stores and reads and never erases: what a broken store, or one behind a prompt that nobody answers, looks like to the core.

use keyway_app::ports::{BoxFuture, ItemClass, ItemName, Keychain, KeychainError};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use zeroize::Zeroizing;

type Items = BTreeMap<ItemName, Zeroizing<Vec<u8>>>;

/// Keeps what it was given.
#[derive(Clone, Default)]
pub(super) struct RefusingKeychain(Arc<Mutex<Items>>);

impl RefusingKeychain {
    fn with<T>(&self, look: impl FnOnce(&mut Items) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Keychain for RefusingKeychain {
    fn set(
        &self,
        name: ItemName,
        _class: ItemClass,
        value: Zeroizing<Vec<u8>>,
    ) -> BoxFuture<'static, Result<(), KeychainError>> {
        self.with(|items| items.insert(name, value));
        Box::pin(async { Ok(()) })
    }

    fn get(
        &self,
        name: ItemName,
    ) -> BoxFuture<'static, Result<Option<Zeroizing<Vec<u8>>>, KeychainError>> {
        let found = self.with(|items| items.get(&name).cloned());
        Box::pin(async { Ok(found) })
    }

    fn delete(&self, name: ItemName) -> BoxFuture<'static, Result<(), KeychainError>> {
        let there = self.with(|items| items.contains_key(&name));
        Box::pin(async move {
            if there {
                Err(KeychainError::Refused)
            } else {
                Ok(())
            }
        })
    }

    fn list(&self) -> BoxFuture<'static, Result<Vec<String>, KeychainError>> {
        let names = self.with(|items| items.keys().map(|name| name.as_str().to_owned()).collect());
        Box::pin(async { Ok(names) })
    }
}
