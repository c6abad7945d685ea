//! `--changed`: a layer need not run again here while everything it depends on is as it was when it passed.

use super::build::cargo;
use super::layers::{Layer, Selection, Step};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Fingerprints of layers that passed, by name; kept under `target/xtask`.
#[derive(Debug, Default)]
pub(crate) struct Passed {
    file: PathBuf,
    by_layer: BTreeMap<String, String>,
}

impl Passed {
    /// Reads what passed here before; an unreadable record only means that everything runs.
    pub(crate) fn load(folder: &Path) -> Self {
        let file = folder.join("passed.json");
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let by_layer = serde_json::from_str(&text).unwrap_or_default();
        Self { file, by_layer }
    }

    /// Did `layer` pass with exactly this fingerprint?
    pub(crate) fn has(&self, layer: &str, fingerprint: &str) -> bool {
        self.by_layer
            .get(layer)
            .is_some_and(|known| known == fingerprint)
    }

    /// Notes how a layer ended and writes the record.
    pub(crate) fn note(&mut self, layer: &str, passed_with: Option<String>) -> Result<()> {
        match passed_with {
            Some(fingerprint) => self.by_layer.insert(layer.to_owned(), fingerprint),
            None => self.by_layer.remove(layer),
        };
        std::fs::write(&self.file, serde_json::to_string_pretty(&self.by_layer)?)?;
        Ok(())
    }
}

/// The workspace as far as "what depends on what" goes.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// Where cargo puts what it builds.
    pub(crate) target: PathBuf,
    root: PathBuf,
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    target_directory: PathBuf,
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    path: Option<PathBuf>,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let output = cargo(root)
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .output()
            .context("cargo metadata")?;
        if !output.status.success() {
            bail!(
                "cargo metadata: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        let metadata: Metadata = serde_json::from_slice(&output.stdout)?;
        Ok(Self {
            target: metadata.target_directory,
            root: root.to_owned(),
            packages: metadata.packages,
        })
    }

    /// A hash over every file that `layer` depends on: those of its packages and of what they use, or of the whole repository when it runs more
    /// than test executables of named packages.
    pub(crate) fn fingerprint(&self, layer: &Layer) -> Result<String> {
        let mut hash = Sha256::new();
        hash.update(format!("{layer:?}"));
        for file in self.files(&self.folders_of(layer))? {
            let name = file.to_string_lossy().into_owned();
            // A file that is listed but gone is a change, like any other content.
            let content = std::fs::read(self.root.join(&file)).unwrap_or_default();
            hash.update((name.len() as u64).to_be_bytes());
            hash.update(name);
            hash.update((content.len() as u64).to_be_bytes());
            hash.update(content);
        }
        Ok(hex::encode(hash.finalize()))
    }

    fn folders_of(&self, layer: &Layer) -> BTreeSet<PathBuf> {
        let mut folders = BTreeSet::new();
        for step in layer.steps {
            match step {
                // Hygiene reads the whole repository; a script or check may.
                Step::Tests {
                    selection: Selection::Package(name),
                    inside: None,
                } if *name != "keyway-hygiene" => {
                    self.close_over(name, &mut folders);
                }
                _ => return BTreeSet::from([PathBuf::from(".")]),
            }
        }
        for shared in ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", ".cargo"] {
            folders.insert(PathBuf::from(shared));
        }
        folders
    }

    fn close_over(&self, name: &str, folders: &mut BTreeSet<PathBuf>) {
        let Some(package) = self.packages.iter().find(|package| package.name == name) else {
            return;
        };
        let folder = package.manifest_path.parent().unwrap_or(&self.root);
        let folder = folder.strip_prefix(&self.root).unwrap_or(folder).to_owned();
        if folders.insert(folder) {
            for dependency in package.dependencies.iter().filter(|d| d.path.is_some()) {
                self.close_over(&dependency.name, folders);
            }
        }
    }

    /// What git knows or would add below `folders`, sorted.
    fn files(&self, folders: &BTreeSet<PathBuf>) -> Result<Vec<PathBuf>> {
        let output = Command::new("git")
            .current_dir(&self.root)
            .args([
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
                "--",
            ])
            .args(folders)
            .output()
            .context("--changed needs git")?;
        if !output.status.success() {
            bail!("--changed needs a git clone");
        }
        let names: BTreeSet<PathBuf> = output
            .stdout
            .split(|&byte| byte == 0)
            .filter(|name| !name.is_empty())
            .map(|name| PathBuf::from(String::from_utf8_lossy(name).into_owned()))
            .collect();
        Ok(names.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{Dependency, Package, Passed, Workspace};
    use crate::test::layers::Layer;
    use crate::test::suite::LAYERS;
    use std::path::PathBuf;

    fn package(name: &str, folder: &str, uses: &[&str]) -> Package {
        let dependencies = uses.iter().map(|name| Dependency {
            name: (*name).to_owned(),
            path: Some(PathBuf::from("somewhere")),
        });
        Package {
            name: name.to_owned(),
            manifest_path: PathBuf::from("/r").join(folder).join("Cargo.toml"),
            dependencies: dependencies.collect(),
        }
    }

    fn workspace() -> Workspace {
        Workspace {
            target: PathBuf::from("/r/target"),
            root: PathBuf::from("/r"),
            packages: vec![
                package("keyway-protocol", "core/protocol", &[]),
                package("keyway-app", "core/app", &["keyway-protocol"]),
                package("keyway-building", "tests/building", &["keyway-app"]),
            ],
        }
    }

    fn layer(name: &str) -> &'static Layer {
        let found = LAYERS.iter().find(|layer| layer.name == name);
        found.expect("the layer is in the table")
    }

    #[test]
    fn a_package_layer_depends_on_what_its_package_uses_and_no_more() {
        let folders = workspace().folders_of(layer("protocol"));
        assert!(folders.contains(&PathBuf::from("core/protocol")));
        assert!(!folders.contains(&PathBuf::from("core/app")));
        let folders = workspace().folders_of(layer("building"));
        assert!(folders.contains(&PathBuf::from("core/protocol")));
        assert!(folders.contains(&PathBuf::from("Cargo.lock")));
    }

    #[test]
    fn a_check_depends_on_everything() {
        let whole = PathBuf::from(".");
        assert!(workspace().folders_of(layer("lint")).contains(&whole));
        assert!(workspace().folders_of(layer("hygiene")).contains(&whole));
    }

    #[test]
    fn only_the_same_fingerprint_counts_as_passed() {
        let mut passed = Passed::default();
        passed.by_layer.insert("unit".into(), "a".into());
        assert!(passed.has("unit", "a"));
        assert!(!passed.has("unit", "b"));
        assert!(!passed.has("world", "a"));
    }
}
