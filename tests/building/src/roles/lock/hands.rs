//! What hands at a door can do: type at the keypad, throw the deadbolt, jam the bolt, change the battery, carry the lock out of range.
//!
//! A line of digits is typed. A line of JSON is a [`Change`]. The answer is one line of JSON, a [`Heard`].

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// The lock answers at once; the bolt takes about a second.
const ANSWER: Duration = Duration::from_secs(15);

/// Something about the lock changes; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Change {
    /// Phones hear it and are heard.
    pub(crate) in_range: Option<bool>,
    /// The deadbolt is thrown from inside.
    pub(crate) deadbolt: Option<bool>,
    /// The bolt cannot move.
    pub(crate) jammed: Option<bool>,
    /// Charge, per cent.
    pub(crate) battery: Option<u8>,
    /// Power goes or comes back.
    pub(crate) power: Option<bool>,
}

/// What the door does then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Heard {
    /// It is open.
    Open,
    /// The motor started, and the bolt did not move.
    Stuck,
    /// The code was refused, and why.
    Refused(String),
    /// Nothing.
    Nothing,
    /// The lock changed as wanted.
    Stands {
        /// So often has its motor started.
        motor_moves: u64,
        /// So many operations has its air seen of phones; to stop and to disconnect is none.
        operations: u64,
    },
}

/// Does one thing at the lock whose keypad is at `address`, and waits for what is heard.
pub(crate) fn at_the_door(address: &str, line: &str) -> Result<Heard> {
    let mut keypad = TcpStream::connect(address).context("the lock is not running")?;
    keypad.set_read_timeout(Some(ANSWER))?;
    writeln!(keypad, "{line}")?;
    let mut answer = String::new();
    BufReader::new(keypad).read_line(&mut answer)?;
    serde_json::from_str(&answer).context("the lock did not understand")
}
