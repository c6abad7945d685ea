//! Nothing of the core's facade is missing here: a method that [`keyway_app::App`] gains, or one of the objects that it gives, is exported or this fails.
#![expect(clippy::unwrap_used, reason = "in a test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Rust sources below `folder`, or the one file.
fn sources(place: &str) -> Vec<PathBuf> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join(place);
    if place.is_file() {
        return vec![place];
    }
    let entries = fs::read_dir(&place).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// The public methods in `impl {of} {` blocks of the sources at `place`.
fn methods(place: &str, of: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let head = format!("\nimpl {of} {{\n");
    for file in sources(place) {
        let text = fs::read_to_string(file).unwrap();
        let blocks = text.split(&head).skip(1);
        for block in blocks {
            let block = block.split("\n}\n").next().unwrap();
            for line in block.lines() {
                let line = line.trim_start().replacen("pub async fn ", "pub fn ", 1);
                if let Some(rest) = line.strip_prefix("pub fn ") {
                    found.insert(rest.split('(').next().unwrap().to_owned());
                }
            }
        }
    }
    found
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn every_method_of_the_app_is_exported() {
    let core = methods("../../core/app/src/app", "App");
    assert!(core.len() > 25 && core.contains("sign_in"), "{core:?}");
    let here = methods("src/app", "KeywayApp");
    let missing: Vec<_> = core
        .difference(&here)
        .filter(|name| *name != "new")
        .collect();
    assert!(missing.is_empty(), "not exported: {missing:?}");
    let more: BTreeSet<_> = here.difference(&core).cloned().collect();
    let only_here = names(&["open", "bluetooth_changed", "notices", "shut_down"]);
    assert_eq!(more, only_here, "what only this layer has");
}

#[test]
fn every_method_of_what_the_app_gives_is_exported() {
    let given = [
        (
            "../../core/app/src/doors/unlock.rs",
            "src/attempts/unlock.rs",
            "UnlockAttempt",
        ),
        (
            "../../core/app/src/courier/sync.rs",
            "src/attempts/sync.rs",
            "SyncAttempt",
        ),
        (
            "../../core/app/src/courier/sync_all.rs",
            "src/attempts/sync_all.rs",
            "SyncAllAttempt",
        ),
        (
            "../../core/app/src/codes/reveal.rs",
            "src/codes.rs",
            "CodeDigits",
        ),
    ];
    for (core, here, of) in given {
        let mut core = methods(core, of);
        // The core makes them; a shell is given them.
        core.remove("new");
        assert!(core.len() >= 3, "{of}: {core:?}");
        assert_eq!(methods(here, of), core, "{of}");
    }
}

#[test]
fn everything_exported_answers_with_a_result() {
    let mut exported = 0;
    let places = ["src", "src/app", "src/attempts", "src/error", "src/shell"];
    for file in places.iter().flat_map(|place| sources(place)) {
        if file.is_dir() {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        for block in text.split("#[uniffi::export]\n").skip(1) {
            let block = block.split("\n}\n").next().unwrap();
            for signature in block
                .split("pub fn ")
                .skip(1)
                .chain(block.split("pub async fn ").skip(1))
            {
                let signature = signature.split(" {\n").next().unwrap();
                exported += 1;
                assert!(
                    signature.contains("-> Result<"),
                    "{signature} in {}",
                    file.display()
                );
            }
        }
    }
    assert!(exported > 45, "the sources were read: {exported}");
}
