//! Doorcodes.

use super::doors::{known_door, newest_doors, plain};
use crate::args::{Codes, NewCode, ResetCode, Reveal};
use crate::failure::Failure;
use crate::output::Output;
use crate::view::CodesAt;
use crate::{choose, view};
use keyway_app::service::Door;
use keyway_app::{App, DoorcodeView};

/// Lists doorcodes.
pub(super) async fn codes(app: &App, output: &Output, asked: Codes) -> Result<(), Failure> {
    let doors = plain(&newest_doors(app, output).await?);
    let chosen = match &asked.door {
        Some(said) => vec![choose::door(&doors, said)?],
        None => doors.iter().collect(),
    };
    let mut list = Vec::new();
    for door in chosen {
        list.push(CodesAt::new(door, app.doorcodes(door.id).await?));
    }
    view::codes(output, &list, asked.reveal);
    Ok(())
}

/// Makes a daily code. Who asks for one wants to see it.
pub(super) async fn new_code(app: &App, output: &Output, asked: NewCode) -> Result<(), Failure> {
    let door = known_door(app, &asked.door.name()).await?;
    let code = app.new_doorcode(door.id, asked.code.into()).await?;
    let shown = Reveal {
        reveal: true,
        reveal_lasting: false,
    };
    one(app, output, &door, code, shown).await;
    Ok(())
}

/// Resets one's own code of a door.
pub(super) async fn reset_code(
    app: &App,
    output: &Output,
    asked: ResetCode,
) -> Result<(), Failure> {
    // It takes the service anyway, and which code is one's own may have changed there.
    let doors = plain(&app.refresh().await?);
    let door = choose::door(&doors, &asked.door.name())?;
    let codes = app.doorcodes(door.id).await?.codes;
    let code = app.reset_doorcode(choose::own_code(&codes)?.id).await?;
    one(app, output, door, code, asked.reveal).await;
    output.line("The old code works until the door's next sync, the new one from then on.");
    Ok(())
}

/// Shows a code that was just made: nothing that fails now may hide it.
async fn one(app: &App, output: &Output, door: &Door, code: DoorcodeView, reveal: Reveal) {
    let codes = app.doorcodes(door.id).await.ok();
    let at = CodesAt {
        door,
        codes: vec![code],
        hints: codes.and_then(|codes| codes.hints),
    };
    view::codes(output, &[at], reveal);
}
