//! Cargo's own view of the workspace.

use crate::root;
use serde::Deserialize;
use std::path::PathBuf;
use std::process::Command;

/// A crate of the workspace.
#[derive(Clone, Debug, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its manifest, absolute.
    pub manifest_path: PathBuf,
    /// What its manifest names, of every kind and for every platform.
    pub dependencies: Vec<Dependency>,
}

/// One dependency as a manifest names it.
#[derive(Clone, Debug, Deserialize)]
pub struct Dependency {
    /// The crate's name.
    pub name: String,
    /// `None` for a normal one, else `dev` or `build`.
    pub kind: Option<String>,
    /// Features asked for.
    pub features: Vec<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

impl Package {
    /// The crate's folder relative to the repository's root, with `/`.
    #[must_use]
    pub fn folder(&self) -> String {
        let root = root().canonicalize().unwrap_or_else(|_| root());
        let folder = self.manifest_path.parent().unwrap_or(&root);
        let folder = folder.strip_prefix(&root).unwrap_or(folder);
        folder.to_string_lossy().into_owned()
    }
}

/// Every crate of the workspace.
///
/// # Panics
/// When cargo cannot be asked.
#[must_use]
pub fn packages() -> Vec<Package> {
    let text = cargo(&[
        "metadata",
        "--no-deps",
        "--offline",
        "--format-version",
        "1",
    ]);
    let metadata: Result<Metadata, _> = serde_json::from_str(&text);
    #[expect(
        clippy::expect_used,
        reason = "a test helper: nothing can be tested without it"
    )]
    metadata.expect("cargo metadata is JSON").packages
}

/// `cargo tree` for one package as it is built alone, with its features: one line per crate or feature.
///
/// # Panics
/// When cargo cannot be asked.
#[must_use]
pub fn tree(package: &str, edges: &str) -> Vec<String> {
    let line = [
        "tree",
        "--offline",
        "--locked",
        "--prefix",
        "none",
        "-p",
        package,
        "-e",
        edges,
    ];
    cargo(&line).lines().map(str::to_owned).collect()
}

/// The features that `dependency` has where `package` is built alone, whoever turned them on.
///
/// # Panics
/// When cargo cannot be asked, or `package` has no such dependency.
#[must_use]
pub fn features(package: &str, dependency: &str) -> Vec<String> {
    let line = [
        "tree",
        "--offline",
        "--locked",
        "--prefix",
        "none",
        "-p",
        package,
        "-e",
        "normal",
        "-f",
        "{p}|{f}",
    ];
    let text = cargo(&line);
    let of_dependency = text.lines().find_map(|line| {
        let (name, features) = line.split_once('|')?;
        (name.split(' ').next() == Some(dependency)).then_some(features)
    });
    #[expect(
        clippy::expect_used,
        reason = "a test helper: nothing can be tested without it"
    )]
    let features = of_dependency.expect("the package has the dependency");
    // A crate that was shown before ends in a star.
    let features = features.trim_end_matches("(*)").trim();
    features
        .split(',')
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

fn cargo(arguments: &[&str]) -> String {
    #[expect(
        clippy::expect_used,
        reason = "a test helper: nothing can be tested without it"
    )]
    let output = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(arguments)
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "cargo {}: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}
