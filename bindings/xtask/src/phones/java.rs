//! btleplug's Java half, out of the crate that the library is built with: both must be of one version.

use crate::test::build;
use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The crate, and where its Java sources are in it.
const CRATE: &str = "btleplug";
const SOURCES: &str = "src/droidplug/java/src/main/java";

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    manifest_path: PathBuf,
}

/// Copies the sources to `folder`, which is emptied before.
pub(crate) fn lay_out(root: &Path, folder: &Path) -> Result<()> {
    let (version, sources) = find(root)?;
    let _not_there = std::fs::remove_dir_all(folder);
    let copied = copy(&sources, folder)?;
    ensure!(copied > 0, "no Java in {}", sources.display());
    std::fs::write(
        folder.join("VERSION"),
        format!("{CRATE} {version}: {copied} files, made by `cargo xtask android`\n"),
    )?;
    Ok(())
}

fn find(root: &Path) -> Result<(String, PathBuf)> {
    let output = build::cargo(root)
        .args([
            "metadata",
            "--format-version",
            "1",
            "--filter-platform",
            "aarch64-linux-android",
        ])
        .output()
        .context("cargo metadata")?;
    ensure!(output.status.success(), "cargo metadata failed");
    let metadata: Metadata = serde_json::from_slice(&output.stdout)?;
    let mut found = metadata
        .packages
        .into_iter()
        .filter(|one| one.name == CRATE);
    let Some(package) = found.next() else {
        bail!("{CRATE} is not among the dependencies");
    };
    ensure!(found.next().is_none(), "two versions of {CRATE}");
    let crate_folder = package.manifest_path.parent().context("its folder")?;
    Ok((package.version, crate_folder.join(SOURCES)))
}

/// Copies every `.java` file, in the folders of its package.
fn copy(from: &Path, to: &Path) -> Result<usize> {
    std::fs::create_dir_all(to)?;
    let mut copied = 0;
    for entry in std::fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            copied += copy(&path, &to.join(entry.file_name()))?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "java")
        {
            std::fs::copy(&path, to.join(entry.file_name()))?;
            copied += 1;
        }
    }
    Ok(copied)
}
