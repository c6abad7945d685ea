//! Words about doors and their codes.

use clap::Args;

/// A door, as a resident names it.
#[derive(Debug, Args)]
pub struct DoorArgument {
    /// Its name, the beginning of its name, or its id.
    #[arg(value_name = "DOOR", required = true, num_args = 1..)]
    words: Vec<String>,
}

impl DoorArgument {
    /// The words as one name: `unlock Front Door` needs no quotes.
    #[must_use]
    pub fn name(&self) -> String {
        self.words.join(" ")
    }
}

/// Which codes to show, and how.
#[derive(Debug, Args)]
pub struct Codes {
    /// Only those of one door: its name, the beginning of its name, or its id.
    #[arg(long, value_name = "NAME")]
    pub door: Option<String>,
    /// How to show them.
    #[command(flatten)]
    pub reveal: Reveal,
}

/// What to show of a code.
#[derive(Clone, Copy, Debug, Args)]
pub struct Reveal {
    /// Show the digits.
    #[arg(long)]
    pub reveal: bool,
    /// On a borrowed phone, show the digits of lasting codes too; reset them afterwards.
    #[arg(long, requires = "reveal")]
    pub reveal_lasting: bool,
}
