//! The wipe of this phone: erase everything the inventory names and everything found beside it, then read each store back.

use super::Account;
use crate::context::within;
use crate::ports::{
    Files, FilesError, ItemName, KeyError, KeyPurpose, Keychain, KeychainError, ShellAnswer,
    ShellPlace,
};
use crate::vault::Item;
use core::future::Future;
use core::time::Duration;
use futures_util::future::{join, join_all};

/// A store that does not answer within this is reported and not asked again.
const STORE_LIMIT: Duration = Duration::from_secs(2);

/// What each store held before, and holds after.
pub(super) struct Findings {
    pub(super) keychain: Found<String, KeychainError>,
    pub(super) files: Found<String, FilesError>,
    pub(super) keys: Found<KeyPurpose, KeyError>,
    /// What the shell answered for each of its places; `None`: nothing in time.
    pub(super) shell: Vec<(ShellPlace, Option<ShellAnswer>)>,
    /// Something was in memory.
    pub(super) had_session: bool,
    /// Every journey has let go of it.
    pub(super) journeys_ended: bool,
}

/// One store.
pub(super) struct Found<T, E> {
    pub(super) before: Vec<T>,
    pub(super) after: Result<Vec<T>, E>,
}

impl Account {
    /// (e) keys, the file key before the files it opens; (f) items and files; (h) read back. The logout ticket stays for now: the service has not
    /// confirmed.
    pub(super) async fn erase_and_read_back(&self) -> Findings {
        let (shell, findings) = join(self.erase_shell_places(), self.erase_stores()).await;
        Findings { shell, ..findings }
    }

    async fn erase_stores(&self) -> Findings {
        // From here nobody else writes. If a write hangs, its store will not answer us either, and the report says so.
        let _writer = self.0.vault.take_over().await;
        let keys = self.erase_keys().await;
        let keychain = self.erase_keychain().await;
        let files = self.erase_files().await;
        Findings {
            keychain,
            files,
            keys,
            shell: Vec::new(),
            had_session: false,
            journeys_ended: true,
        }
    }

    /// All at once and beside the stores: a shell that hangs at one of its places holds up nothing.
    async fn erase_shell_places(&self) -> Vec<(ShellPlace, Option<ShellAnswer>)> {
        let ports = &self.0.ports;
        let erasing = ShellPlace::ALL.map(|place| async move {
            let answer = within(ports, STORE_LIMIT, ports.places.erase(place)).await;
            (place, answer)
        });
        join_all(erasing).await
    }

    async fn erase_keys(&self) -> Found<KeyPurpose, KeyError> {
        let keys = &self.0.ports.keys;
        let silent = KeyError::Unavailable;
        let before = match self.ask(keys.list(), silent).await {
            Ok(before) => before,
            Err(KeyError::Unavailable) => {
                return Found {
                    before: Vec::new(),
                    after: Err(silent),
                };
            }
            Err(_) => Vec::new(),
        };
        for purpose in [KeyPurpose::Holder, KeyPurpose::Dpop] {
            // What a refusal means is seen when the store is read back.
            let _ = self.ask(keys.destroy(purpose), silent).await;
        }
        let after = self.ask(keys.list(), silent).await;
        Found { before, after }
    }

    async fn erase_keychain(&self) -> Found<String, KeychainError> {
        let keychain: &dyn Keychain = &*self.0.ports.keychain;
        let silent = KeychainError::Unavailable;
        let before = match self.ask(keychain.list(), silent).await {
            Ok(before) => before,
            Err(error) => {
                return Found {
                    before: Vec::new(),
                    after: Err(error),
                };
            }
        };
        let ticket = Item::LogoutTicket.name();
        let known = Item::ALL.map(Item::name);
        let found = before.iter().filter_map(|name| ItemName::new(name));
        let mut refused = None;
        for name in known.into_iter().chain(found) {
            if name == ticket {
                continue;
            }
            match self.ask(keychain.delete(name), silent).await {
                Ok(()) => {}
                Err(KeychainError::Unavailable) => {
                    return Found {
                        before,
                        after: Err(KeychainError::Unavailable),
                    };
                }
                Err(error) => refused = Some(error),
            }
        }
        let after = match (self.ask(keychain.list(), silent).await, refused) {
            // Refused, and it cannot even be read back.
            (Err(_), Some(error)) => Err(error),
            (after, _) => after,
        };
        Found { before, after }
    }

    async fn erase_files(&self) -> Found<String, FilesError> {
        let files: &dyn Files = &*self.0.ports.files;
        let silent = FilesError::Unavailable;
        let before = match self.ask(files.list(), silent).await {
            Ok(before) => before,
            Err(error) => {
                return Found {
                    before: Vec::new(),
                    after: Err(error),
                };
            }
        };
        // What a refusal means is seen when the folder is read back.
        let _ = self.ask(files.delete_all(), silent).await;
        let after = self.ask(files.list(), silent).await;
        Found { before, after }
    }

    /// Erases the logout ticket once it has done its work, and reads the keychain back once more.
    pub(super) async fn erase_ticket(&self, keychain: &mut Found<String, KeychainError>) {
        let name = Item::LogoutTicket.name();
        let held = |names: &Vec<String>| names.iter().any(|held| held == name.as_str());
        if !keychain.after.as_ref().is_ok_and(held) {
            return;
        }
        let port = &self.0.ports.keychain;
        let silent = KeychainError::Unavailable;
        let _ = self.ask(port.delete(name.clone()), silent).await;
        keychain.after = self.ask(port.list(), silent).await;
    }

    /// Sets or clears the marker; true when it is read back as asked.
    pub(super) async fn mark(&self, present: bool) -> bool {
        let files = &self.0.ports.files;
        let silent = FilesError::Unavailable;
        let set = self.ask(files.set_marker(present), silent).await;
        set.is_ok() && self.ask(files.marker(), silent).await == Ok(present)
    }

    async fn ask<T, E>(&self, work: impl Future<Output = Result<T, E>>, silent: E) -> Result<T, E> {
        within(&self.0.ports, STORE_LIMIT, work)
            .await
            .unwrap_or(Err(silent))
    }
}
