//! From a step to the method of the facade that it names.

use super::{Begun, Observed};
use crate::observe;
use crate::{Call, Stage};
use keyway_app::account::{PasswordRules, WhosePhone};
use keyway_app::secret::SecretString;
use keyway_app::service::{CodeDay, DoorId, Person, Recipient};
use keyway_app::{
    App, Change, CodeForSomeone, DoorcodeView, Error, Invitation, NewDoorcode, Reveal,
};
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000;

/// Begins a call of the facade.
pub(crate) async fn begin(call: &Call, app: App, stage: &dyn Stage) -> Begun {
    let attempt = match call {
        Call::Unlock { door } => Some(
            door_id(&app, door)
                .await
                .map(|door| Begun::Unlock(app.unlock(door), Vec::new())),
        ),
        Call::Sync { door } => Some(
            door_id(&app, door)
                .await
                .map(|door| Begun::Sync(app.sync(door), Vec::new())),
        ),
        Call::SyncAllInRange => Some(Ok(Begun::SyncAll(app.sync_all_in_range(), Vec::new()))),
        _ => None,
    };
    match attempt {
        Some(Ok(begun)) => return begun,
        Some(Err(error)) => return Begun::Done((observe::error(error), None)),
        None => {}
    }
    let account = account_of(call).map(|name| {
        let known = stage.account(name);
        known.unwrap_or_else(|| ("nobody@example.org".to_owned(), String::new()))
    });
    let call = call.clone();
    let now = stage.now();
    Begun::Call(Box::pin(async move {
        let observed = match account {
            Some((email, password)) => in_the_name_of(call, &app, email, password).await,
            None => simple(call, &app, now).await,
        };
        observed.unwrap_or_else(|error| (observe::error(error), None))
    }))
}

fn account_of(call: &Call) -> Option<&str> {
    match call {
        Call::SignIn { account, .. }
        | Call::SendOneTimeCode { account }
        | Call::SendPasswordReset { account }
        | Call::ChangePassword { account, .. } => Some(account),
        _ => None,
    }
}

/// Calls that need somebody's e-mail or password.
async fn in_the_name_of(
    call: Call,
    app: &App,
    email: String,
    own: String,
) -> Result<Observed, Error> {
    let observed = match call {
        Call::SignIn {
            whose,
            password,
            code,
            ..
        } => {
            let phone = whose_phone(&whose);
            let status = match code {
                Some(code) => app.sign_in_with_code(email, code.into(), phone).await?,
                None => {
                    let password = SecretString::new(password.unwrap_or(own));
                    app.sign_in(email, password, phone).await?
                }
            };
            observe::status(&status)
        }
        Call::SendOneTimeCode { .. } => {
            app.send_one_time_code(email).await?;
            json!({})
        }
        Call::SendPasswordReset { .. } => {
            app.send_password_reset(email).await?;
            json!({})
        }
        Call::ChangePassword { current, new, .. } => {
            let lacks = PasswordRules::lacked_by(&new.clone().into());
            let changed = app
                .change_password(current.unwrap_or(own).into(), new.into())
                .await;
            let mut observed = match changed {
                Ok(()) => json!({}),
                Err(error) => observe::error(error),
            };
            observed["lacks"] = observe::rules(lacks);
            observed
        }
        _ => json!({ "error": "no_such_call" }),
    };
    Ok((observed, None))
}

async fn simple(call: Call, app: &App, now: i64) -> Result<Observed, Error> {
    let observed = match call {
        Call::Status => observe::status(&app.status()),
        Call::WaysToSignIn { whose } => observe::ways(&app.ways_to_sign_in(whose_phone(&whose))),
        Call::Doors => observe::doors(&app.doors().await?),
        Call::DoorsInRange => observe::doors(&app.doors_in_range().await?),
        Call::Refresh => observe::doors(&app.refresh().await?),
        Call::LockoutOptions { door } => {
            observe::options(&app.lockout_options(door_id(app, &door).await?).await?)
        }
        Call::SignOut => observe::report(&app.sign_out().await?),
        Call::EndAllSessions => observe::report(&app.end_all_sessions().await?),
        Call::LastReport => match app.last_report() {
            Some(report) => observe::report(&report),
            None => json!({ "none": true }),
        },
        Call::Sessions => observe::sessions(&app.sessions().await?),
        Call::EndOtherSessions => {
            let mut ended = 0;
            for session in app
                .sessions()
                .await?
                .iter()
                .filter(|session| !session.current)
            {
                app.end_session(session.id).await?;
                ended += 1;
            }
            json!({ "ended": ended })
        }
        Call::Hide => {
            app.hide().await?;
            json!({})
        }
        Call::Show => observe::status(&app.show().await?),
        Call::Diagnostics => observe::diagnostics(&app.diagnostics().await?),
        Call::Surroundings { change } => match surroundings(&change) {
            Some(change) => {
                app.surroundings_changed(change);
                json!({})
            }
            None => json!({ "error": "no_such_change" }),
        },
        Call::Doorcodes { door } => {
            observe::doorcodes(&app.doorcodes(door_id(app, &door).await?).await?)
        }
        Call::NewDoorcode {
            door,
            single_use,
            tomorrow,
        } => {
            let wanted = NewDoorcode {
                single_use,
                day: day(tomorrow),
            };
            let code = app.new_doorcode(door_id(app, &door).await?, wanted).await?;
            return Ok((observe::doorcode(&code), revealed(&code, false)));
        }
        Call::ResetDoorcode { door, kind } => {
            let Some(code) = code_of(app, &door, &kind).await? else {
                return Ok((json!({ "error": "no_such_code" }), None));
            };
            let code = app.reset_doorcode(code.id).await?;
            return Ok((observe::doorcode(&code), revealed(&code, false)));
        }
        Call::Reveal {
            door,
            kind,
            confirmed,
        } => {
            let Some(code) = code_of(app, &door, &kind).await? else {
                return Ok((json!({ "error": "no_such_code" }), None));
            };
            let digits = revealed(&code, confirmed);
            return Ok((json!({ "shown": digits.is_some() }), digits));
        }
        Call::Activity { door } => {
            let door = door_id(app, &door).await?;
            observe::activity(&app.activity(door, None).await?)
        }
        call => guests(call, app, now).await?,
    };
    Ok((observed, None))
}

