//! Words about doors and their codes.

use clap::Args;
use keyway_app::NewDoorcode;
use keyway_app::service::CodeDay;

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

/// Which doors first.
#[derive(Debug, Args)]
pub struct Doors {
    /// Those in range first, the nearest of them first: listens for three seconds.
    #[arg(long)]
    pub near: bool,
}

/// One door, or all in range.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Sync {
    /// The door's name, the beginning of its name, or its id.
    #[arg(value_name = "DOOR", num_args = 1..)]
    words: Vec<String>,
    /// Every door in range, one after the other.
    #[arg(long)]
    all: bool,
}

impl Sync {
    /// The door's name; `None`: all in range.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        (!self.all).then(|| self.words.join(" "))
    }
}

/// Which codes to show, and how.
#[derive(Debug, Args)]
pub struct Codes {
    /// Only those of one door: its name, the beginning of its name, or its id.
    #[arg(long, value_name = "NAME")]
    pub door: Option<String>,
    /// What to show of them.
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

/// What daily code.
#[derive(Clone, Copy, Debug, Args)]
pub struct DailyCode {
    /// It ends 15 minutes after its first use.
    #[arg(long)]
    pub single_use: bool,
    /// For tomorrow on the door's calendar, not for today.
    #[arg(long)]
    tomorrow: bool,
}

impl DailyCode {
    /// For which day.
    #[must_use]
    pub fn day(self) -> CodeDay {
        if self.tomorrow {
            CodeDay::Tomorrow
        } else {
            CodeDay::Today
        }
    }
}

impl From<DailyCode> for NewDoorcode {
    fn from(asked: DailyCode) -> Self {
        Self {
            single_use: asked.single_use,
            day: asked.day(),
        }
    }
}

/// A new daily code.
#[derive(Debug, Args)]
pub struct NewCode {
    /// For which door.
    #[command(flatten)]
    pub door: DoorArgument,
    /// What code.
    #[command(flatten)]
    pub code: DailyCode,
}

/// A new code in place of one's own.
#[derive(Debug, Args)]
pub struct ResetCode {
    /// Of which door.
    #[command(flatten)]
    pub door: DoorArgument,
    /// What to show of it.
    #[command(flatten)]
    pub reveal: Reveal,
}

/// A door's log.
#[derive(Debug, Args)]
pub struct Activity {
    /// Of which door.
    #[command(flatten)]
    pub door: DoorArgument,
    /// Older entries too, back to the first.
    #[arg(long)]
    pub more: bool,
}
