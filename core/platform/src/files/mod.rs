//! The app's private folder: few small files, each sealed and replaced atomically.

mod disk;
mod seal;

use disk::Folder;
use keyway_app::ports::{BoxFuture, Entropy, FileKey, FileName, Files, FilesError};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Handle;
use zeroize::Zeroizing;

/// The `Files` port over one folder that belongs to Keyway alone. The folder is made by the first write, not before: a borrowed phone
/// that stores nothing has none.
pub struct SealedFiles {
    shared: Arc<Shared>,
    runtime: Handle,
}

struct Shared {
    /// One call at a time: `delete_all` must not run beside a write.
    folder: Mutex<Folder>,
    entropy: Arc<dyn Entropy>,
}

impl SealedFiles {
    /// Files in `folder`; blocking calls run on `runtime`.
    #[must_use]
    pub fn new(folder: PathBuf, entropy: Arc<dyn Entropy>, runtime: Handle) -> Self {
        let shared = Shared {
            folder: Mutex::new(Folder::new(folder)),
            entropy,
        };
        Self {
            shared: Arc::new(shared),
            runtime,
        }
    }

    /// Runs `work` on a thread that may block. It runs to its end even when the caller stops waiting, so that no write is cut in half.
    fn blocking<T, W>(&self, work: W) -> BoxFuture<'static, Result<T, FilesError>>
    where
        T: Send + 'static,
        W: FnOnce(&Folder, &dyn Entropy) -> Result<T, FilesError> + Send + 'static,
    {
        let shared = Arc::clone(&self.shared);
        let task = self.runtime.spawn_blocking(move || {
            // The folder holds nothing that a panic could leave half changed.
            let folder = shared.folder.lock().unwrap_or_else(PoisonError::into_inner);
            work(&folder, shared.entropy.as_ref())
        });
        Box::pin(async move { task.await.unwrap_or(Err(FilesError::Unavailable)) })
    }
}

impl core::fmt::Debug for SealedFiles {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SealedFiles(..)")
    }
}

impl Files for SealedFiles {
    fn write(
        &self,
        name: FileName,
        key: FileKey,
        content: Zeroizing<Vec<u8>>,
    ) -> BoxFuture<'static, Result<(), FilesError>> {
        self.blocking(move |folder, entropy| {
            let sealed = seal::seal(&name, &key, content, entropy)?;
            folder.replace(&name, &sealed, entropy)
        })
    }

    fn read(
        &self,
        name: FileName,
        key: FileKey,
    ) -> BoxFuture<'static, Result<Option<Zeroizing<Vec<u8>>>, FilesError>> {
        self.blocking(move |folder, _| match folder.read(&name)? {
            Some(sealed) => seal::open(&name, &key, sealed).map(Some),
            None => Ok(None),
        })
    }

    fn delete(&self, name: FileName) -> BoxFuture<'static, Result<(), FilesError>> {
        self.blocking(move |folder, _| folder.delete(&name))
    }

    fn list(&self) -> BoxFuture<'static, Result<Vec<String>, FilesError>> {
        self.blocking(|folder, _| folder.list())
    }

    fn delete_all(&self) -> BoxFuture<'static, Result<(), FilesError>> {
        self.blocking(|folder, _| folder.delete_all())
    }

    fn set_marker(&self, present: bool) -> BoxFuture<'static, Result<(), FilesError>> {
        self.blocking(move |folder, _| folder.set_marker(present))
    }

    fn marker(&self) -> BoxFuture<'static, Result<bool, FilesError>> {
        self.blocking(|folder, _| folder.marker())
    }
}
