//! The one writer to keychain and files. It knows which session is live and drops every write of another.

mod inventory;
#[cfg(test)]
mod tests;

pub(crate) use inventory::{File, Item, Memory, Stored};

use crate::error::Fault;
use crate::log;
use crate::ports::{
    Clock, FileKey, Files, FilesError, Keychain, KeychainError, Notice, Observer, Ports,
    WIPE_MARKER,
};
use core::future::Future;
use core::time::Duration;
use futures_channel::oneshot;
use futures_util::future::{Either, FutureExt, Shared, select};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

/// Cached content of another format is fetched again, never converted.
const CACHE_FORMAT: [u8; 2] = [0, 1];

/// No store may hold a journey longer than this; what does not answer is reported.
const STORE_DEADLINE: Duration = Duration::from_secs(5);

/// Names one session's right to write. A new one begins with each sign-in, restore and sign-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Generation(u64);

/// See the module's text.
pub(crate) struct Vault {
    clock: Arc<dyn Clock>,
    keychain: Arc<dyn Keychain>,
    files: Arc<dyn Files>,
    observer: Arc<dyn Observer>,
    live: Mutex<Live>,
    /// Held across each write, so that a wipe begins after the last write has ended.
    writer: futures_util::lock::Mutex<()>,
}

/// What the live generation may do.
struct Live {
    generation: u64,
    custody: Option<Keeping>,
    /// Dropped with the generation: whoever waits for its end wakes.
    end: oneshot::Sender<()>,
    ended: Shared<oneshot::Receiver<()>>,
}

/// Where this generation's content is kept.
enum Keeping {
    /// In sealed files under this key.
    Files(FileKey),
    /// In memory: a borrowed phone.
    Memory(BTreeMap<File, Zeroizing<Vec<u8>>>),
}

impl Live {
    fn new(generation: u64, custody: Option<Keeping>) -> Self {
        let (end, ended) = oneshot::channel();
        Self {
            generation,
            custody,
            end,
            ended: ended.shared(),
        }
    }
}

