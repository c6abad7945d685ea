//! The project's own commands: `cargo xtask test` is what a developer and continuous integration both run.
//!
//! Layers are a table ([`test`](self) command's `--list` prints it): each has a budget in seconds, what it needs of the machine, and the
//! commands or test executables it runs. The workspace is compiled once for all of them.
//!
//! `cargo xtask android` and `cargo xtask ios` build what phones get and judge it; `cargo xtask release` says what is in it.
#![forbid(unsafe_code)]

mod bench;
pub mod phones;
mod release;
mod test;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use test::changed::Workspace;

/// The project's own commands.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the test layers and prints what passed, failed and could not run.
    Test(test::Options),
    /// Builds the library for Android, checks it, and lays it out with the Kotlin and Java halves below target/android.
    Android(phones::android::Options),
    /// Builds the library for iOS, checks it, and lays it out with header, Swift half and xcframework below target/ios.
    Ios(phones::ios::Options),
    /// Measures, prints a table, and leaves the figures below target/bench
    Bench(bench::Options),
    /// Checks version, changelog and licences, and writes a bill of materials and the licences' texts below target/release-files.
    Release(release::Options),
}

/// Runs the command line of this process; anything but success means a failed or unusable run.
#[must_use]
pub fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            test::progress::say(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<bool> {
    match command {
        Command::Test(options) => test::run(&options),
        Command::Android(options) => phones::android::run(&options, &test::root()?, &target()?),
        Command::Bench(options) => bench::run(&options),
        Command::Ios(options) => phones::ios::run(&options, &test::root()?, &target()?),
        Command::Release(options) => release::run(&options, &test::root()?, &target()?),
    }
}

/// Where cargo puts what it builds.
fn target() -> Result<PathBuf> {
    Ok(Workspace::read(&test::root()?)?.target)
}
