use super::BoxFuture;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The name under which [`Files::list`] shows the `wipe_pending` marker.
pub const WIPE_MARKER: &str = "wipe.pending";

/// The name of one cache file: `[a-z0-9_-]`, 1 to 64 characters, no path in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName(String);

impl FileName {
    /// `None` when `name` is not of that form.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        let ok = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
        ((1..=64).contains(&name.len()) && name.bytes().all(ok)).then(|| Self(name.to_owned()))
    }

    /// The name itself; it says what kind of thing is stored, never whose.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The 256-bit key that seals cache files. It lives in the keychain; destroying it there makes every file unreadable.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct FileKey([u8; 32]);

impl FileKey {
    /// Wraps fresh random bytes or those read from the keychain.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, for the cipher and for the keychain only.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl core::fmt::Debug for FileKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("FileKey(..)")
    }
}

/// Why the cache folder did not do as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilesError {
    /// The folder cannot be used (read-only, full, not there).
    #[error("the app's folder cannot be used")]
    Unavailable,
    /// The file is not authentic under this key and name: damaged, restored from a backup, or of another session.
    #[error("a cached file cannot be opened")]
    Corrupt,
    /// A file could not be erased.
    #[error("a cached file could not be erased")]
    Refused,
}

/// The app's private folder: few small files, each sealed (AEAD, name and format version authenticated) and replaced atomically.
///
/// Contract: after `write` answers, the file is the new one also after a power cut; before, it is the old one, never a mixture.
/// `list` names *everything* in the folder, also what Keyway did not put there. Temporary files of a cut write are never listed as
/// content but are deleted by `delete_all`. Nothing here is in a backup.
pub trait Files: Send + Sync + 'static {
    /// Seals and replaces `name`.
    fn write(
        &self,
        name: FileName,
        key: FileKey,
        content: Zeroizing<Vec<u8>>,
    ) -> BoxFuture<'static, Result<(), FilesError>>;
    /// Opens `name`; `Ok(None)` when there is none.
    fn read(
        &self,
        name: FileName,
        key: FileKey,
    ) -> BoxFuture<'static, Result<Option<Zeroizing<Vec<u8>>>, FilesError>>;
    /// Erases `name`; erasing what is not there is success. Answers after the directory entry is gone on disk.
    fn delete(&self, name: FileName) -> BoxFuture<'static, Result<(), FilesError>>;
    /// Everything in the folder, by name, with cut temporary files and foreign entries (raw names, hence `String`).
    fn list(&self) -> BoxFuture<'static, Result<Vec<String>, FilesError>>;
    /// Erases everything `list` names except the marker.
    fn delete_all(&self) -> BoxFuture<'static, Result<(), FilesError>>;
    /// Sets or clears the `wipe_pending` marker: an empty file, durable before this answers.
    fn set_marker(&self, present: bool) -> BoxFuture<'static, Result<(), FilesError>>;
    /// Is the marker there?
    fn marker(&self) -> BoxFuture<'static, Result<bool, FilesError>>;
}
