//! The command line.

mod account;
mod doors;
mod guests;

pub use account::{ChangePassword, Mailbox, SessionArgument, SignIn, Ways};
pub use doors::{
    Activity, Codes, DailyCode, DoorArgument, Doors, NewCode, ResetCode, Reveal, Sync,
};
pub use guests::{
    AccessArgument, ChangeEnd, EndArgument, Invite, LetIn, NameArgument, RecipientArgument,
    SeveralDoors,
};

use crate::exit;
#[cfg(any(feature = "bluetooth", feature = "development-store"))]
use clap::builder::FalseyValueParser;
use clap::{Parser, Subcommand, ValueEnum};
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
    /// Use this machine's Bluetooth instead of the building's simulated radio.
    #[cfg(feature = "bluetooth")]
    #[arg(long, env = "KEYWAY_BLUETOOTH", global = true, value_parser = FalseyValueParser::new())]
    pub bluetooth: bool,
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
    /// List the ways to get on from here when nobody is signed in, best first, and name the dead ends.
    Ways(Ways),
    /// Have a one-time code sent to your mailbox, for `sign-in --code`.
    SendCode(Mailbox),
    /// Sign in with e-mail and password, or with a one-time code; neither is shown.
    SignIn(SignIn),
    /// Have a link for a new password sent to your mailbox; using it ends every session.
    ResetPassword(Mailbox),
    /// What a signed-in resident can do.
    #[command(flatten)]
    Signed(SignedCommand),
    /// Change your password, asked for without showing it; every other session ends.
    ChangePassword(ChangePassword),
    /// Show what is hidden, once the phone has recognised its owner.
    Show,
    /// Print the completions for a shell.
    Completions {
        /// Which shell.
        shell: Shell,
    },
}

/// What a signed-in resident can do: on an own phone one command a process, on a borrowed one at the prompt.
#[derive(Debug, Subcommand)]
pub enum SignedCommand {
    /// List every way through a door: those that exist now first, and what would make the others exist.
    Options(DoorArgument),
    /// List your doors.
    Doors(Doors),
    /// List your doorcodes.
    Codes(Codes),
    /// Make a daily code for a door, and show it; it works at once, without a sync.
    NewCode(NewCode),
    /// Reset your own code of a door; the old one works until the door's next sync, the new one from then on.
    ResetCode(ResetCode),
    /// Unlock a door.
    Unlock(DoorArgument),
    /// Carry news between the service and a lock, both ways.
    Sync(Sync),
    /// Send somebody a daily code by e-mail or SMS; it works at once, without a sync.
    LetIn(LetIn),
    /// Invite a guest, with a start and an end if you like; their code works after each door's next sync.
    Invite(Invite),
    /// List the people you let in, and how far each revocation has come.
    Guests,
    /// Take somebody's access to a door back.
    Revoke(AccessArgument),
    /// Move the end of somebody's access to a door.
    ChangeEnd(ChangeEnd),
    /// List who opened a door and when, and who may see each entry.
    Activity(Activity),
    /// List the sessions of your account.
    Sessions,
    /// End one session of your account: that phone is wiped at its next contact.
    EndSession(SessionArgument),
    /// End every session of your account, sign out here too, and report place by place.
    EndSessions,
    /// Hide everything until the phone's owner asks for it.
    Hide,
    /// Print a report for the property's support, as JSON: no name, address, id, code or key is in it.
    Diagnostics,
    /// Sign out, erase everything, and report place by place.
    SignOut,
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
    use keyway_app::NewDoorcode;
    use keyway_app::service::CodeDay;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
        PromptLine::command().debug_assert();
    }

    #[test]
    fn the_readme_lists_each_command() {
        let readme = include_str!("../../README.md");
        for command in Arguments::command().get_subcommands() {
            let name = command.get_name();
            assert!(
                readme.contains(&format!("| `{name}")),
                "the README lacks {name}"
            );
            assert!(command.get_about().is_some(), "{name} has no help");
        }
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
    fn a_sync_is_of_one_door_or_of_all() {
        let sync = |line: &[&str]| match PromptLine::try_parse_from(line).ok()?.command {
            SignedCommand::Sync(sync) => Some(sync.name()),
            _ => None,
        };
        let front = Some(Some("Front Door".to_owned()));
        assert_eq!(sync(&["sync", "Front", "Door"]), front);
        assert_eq!(sync(&["sync", "--all"]), Some(None));
        assert_eq!(sync(&["sync"]), None);
        assert_eq!(sync(&["sync", "Front", "--all"]), None);
    }

    #[test]
    fn a_daily_code_is_for_today_unless_it_is_said() {
        let code = |line: &[&str]| match PromptLine::try_parse_from(line).expect("words").command {
            SignedCommand::NewCode(asked) => (asked.door.name(), NewDoorcode::from(asked.code)),
            _ => panic!("not a code"),
        };
        let (door, today) = code(&["new-code", "Front", "Door"]);
        assert_eq!((door.as_str(), today.day), ("Front Door", CodeDay::Today));
        assert!(!today.single_use);
        let (_, later) = code(&["new-code", "Front", "--tomorrow", "--single-use"]);
        assert_eq!((later.day, later.single_use), (CodeDay::Tomorrow, true));
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

    #[test]
    fn neither_is_a_one_time_code() {
        let line = ["keyway", "sign-in", "--email", "a@b.test", "--code"];
        let parsed = Arguments::try_parse_from(line).expect("a command");
        assert!(matches!(parsed.command, Command::SignIn(sign_in) if sign_in.code));
        for value in [&["123456"][..], &["--code=123456"]] {
            assert!(Arguments::try_parse_from([&line[..4], value].concat()).is_err());
        }
    }
}
