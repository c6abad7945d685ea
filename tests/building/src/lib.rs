//! `keyway-building`: serves, plays and breaks a whole building.
//!
//! Every part is a process of its own: the service, each lock, a phone, and the scan that looks for what the phone left. They are all this one
//! program in different roles.
#![forbid(unsafe_code)]

mod canaries;
mod children;
mod demo;
pub mod description;
pub mod evidence;
pub mod fault;
mod keypad;
mod narrate;
mod phone;
mod post;
pub mod report;
mod roles;
pub mod scan;
mod serve;
mod stage;
mod way;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// A building for trying Keyway: a property service, locks, phones, and the air between them.
#[derive(Debug, Parser)]
#[command(name = "keyway-building")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves a building until Ctrl-C: one process for the service, one for each lock
    Serve(serve::ServeOptions),
    /// Serves buildings to whoever plays journeys, and changes the world around them
    Stage,
    /// Types digits at a lock of a served building
    Keypad(keypad::KeypadOptions),
    /// Plays the lockout from sign-in to sign-out and proves that nothing stayed
    Demo(demo::DemoOptions),
    /// A process of a building: the service
    #[command(hide = true)]
    Service(roles::ServiceOptions),
    /// A process of a building: a lock
    #[command(hide = true)]
    Lock(roles::LockOptions),
    /// A process of a building: the terminal shell
    #[command(hide = true)]
    Keyway {
        /// Its command line
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        line: Vec<OsString>,
    },
    /// A process of the demo: a phone
    #[command(hide = true)]
    Phone(phone::PhoneOptions),
    /// A process of the demo: looks for what a phone left; the phone's memory is standard input
    #[command(hide = true)]
    Scan {
        /// What to look for, and where
        request: PathBuf,
    },
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let command = match Arguments::parse().command {
        Command::Keyway { line } => {
            return ExitCode::from(keyway_cli::run(
                [OsString::from("keyway")].into_iter().chain(line),
            ));
        }
        command => command,
    };
    let outcome = run(command);
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _closed = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<bool> {
    match command {
        Command::Serve(options) => serve::run(&options).map(|()| true),
        Command::Stage => stage::run().map(|()| true),
        Command::Keypad(options) => keypad::run(&options),
        Command::Demo(options) => demo::run(&options),
        Command::Service(options) => roles::service(&options).map(|()| true),
        Command::Lock(options) => roles::lock(&options).map(|()| true),
        Command::Phone(options) => phone::run(&options).map(|()| true),
        Command::Scan { request } => scan_for(&request).map(|()| true),
        // Answered before: a shell has exit codes of its own.
        Command::Keyway { .. } => Ok(true),
    }
}

fn scan_for(request: &PathBuf) -> Result<()> {
    let request = serde_json::from_slice(&std::fs::read(request)?).context("the request")?;
    let memory = File::open("/dev/stdin").ok();
    children::announce(&scan::scan(&request, memory)?)
}
