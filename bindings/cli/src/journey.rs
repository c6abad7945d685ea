//! Commands as calls on the core's handle, and what comes back as lines.

use crate::args::{Codes, SignedCommand};
use crate::failure::Failure;
use crate::language::language;
use crate::output::Output;
use crate::{attempt, choose, view};
use keyway_app::account::WhosePhone;
use keyway_app::secret::SecretString;
use keyway_app::service::Door;
use keyway_app::{App, Doors, Error};
use serde_json::json;

/// Signs in on an own phone.
pub(crate) async fn sign_in(
    app: &App,
    output: &Output,
    email: String,
    password: SecretString,
) -> Result<(), Failure> {
    let status = app.sign_in(email, password, WhosePhone::Own).await?;
    output.event(&json!({
        "event": "signed_in",
        "borrowed": false,
        "endsAt": null,
        "clockErrorMinutes": status.clock_error_minutes,
    }));
    clock(output, status.clock_error_minutes);
    let name = status.resident.map(|resident| resident.name);
    output.line(&format!("Signed in: {}.", name.unwrap_or_default()));
    Ok(())
}

/// A wrong clock is named, also where it does no harm.
pub(crate) fn clock(output: &Output, error_minutes: Option<i32>) {
    if let Some(minutes) = error_minutes {
        output.line(&Error::PhoneClockWrong { minutes }.text(language()).happened);
    }
}

/// Runs one command of a signed-in resident.
pub(crate) async fn signed(
    app: &App,
    output: &Output,
    command: SignedCommand,
) -> Result<(), Failure> {
    match command {
        SignedCommand::Doors => {
            let doors = newest_doors(app, output).await?;
            view::doors(output, &doors);
            Ok(())
        }
        SignedCommand::Codes(asked) => codes(app, output, asked).await,
        SignedCommand::Sync(door) => {
            let door = known_door(app, &door.name()).await?;
            attempt::sync(app, output, &door).await
        }
        SignedCommand::Unlock(door) => {
            let door = known_door(app, &door.name()).await?;
            attempt::unlock(app, output, &door).await
        }
        SignedCommand::SignOut => sign_out(app, output).await,
    }
}

/// From the service; without network from the cache, and saying so.
async fn newest_doors(app: &App, output: &Output) -> Result<Doors, Failure> {
    match app.refresh().await {
        Ok(doors) => Ok(doors),
        Err(error @ (Error::ServiceUnreachable | Error::ServiceFault)) => {
            // Nothing cached either: then the first error is the one to tell.
            let doors = app.doors().await.map_err(|_| error)?;
            let as_of = view::instant(doors.as_of).unwrap_or_default();
            output.line(&format!(
                "{} As of {as_of}:",
                error.text(language()).happened
            ));
            Ok(doors)
        }
        Err(error) => Err(error.into()),
    }
}

/// Cached first: an unlock does not wait for the network.
async fn known_door(app: &App, said: &str) -> Result<Door, Failure> {
    let doors = plain(&app.doors().await?);
    choose::door(&doors, said).cloned()
}

fn plain(doors: &Doors) -> Vec<Door> {
    doors.doors.iter().map(|view| view.door.clone()).collect()
}

async fn codes(app: &App, output: &Output, asked: Codes) -> Result<(), Failure> {
    let doors = plain(&newest_doors(app, output).await?);
    let chosen = match &asked.door {
        Some(said) => vec![choose::door(&doors, said)?],
        None => doors.iter().collect(),
    };
    let mut list = Vec::new();
    for door in chosen {
        list.push((door, app.doorcodes(door.id).await?));
    }
    view::codes(output, &list, asked.reveal, asked.reveal_lasting);
    Ok(())
}

async fn sign_out(app: &App, output: &Output) -> Result<(), Failure> {
    let report = app.sign_out().await?;
    view::report(output, &report);
    if report.complete {
        Ok(())
    } else {
        Err(Failure::Leftovers)
    }
}
