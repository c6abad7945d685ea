//! A keychain for development machines that have none: a file which only its owner may read. Not encrypted, hence the name, the feature and
//! the refusal to compile for a phone.

use crate::durable;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyring_core::api::{CredentialApi, CredentialStoreApi};
use keyring_core::{Credential, CredentialStore, Entry, Error, Result};
use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

const FILE: &str = "development-keychain.json";
const TEMPORARY: &str = "development-keychain.json.part";

/// Service, then user, then the secret in base64.
type Content = BTreeMap<String, BTreeMap<String, String>>;

/// A keyring-core store in one 0600 file. It cannot search, so the keychain keeps its index here.
pub struct DevelopmentStore {
    file: Arc<StoreFile>,
}

impl DevelopmentStore {
    /// A store in `folder`, which is made by the first write. With the last item the file goes.
    #[must_use]
    pub fn shared(folder: PathBuf) -> Arc<CredentialStore> {
        Arc::new(Self {
            file: Arc::new(StoreFile {
                folder,
                busy: Mutex::new(()),
            }),
        })
    }
}

impl core::fmt::Debug for DevelopmentStore {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("DevelopmentStore(..)")
    }
}

impl CredentialStoreApi for DevelopmentStore {
    fn vendor(&self) -> String {
        "Keyway's development store".to_owned()
    }

    fn id(&self) -> String {
        "development".to_owned()
    }

    fn build(
        &self,
        service: &str,
        user: &str,
        modifiers: Option<&HashMap<&str, &str>>,
    ) -> Result<Entry> {
        if modifiers.is_some_and(|modifiers| !modifiers.is_empty()) {
            return Err(Error::NotSupportedByStore("modifiers".to_owned()));
        }
        Ok(Entry::new_with_credential(Arc::new(Item {
            file: Arc::clone(&self.file),
            service: service.to_owned(),
            user: user.to_owned(),
        })))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn debug_fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Debug::fmt(self, f)
    }
}

/// One item, whether it exists or not.
struct Item {
    file: Arc<StoreFile>,
    service: String,
    user: String,
}

impl CredentialApi for Item {
    fn set_secret(&self, secret: &[u8]) -> Result<()> {
        self.file.change(|content| {
            let items = content.entry(self.service.clone()).or_default();
            items.insert(self.user.clone(), STANDARD.encode(secret));
            Ok(())
        })
    }

    fn get_secret(&self) -> Result<Vec<u8>> {
        let content = self.file.load()?;
        let text = content
            .get(&self.service)
            .and_then(|items| items.get(&self.user))
            .ok_or(Error::NoEntry)?;
        STANDARD.decode(text).map_err(|_| damaged())
    }

    fn delete_credential(&self) -> Result<()> {
        self.file.change(|content| {
            let items = content.get_mut(&self.service).ok_or(Error::NoEntry)?;
            items.remove(&self.user).ok_or(Error::NoEntry)?;
            content.retain(|_, items| !items.is_empty());
            Ok(())
        })
    }

    fn get_credential(&self) -> Result<Option<Arc<Credential>>> {
        self.get_secret().map(|_| None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        Some((self.service.clone(), self.user.clone()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn debug_fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Item(..)")
    }
}

/// The file, read and replaced as a whole.
struct StoreFile {
    folder: PathBuf,
    busy: Mutex<()>,
}

impl StoreFile {
    fn load(&self) -> Result<Content> {
        match fs::read(self.folder.join(FILE)) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|_| damaged()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Content::new()),
            Err(error) => Err(failed(error)),
        }
    }

    fn change(&self, change: impl FnOnce(&mut Content) -> Result<()>) -> Result<()> {
        let _busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        let mut content = self.load()?;
        change(&mut content)?;
        self.save(&content).map_err(failed)
    }

    fn save(&self, content: &Content) -> io::Result<()> {
        // Left by a process that was killed while writing.
        durable::erase(&self.folder.join(TEMPORARY))?;
        if content.is_empty() {
            durable::erase(&self.folder.join(FILE))?;
            return durable::settle(&self.folder);
        }
        durable::create_folder(&self.folder)?;
        let bytes = serde_json::to_vec_pretty(content)?;
        durable::replace(&self.folder, FILE, TEMPORARY, &bytes)
    }
}

fn damaged() -> Error {
    Error::BadStoreFormat("not a development keychain".to_owned())
}

fn failed(error: io::Error) -> Error {
    Error::PlatformFailure(Box::new(error))
}
