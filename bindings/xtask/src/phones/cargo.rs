//! How cargo is called for a phone.

use super::target::{OLDEST_ANDROID, OLDEST_IOS, Target};
use super::toolchain::Toolchain;
use crate::test::build;
use crate::test::needs;
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The crate that ships, and its library's name.
pub(crate) const PACKAGE: &str = "keyway-ffi";
/// The library, as a phone loads it.
pub(crate) const LIBRARY: &str = "libkeyway";
/// The profile: see the workspace's `Cargo.toml`.
const PROFILE: &str = "phone";
/// What ships has every real part in it. A part that is optional is named here, and nowhere else.
const FEATURES: &[&str] = &["bluetooth"];

/// How much is optimised across crates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lto {
    /// All crates as one: smallest, and what ships.
    #[default]
    Fat,
    /// A little.
    Thin,
    /// Not at all: for a library whose size nobody judges.
    Off,
}

/// What cargo is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// Only see whether it compiles.
    Check,
    /// Build the shared library.
    Shared,
    /// Build the static library.
    Static(Lto),
}

/// The cargo command for `target`; what it lacks for linking and for C comes from `tools`, if there are any.
pub(crate) fn command(
    root: &Path,
    target: &Target,
    work: Work,
    tools: Option<&Toolchain>,
) -> Result<Command> {
    let mut command = build::cargo(root);
    command.arg(match work {
        Work::Check => "check",
        Work::Shared | Work::Static(_) => "rustc",
    });
    finish(&mut command, target, work);
    command.env("IPHONEOS_DEPLOYMENT_TARGET", OLDEST_IOS);
    if let Some(tools) = tools {
        command.envs(tools.environment(target)?);
        // No SDK: an empty folder keeps build scripts from asking for one.
        let sdk = tools.folder.join("sdk");
        std::fs::create_dir_all(&sdk)?;
        command.env("SDKROOT", sdk);
    }
    Ok(command)
}

/// The same through cargo-ndk, which knows the NDK's compilers and linker.
pub(crate) fn ndk_command(root: &Path, abi: &str, target: &Target, work: Work) -> Command {
    let mut command = build::cargo(root);
    command.args(["ndk", "-t", abi, "-P", &OLDEST_ANDROID.to_string()]);
    command.arg(match work {
        Work::Check => "check",
        Work::Shared | Work::Static(_) => "rustc",
    });
    finish(&mut command, target, work);
    if work == Work::Shared {
        command.args([
            "-C",
            "link-arg=-Wl,--pack-dyn-relocs=android",
            "-C",
            "link-arg=-Wl,-z,max-page-size=16384",
            "-C",
            "link-arg=-Wl,--icf=all",
        ]);
    }
    command
}

fn finish(command: &mut Command, target: &Target, work: Work) {
    command.args(["-p", PACKAGE, "--lib", "--profile", PROFILE]);
    command.args(["--target", target.triple]);
    command.args(features());
    // The standard library is compiled like everything else, for size: the compiled one is for speed, and brings what prints a backtrace, which no phone
    // shows. The stable compiler must be told to allow it.
    command.args([
        "-Zbuild-std=std,panic_unwind",
        "-Zbuild-std-features=optimize_for_size",
    ]);
    command.env("RUSTC_BOOTSTRAP", "1");
    // Ours alone: the caller's would take their place.
    command.env_remove("RUSTFLAGS");
    command.env_remove("CARGO_ENCODED_RUSTFLAGS");
    let name = target.triple.replace('-', "_").to_uppercase();
    command.env(format!("CARGO_TARGET_{name}_RUSTFLAGS"), flags().join(" "));
    match work {
        Work::Check => {}
        Work::Shared => {
            command.args(["--crate-type", "cdylib", "--"]);
            command.args(["-C", &format!("link-arg={}", soname())]);
        }
        Work::Static(lto) => {
            let setting = match lto {
                Lto::Fat => "\"fat\"",
                Lto::Thin => "\"thin\"",
                Lto::Off => "\"off\"",
            };
            command.args(["--config", &format!("profile.{PROFILE}.lto={setting}")]);
            command.args(["--crate-type", "staticlib"]);
        }
    }
}

/// What every crate is compiled with: a panic names its source file, and not by where this machine has it.
fn flags() -> Vec<String> {
    let folders = source_folders().into_iter();
    folders
        .map(|folder| format!("--remap-path-prefix={}=", folder.display()))
        .collect()
}

/// Where the sources of packages and of the standard library are, each with its last slash.
pub(crate) fn source_folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let registries = home.and_then(|home| std::fs::read_dir(home.join("registry/src")).ok());
    folders.extend(
        registries
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path()),
    );
    folders.extend(needs::sysroot().map(|sysroot| sysroot.join("lib/rustlib/src/rust")));
    folders.sort();
    folders.iter().map(|folder| folder.join("")).collect()
}

/// The features that ship, as cargo's arguments.
pub(crate) fn features() -> Vec<String> {
    if FEATURES.is_empty() {
        return Vec::new();
    }
    vec!["--features".to_owned(), FEATURES.join(",")]
}

fn soname() -> String {
    format!("-soname={LIBRARY}.so")
}

/// Runs cargo, its words on this program's own error stream.
pub(crate) fn run(mut command: Command) -> Result<()> {
    let status = command.status().context("cargo")?;
    if status.success() {
        return Ok(());
    }
    bail!("cargo ended with {status}")
}

/// Where cargo puts what it built for `target`.
pub(crate) fn artefact(target_folder: &Path, target: &Target, extension: &str) -> PathBuf {
    target_folder
        .join(target.triple)
        .join(PROFILE)
        .join(format!("{LIBRARY}.{extension}"))
}
