//! `keyway`, the terminal shell.
#![forbid(unsafe_code)]

use std::process::ExitCode;

keyway_platform::zero_on_free!();

fn main() -> ExitCode {
    keyway_cli::main()
}