async fn guests(call: Call, app: &App, now: i64) -> Result<Value, Error> {
    let (first_name, last_name) = ("Fay".to_owned(), "Friend".to_owned());
    Ok(match call {
        Call::SendDoorcode {
            doors,
            to,
            single_use,
            tomorrow,
        } => {
            let code = CodeForSomeone {
                first_name,
                last_name,
                recipient: recipient(to),
                doors: door_ids(app, &doors).await?,
                single_use,
                day: day(tomorrow),
            };
            observe::let_in(&app.send_doorcode(code).await?)
        }
        Call::InviteGuest {
            doors,
            to,
            from_hours,
            until_hours,
        } => {
            let invitation = Invitation {
                first_name,
                last_name,
                recipient: recipient(to),
                doors: door_ids(app, &doors).await?,
                start: from_hours.map(|hours| now + hours * HOUR),
                end: until_hours.map(|hours| now + hours * HOUR),
            };
            observe::let_in(&app.invite_guest(invitation).await?)
        }
        Call::PeopleLetIn => observe::people(&app.people_let_in().await?),
        Call::Revoke { person, door } => {
            let door = door_id(app, &door).await?;
            app.revoke(person_called(app, &person).await?.id, door)
                .await?;
            json!({})
        }
        Call::ChangeEnd {
            person,
            door,
            until_hours,
        } => {
            let door = door_id(app, &door).await?;
            let person = person_called(app, &person).await?;
            let end = until_hours.map(|hours| now + hours * HOUR);
            observe::person(&app.change_end(person.id, door, end).await?)
        }
        // Everything else is not a call on the facade, or was answered before.
        _ => json!({ "error": "no_such_call" }),
    })
}

fn whose_phone(word: &str) -> WhosePhone {
    match word {
        "borrowed" => WhosePhone::Borrowed,
        _ => WhosePhone::Own,
    }
}

fn day(tomorrow: bool) -> CodeDay {
    match tomorrow {
        true => CodeDay::Tomorrow,
        false => CodeDay::Today,
    }
}

fn recipient(to: String) -> Recipient {
    match to.starts_with('+') {
        true => Recipient::Phone(to),
        false => Recipient::Email(to),
    }
}

fn revealed(code: &DoorcodeView, confirmed: bool) -> Option<String> {
    match code.digits.reveal(confirmed) {
        // EXPOSE: the scenario types them at a keypad.
        Reveal::Digits(digits) => Some(digits.expose().to_owned()),
        Reveal::AsksTwice => None,
    }
}

fn surroundings(word: &str) -> Option<Change> {
    Some(match word {
        "network" => Change::Network { available: true },
        "no_network" => Change::Network { available: false },
        "bluetooth" => Change::Bluetooth,
        "foreground" => Change::Foreground,
        "background" => Change::Background,
        "phone_locked" => Change::PhoneLocked,
        "phone_unlocked" => Change::PhoneUnlocked,
        _ => return None,
    })
}

async fn code_of(app: &App, door: &str, kind: &str) -> Result<Option<DoorcodeView>, Error> {
    let codes = app.doorcodes(door_id(app, door).await?).await?.codes;
    // Of a code that was reset, the new one.
    let found = codes
        .into_iter()
        .find(|code| observe::word(&code.kind) == kind && code.replaced_by.is_none());
    Ok(found)
}

async fn person_called(app: &App, address: &str) -> Result<Person, Error> {
    let people = app.people_let_in().await?;
    let reached = |person: &Person| match &person.recipient {
        Recipient::Email(email) => email == address,
        Recipient::Phone(phone) => phone == address,
    };
    people.into_iter().find(reached).ok_or(Error::PersonUnknown)
}

async fn door_ids(app: &App, names: &[String]) -> Result<Vec<DoorId>, Error> {
    let mut ids = Vec::new();
    for name in names {
        ids.push(door_id(app, name).await?);
    }
    Ok(ids)
}

async fn door_id(app: &App, name: &str) -> Result<DoorId, Error> {
    let doors = app.doors().await?.doors;
    let found = doors.into_iter().find(|view| view.door.name == name);
    found.map(|view| view.door.id).ok_or(Error::DoorUnknown)
}
