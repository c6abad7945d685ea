//! Our items in a store, found again even where the store cannot search.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyring_core::{CredentialStore, Entry, Error};
use keyway_app::ports::KeychainError;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use zeroize::{Zeroize as _, Zeroizing};

/// Names all items, one a line, in a store that cannot search. Has a dot, as no item name has.
const INDEX: &str = "keyway.index";
/// What a store is proven with. A form the core can list and erase, should the machine stop between set and delete.
const PROBE: &str = "probe";

/// All items under one service name. Calls block.
pub(super) struct Namespace {
    store: Arc<CredentialStore>,
    service: String,
    /// The store cannot search, so the names are kept in [`INDEX`].
    indexed: bool,
}

impl Namespace {
    pub(super) fn open(
        store: Arc<CredentialStore>,
        service: String,
    ) -> Result<Self, KeychainError> {
        let indexed = match store.search(&HashMap::from([("service", service.as_str())])) {
            Ok(_) => false,
            Err(Error::NotSupportedByStore(_)) => true,
            Err(error) => return Err(sort(error)),
        };
        Ok(Self {
            store,
            service,
            indexed,
        })
    }

    /// A real set, get and delete, each checked.
    pub(super) fn prove(&self, canary: &[u8]) -> Result<(), KeychainError> {
        self.set(PROBE, canary)?;
        let read = self.get(PROBE);
        self.delete(PROBE)?;
        let same = read?.is_some_and(|value| value.as_slice() == canary);
        if same && self.get(PROBE)?.is_none() {
            Ok(())
        } else {
            Err(KeychainError::Unavailable)
        }
    }

    pub(super) fn set(&self, name: &str, value: &[u8]) -> Result<(), KeychainError> {
        // First the index: a name without an item is harmless, an item without a name is lost to a wipe.
        self.change_index(|names| names.insert(name.to_owned()))?;
        // Text, because some stores keep nothing else.
        let text = Zeroizing::new(STANDARD.encode(value));
        self.entry(name)?.set_secret(text.as_bytes()).map_err(sort)
    }

    pub(super) fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
        let Some(text) = self.read(name)? else {
            return Ok(None);
        };
        match STANDARD.decode(text.as_slice()) {
            Ok(value) => Ok(Some(Zeroizing::new(value))),
            Err(_) => Err(KeychainError::Corrupt),
        }
    }

    pub(super) fn delete(&self, name: &str) -> Result<(), KeychainError> {
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => {}
            // Doubled by another program's restore or import: all of them go.
            Err(Error::Ambiguous(twins)) => {
                for twin in twins {
                    twin.delete_credential().map_err(sort)?;
                }
            }
            Err(error) => return Err(sort(error)),
        }
        self.change_index(|names| names.remove(name))
    }

    pub(super) fn list(&self) -> Result<Vec<String>, KeychainError> {
        let mut names = Vec::new();
        let known = if self.indexed {
            self.index()?
        } else {
            self.search()?
        };
        for name in known {
            // The index may run ahead of the items. One that cannot be read is there all the same.
            match self.read(&name) {
                Ok(None) => {}
                Ok(Some(_)) | Err(KeychainError::Corrupt) => names.push(name),
                Err(error) => return Err(error),
            }
        }
        Ok(names)
    }

    fn search(&self) -> Result<BTreeSet<String>, KeychainError> {
        let spec = HashMap::from([("service", self.service.as_str())]);
        let mut names = BTreeSet::new();
        for entry in self.store.search(&spec).map_err(sort)? {
            // An item that does not say what it is cannot be called absent.
            let (service, name) = entry.get_specifiers().ok_or(KeychainError::Locked)?;
            // Some stores search loosely.
            if service == self.service {
                names.insert(name);
            }
        }
        Ok(names)
    }

    fn index(&self) -> Result<BTreeSet<String>, KeychainError> {
        let text = self.read(INDEX)?.unwrap_or_default();
        let text = core::str::from_utf8(&text).map_err(|_| KeychainError::Corrupt)?;
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// An empty index is no item at all: after a wipe the namespace is empty.
    fn change_index(
        &self,
        change: impl FnOnce(&mut BTreeSet<String>) -> bool,
    ) -> Result<(), KeychainError> {
        if !self.indexed {
            return Ok(());
        }
        let mut names = self.index()?;
        if !change(&mut names) {
            return Ok(());
        }
        let entry = self.entry(INDEX)?;
        if names.is_empty() {
            return entry.delete_credential().map_err(sort);
        }
        let lines = names.into_iter().collect::<Vec<_>>().join("\n");
        entry.set_secret(lines.as_bytes()).map_err(sort)
    }

    fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
        match self.entry(name)?.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(sort(error)),
        }
    }

    fn entry(&self, name: &str) -> Result<Entry, KeychainError> {
        let entry = self.store.build(&self.service, name, modifiers().as_ref());
        entry.map_err(sort)
    }
}

/// On this phone only, and readable once it was unlocked: a background wake answers a lock and refreshes a token.
#[cfg(target_os = "ios")]
fn modifiers() -> Option<HashMap<&'static str, &'static str>> {
    let policy = "after-first-unlock-this-device-only";
    Some(HashMap::from([("access-policy", policy)]))
}

/// The other stores have one kind of entry only.
#[cfg(not(target_os = "ios"))]
fn modifiers() -> Option<HashMap<&'static str, &'static str>> {
    None
}

/// What a store's error means to the core. The error itself goes no further: some carry the stored bytes, and print them.
pub(super) fn sort(error: Error) -> KeychainError {
    match error {
        Error::NoStorageAccess(_) => KeychainError::Locked,
        Error::BadEncoding(mut bytes) | Error::BadDataFormat(mut bytes, _) => {
            bytes.zeroize();
            KeychainError::Corrupt
        }
        Error::BadStoreFormat(_) | Error::Ambiguous(_) => KeychainError::Corrupt,
        Error::TooLong(..) | Error::Invalid(..) | Error::NotSupportedByStore(_) => {
            KeychainError::Refused
        }
        // `Error` may grow; what is not known is not available.
        _ => KeychainError::Unavailable,
    }
}
