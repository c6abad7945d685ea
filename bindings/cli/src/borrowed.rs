//! A borrowed phone: one process, in memory, at a prompt of its own; it ends signed out, however it ends.

use crate::args::{PromptLine, SignIn, SignedCommand};
use crate::failure::Failure;
use crate::input;
use crate::language::language;
use crate::output::Output;
use crate::phone::{Bell, SetUp};
use crate::screen::Screen;
use crate::{hardening, journey, view};
use clap::Parser as _;
use clap::error::ErrorKind;
use core::future::Future;
use core::time::Duration;
use keyway_app::account::{SignOutReport, WhosePhone};
use keyway_app::ports::Ports;
use keyway_app::{App, Config, Error};
use serde_json::json;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use zeroize::Zeroizing;

const PROMPT: &str = "keyway (borrowed)> ";
/// The wipe has run; nothing is written that would need more.
const GRACE: Duration = Duration::from_secs(1);

/// Why the session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The resident said so, or the input ended.
    Asked,
    /// The process was told to end.
    Killed,
    /// The core ended it: time was up, or the service ended the session.
    Core,
}

/// Signs in, converses, signs out, reports.
pub(crate) fn run(set_up: SetUp, sign_in: SignIn, output: &Output) -> Result<(), Failure> {
    hardening::forbid_dumps().map_err(|_| Failure::Core(Error::Internal))?;
    let bell = Arc::new(Bell::default());
    let phone = set_up.borrowed().assemble(Arc::clone(&bell) as _)?;
    let app = App::new(phone.ports.clone(), Config::default());
    // From here on the main screen shows nothing before the report.
    let mut screen = Screen::enter(output.is_terminal());
    let result = phone.runtime.block_on(async {
        nobody_lives_here(&phone.ports).await?;
        app.start().await?;
        session(&app, &bell, sign_in, output).await
    });
    screen.leave();
    let result = result.and_then(|ending| ending.tell(output));
    drop(app);
    phone.shut_down(GRACE);
    result
}

/// A borrowed session's sign-out erases the folder: it must not be somebody's own.
async fn nobody_lives_here(ports: &Ports) -> Result<(), Failure> {
    let found = ports.files.list().await;
    match found.map_err(|_| Failure::Core(Error::FolderUnavailable))? {
        empty if empty.is_empty() => Ok(()),
        _ => Err(Failure::HomeNotEmpty),
    }
}

/// How it ended, to be told on the main screen.
struct Ending {
    end: End,
    report: Option<SignOutReport>,
    /// Of the last command, when nobody was there to read it.
    failure: Option<Failure>,
}

impl Ending {
    fn tell(self, output: &Output) -> Result<(), Failure> {
        match self.end {
            End::Asked => {}
            End::Killed => output.line("The process was told to end; first it signed out."),
            End::Core => output.line(&Error::BorrowedTimeUp.text(language()).happened),
        }
        let complete = self.report.as_ref().is_some_and(|report| report.complete);
        if let Some(report) = &self.report {
            view::report(output, report);
        }
        match self.failure {
            _ if !complete => Err(Failure::Leftovers),
            Some(failure) if !output.is_terminal() => Err(Failure::Told(failure.exit_code())),
            _ => Ok(()),
        }
    }
}

async fn session(
    app: &App,
    bell: &Bell,
    sign_in: SignIn,
    output: &Output,
) -> Result<Ending, Failure> {
    // Before the password is asked for: from here on a kill signs out too.
    let mut ended = core::pin::pin!(ended(bell)?);
    // On a thread that may block: a kill does not wait for the password either.
    let asking = tokio::task::spawn_blocking(move || {
        input::credentials(sign_in.email, sign_in.password_stdin)
    });
    let (email, password) = tokio::select! {
        biased;
        // Nobody has signed in: there is nothing to report.
        _ = &mut ended => return Err(Error::Cancelled.into()),
        answer = asking => answer.map_err(|_| Failure::Core(Error::Internal))??,
    };
    let signed_in = app.sign_in(email, password, WhosePhone::Borrowed);
    let signed_in = tokio::select! {
        biased;
        end = &mut ended => Err(end),
        status = signed_in => Ok(status?),
    };
    let mut failure = None;
    let end = match signed_in {
        Err(end) => end,
        Ok(status) => {
            welcome(output, &status);
            let run = async |command| {
                let result = journey::signed(app, output, command).await;
                failure = result.err();
                if let Some(failure) = &failure {
                    output.failure(failure);
                }
            };
            converse(output, lines(), ended, run).await
        }
    };
    let report = match app.sign_out().await {
        Ok(report) => Some(report),
        // The core was first: its report is the one.
        Err(Error::NotSignedIn) => app.last_report(),
        Err(error) => return Err(error.into()),
    };
    Ok(Ending {
        end,
        report,
        failure,
    })
}

