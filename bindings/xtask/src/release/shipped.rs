//! What ships: the packages that are linked into the library for any phone, and no proc-macro, build script or test.

use crate::phones::cargo::{self as phone, PACKAGE};
use crate::phones::target::{Abi, Apple};
use crate::test::build;
use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A package by name and version.
pub(super) type Id = (String, String);

/// One package.
#[derive(Debug)]
pub(super) struct Package {
    /// What the manifest says, empty if nothing.
    pub(super) licence: String,
    /// Its folder.
    pub(super) folder: PathBuf,
    /// Is it one of our own?
    pub(super) ours: bool,
    /// Of its archive, as the lock file has it.
    pub(super) checksum: Option<String>,
    /// The targets that it ships for.
    pub(super) targets: BTreeSet<&'static str>,
    /// What it depends on, of what ships.
    pub(super) dependencies: BTreeSet<Id>,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Shipped {
    pub(super) packages: BTreeMap<Id, Package>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Described>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Described {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    manifest_path: PathBuf,
    source: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    dependencies: Vec<String>,
}

impl Shipped {
    /// Asks cargo, target by target.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut targets: BTreeMap<Id, BTreeSet<&'static str>> = BTreeMap::new();
        for triple in triples() {
            for id in tree(root, triple)? {
                targets.entry(id).or_default().insert(triple);
            }
        }
        let metadata = metadata(root)?;
        let lock = std::fs::read_to_string(root.join("Cargo.lock")).context("Cargo.lock")?;
        let checksums = checksums(&lock);
        let by_id: BTreeMap<&str, Id> = metadata
            .packages
            .iter()
            .map(|one| (one.id.as_str(), (one.name.clone(), one.version.clone())))
            .collect();
        let mut packages = BTreeMap::new();
        for described in &metadata.packages {
            let id = (described.name.clone(), described.version.clone());
            let Some(targets) = targets.get(&id).cloned() else {
                continue;
            };
            let folder = described.manifest_path.parent().context("its folder")?;
            packages.insert(
                id.clone(),
                Package {
                    licence: described.license.clone().unwrap_or_default(),
                    folder: folder.to_owned(),
                    ours: described.source.is_none(),
                    checksum: checksums.get(&id).cloned(),
                    targets,
                    dependencies: BTreeSet::new(),
                },
            );
        }
        for id in targets.keys() {
            ensure!(
                packages.contains_key(id),
                "cargo does not describe {} {}",
                id.0,
                id.1
            );
        }
        for node in &metadata.resolve.nodes {
            let known: Vec<Id> = node
                .dependencies
                .iter()
                .filter_map(|id| by_id.get(id.as_str()).cloned())
                .filter(|id| packages.contains_key(id))
                .collect();
            if let Some(package) = by_id
                .get(node.id.as_str())
                .and_then(|id| packages.get_mut(id))
            {
                package.dependencies.extend(known);
            }
        }
        Ok(Self { packages })
    }
}

fn triples() -> impl Iterator<Item = &'static str> {
    let android = Abi::ALL.into_iter().map(|abi| abi.target().triple);
    android.chain(Apple::ALL.into_iter().map(|apple| apple.target().triple))
}

/// What is linked for one target, with the features that it ships with.
fn tree(root: &Path, triple: &str) -> Result<Vec<Id>> {
    let mut command = build::cargo(root);
    command.args([
        "tree",
        "--locked",
        "-p",
        PACKAGE,
        "-e",
        "normal,no-proc-macro",
    ]);
    command.args(["--prefix", "none", "--format", "{p}", "--target", triple]);
    command.args(phone::features());
    let output = command.output().context("cargo tree")?;
    ensure!(
        output.status.success(),
        "cargo tree: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let listed = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(listed.lines().filter_map(package_of).collect())
}

/// `name v1.2.3 (where) (*)`.
fn package_of(line: &str) -> Option<Id> {
    let mut words = line.split(' ');
    let name = words.next()?;
    let version = words.next()?.strip_prefix('v')?;
    Some((name.to_owned(), version.to_owned()))
}

fn metadata(root: &Path) -> Result<Metadata> {
    let output = build::cargo(root)
        .args([
            "metadata",
            "--locked",
            "--format-version",
            "1",
            "--all-features",
        ])
        .output()
        .context("cargo metadata")?;
    ensure!(output.status.success(), "cargo metadata failed");
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The checksum of each package in a lock file.
fn checksums(lock: &str) -> BTreeMap<Id, String> {
    let mut found = BTreeMap::new();
    for block in lock.split("[[package]]") {
        let value = |key: &str| {
            let line = block.lines().find_map(|line| line.strip_prefix(key))?;
            Some(line.strip_prefix(" = \"")?.trim_end_matches('"').to_owned())
        };
        if let (Some(name), Some(version), Some(sum)) =
            (value("name"), value("version"), value("checksum"))
        {
            found.insert((name, version), sum);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{checksums, package_of};

    #[test]
    fn cargos_lines_are_read() {
        let id = Some(("ring".to_owned(), "0.17.14".to_owned()));
        assert_eq!(package_of("ring v0.17.14"), id);
        assert_eq!(package_of("ring v0.17.14 (*)"), id);
        assert_eq!(package_of(""), None);
    }

    #[test]
    fn a_lock_files_checksums_are_read() {
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"00ff\"\n\n\
            [[package]]\nname = \"b\"\nversion = \"0.1.0\"\n";
        let found = checksums(lock);
        assert_eq!(found.len(), 1);
        assert_eq!(found[&("a".to_owned(), "1.0.0".to_owned())], "00ff");
    }
}
