//! The Rust runner.

use crate::observe;
use crate::{Call, Mismatch, Scenario, Step, expect};
use keyway_app::NewDoorcode;
use keyway_app::account::WhosePhone;
use keyway_app::ports::BoxFuture;
use keyway_app::secret::SecretString;
use keyway_app::service::{CodeDay, DoorId};
use keyway_app::{App, Error};
use serde_json::{Value, json};

/// Where a scenario plays: phones, accounts, and what can be changed around them.
pub trait Stage {
    /// A new process on this phone, with nothing called on it yet; what ran there is killed.
    fn start(&mut self, phone: &str) -> App;
    /// E-mail and password of an account.
    fn account(&self, name: &str) -> Option<(String, String)>;
    /// Changes the world; gives what can be observed of it. `None`: this stage has no such change.
    fn change(&mut self, change: &str, value: Value) -> BoxFuture<'static, Option<Value>>;
}

/// A step did not give what it must.
#[derive(Debug)]
pub struct Failed {
    /// Its number, from 1.
    pub step: usize,
    /// What was done.
    pub call: Call,
    /// The difference.
    pub mismatch: Mismatch,
    /// All that was observed.
    pub observed: Value,
}

struct Phone {
    name: String,
    app: App,
}

/// Plays a scenario; gives the number of steps.
///
/// # Errors
/// The first step that does not give what it must.
pub async fn run(scenario: &Scenario, stage: &mut dyn Stage) -> Result<usize, Failed> {
    let mut phones: Vec<Phone> = Vec::new();
    for (index, step) in scenario.steps.iter().enumerate() {
        let observed = play(step, &mut phones, stage).await;
        expect(&step.expect, &observed).map_err(|mismatch| Failed {
            step: index + 1,
            call: step.call.clone(),
            mismatch,
            observed: observed.clone(),
        })?;
        let failed = observed.get("error").is_some_and(|error| !error.is_null());
        if failed && step.expect.get("error").is_none() {
            return Err(Failed {
                step: index + 1,
                call: step.call.clone(),
                mismatch: Mismatch {
                    at: ".error".to_owned(),
                    expected: Value::Null,
                    observed: observed["error"].clone(),
                },
                observed,
            });
        }
    }
    Ok(scenario.steps.len())
}

async fn play(step: &Step, phones: &mut Vec<Phone>, stage: &mut dyn Stage) -> Value {
    if let Call::World { change, value } = &step.call {
        let observed = stage.change(change, value.clone()).await;
        return observed.unwrap_or_else(|| json!({ "error": "no_such_change" }));
    }
    let name = match (&step.phone, phones.first()) {
        (Some(name), _) => name.clone(),
        (None, Some(first)) => first.name.clone(),
        (None, None) => "phone".to_owned(),
    };
    let known = phones.iter().position(|phone| phone.name == name);
    if matches!(step.call, Call::Start) || known.is_none() {
        if let Some(index) = known {
            phones.remove(index);
        }
        let app = stage.start(&name);
        let started = app.start().await;
        let phone = Phone { name, app };
        if matches!(step.call, Call::Start) {
            let observed = match started {
                Ok(_) => observe::status(&phone.app.status()),
                Err(error) => observe::error(error),
            };
            phones.insert(known.unwrap_or(phones.len()), phone);
            return observed;
        }
        phones.push(phone);
        return call(step, &phones[phones.len() - 1].app, stage).await;
    }
    match known {
        Some(index) => call(step, &phones[index].app, stage).await,
        None => Value::Null,
    }
}

async fn call(step: &Step, app: &App, stage: &mut dyn Stage) -> Value {
    let observed = match &step.call {
        Call::Start | Call::World { .. } => Ok(Value::Null),
        Call::SignIn {
            account,
            whose,
            password,
        } => sign_in(app, stage.account(account), whose, password.clone()).await,
        Call::Status => Ok(observe::status(&app.status())),
        Call::Doors => app.doors().await.map(|doors| observe::doors(&doors)),
        Call::Refresh => app.refresh().await.map(|doors| observe::doors(&doors)),
        Call::Doorcodes { door } => doorcodes(app, door).await,
        Call::NewDoorcode { door, single_use } => new_doorcode(app, door, *single_use).await,
        Call::Unlock { door } => unlock(app, door).await,
        Call::Sync { door } => sync(app, door).await,
        Call::SignOut => app.sign_out().await.map(|report| observe::report(&report)),
    };
    observed.unwrap_or_else(observe::error)
}

async fn sign_in(
    app: &App,
    account: Option<(String, String)>,
    whose: &str,
    password: Option<String>,
) -> Result<Value, Error> {
    let (email, own) = account.unwrap_or_else(|| ("nobody@example.org".to_owned(), String::new()));
    let password = SecretString::from(password.unwrap_or(own));
    let whose = match whose {
        "borrowed" => WhosePhone::Borrowed,
        _ => WhosePhone::Own,
    };
    let status = app.sign_in(email, password, whose).await?;
    Ok(observe::status(&status))
}

async fn doorcodes(app: &App, door: &str) -> Result<Value, Error> {
    let codes = app.doorcodes(door_id(app, door).await?).await?;
    Ok(observe::doorcodes(&codes))
}

async fn new_doorcode(app: &App, door: &str, single_use: bool) -> Result<Value, Error> {
    let wanted = NewDoorcode {
        single_use,
        day: CodeDay::Today,
    };
    let code = app.new_doorcode(door_id(app, door).await?, wanted).await?;
    Ok(observe::doorcode(&code))
}

async fn unlock(app: &App, door: &str) -> Result<Value, Error> {
    let attempt = app.unlock(door_id(app, door).await?);
    let mut phases = Vec::new();
    while let Some(phase) = attempt.next().await {
        phases.push(observe::word(&phase));
    }
    Ok(observe::unlock(&phases, attempt.outcome().await))
}

async fn sync(app: &App, door: &str) -> Result<Value, Error> {
    let attempt = app.sync(door_id(app, door).await?);
    let mut phases = Vec::new();
    while let Some(phase) = attempt.next().await {
        phases.push(observe::word(&phase));
    }
    phases.dedup();
    Ok(observe::sync(&phases, attempt.outcome().await))
}

async fn door_id(app: &App, name: &str) -> Result<DoorId, Error> {
    let doors = app.doors().await?.doors;
    let found = doors.into_iter().find(|view| view.door.name == name);
    found.map(|view| view.door.id).ok_or(Error::DoorUnknown)
}
