//! The prompt of a borrowed phone: lines as they are typed, and what each says.

use crate::args::{PromptLine, SignedCommand};
use crate::failure::Failure;
use crate::input;
use crate::words::words;
use clap::Parser as _;
use clap::error::ErrorKind;
use tokio::sync::mpsc;
use zeroize::Zeroizing;

/// What stands before each line.
pub(crate) const PROMPT: &str = "keyway (borrowed)> ";

/// What a line at the prompt says.
pub(crate) enum Said {
    /// Nothing.
    Nothing,
    /// It asks what can be said.
    Help(String),
    /// A command.
    Command(SignedCommand),
}

/// Understands a line.
///
/// # Errors
/// [`Failure::Usage`], which says why not.
pub(crate) fn understand(line: &str) -> Result<Said, Failure> {
    let words = words(line).ok_or_else(|| Failure::Usage("A quote has no end.".to_owned()))?;
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => return Ok(Said::Nothing),
        ["exit" | "quit"] => return Ok(Said::Command(SignedCommand::SignOut)),
        _ => {}
    }
    match PromptLine::try_parse_from(words) {
        Ok(parsed) => Ok(Said::Command(parsed.command)),
        Err(error) if error.kind() == ErrorKind::DisplayHelp => {
            Ok(Said::Help(error.to_string().trim_end().to_owned()))
        }
        Err(error) => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            Err(Failure::Usage(
                first.trim_start_matches("error: ").to_owned(),
            ))
        }
    }
}

/// Standard input's lines, read on a thread of their own: it may wait for ever, and ends with the process.
pub(crate) fn lines() -> mpsc::Receiver<Zeroizing<String>> {
    let (sender, lines) = mpsc::channel(16);
    std::thread::spawn(move || {
        while let Ok(Some(line)) = input::read_line() {
            if sender.blocking_send(line).is_err() {
                break;
            }
        }
    });
    lines
}

#[cfg(test)]
mod tests {
    use super::{Said, understand};
    use crate::args::SignedCommand;
    use crate::failure::Failure;

    #[test]
    fn a_line_is_a_command_a_question_or_a_mistake() {
        assert!(matches!(understand("  "), Ok(Said::Nothing)));
        for end in ["exit", "quit", "sign-out"] {
            let said = understand(end);
            assert!(matches!(said, Ok(Said::Command(SignedCommand::SignOut))));
        }
        assert!(matches!(understand("help"), Ok(Said::Help(text)) if text.contains("sign-out")));
        for wrong in ["open-sesame", "unlock", "unlock \"Front"] {
            assert!(
                matches!(understand(wrong), Err(Failure::Usage(_))),
                "{wrong}"
            );
        }
    }

    #[test]
    fn what_needs_no_session_is_not_said_within_one() {
        assert!(understand("sign-in").is_err());
        assert!(understand("completions bash").is_err());
    }
}
