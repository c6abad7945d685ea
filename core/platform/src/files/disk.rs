//! The folder on disk: durable replacement, durable erasure.

use crate::durable;
use keyway_app::ports::{Entropy, FileName, FilesError, WIPE_MARKER};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Ends a temporary file's name; what follows the dot keeps it out of the core's names too.
const TEMPORARY: &str = "part";
/// Larger than anything the core stores; a file beyond it is not ours.
const FILE_LIMIT: u64 = 64 * 1024 * 1024;

/// One private folder.
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Writes beside the old file, makes the bytes durable, then swaps the name and makes that durable.
    pub(super) fn replace(
        &self,
        name: &FileName,
        content: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<(), FilesError> {
        let mut unique = [0; 8];
        entropy
            .fill(&mut unique)
            .map_err(|_| FilesError::Unavailable)?;
        let unique = u64::from_be_bytes(unique);
        let temporary = format!("{}.{unique:016x}.{TEMPORARY}", name.as_str());
        durable::create_folder(&self.path)
            .and_then(|()| durable::replace(&self.path, name.as_str(), &temporary, content))
            .map_err(|_| FilesError::Unavailable)
    }

    /// The raw bytes; `None` when there is no such file.
    pub(super) fn read(&self, name: &FileName) -> Result<Option<Vec<u8>>, FilesError> {
        let file = match File::open(self.path.join(name.as_str())) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(_) => return Err(FilesError::Unavailable),
        };
        let length = file.metadata().map_err(|_| FilesError::Unavailable)?.len();
        if length > FILE_LIMIT {
            return Err(FilesError::Corrupt);
        }
        let mut content = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
        file.take(FILE_LIMIT)
            .read_to_end(&mut content)
            .map_err(|_| FilesError::Unavailable)?;
        Ok(Some(content))
    }

    pub(super) fn delete(&self, name: &FileName) -> Result<(), FilesError> {
        durable::erase(&self.path.join(name.as_str()))
            .and_then(|()| durable::settle(&self.path))
            .map_err(|_| FilesError::Refused)
    }

    /// Every entry, sorted, whoever made it; the marker too.
    pub(super) fn list(&self) -> Result<Vec<String>, FilesError> {
        let entries = match fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(_) => return Err(FilesError::Unavailable),
        };
        let mut names = entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<Vec<_>>>()
            .map_err(|_| FilesError::Unavailable)?;
        names.sort_unstable();
        Ok(names)
    }

    /// Goes on after a failure, so that one stubborn entry does not keep the others.
    pub(super) fn delete_all(&self) -> Result<(), FilesError> {
        let entries = match fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(_) => return Err(FilesError::Unavailable),
        };
        let mut refused = false;
        for entry in entries {
            match entry {
                Ok(entry) if entry.file_name() == WIPE_MARKER => {}
                Ok(entry) => refused |= durable::erase(&entry.path()).is_err(),
                Err(_) => refused = true,
            }
        }
        refused |= durable::settle(&self.path).is_err();
        if refused {
            Err(FilesError::Refused)
        } else {
            Ok(())
        }
    }

    pub(super) fn set_marker(&self, present: bool) -> Result<(), FilesError> {
        let marker = self.path.join(WIPE_MARKER);
        if !present {
            return durable::erase(&marker)
                .and_then(|()| durable::settle(&self.path))
                .map_err(|_| FilesError::Refused);
        }
        let open = |path: &Path| {
            OpenOptions::new()
                .create(true)
                .append(true)
                .mode(0o600)
                .open(path)
        };
        durable::create_folder(&self.path)
            .and_then(|()| open(&marker)?.sync_all())
            .and_then(|()| durable::settle(&self.path))
            .map_err(|_| FilesError::Unavailable)
    }

    pub(super) fn marker(&self) -> Result<bool, FilesError> {
        self.path
            .join(WIPE_MARKER)
            .try_exists()
            .map_err(|_| FilesError::Unavailable)
    }
}
