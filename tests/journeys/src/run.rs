//! The Rust runner.

use crate::begun::{Begun, begin};
use crate::observe;
use crate::{Call, Mismatch, Scenario, Step, expect};
use keyway_app::App;
use keyway_app::ports::BoxFuture;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Where a scenario plays: phones, accounts, and what can be changed around them.
pub trait Stage {
    /// A new process on this phone, with nothing called on it yet; what ran there is killed.
    fn start(&mut self, phone: &str) -> App;
    /// E-mail and password of a person.
    fn account(&self, name: &str) -> Option<(String, String)>;
    /// The service's time, milliseconds since 1970.
    fn now(&self) -> i64;
    /// Changes the world around a phone; gives what can be observed of it. `None`: this stage has no such change.
    fn change(
        &mut self,
        phone: &str,
        change: &str,
        value: Value,
    ) -> BoxFuture<'static, Option<Value>>;
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

impl Failed {
    fn spoilt(index: usize, error: &serde_json::Error) -> Self {
        Self {
            step: index + 1,
            call: Call::Status,
            mismatch: Mismatch {
                at: error.to_string(),
                expected: Value::Null,
                observed: Value::Null,
            },
            observed: Value::Null,
        }
    }
}

/// Plays a scenario; gives the number of steps.
///
/// # Errors
/// The first step that does not give what it must. An error that a step does not expect fails it, whatever else it expects.
pub async fn run(scenario: &Scenario, stage: &mut dyn Stage) -> Result<usize, Box<Failed>> {
    let mut play = Play {
        stage,
        phones: BTreeMap::new(),
        begun: BTreeMap::new(),
        saved: BTreeMap::new(),
    };
    for index in 0..scenario.steps.len() {
        let step = match scenario.step(index, &play.saved) {
            Ok(step) => step,
            // The file was read before: only something saved can have spoilt it.
            Err(error) => return Err(Box::new(Failed::spoilt(index, &error))),
        };
        let observed = play.step(&step).await;
        let unexpected = observed
            .get("error")
            .filter(|error| !error.is_null() && step.expect.get("error").is_none())
            .map(|error| Mismatch {
                at: ".error".to_owned(),
                expected: Value::Null,
                observed: error.clone(),
            });
        let mismatch = unexpected.or_else(|| expect(&step.expect, &observed).err());
        if let Some(mismatch) = mismatch {
            return Err(Box::new(Failed {
                step: index + 1,
                call: step.call.clone(),
                mismatch,
                observed,
            }));
        }
    }
    Ok(scenario.steps.len())
}

struct Play<'a> {
    stage: &'a mut dyn Stage,
    phones: BTreeMap<String, App>,
    begun: BTreeMap<String, Begun>,
    saved: BTreeMap<String, String>,
}

impl Play<'_> {
    async fn step(&mut self, step: &Step) -> Value {
        match &step.call {
            Call::World { change, value } => {
                let changed = self.stage.change(&step.on, change, value.clone()).await;
                let Some(mut observed) = changed else {
                    return json!({ "error": "no_such_change" });
                };
                // What a message brought is for the next steps, not for the eyes of this one.
                if let Some(Value::String(found)) = Some(observed["found"].take()) {
                    self.save(step, Some(found));
                }
                observed
            }
            Call::Start => {
                self.phones.remove(&step.on);
                self.start(&step.on).await
            }
            Call::Phase { of, phase } => match self.begun.get_mut(of) {
                Some(begun) => json!({ "reached": begun.reach(phase).await }),
                None => not_begun(),
            },
            Call::Cancel { of } => match self.begun.get(of) {
                Some(begun) => json!({ "cancelled": begun.cancel() }),
                None => not_begun(),
            },
            Call::Outcome { of } => match self.begun.remove(of) {
                Some(begun) => begun.finish().await.0,
                None => not_begun(),
            },
            call => {
                if !self.phones.contains_key(&step.on) {
                    let started = self.start(&step.on).await;
                    if started.get("error").is_some() {
                        return started;
                    }
                }
                let app = self.phones[&step.on].clone();
                let mut begun = begin(call, app, self.stage).await;
                if let Some(name) = &step.begun_as {
                    begun.poke().await;
                    self.begun.insert(name.clone(), begun);
                    return Value::Null;
                }
                let (observed, digits) = begun.finish().await;
                self.save(step, digits);
                observed
            }
        }
    }

    fn save(&mut self, step: &Step, found: Option<String>) {
        if let (Some(name), Some(found)) = (&step.save, found) {
            self.saved.insert(name.clone(), found);
        }
    }

    async fn start(&mut self, name: &str) -> Value {
        let app = self.stage.start(name);
        let observed = match app.start().await {
            Ok(started) => {
                let mut observed = observe::status(&app.status());
                observed["finished_wipe"] = match started.finished_wipe {
                    Some(report) => observe::report(&report),
                    None => Value::Null,
                };
                observed
            }
            Err(error) => observe::error(error),
        };
        self.phones.insert(name.to_owned(), app);
        observed
    }
}

fn not_begun() -> Value {
    json!({ "error": "not_begun" })
}
