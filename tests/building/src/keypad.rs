//! Typing at a lock of a served building.

use crate::description::{Description, FILE};
use anyhow::{Context as _, Result, bail};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::Duration;

/// The lock answers at once; the bolt takes about a second.
const ANSWER: Duration = Duration::from_secs(15);

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
    let mut keypad = TcpStream::connect(&lock.keypad).context("the lock is not running")?;
    keypad.set_read_timeout(Some(ANSWER))?;
    writeln!(keypad, "{}", options.digits)?;
    let mut answer = String::new();
    BufReader::new(keypad).read_line(&mut answer)?;
    let answer = answer.trim();
    writeln!(std::io::stdout(), "{}: {answer}", lock.name)?;
    Ok(answer == "open")
}
