//! One version: the workspace's, its crates', and what the phones' own build files say.

use crate::test::build;
use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;
use std::path::Path;
use std::process::Command;

/// How a line of a phone's build file begins that names the app's or library's version.
const WORDS: [&str; 4] = [
    "versionName",
    "VERSION_NAME",
    "MARKETING_VERSION",
    "version =",
];
/// The build files.
const BUILD_FILES: [&str; 5] = [
    ".gradle.kts",
    "gradle.properties",
    ".xcconfig",
    ".pbxproj",
    "pom.xml",
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
}

/// Where the version stands.
pub(super) struct Elsewhere {
    /// How many places say it.
    pub(super) places: usize,
    /// Those that say another.
    pub(super) others: Vec<String>,
}

fn crates(root: &Path) -> Result<Vec<Package>> {
    let output = build::cargo(root)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()
        .context("cargo metadata")?;
    ensure!(output.status.success(), "cargo metadata failed");
    let metadata: Metadata = serde_json::from_slice(&output.stdout)?;
    Ok(metadata.packages)
}

/// The version of the crate that ships.
pub(super) fn workspace(root: &Path) -> Result<String> {
    let found = crates(root)?
        .into_iter()
        .find(|package| package.name == crate::phones::cargo::PACKAGE);
    match found {
        Some(package) => Ok(package.version),
        None => bail!("no crate {}", crate::phones::cargo::PACKAGE),
    }
}

/// Who says it, and who says otherwise.
pub(super) fn elsewhere(root: &Path, version: &str) -> Result<Elsewhere> {
    let mut found = Elsewhere {
        places: 0,
        others: Vec::new(),
    };
    for package in crates(root)? {
        found.note(&package.name, &package.version, version);
    }
    for file in build_files(root)? {
        let text = std::fs::read_to_string(root.join(&file)).unwrap_or_default();
        for said in versions(&text) {
            found.note(&file, &said, version);
        }
    }
    Ok(found)
}

impl Elsewhere {
    fn note(&mut self, place: &str, said: &str, version: &str) {
        self.places += 1;
        if said != version {
            self.others.push(format!("{place}: {said}"));
        }
    }
}

/// The phones' build files that are in the repository.
fn build_files(root: &Path) -> Result<Vec<String>> {
    let output = Command::new("git")
        .args(["ls-files", "--", "ios", "android"])
        .current_dir(root)
        .output()
        .context("git")?;
    ensure!(output.status.success(), "git ls-files failed");
    let listed = String::from_utf8_lossy(&output.stdout).into_owned();
    let files = listed
        .lines()
        .filter(|file| BUILD_FILES.iter().any(|end| file.ends_with(end)));
    Ok(files.map(str::to_owned).collect())
}

/// The versions that a build file gives to what it builds: what stands after one of [`WORDS`], if it is three numbers.
fn versions(text: &str) -> Vec<String> {
    let named = text.lines().map(str::trim).filter_map(|line| {
        let rest = WORDS.iter().find_map(|word| line.strip_prefix(word))?;
        let said = rest.trim_matches(|c: char| c.is_whitespace() || "=\"';:".contains(c));
        is_version(said).then(|| said.to_owned())
    });
    named.collect()
}

fn is_version(text: &str) -> bool {
    let numbers: Vec<&str> = text.split('.').collect();
    numbers.len() == 3 && numbers.iter().all(|number| number.parse::<u32>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::versions;

    #[test]
    fn a_build_files_own_version_is_found_and_its_tools_are_not() {
        let text = "plugins { id(\"x\") version \"8.7.3\" }\nversion = \"0.1.0\"\n  versionName = \"0.2.0\"\n\
            versionCode = 3\nMARKETING_VERSION = 0.3.0;\nVERSION_NAME=0.4.0\n";
        assert_eq!(versions(text), ["0.1.0", "0.2.0", "0.3.0", "0.4.0"]);
    }
}