fn welcome(output: &Output, status: &keyway_app::account::Status) {
    let ends_at = status.ends_at.and_then(view::instant);
    output.event(&json!({
        "event": "signed_in",
        "borrowed": true,
        "endsAt": ends_at,
        "clockErrorMinutes": status.clock_error_minutes,
    }));
    journey::clock(output, status.clock_error_minutes);
    output.line("Signed in on a borrowed phone: everything stays in memory.");
    if let Some(at) = ends_at {
        output.line(&format!("The session ends by itself at {at}."));
    }
    output.line("Commands: doors, codes, sync DOOR, unlock DOOR, sign-out, help.");
}

/// Runs lines as commands, until one says `sign-out`, the lines end, or `ended` does.
async fn converse(
    output: &Output,
    mut lines: mpsc::Receiver<Zeroizing<String>>,
    ended: impl Future<Output = End>,
    mut run: impl AsyncFnMut(SignedCommand),
) -> End {
    let mut ended = core::pin::pin!(ended);
    loop {
        output.prompt(PROMPT);
        let line = tokio::select! {
            biased;
            end = &mut ended => return end,
            line = lines.recv() => line,
        };
        let Some(line) = line else {
            return End::Asked;
        };
        let command = match understand(&line) {
            Ok(Said::Nothing) => continue,
            Ok(Said::Help(text)) => {
                output.line(&text);
                continue;
            }
            Ok(Said::Command(SignedCommand::SignOut)) => return End::Asked,
            Ok(Said::Command(command)) => command,
            Err(failure) => {
                output.failure(&failure);
                continue;
            }
        };
        // An end drops the command, which cancels it.
        tokio::select! {
            biased;
            end = &mut ended => return end,
            () = run(command) => {}
        }
    }
}

/// What a line at the prompt says.
enum Said {
    Nothing,
    Help(String),
    Command(SignedCommand),
}

fn understand(line: &str) -> Result<Said, Failure> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
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
fn lines() -> mpsc::Receiver<Zeroizing<String>> {
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

/// Completes when something other than the resident's word ends the session.
fn ended(bell: &Bell) -> Result<impl Future<Output = End>, Failure> {
    let listen = |kind| signal(kind).map_err(|_| Failure::Core(Error::Internal));
    let mut interrupt = listen(SignalKind::interrupt())?;
    let mut terminate = listen(SignalKind::terminate())?;
    let mut hang_up = listen(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => End::Killed,
            _ = terminate.recv() => End::Killed,
            _ = hang_up.recv() => End::Killed,
            () = bell.signed_out() => End::Core,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{End, converse};
    use crate::args::SignedCommand;
    use crate::output::Output;
    use core::future::{Future, pending, ready};
    use tokio::sync::mpsc;
    use zeroize::Zeroizing;

    /// Converses over `lines` with a phone that only notes the commands it gets.
    fn conversation(lines: &[&str], ended: impl Future<Output = End>) -> (End, Vec<String>) {
        let output = Output::to_writer(Box::new(std::io::sink()), false);
        let (sender, receiver) = mpsc::channel(16);
        for line in lines {
            sender
                .try_send(Zeroizing::new((*line).to_owned()))
                .expect("room");
        }
        drop(sender);
        let mut seen = Vec::new();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        let note = async |command: SignedCommand| seen.push(format!("{command:?}"));
        let end = runtime.block_on(converse(&output, receiver, ended, note));
        (end, seen)
    }

    #[test]
    fn lines_run_as_commands_until_sign_out() {
        let lines = [
            "",
            "doors",
            "nonsense",
            "unlock Front Door",
            "sign-out",
            "doors",
        ];
        let (end, seen) = conversation(&lines, pending());
        assert_eq!(end, End::Asked);
        assert_eq!(seen.len(), 2, "{seen:?}");
        assert!(seen[1].contains("Front"));
    }

    #[test]
    fn the_end_of_the_input_is_a_sign_out() {
        assert_eq!(conversation(&["doors"], pending()).0, End::Asked);
        assert_eq!(
            conversation(&["exit", "doors"], pending()),
            (End::Asked, Vec::new())
        );
    }

    #[test]
    fn a_kill_comes_before_the_next_command() {
        let (end, seen) = conversation(&["doors"], ready(End::Killed));
        assert_eq!((end, seen), (End::Killed, Vec::new()));
    }

    #[test]
    fn a_kill_cuts_a_command_short() {
        let output = Output::to_writer(Box::new(std::io::sink()), false);
        let (sender, receiver) = mpsc::channel(1);
        sender
            .try_send(Zeroizing::new("sync Front".to_owned()))
            .expect("room");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        let end = runtime.block_on(async {
            let (kill, killed) = tokio::sync::oneshot::channel();
            let mut kill = Some(kill);
            let ended = async {
                killed.await.expect("the kill is sent");
                End::Killed
            };
            converse(&output, receiver, ended, async |_| {
                // The command is under way, and never ends by itself.
                kill.take().map(|kill| kill.send(()));
                pending::<()>().await;
            })
            .await
        });
        assert_eq!(end, End::Killed);
    }
}
