//! Changes of a folder that are on disk before they are answered.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

/// Makes a folder for this user only. An existing one is narrowed.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    fs::set_permissions(folder, Permissions::from_mode(0o700))
}

/// Puts `content` under `name` in `folder`: written beside it as `temporary`, made durable, then swapped in.
pub(crate) fn replace(
    folder: &Path,
    name: &str,
    temporary: &str,
    content: &[u8],
) -> io::Result<()> {
    let temporary = folder.join(temporary);
    let replaced = write_new(&temporary, content)
        .and_then(|()| fs::rename(&temporary, folder.join(name)))
        .and_then(|()| settle(folder));
    if replaced.is_err() {
        // Whatever is left of it has a name that is never read.
        let _ = fs::remove_file(&temporary);
    }
    replaced
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Removes a file, a link or a whole folder; what is not there is already erased.
pub(crate) fn erase(path: &Path) -> io::Result<()> {
    let erased = match fs::symlink_metadata(path) {
        Ok(entry) if entry.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match erased {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Makes the folder's own entries durable; a folder that is not there has none.
pub(crate) fn settle(folder: &Path) -> io::Result<()> {
    match File::open(folder) {
        Ok(folder) => folder.sync_all(),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}
