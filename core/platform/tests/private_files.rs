//! What the app's folder looks like from outside.
#![expect(
    clippy::expect_used,
    reason = "a fixture that cannot be made fails the test"
)]

use keyway_app::ports::{
    Entropy, FileKey, FileName, Files, FilesError, ItemClass, ItemName, Keychain, KeychainError,
};
use keyway_platform::entropy::SystemEntropy;
use keyway_platform::files::SealedFiles;
use keyway_platform::keychain::AbsentKeychain;
use keyway_platform::runtime::Runtime;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zeroize::Zeroizing;

struct Fixture {
    runtime: Runtime,
    files: SealedFiles,
    folder: PathBuf,
    _parent: tempfile::TempDir,
}

impl Fixture {
    fn new() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let parent = tempfile::tempdir().expect("a folder");
        let folder = parent.path().join("home").join("cache");
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy::new());
        let files = SealedFiles::new(folder.clone(), entropy, runtime.handle());
        Self {
            runtime,
            files,
            folder,
            _parent: parent,
        }
    }

    fn write(&self, name: &str, content: &[u8]) {
        let key = FileKey::new([1; 32]);
        let written = self
            .files
            .write(file(name), key, Zeroizing::new(content.to_vec()));
        self.runtime.block_on(written).expect("written");
    }
}

fn file(name: &str) -> FileName {
    FileName::new(name).expect("a name")
}

fn mode(path: &Path) -> u32 {
    let mode = std::fs::metadata(path)
        .expect("it is there")
        .permissions()
        .mode();
    mode & 0o777
}

#[test]
fn only_their_owner_may_read_files_and_folder() {
    let fixture = Fixture::new();
    fixture.write("doors", b"Front door");
    assert_eq!(mode(&fixture.folder), 0o700);
    assert_eq!(mode(&fixture.folder.join("doors")), 0o600);
    let raw = std::fs::read(fixture.folder.join("doors")).expect("raw");
    assert!(!raw.windows(5).any(|window| window == b"Front"));
}

#[test]
fn looking_makes_no_folder() {
    let fixture = Fixture::new();
    fixture.runtime.block_on(async {
        assert_eq!(fixture.files.list().await, Ok(Vec::new()));
        assert_eq!(fixture.files.marker().await, Ok(false));
        assert_eq!(fixture.files.delete_all().await, Ok(()));
        assert_eq!(fixture.files.set_marker(false).await, Ok(()));
    });
    assert!(!fixture.folder.exists());
}

#[test]
fn a_file_under_anothers_name_does_not_open() {
    let fixture = Fixture::new();
    fixture.write("doors", b"1");
    std::fs::copy(
        fixture.folder.join("doors"),
        fixture.folder.join("doorcodes"),
    )
    .expect("copied");
    let read = fixture.files.read(file("doorcodes"), FileKey::new([1; 32]));
    assert_eq!(fixture.runtime.block_on(read), Err(FilesError::Corrupt));
}

#[test]
fn what_others_left_and_what_was_cut_is_listed_and_erased() {
    let fixture = Fixture::new();
    fixture.write("doors", b"1");
    let foreign = fixture.folder.join("Foreign folder");
    std::fs::create_dir(&foreign).expect("a folder");
    std::fs::write(foreign.join("file"), b"x").expect("a file");
    std::fs::write(fixture.folder.join("doors.0123456789abcdef.part"), b"cut").expect("a file");
    fixture.runtime.block_on(async {
        fixture.files.set_marker(true).await.expect("marked");
        let listed = fixture.files.list().await.expect("listed");
        assert_eq!(listed.len(), 4, "{listed:?}");
        fixture.files.delete_all().await.expect("erased");
        assert_eq!(
            fixture.files.list().await.expect("listed").len(),
            1,
            "the marker stays"
        );
        assert_eq!(fixture.files.marker().await, Ok(true));
    });
}

#[test]
fn a_folder_that_takes_nothing_is_unavailable_and_a_marker_too() {
    let fixture = Fixture::new();
    std::fs::create_dir_all(fixture.folder.parent().expect("a parent")).expect("a folder");
    std::fs::write(&fixture.folder, b"a file in the folder's place").expect("a file");
    let written = fixture
        .files
        .write(file("doors"), FileKey::new([1; 32]), Zeroizing::default());
    assert_eq!(
        fixture.runtime.block_on(written),
        Err(FilesError::Unavailable)
    );
    let marked = fixture.runtime.block_on(fixture.files.set_marker(true));
    assert_eq!(marked, Err(FilesError::Unavailable));
}

#[test]
fn a_borrowed_phones_keychain_is_empty_and_takes_nothing() {
    let runtime = Runtime::new().expect("a runtime");
    let name = || ItemName::new("session").expect("a name");
    runtime.block_on(async {
        let set = AbsentKeychain.set(name(), ItemClass::WhenUnlocked, Zeroizing::new(vec![1]));
        assert_eq!(set.await, Err(KeychainError::Unavailable));
        assert_eq!(AbsentKeychain.get(name()).await, Ok(None));
        assert_eq!(AbsentKeychain.delete(name()).await, Ok(()));
        assert_eq!(AbsentKeychain.list().await, Ok(Vec::new()));
    });
}
