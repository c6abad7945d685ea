//! The command line.

use crate::exit;
#[cfg(feature = "development-store")]
use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;

/// A resident's door app in a terminal.
#[derive(Debug, Parser)]
#[command(name = "keyway", version, about, after_help = exit::table(), propagate_version = true)]
pub struct Arguments {
    /// This phone's folder; each folder is one phone, so several can run side by side.
    #[arg(long, value_name = "DIR", env = "KEYWAY_HOME", global = true)]
    pub home: Option<PathBuf>,
    /// The served building: names its address, its certificate authority (the only one trusted) and its radio.
    #[arg(long, value_name = "FILE", env = "KEYWAY_BUILDING", global = true)]
    pub building: Option<PathBuf>,
    /// Keep secrets in an unencrypted file that only you may read, below the phone's folder. For development.
    #[cfg(feature = "development-store")]
    #[arg(long, env = "KEYWAY_DEVELOPMENT_KEYCHAIN", global = true, value_parser = FalseyValueParser::new())]
    pub development_keychain: bool,
    /// One JSON object a line on standard output, errors too.
    #[arg(long, global = true)]
    pub json: bool,
    /// Colours and moving bars: only on a terminal, or never.
    #[arg(long, value_enum, default_value = "auto", global = true)]
    pub color: ColorChoice,
    /// Language of the answers, such as `en` or `es`: the terminal's where nothing is said.
    #[arg(long, global = true, value_name = "TAG")]
    pub language: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Sign in with e-mail and password, asked for without showing the password.
    SignIn(SignIn),
    /// What a signed-in resident can do.
    #[command(flatten)]
    Signed(SignedCommand),
    /// Print the completions for a shell.
    Completions {
        /// Which shell.
        shell: Shell,
    },
}

/// How to sign in.
#[derive(Debug, Args)]
pub struct SignIn {
    /// On somebody else's phone: everything stays in memory, in this one process, for 15 minutes at most.
    #[arg(long)]
    pub borrowed: bool,
    /// E-mail address; asked for when left out.
    #[arg(long)]
    pub email: Option<String>,
    /// Read the password from the first line of standard input.
    #[arg(long, requires = "email")]
    pub password_stdin: bool,
}

/// What a signed-in resident can do: on an own phone one command a process, on a borrowed one at the prompt.
#[derive(Debug, Subcommand)]
pub enum SignedCommand {
    /// List your doors.
    Doors,
    /// List your doorcodes.
    Codes(Codes),
    /// Carry news between the service and a lock, both ways.
    Sync(DoorArgument),
    /// Unlock a door.
    Unlock(DoorArgument),
    /// Sign out, erase everything, and report place by place.
    SignOut,
}

/// Which codes to show, and how.
#[derive(Debug, Args)]
pub struct Codes {
    /// Only those of one door: its name, the beginning of its name, or its id.
    #[arg(long, value_name = "NAME")]
    pub door: Option<String>,
    /// Show the digits.
    #[arg(long)]
    pub reveal: bool,
    /// On a borrowed phone, show the digits of lasting codes too; reset them afterwards.
    #[arg(long, requires = "reveal")]
    pub reveal_lasting: bool,
}

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

/// One line at the prompt of a borrowed phone.
#[derive(Debug, Parser)]
#[command(
    name = "keyway (borrowed)",
    no_binary_name = true,
    disable_help_flag = true,
    disable_version_flag = true,
    help_template = "{subcommands}"
)]
pub struct PromptLine {
    /// What to do.
    #[command(subcommand)]
    pub command: SignedCommand,
}

#[cfg(test)]
mod tests {
    use super::{Arguments, Command, PromptLine, SignedCommand};
    use clap::{CommandFactory as _, Parser as _};

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
        PromptLine::command().debug_assert();
    }

    #[test]
    fn a_door_name_of_several_words_needs_no_quotes() {
        let line = PromptLine::try_parse_from(["unlock", "Front", "Door"]).expect("a command");
        let SignedCommand::Unlock(door) = line.command else {
            panic!("not an unlock");
        };
        assert_eq!(door.name(), "Front Door");
    }

    #[test]
    fn a_password_from_standard_input_needs_the_email_on_the_line() {
        assert!(Arguments::try_parse_from(["keyway", "sign-in", "--password-stdin"]).is_err());
        let line = [
            "keyway",
            "sign-in",
            "--password-stdin",
            "--email",
            "a@b.test",
        ];
        let parsed = Arguments::try_parse_from(line).expect("a command");
        assert!(matches!(parsed.command, Command::SignIn(sign_in) if !sign_in.borrowed));
    }

    #[test]
    fn the_password_itself_is_never_an_argument() {
        let line = [
            "keyway",
            "sign-in",
            "--email",
            "a@b.test",
            "--password",
            "x",
        ];
        assert!(Arguments::try_parse_from(line).is_err());
    }
}
