//! What may stand in a source file.

use keyway_hygiene::packages::packages;
use keyway_hygiene::source::{Line, Source, sources};
use keyway_hygiene::{assert_none, files, files_with_extension, root, text_of};
use std::path::PathBuf;

/// House rule: about 400 lines a file, one subject each.
const LONGEST_FILE: usize = 450;

/// Real clocks, waits, random sources, files and sockets. In the core they are ports.
const OF_THE_WORLD: &[&str] = &[
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "thread::sleep",
    "time::sleep",
    "time::timeout",
    "OsRng",
    "thread_rng",
    "rand::rng",
    "getrandom",
    "std::net",
    "std::fs",
    "std::env",
    "std::process",
];

const SLEEPS: &[&str] = &["thread::sleep", "time::sleep", "park_timeout"];

fn any_of(line: &Line, words: &[&str]) -> bool {
    words.iter().any(|word| line.code.contains(word))
}

fn findings(sources: &[Source], wanted: impl Fn(&Line) -> bool) -> Vec<String> {
    sources
        .iter()
        .flat_map(|source| source.find(&wanted))
        .collect()
}

#[test]
fn the_core_touches_neither_clock_nor_chance_nor_the_system() {
    let core = sources(&["core/protocol/src", "core/app/src"]);
    assert!(core.len() > 10, "the core was read");
    assert_none(
        "pass it in as a port",
        &findings(&core, |line| !line.test && any_of(line, OF_THE_WORLD)),
    );
}

#[test]
fn the_core_logs_in_one_file_only() {
    let core = sources(&["core/protocol/src", "core/app/src"]);
    let logs = |line: &Line| line.code.contains("tracing::") || line.code.contains("use tracing");
    let named = findings(&core, logs);
    assert!(
        named.iter().any(|place| place.contains("app/src/log.rs")),
        "log.rs was read"
    );
    let elsewhere: Vec<String> = named
        .into_iter()
        .filter(|place| !place.contains("app/src/log.rs"))
        .collect();
    assert_none("say it in core/app/src/log.rs", &elsewhere);
}

#[test]
fn no_test_sleeps() {
    let all = sources(&[]);
    assert_none(
        "wait for the event, or use the virtual clock",
        &findings(&all, |line| line.test && any_of(line, SLEEPS)),
    );
}

#[test]
fn no_source_file_is_longer_than_its_subject() {
    let source_files = ["rs", "swift", "kt"]
        .into_iter()
        .flat_map(files_with_extension);
    let long: Vec<String> = source_files
        .filter_map(|file| Some((text_of(&file)?.lines().count(), file)))
        .filter(|(lines, _)| *lines > LONGEST_FILE)
        .map(|(lines, file)| format!("{}: {lines} lines", file.display()))
        .collect();
    assert_none("split it by subject", &long);
}

#[test]
fn a_lint_is_expected_with_a_reason_and_never_allowed() {
    let all = sources(&[]);
    assert_none(
        "#[expect(.., reason = ..)]",
        &findings(&all, |line| {
            line.code.contains("#[allow(") || line.code.contains("#![allow(")
        }),
    );
}

#[test]
fn each_crate_follows_the_workspaces_lints() {
    let mut findings = Vec::new();
    for package in packages() {
        let folder = PathBuf::from(package.folder());
        let manifest = text_of(&folder.join("Cargo.toml")).unwrap_or_default();
        if !manifest.contains("[lints]\nworkspace = true") {
            findings.push(format!("{}: no [lints] workspace = true", package.name));
        }
        for crate_root in ["src/lib.rs", "src/main.rs"] {
            let file = folder.join(crate_root);
            if text_of(&file).is_some_and(|text| !text.contains("forbid(unsafe_code)")) {
                findings.push(format!("{}: no forbid(unsafe_code)", file.display()));
            }
        }
    }
    assert_none("the lints are policy", &findings);
}

#[test]
fn each_exposed_secret_says_why() {
    let mut findings = Vec::new();
    for source in sources(&["core", "bindings"]) {
        for (index, line) in source.lines.iter().enumerate() {
            let near = &source.lines[index.saturating_sub(4)..=index];
            let explained = near.iter().any(|line| line.text.contains("EXPOSE:"));
            if !line.test && line.code.contains(".expose()") && !explained {
                findings.push(format!("{}:{}", source.file.display(), line.number));
            }
        }
    }
    assert_none("`.expose()` without `// EXPOSE: why`", &findings);
}

#[test]
fn no_file_names_a_machine_or_a_package_mirror() {
    // Put together here so that this file is not its own finding.
    let machine = ["work", "root", "home"].map(|folder| format!("/{folder}/"));
    let mirror = ["[source.", "replace-with", "[registries"];
    let mut findings = Vec::new();
    for file in files() {
        let Some(text) = text_of(&file) else { continue };
        for (index, line) in text.lines().enumerate() {
            let named = machine.iter().any(|path| names_path(line, path));
            let mirrored =
                file.starts_with(".cargo") && mirror.iter().any(|word| line.contains(word));
            let foreign = file.ends_with("Cargo.lock")
                && line.starts_with("source = ")
                && !line.contains("github.com/rust-lang/crates.io-index");
            if named || mirrored || foreign {
                findings.push(format!("{}:{}: {}", file.display(), index + 1, line.trim()));
            }
        }
    }
    assert_none("what is true on one machine only", &findings);
    assert!(root().join("Cargo.lock").is_file());
}

/// Does `path` stand in `line` as an absolute path, not as the middle of a longer one or of an address?
fn names_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "._-/~".contains(c))
    })
}
