//! Commands as calls on the core's handle, and what comes back as lines.

mod account;
mod codes;
mod doors;
mod guests;

pub(crate) use account::{
    change_password, clock, enter, reset_password, send_code, show, sign_in, ways,
};

use crate::args::SignedCommand;
use crate::failure::Failure;
use crate::output::Output;
use crate::{attempt, view};
use keyway_app::App;
use keyway_app::account::SignOutReport;

/// Runs one command of a resident on an own phone.
pub(crate) async fn own(app: &App, output: &Output, command: SignedCommand) -> Result<(), Failure> {
    match signed(app, output, command).await? {
        None => Ok(()),
        Some(report) => {
            view::report(output, &report);
            report.complete.then_some(()).ok_or(Failure::Leftovers)
        }
    }
}

/// Runs one command of a signed-in resident. With a report it was the last one of the session, and whoever called tells it.
pub(crate) async fn signed(
    app: &App,
    output: &Output,
    command: SignedCommand,
) -> Result<Option<SignOutReport>, Failure> {
    match command {
        SignedCommand::Options(door) => doors::options(app, output, &door.name()).await?,
        SignedCommand::Doors(asked) => doors::doors(app, output, &asked).await?,
        SignedCommand::Codes(asked) => codes::codes(app, output, asked).await?,
        SignedCommand::NewCode(asked) => codes::new_code(app, output, asked).await?,
        SignedCommand::ResetCode(asked) => codes::reset_code(app, output, asked).await?,
        SignedCommand::Unlock(door) => {
            let door = doors::known_door(app, &door.name()).await?;
            attempt::unlock(app, output, &door).await?;
        }
        SignedCommand::Sync(asked) => match asked.name() {
            Some(said) => {
                let door = doors::known_door(app, &said).await?;
                attempt::sync(app, output, &door).await?;
            }
            None => {
                let doors = doors::known_doors(app).await?;
                attempt::sync_all(app, output, &doors).await?;
            }
        },
        SignedCommand::LetIn(asked) => guests::let_in(app, output, asked).await?,
        SignedCommand::Invite(asked) => guests::invite(app, output, asked).await?,
        SignedCommand::Guests => guests::guests(app, output).await?,
        SignedCommand::Revoke(asked) => guests::revoke(app, output, &asked).await?,
        SignedCommand::ChangeEnd(asked) => guests::change_end(app, output, &asked).await?,
        SignedCommand::Activity(asked) => doors::activity(app, output, &asked).await?,
        SignedCommand::Sessions => account::sessions(app, output).await?,
        SignedCommand::EndSession(asked) => return account::end_session(app, output, &asked).await,
        SignedCommand::EndSessions => return account::end_sessions(app, output).await.map(Some),
        SignedCommand::Hide => account::hide(app, output).await?,
        SignedCommand::Diagnostics => account::diagnostics(app, output).await?,
        SignedCommand::SignOut => return Ok(Some(app.sign_out().await?)),
    }
    Ok(None)
}
