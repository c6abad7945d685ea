use super::{must, there};
use crate::ports::{FileKey, FileName, Files, FilesError, WIPE_MARKER};
use std::sync::Arc;
use zeroize::Zeroizing;

/// The contract of [`Files`]. `reopen` gives the same folder as a new process would see it.
pub async fn files(reopen: impl Fn() -> Arc<dyn Files>) {
    let port = reopen();
    let name = |text: &str| there(FileName::new(text), "a name has the form of one");
    let (key, other) = (FileKey::new([1; 32]), FileKey::new([2; 32]));
    let content = |bytes: &[u8]| Zeroizing::new(bytes.to_vec());
    must(port.delete_all().await, "a folder can be emptied");
    must(port.set_marker(false).await, "a marker can be cleared");
    let empty = must(port.list().await, "it lists");
    assert!(
        empty.is_empty(),
        "an emptied folder lists nothing: {empty:?}"
    );

    // What is not there.
    let missing = must(
        port.read(name("one"), key.clone()).await,
        "missing is no error",
    );
    assert!(missing.is_none(), "a missing file is None");
    must(
        port.delete(name("one")).await,
        "erasing what is not there is success",
    );

    // Any length comes back, in a new process too; the newest counts.
    let large: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    for (file, bytes) in [("one", &b"first"[..]), ("empty", b""), ("large", &large)] {
        let written = port.write(name(file), key.clone(), content(bytes)).await;
        must(written, "a file is written");
        let read = must(reopen().read(name(file), key.clone()).await, "it is read");
        let read = there(read, "a written file is there in a new process");
        assert!(read.as_slice() == bytes, "{file} comes back byte for byte");
    }
    let written = port.write(name("one"), key.clone(), content(b"second"));
    must(written.await, "a file is replaced");
    let read = must(port.read(name("one"), key.clone()).await, "it is read");
    assert!(
        read == Some(content(b"second")),
        "the newest content counts"
    );

    // Sealed under its key.
    let wrong = port.read(name("one"), other).await;
    assert_eq!(
        wrong.err(),
        Some(FilesError::Corrupt),
        "another key opens nothing"
    );

    // Listing, the marker, erasing.
    let mut listed = must(port.list().await, "it lists");
    listed.sort();
    assert_eq!(
        listed,
        ["empty", "large", "one"],
        "every file is listed once"
    );
    must(port.set_marker(true).await, "a marker is set");
    assert!(
        must(reopen().marker().await, "it is read"),
        "a new process sees the marker"
    );
    must(port.delete(name("one")).await, "a file is erased");
    let gone = must(reopen().read(name("one"), key).await, "it reads");
    assert!(gone.is_none(), "an erased file is gone");
    must(port.delete_all().await, "the rest is erased");
    let left = must(reopen().list().await, "it lists");
    assert!(
        left.iter().all(|left| left == WIPE_MARKER),
        "only the marker is left: {left:?}"
    );
    assert!(
        must(port.marker().await, "it is read"),
        "erasing all leaves the marker"
    );
    must(port.set_marker(false).await, "a marker is cleared");
    must(port.set_marker(false).await, "clearing it twice is success");
    assert!(
        !must(reopen().marker().await, "it is read"),
        "a cleared marker is gone"
    );
    let left = must(reopen().list().await, "it lists");
    assert!(left.is_empty(), "nothing is left: {left:?}");
}
