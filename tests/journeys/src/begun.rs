//! Calls on the facade, from their beginning to their end.

use crate::observe;
use crate::{Call, Stage};
use futures_util::FutureExt as _;
use keyway_app::account::WhosePhone;
use keyway_app::ports::BoxFuture;
use keyway_app::secret::SecretString;
use keyway_app::service::{CodeDay, DoorId};
use keyway_app::{
    App, Change, DoorcodeView, Error, NewDoorcode, Reveal, SyncAttempt, UnlockAttempt,
};
use serde_json::{Value, json};

/// What a call gave, and digits that it revealed.
pub(crate) type Observed = (Value, Option<String>);

/// A call that goes on.
pub(crate) enum Begun {
    /// An unlock, and the phases it reported so far.
    Unlock(UnlockAttempt, Vec<String>),
    /// A sync, likewise.
    Sync(SyncAttempt, Vec<String>),
    /// Any other call.
    Call(BoxFuture<'static, Observed>),
    /// It has ended.
    Done(Observed),
}

impl Begun {
    /// Lets a call begin: its work runs on the spawn port from here on.
    pub(crate) async fn poke(&mut self) {
        let Self::Call(call) = self else { return };
        let mut polled = None;
        core::future::poll_fn(|context| {
            polled = match call.poll_unpin(context) {
                core::task::Poll::Ready(observed) => Some(observed),
                core::task::Poll::Pending => None,
            };
            core::task::Poll::Ready(())
        })
        .await;
        if let Some(observed) = polled {
            *self = Self::Done(observed);
        }
    }

    /// Waits for a phase; false when the attempt ended without it.
    pub(crate) async fn reach(&mut self, wanted: &str) -> bool {
        loop {
            let (next, phases) = match self {
                Self::Unlock(attempt, phases) => (
                    attempt.next().await.map(|phase| observe::word(&phase)),
                    phases,
                ),
                Self::Sync(attempt, phases) => (
                    attempt.next().await.map(|phase| observe::word(&phase)),
                    phases,
                ),
                Self::Call(_) | Self::Done(_) => return false,
            };
            let Some(phase) = next else { return false };
            let reached = phase == wanted;
            phases.push(phase);
            if reached {
                return true;
            }
        }
    }

    /// Cancels an attempt; false for anything else.
    pub(crate) fn cancel(&self) -> bool {
        match self {
            Self::Unlock(attempt, _) => attempt.cancel(),
            Self::Sync(attempt, _) => attempt.cancel(),
            Self::Call(_) | Self::Done(_) => return false,
        }
        true
    }

    /// Waits for the end.
    pub(crate) async fn finish(self) -> Observed {
        match self {
            Self::Unlock(attempt, mut phases) => {
                while let Some(phase) = attempt.next().await {
                    phases.push(observe::word(&phase));
                }
                (observe::unlock(&phases, attempt.outcome().await), None)
            }
            Self::Sync(attempt, mut phases) => {
                while let Some(phase) = attempt.next().await {
                    phases.push(observe::word(&phase));
                }
                phases.dedup();
                (observe::sync(&phases, attempt.outcome().await), None)
            }
            Self::Call(call) => call.await,
            Self::Done(observed) => observed,
        }
    }
}

/// Begins a call of the facade.
pub(crate) async fn begin(call: &Call, app: App, stage: &dyn Stage) -> Begun {
    let door = match door_of(call) {
        None => None,
        Some(name) => match door_id(&app, name).await {
            Ok(id) => Some(id),
            Err(error) => return Begun::Done((observe::error(error), None)),
        },
    };
    match (call, door) {
        (Call::Unlock { .. }, Some(door)) => Begun::Unlock(app.unlock(door), Vec::new()),
        (Call::Sync { .. }, Some(door)) => Begun::Sync(app.sync(door), Vec::new()),
        (
            Call::SignIn {
                account,
                whose,
                password,
            },
            _,
        ) => {
            let known = stage.account(account);
            let (email, own) =
                known.unwrap_or_else(|| ("nobody@example.org".to_owned(), String::new()));
            let password = SecretString::new(password.clone().unwrap_or(own));
            let whose = match whose.as_str() {
                "borrowed" => WhosePhone::Borrowed,
                _ => WhosePhone::Own,
            };
            answer(async move {
                let status = app.sign_in(email, password, whose).await?;
                Ok((observe::status(&status), None))
            })
        }
        (call, door) => simple(call.clone(), app, door),
    }
}

fn simple(call: Call, app: App, door: Option<DoorId>) -> Begun {
    answer(async move {
        let door = door.ok_or(Error::DoorUnknown);
        let observed = match call {
            Call::Status => observe::status(&app.status()),
            Call::Doors => observe::doors(&app.doors().await?),
            Call::Refresh => observe::doors(&app.refresh().await?),
            Call::SignOut => observe::report(&app.sign_out().await?),
            Call::LastReport => match app.last_report() {
                Some(report) => observe::report(&report),
                None => json!({ "none": true }),
            },
            Call::Surroundings { change } => match surroundings(&change) {
                Some(change) => {
                    app.surroundings_changed(change);
                    json!({})
                }
                None => json!({ "error": "no_such_change" }),
            },
            Call::Doorcodes { .. } => observe::doorcodes(&app.doorcodes(door?).await?),
            Call::NewDoorcode { single_use, .. } => {
                let wanted = NewDoorcode {
                    single_use,
                    day: CodeDay::Today,
                };
                let code = app.new_doorcode(door?, wanted).await?;
                let digits = revealed(&code, false);
                return Ok((observe::doorcode(&code), digits));
            }
            Call::Reveal {
                kind, confirmed, ..
            } => {
                let codes = app.doorcodes(door?).await?.codes;
                let code = codes
                    .into_iter()
                    .find(|code| observe::word(&code.kind) == kind);
                let Some(code) = code else {
                    return Ok((json!({ "error": "no_such_code" }), None));
                };
                let digits = revealed(&code, confirmed);
                return Ok((json!({ "shown": digits.is_some() }), digits));
            }
            // Everything else is not a call on the facade, or was answered before.
            _ => json!({ "error": "no_such_call" }),
        };
        Ok((observed, None))
    })
}

fn answer(work: impl Future<Output = Result<Observed, Error>> + Send + 'static) -> Begun {
    Begun::Call(Box::pin(async move {
        work.await
            .unwrap_or_else(|error| (observe::error(error), None))
    }))
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

fn door_of(call: &Call) -> Option<&str> {
    match call {
        Call::Doorcodes { door }
        | Call::Reveal { door, .. }
        | Call::NewDoorcode { door, .. }
        | Call::Unlock { door }
        | Call::Sync { door } => Some(door),
        _ => None,
    }
}

async fn door_id(app: &App, name: &str) -> Result<DoorId, Error> {
    let doors = app.doors().await?.doors;
    let found = doors.into_iter().find(|view| view.door.name == name);
    found.map(|view| view.door.id).ok_or(Error::DoorUnknown)
}
