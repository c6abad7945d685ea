//! Doors and their codes.

use crate::args::Codes;
use crate::failure::Failure;
use crate::language::language;
use crate::output::Output;
use crate::{choose, view};
use keyway_app::service::Door;
use keyway_app::{App, Doors, Error};

/// Lists doors.
pub(super) async fn doors(app: &App, output: &Output) -> Result<(), Failure> {
    let doors = newest_doors(app, output).await?;
    view::doors(output, &doors);
    Ok(())
}

/// Lists doorcodes.
pub(super) async fn codes(app: &App, output: &Output, asked: Codes) -> Result<(), Failure> {
    let doors = plain(&newest_doors(app, output).await?);
    let chosen = match &asked.door {
        Some(said) => vec![choose::door(&doors, said)?],
        None => doors.iter().collect(),
    };
    let mut list = Vec::new();
    for door in chosen {
        list.push((door, app.doorcodes(door.id).await?));
    }
    view::codes(output, &list, asked.reveal);
    Ok(())
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

/// Cached first: neither an unlock nor anything else at a door waits for the network to know the door's name.
pub(super) async fn known_door(app: &App, said: &str) -> Result<Door, Failure> {
    choose::door(&known_doors(app).await?, said).cloned()
}

/// All of them, cached first.
pub(super) async fn known_doors(app: &App) -> Result<Vec<Door>, Failure> {
    Ok(plain(&app.doors().await?))
}

fn plain(doors: &Doors) -> Vec<Door> {
    doors.doors.iter().map(|view| view.door.clone()).collect()
}
