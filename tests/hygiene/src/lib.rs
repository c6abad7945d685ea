//! What the hygiene tests look at: the repository's files, the source in them, and cargo's view of who uses whom.
//!
//! Every test here reads; none changes anything. A rule that a compiler or clippy already enforces is not repeated, except that the policy which makes
//! clippy enforce it is itself checked.
#![forbid(unsafe_code)]

pub mod packages;
pub mod source;

use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository's root.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every file that is in the repository or about to be: what git tracks and what it would add. Paths are relative to [`root`]. Without git (a source
/// archive) everything below the root but `target`.
#[must_use]
pub fn files() -> Vec<PathBuf> {
    let listed = Command::new("git")
        .current_dir(root())
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .output();
    let mut files: Vec<PathBuf> = match listed {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout)
            .split('\0')
            .filter(|name| !name.is_empty())
            .map(PathBuf::from)
            .collect(),
        _ => walk(&root()),
    };
    files.retain(|file| root().join(file).is_file());
    files.sort();
    files.dedup();
    files
}

/// Those of [`files`] whose name ends in `.extension`.
#[must_use]
pub fn files_with_extension(extension: &str) -> Vec<PathBuf> {
    let mut files = files();
    files.retain(|file| file.extension().is_some_and(|found| found == extension));
    files
}

/// A file's text; `None` when it is not UTF-8.
#[must_use]
pub fn text_of(file: &Path) -> Option<String> {
    std::fs::read_to_string(root().join(file)).ok()
}

/// Fails with every finding, one a line, not only with the first.
///
/// # Panics
/// When there is a finding: this is what makes the calling test fail.
#[expect(clippy::panic, reason = "the tests' own assertion")]
pub fn assert_none(rule: &str, findings: &[String]) {
    if !findings.is_empty() {
        panic!("{rule}:\n  {}", findings.join("\n  "));
    }
}

fn walk(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name();
            if path.is_dir() {
                if name != "target" && name != ".git" {
                    folders.push(path);
                }
            } else if let Ok(relative) = path.strip_prefix(root) {
                found.push(relative.to_owned());
            }
        }
    }
    found
}
