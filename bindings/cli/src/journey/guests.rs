//! Letting others in, and taking it back.

use super::doors::known_doors;
use crate::args::{AccessArgument, ChangeEnd, Invite, LetIn, SeveralDoors};
use crate::failure::Failure;
use crate::output::Output;
use crate::{choose, time, view};
use keyway_app::service::{self, Door, Recipient};
use keyway_app::{App, CodeForSomeone, Error, Invitation};
use serde_json::json;

/// Sends somebody a daily code.
pub(super) async fn let_in(app: &App, output: &Output, asked: LetIn) -> Result<(), Failure> {
    let doors = known_doors(app).await?;
    let chosen = several(&doors, &asked.doors)?;
    let done = app
        .send_doorcode(CodeForSomeone {
            first_name: asked.name.first,
            last_name: asked.name.last,
            recipient: asked.recipient.into(),
            doors: chosen.iter().map(|door| door.id).collect(),
            single_use: asked.code.single_use,
            day: asked.code.day(),
        })
        .await?;
    view::let_in(output, &doors, &done, asked.reveal);
    whole(&done, chosen.len())
}

/// Invites a guest.
pub(super) async fn invite(app: &App, output: &Output, asked: Invite) -> Result<(), Failure> {
    let doors = known_doors(app).await?;
    let chosen = several(&doors, &asked.doors)?;
    let moment = |said: Option<String>| -> Result<_, Failure> {
        match (said, chosen.first()) {
            (Some(said), Some(door)) => time::moment(&said, &door.timezone).map(Some),
            _ => Ok(None),
        }
    };
    let done = app
        .invite_guest(Invitation {
            first_name: asked.name.first,
            last_name: asked.name.last,
            recipient: Recipient::Email(asked.email),
            doors: chosen.iter().map(|door| door.id).collect(),
            start: moment(asked.from)?,
            end: moment(asked.until)?,
        })
        .await?;
    view::let_in(output, &doors, &done, false);
    whole(&done, chosen.len())
}

/// Lists the people let in.
pub(super) async fn guests(app: &App, output: &Output) -> Result<(), Failure> {
    let doors = known_doors(app).await?;
    view::people(output, &doors, &app.people_let_in().await?);
    Ok(())
}

/// Takes somebody's access to a door back.
pub(super) async fn revoke(
    app: &App,
    output: &Output,
    asked: &AccessArgument,
) -> Result<(), Failure> {
    let doors = known_doors(app).await?;
    let door = choose::door(&doors, &asked.door.name())?;
    let people = app.people_let_in().await?;
    let person = choose::person(&people, &asked.person, door.id)?;
    app.revoke(person.id, door.id).await?;
    output.event(&json!({
        "event": "revocation",
        "person": person.name,
        "personId": person.id.to_string(),
        "door": door.name,
        "doorId": door.id.to_string(),
        "state": "requested",
    }));
    output.line(&format!(
        "Requested: {} loses access to {} once the lock has heard of it. `sync` carries it there; `guests` shows how far it is.",
        person.name, door.name
    ));
    Ok(())
}

/// Moves the end of somebody's access to a door.
pub(super) async fn change_end(
    app: &App,
    output: &Output,
    asked: &ChangeEnd,
) -> Result<(), Failure> {
    let doors = known_doors(app).await?;
    let door = choose::door(&doors, &asked.access.door.name())?;
    let end = match &asked.end.until {
        Some(said) => Some(time::moment(said, &door.timezone)?),
        None => None,
    };
    let people = app.people_let_in().await?;
    let person = choose::person(&people, &asked.access.person, door.id)?;
    let changed = app.change_end(person.id, door.id, end).await?;
    view::people(output, &doors, &[changed]);
    output.line("The lock learns of it at the door's next sync.");
    Ok(())
}

fn several<'a>(doors: &'a [Door], asked: &SeveralDoors) -> Result<Vec<&'a Door>, Failure> {
    let said = asked.said.iter();
    said.map(|said| choose::door(doors, said)).collect()
}

/// What was done is done; the doors where it was not are an error all the same.
fn whole(done: &service::LetIn, asked: usize) -> Result<(), Failure> {
    let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
    if done.failures.is_empty() {
        return Ok(());
    }
    Err(Failure::Core(Error::PartialFailure {
        failed: number(done.failures.len()),
        total: number(asked),
    }))
}

#[cfg(test)]
mod tests {
    use super::{several, whole};
    use crate::args::SeveralDoors;
    use crate::failure::Failure;
    use crate::samples;
    use keyway_app::Error;
    use keyway_app::service::LetIn;

    #[test]
    fn each_word_is_a_door() {
        let doors = [samples::door("Front", 1), samples::door("Back yard", 2)];
        let chosen = |said: &[&str]| {
            let said = said.iter().map(|said| (*said).to_owned()).collect();
            let found = several(&doors, &SeveralDoors { said });
            found.map(|doors| {
                doors
                    .iter()
                    .map(|door| door.name.as_str())
                    .collect::<Vec<_>>()
            })
        };
        assert_eq!(chosen(&["back yard", "F"]), Ok(vec!["Back yard", "Front"]));
        assert_eq!(
            chosen(&["Front", "yard"]),
            Err(Failure::Core(Error::DoorUnknown))
        );
    }

    #[test]
    fn a_door_that_failed_ends_with_42() {
        let mut done = LetIn {
            person: samples::person("Bo", "bo@b.test", 1, vec![samples::access(1)]),
            failures: vec![],
        };
        assert_eq!(whole(&done, 1), Ok(()));
        let why = Error::SharingNotAllowed;
        done.failures.push((samples::door("Garage", 2).id, why));
        let failure = whole(&done, 2).expect_err("a failure");
        assert_eq!(failure.exit_code(), 42);
        assert!(failure.advice().happened.starts_with("1 of 2"));
    }
}
