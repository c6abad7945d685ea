//! Whatever is stored has its name in the inventory, and one writer stores it.
#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::fs;
use std::path::{Path, PathBuf};

/// Product code below `folder`, as paths from there and their text.
fn sources(folder: &str) -> Vec<(String, String)> {
    fn walk(path: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(path).unwrap().map(Result::unwrap) {
            let path = entry.path();
            let tests = ["tests", "tests.rs", "testing", "conformance"];
            if tests.iter().any(|name| path.ends_with(name)) {
                continue;
            }
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(folder);
    let mut found = Vec::new();
    walk(&root, &mut found);
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        let text = fs::read_to_string(path).unwrap();
        // Unit tests at a file's end may name what they like.
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        (name, code.to_owned())
    };
    found.iter().map(read).collect()
}

/// The files whose code has `word`.
fn users(folder: &str, word: &str) -> Vec<String> {
    let mut users: Vec<String> = sources(folder)
        .into_iter()
        .filter(|(_, code)| code.contains(word))
        .map(|(name, _)| name)
        .collect();
    users.sort();
    users
}

#[test]
fn names_of_stored_things_are_made_in_the_inventory_only() {
    assert_eq!(users("app/src", "FileName::new("), ["vault/inventory.rs"]);
    // The wipe makes names of what it finds in the keychain, to erase it.
    assert_eq!(
        users("app/src", "ItemName::new("),
        ["account/wipe.rs", "vault/inventory.rs"]
    );
    // Real parts store the phone's keys under two names of their own; the wipe finds them by listing.
    assert_eq!(
        users("platform/src", "ItemName::new("),
        ["keys/software.rs"]
    );
}

#[test]
fn the_vault_is_the_only_writer_and_the_wipe_the_only_eraser_beside_it() {
    for word in ["files.write(", "keychain.set("] {
        assert_eq!(users("app/src", word), ["vault/mod.rs"], "{word}");
    }
    for word in ["delete_all()", "set_marker(present)"] {
        assert_eq!(users("app/src", word), ["account/wipe.rs"], "{word}");
    }
}
