//! The generated halves of the bindings, out of a library for this machine that still describes itself.

use super::cargo::{LIBRARY, PACKAGE};
use crate::test::build;
use anyhow::{Context as _, Result, ensure};
use std::path::{Path, PathBuf};

/// The crate that has the generators.
const GENERATOR: &str = "keyway-bindgen";

/// Which half.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Half {
    /// Kotlin.
    Kotlin,
    /// Swift's sources.
    Swift,
    /// The C header and the module map that Swift sees it through.
    Header,
}

/// Builds the library that the generator reads: the same interface, for this machine.
pub(crate) fn described(root: &Path, target_folder: &Path) -> Result<PathBuf> {
    let mut command = build::cargo(root);
    command.args(["build", "-p", PACKAGE, "--lib"]);
    super::cargo::run(command)?;
    let extension = std::env::consts::DLL_EXTENSION;
    Ok(target_folder.join(format!("debug/{LIBRARY}.{extension}")))
}

/// Generates into `folder`, which is emptied before.
pub(crate) fn make(root: &Path, library: &Path, half: &Half, folder: &Path) -> Result<PathBuf> {
    let _not_there = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder)?;
    let mut command = build::cargo(root);
    command.args(["run", "--quiet", "-p", GENERATOR, "--bin"]);
    let config = root.join("uniffi.toml");
    match half {
        Half::Kotlin => {
            command.args(["uniffi-bindgen", "--", "generate", "--language", "kotlin"]);
            command.args(["--no-format", "--out-dir"]).arg(folder);
            command.arg("--config").arg(config).arg(library);
        }
        Half::Swift => {
            command.args(["uniffi-bindgen-swift", "--", "--swift-sources"]);
            command.arg("--config").arg(config).arg(library).arg(folder);
        }
        Half::Header => {
            command.args(["uniffi-bindgen-swift", "--", "--headers", "--modulemap"]);
            // The module that Swift's half imports.
            command.args(["--module-name", "KeywayCoreFFI"]);
            command.args(["--modulemap-filename", "module.modulemap"]);
            command.arg("--config").arg(config).arg(library).arg(folder);
        }
    }
    let status = command.status().context("cargo")?;
    ensure!(status.success(), "the generator ended with {status}");
    ensure!(
        std::fs::read_dir(folder)?.next().is_some(),
        "the generator made nothing of {}",
        library.display()
    );
    Ok(folder.to_owned())
}
