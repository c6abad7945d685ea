//! `bindings/API.md` is the library's surface in Rust, Swift and Kotlin side by side, made of the metadata in the built library. This fails when the
//! surface is another one than the file says, and when the generated Swift or Kotlin does not have what the file says it has.
//!
//! `KEYWAY_ACCEPT=1 cargo test -p keyway-bindgen --test surface` writes the file anew.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "in a test a panic is the answer"
)]

mod generated;
mod items;
mod page;
mod types;

use generated::{Generated, Language};
use items::Surface;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap()
}

/// The library of this build, with its metadata: it is built as a dependency of this test, so it is as new as this test is.
fn library() -> PathBuf {
    let library = Path::new(env!("CARGO_BIN_EXE_uniffi-bindgen"))
        .with_file_name("deps")
        .join("libkeyway.so");
    assert!(library.is_file(), "no library at {}", library.display());
    library
}

#[test]
fn the_surface_is_as_api_md_says() {
    let page = page::page(&Surface::of(&library()));
    let file = root().join("bindings/API.md");
    if std::env::var_os("KEYWAY_ACCEPT").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    let said = std::fs::read_to_string(&file).unwrap_or_default();
    let first = page
        .lines()
        .zip(said.lines().chain(core::iter::repeat("")))
        .find(|(is, said)| is != said);
    assert!(
        page == said,
        "the surface changed, first at\n  {first:?}\nTo accept it: KEYWAY_ACCEPT=1 cargo test -p keyway-bindgen --test surface"
    );
}

#[test]
fn the_generated_swift_has_what_api_md_says() {
    let generated = Generated::in_language(Language::Swift, &library(), &root());
    generated.must_have(&Surface::of(&library()));
}

#[test]
fn the_generated_kotlin_has_what_api_md_says() {
    let generated = Generated::in_language(Language::Kotlin, &library(), &root());
    generated.must_have(&Surface::of(&library()));
}

/// A shell that has none of these is not one of Keyway: the control that the metadata was read.
#[test]
fn the_surface_was_read() {
    let surface = Surface::of(&library());
    let app = surface
        .callables
        .get("KeywayApp")
        .expect("the app is an object");
    assert!(app.len() > 30, "{} methods", app.len());
    assert!(surface.types.len() > 50, "{} types", surface.types.len());
    assert!(
        surface.without_errors().is_empty(),
        "every export answers with a Result: {:?}",
        surface.without_errors()
    );
    assert!(
        surface.undocumented().is_empty(),
        "without a doc comment: {:?}",
        surface.undocumented()
    );
}
