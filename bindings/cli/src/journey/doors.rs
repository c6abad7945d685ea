//! Doors: the list, the ways through one, its log.

use crate::args::{self, Activity};
use crate::failure::Failure;
use crate::language::language;
use crate::output::Output;
use crate::{choose, view};
use keyway_app::service::Door;
use keyway_app::{App, Doors, Error};

/// Lists doors.
pub(super) async fn doors(app: &App, output: &Output, asked: &args::Doors) -> Result<(), Failure> {
    let doors = if asked.near {
        // Who stands at a door need not have network: the radio answers from here.
        app.doors_in_range().await?
    } else {
        newest_doors(app, output).await?
    };
    view::doors(output, &doors, asked.near);
    Ok(())
}

/// Lists the ways through a door.
pub(super) async fn options(app: &App, output: &Output, said: &str) -> Result<(), Failure> {
    let door = known_door(app, said).await?;
    let options = app.lockout_options(door.id).await?;
    view::options(output, &door, &options);
    Ok(())
}

/// Lists a door's log.
pub(super) async fn activity(app: &App, output: &Output, asked: &Activity) -> Result<(), Failure> {
    let door = known_door(app, &asked.door.name()).await?;
    let mut page = app.activity(door.id, None).await?;
    let mut entries = core::mem::take(&mut page.entries);
    while asked.more
        && let Some(next) = page.next.take()
    {
        page = app.activity(door.id, Some(next)).await?;
        // A service that always has more, and never shows it, must not hold us here.
        if page.entries.is_empty() {
            break;
        }
        entries.append(&mut page.entries);
    }
    view::activity(output, &door, &entries, page.next.is_some());
    Ok(())
}

/// From the service; without network from the cache, and saying so.
pub(super) async fn newest_doors(app: &App, output: &Output) -> Result<Doors, Failure> {
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
pub(super) async fn known_door(app: &App, said: &str) -> Result<Door, Failure> {
    choose::door(&known_doors(app).await?, said).cloned()
}

/// All of them, cached first.
pub(super) async fn known_doors(app: &App) -> Result<Vec<Door>, Failure> {
    Ok(plain(&app.doors().await?))
}

/// What the service says of them.
pub(super) fn plain(doors: &Doors) -> Vec<Door> {
    doors.doors.iter().map(|view| view.door.clone()).collect()
}
