//! `keyway-building`: serves, plays and breaks a whole building.
#![forbid(unsafe_code)]

use std::process::ExitCode;

// A phone of the demo is what ships, so it frees its memory as what ships does.
keyway_platform::zero_on_free!();

fn main() -> ExitCode {
    keyway_building::main()
}