impl Vault {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            clock: Arc::clone(&ports.clock),
            keychain: Arc::clone(&ports.keychain),
            files: Arc::clone(&ports.files),
            observer: Arc::clone(&ports.observer),
            live: Mutex::new(Live::new(0, None)),
            writer: futures_util::lock::Mutex::new(()),
        }
    }

    /// Ends the live generation, forgets its keys and memory, and begins the next, which may store nothing until it is opened.
    pub(crate) fn advance(&self) -> Generation {
        let mut live = self.live();
        let next = live.generation + 1;
        let old = core::mem::replace(&mut *live, Live::new(next, None));
        drop(live);
        drop(old.end);
        Generation(next)
    }

    /// Lets `generation` store: in memory on a borrowed phone, in files under `key` on one's own.
    pub(crate) fn open(&self, generation: Generation, key: Option<FileKey>) -> Result<(), Fault> {
        let mut live = self.live();
        if live.generation != generation.0 {
            return Err(Fault::Stale);
        }
        live.custody = Some(match key {
            Some(key) => Keeping::Files(key),
            None => Keeping::Memory(BTreeMap::new()),
        });
        Ok(())
    }

    /// Is this still the live generation?
    pub(crate) fn is_live(&self, generation: Generation) -> bool {
        self.live().generation == generation.0
    }

    /// Completes when `generation` has ended; at once if it has.
    pub(crate) fn ended(
        &self,
        generation: Generation,
    ) -> impl Future<Output = ()> + Send + 'static {
        let live = self.live();
        let ended = (live.generation == generation.0).then(|| live.ended.clone());
        drop(live);
        async move {
            if let Some(ended) = ended {
                // The sender is only ever dropped: its end is the signal.
                let _ = ended.await;
            }
        }
    }

    /// Stores `content` for the session, or drops it when the session has ended.
    pub(crate) async fn write(
        &self,
        generation: Generation,
        file: File,
        content: Zeroizing<Vec<u8>>,
    ) -> Result<(), Fault> {
        let _writing = self.writer.lock().await;
        log::stored("write", &file.kind(), content.len());
        let key = {
            let mut live = self.live_as(generation)?;
            match live.custody.as_mut() {
                Some(Keeping::Files(key)) => key.clone(),
                Some(Keeping::Memory(memory)) => {
                    memory.insert(file, content);
                    return Ok(());
                }
                None => return Err(self.stale()),
            }
        };
        let name = file.name(&key);
        let mut versioned = Zeroizing::new(Vec::with_capacity(CACHE_FORMAT.len() + content.len()));
        versioned.extend_from_slice(&CACHE_FORMAT);
        versioned.extend_from_slice(&content);
        self.files_within(self.files.write(name.clone(), key, versioned))
            .await?;
        self.undo_if_ended(generation, || self.files.delete(name))
            .await
    }

    /// What the session has stored; `None` when there is nothing, or nothing that this version can read.
    pub(crate) async fn read(
        &self,
        generation: Generation,
        file: File,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Fault> {
        let key = match self.live_as(generation)?.custody.as_ref() {
            Some(Keeping::Files(key)) => key.clone(),
            Some(Keeping::Memory(memory)) => return Ok(memory.get(&file).cloned()),
            None => return Err(Fault::Stale),
        };
        let name = file.name(&key);
        match self.files_within(self.files.read(name, key)).await {
            // The anchor says only that this folder is the session's own: it outlives every change of format.
            Ok(content) if file == File::Anchor => Ok(content),
            Ok(Some(content)) => Ok(content
                .strip_prefix(&CACHE_FORMAT)
                .map(|rest| Zeroizing::new(rest.to_vec()))),
            Ok(None) | Err(FilesError::Corrupt) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Erases what the session has stored under `file`.
    pub(crate) async fn erase(&self, generation: Generation, file: File) -> Result<(), Fault> {
        let _writing = self.writer.lock().await;
        log::stored("erase", &file.kind(), 0);
        let name = {
            let mut live = self.live_as(generation)?;
            match live.custody.as_mut() {
                Some(Keeping::Files(key)) => file.name(key),
                Some(Keeping::Memory(memory)) => {
                    memory.remove(&file);
                    return Ok(());
                }
                None => return Err(self.stale()),
            }
        };
        Ok(self.files_within(self.files.delete(name)).await?)
    }

    /// Stores a keychain item of the session. An own phone only: the account never calls it on a borrowed one.
    pub(crate) async fn set_item(
        &self,
        generation: Generation,
        item: Item,
        value: Zeroizing<Vec<u8>>,
    ) -> Result<(), Fault> {
        let _writing = self.writer.lock().await;
        drop(self.live_as(generation)?);
        log::stored("set item", &item, value.len());
        self.keychain_within(self.keychain.set(item.name(), item.class(), value))
            .await?;
        if self.is_live(generation) {
            return Ok(());
        }
        self.keychain_within(self.keychain.delete(item.name()))
            .await?;
        Err(self.stale())
    }

    /// Erases a keychain item of the session.
    pub(crate) async fn erase_item(&self, generation: Generation, item: Item) -> Result<(), Fault> {
        let _writing = self.writer.lock().await;
        drop(self.live_as(generation)?);
        log::stored("erase item", &item, 0);
        Ok(self
            .keychain_within(self.keychain.delete(item.name()))
            .await?)
    }

    /// Reads a keychain item, whatever the generation: a start knows no session yet.
    pub(crate) async fn item(&self, item: Item) -> Result<Option<Zeroizing<Vec<u8>>>, Fault> {
        Ok(self.keychain_within(self.keychain.get(item.name())).await?)
    }

    /// Is a wipe unfinished?
    pub(crate) async fn marker(&self) -> Result<bool, Fault> {
        Ok(self.files_within(self.files.marker()).await?)
    }

    /// Do keychain and folder hold nothing at all?
    pub(crate) async fn is_empty(&self) -> Result<bool, Fault> {
        let items = self.keychain_within(self.keychain.list()).await?;
        let files = self.files_within(self.files.list()).await?;
        Ok(items.is_empty() && files.iter().all(|name| name == WIPE_MARKER))
    }

    /// Takes the writer's place until the guard is dropped: the wipe's right to the stores. Waits at most as long as a store may take.
    pub(crate) async fn take_over(&self) -> Option<futures_util::lock::MutexGuard<'_, ()>> {
        self.within(self.writer.lock()).await
    }

    async fn undo_if_ended<F>(
        &self,
        generation: Generation,
        undo: impl FnOnce() -> F,
    ) -> Result<(), Fault>
    where
        F: Future<Output = Result<(), FilesError>>,
    {
        if self.is_live(generation) {
            return Ok(());
        }
        self.files_within(undo()).await?;
        Err(self.stale())
    }

    fn live(&self) -> MutexGuard<'_, Live> {
        // A panic elsewhere leaves the generation as it was; refusing to sign out because of it would be worse.
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn live_as(&self, generation: Generation) -> Result<MutexGuard<'_, Live>, Fault> {
        let live = self.live();
        if live.generation == generation.0 {
            Ok(live)
        } else {
            drop(live);
            Err(self.stale())
        }
    }

    fn stale(&self) -> Fault {
        self.observer.notice(Notice::StaleWriteDropped);
        Fault::Stale
    }

    async fn files_within<T>(
        &self,
        work: impl Future<Output = Result<T, FilesError>>,
    ) -> Result<T, FilesError> {
        self.within(work)
            .await
            .unwrap_or(Err(FilesError::Unavailable))
    }

    async fn keychain_within<T>(
        &self,
        work: impl Future<Output = Result<T, KeychainError>>,
    ) -> Result<T, KeychainError> {
        self.within(work)
            .await
            .unwrap_or(Err(KeychainError::Unavailable))
    }

    async fn within<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let work = core::pin::pin!(work);
        match select(work, self.clock.sleep(STORE_DEADLINE)).await {
            Either::Left((done, _)) => Some(done),
            Either::Right(((), _)) => None,
        }
    }
}
