//! The project's own commands: `cargo xtask test` is what a developer and continuous integration both run.
//!
//! Layers are a table ([`test`](self) command's `--list` prints it): each has a budget in seconds, what it needs of the machine, and the
//! commands or test executables it runs. The workspace is compiled once for all of them.
#![forbid(unsafe_code)]

mod bench;
mod test;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

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
    /// Measures, prints a table, and leaves the figures below target/bench
    Bench(bench::Options),
}

/// Runs the command line of this process; anything but success means a failed or unusable run.
#[must_use]
pub fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Test(options) => test::run(&options),
        Command::Bench(options) => bench::run(&options),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            test::progress::say(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}
