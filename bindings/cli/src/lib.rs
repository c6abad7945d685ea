//! `keyway`, the terminal shell: one more thin shell over the same core.
//!
//! A command becomes calls on [`keyway_app::App`]; what comes back is shown as a table or as JSON. No journey lives here. One process is one
//! phone: on one's own phone each command is a process of its own, on a borrowed phone (`sign-in --borrowed`) everything happens in one
//! process, in memory, at a prompt.
//!
//! A library with a small main, so that other tools can run the same shell.
#![forbid(unsafe_code)]

pub mod args;
mod attempt;
mod borrowed;
mod choose;
pub mod exit;
pub mod failure;
mod hardening;
mod input;
mod journey;
mod language;
pub mod output;
mod phone;
mod places;
mod prompt;
#[cfg(test)]
mod samples;
mod screen;
#[cfg(test)]
#[cfg(feature = "development-store")]
mod tests;
mod time;
mod view;
mod words;

pub use places::TerminalPlaces;

use args::{Arguments, Command};
use clap::{CommandFactory as _, Parser as _};
use failure::Failure;
use output::Output;
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

/// The whole program.
#[must_use]
pub fn main() -> ExitCode {
    ExitCode::from(run(std::env::args_os()))
}

/// Runs one command line, program name first; gives the exit code.
pub fn run(line: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments = match Arguments::try_parse_from(line) {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return u8::try_from(error.exit_code()).unwrap_or(exit::USAGE);
        }
    };
    if let Command::Completions { shell } = arguments.command {
        clap_complete::generate(
            shell,
            &mut Arguments::command(),
            "keyway",
            &mut io::stdout(),
        );
        return exit::SUCCESS;
    }
    language::choose(arguments.language.as_deref());
    keyway_platform::log::install_panic_hook(to_standard_error);
    log();
    let output = Output::standard(arguments.json, arguments.color);
    match execute(arguments, &output) {
        Ok(()) => exit::SUCCESS,
        Err(failure) => {
            output.failure(&failure);
            failure.exit_code()
        }
    }
}

fn execute(arguments: Arguments, output: &Output) -> Result<(), Failure> {
    let set_up = phone::SetUp::from(&arguments)?;
    match arguments.command {
        Command::Ways(asked) => phone::nobodys(set_up, async |app| {
            journey::ways(app, output, &asked);
            Ok(())
        }),
        Command::SendCode(mailbox) => phone::nobodys(set_up, async |app| {
            journey::send_code(app, output, mailbox).await
        }),
        Command::SignIn(sign_in) if sign_in.borrowed => borrowed::run(set_up, sign_in, output),
        Command::SignIn(sign_in) => phone::own(set_up, output, async |app| {
            journey::sign_in(app, output, sign_in).await
        }),
        Command::ResetPassword(mailbox) => phone::nobodys(set_up, async |app| {
            journey::reset_password(app, output, mailbox).await
        }),
        Command::Signed(command) => phone::own(set_up, output, async |app| {
            journey::own(app, output, command).await
        }),
        Command::ChangePassword(asked) => phone::own(set_up, output, async |app| {
            journey::change_password(app, output, &asked).await
        }),
        Command::Show => phone::own(set_up, output, async |app| journey::show(app, output).await),
        // Answered without a phone.
        Command::Completions { .. } => Ok(()),
    }
}

/// Logs go to standard error, and only when KEYWAY_LOG asks for them.
fn log() {
    if let Ok(asked) = std::env::var("KEYWAY_LOG") {
        let directives = keyway_platform::log::directives(&asked);
        let filter = tracing_subscriber::EnvFilter::new(directives);
        let _ = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(io::stderr)
            .try_init();
    }
}

fn to_standard_error(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
