//! Typing at a lock of a served building.

use crate::description::{Description, FILE};
use crate::roles::hands::{Heard, at_the_door};
use anyhow::{Result, bail};
use std::io::Write as _;
use std::path::PathBuf;

/// Options of `keypad`.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct KeypadOptions {
    /// The door: its name, the beginning of it, or its identifier
    door: String,
    /// The digits to type
    digits: String,
    /// The served building's folder
    #[arg(long, default_value = "target/building")]
    dir: PathBuf,
}

/// Types and says what the lock did; `false` when it stayed shut.
pub(crate) fn run(options: &KeypadOptions) -> Result<bool> {
    if options.digits.is_empty() || !options.digits.bytes().all(|byte| byte.is_ascii_digit()) {
        bail!("a keypad has digits only");
    }
    let building = Description::read(&options.dir.join(FILE))?;
    let wanted = options.door.to_lowercase();
    let found = building.locks.iter().find(|lock| {
        lock.name.to_lowercase().starts_with(&wanted) || lock.door_uuid == options.door
    });
    let Some(lock) = found else {
        let names: Vec<&str> = building
            .locks
            .iter()
            .map(|lock| lock.name.as_str())
            .collect();
        bail!(
            "no door `{}`; there are: {}",
            options.door,
            names.join(", ")
        );
    };
    let heard = at_the_door(&lock.keypad, &options.digits)?;
    writeln!(std::io::stdout(), "{}: {}", lock.name, in_words(&heard))?;
    Ok(heard == Heard::Open)
}

fn in_words(heard: &Heard) -> String {
    match heard {
        Heard::Open => "open".to_owned(),
        Heard::Stuck => "the bolt is stuck".to_owned(),
        Heard::Refused(why) => format!("refused: {why}"),
        Heard::Nothing | Heard::Stands { .. } => "nothing happens".to_owned(),
    }
}
