//! The files.

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One journey.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What happens, as a sentence.
    pub title: String,
    /// Whose time it needs.
    pub time: TimeKind,
    /// Numbers of the rules that it shows, as the README lists them.
    pub rules: Vec<String>,
    /// What is done, in order, as written: see [`Scenario::step`].
    pub steps: Vec<Value>,
    /// The file's name without its ending.
    #[serde(skip)]
    pub name: String,
}

impl Scenario {
    /// Step `index`, with what was saved in the place of its name: any text `$name` in it stands for that.
    ///
    /// # Errors
    /// It is not a step.
    pub fn step(
        &self,
        index: usize,
        saved: &BTreeMap<String, String>,
    ) -> Result<Step, serde_json::Error> {
        serde_json::from_value(filled_in(&self.steps[index], saved))
    }
}

fn filled_in(value: &Value, saved: &BTreeMap<String, String>) -> Value {
    match value {
        Value::String(text) => {
            let known = text.strip_prefix('$').and_then(|name| saved.get(name));
            known.map_or_else(|| value.clone(), |known| Value::String(known.clone()))
        }
        Value::Array(items) => items.iter().map(|item| filled_in(item, saved)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), filled_in(value, saved)))
            .collect(),
        other => other.clone(),
    }
}

/// Whose time a scenario needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeKind {
    /// It runs against a served building in any language, and in the virtual world.
    Real,
    /// It lets minutes or days pass, or breaks what only a world can break.
    Virtual,
}

/// One step.
#[derive(Clone, Debug, Deserialize)]
pub struct Step {
    /// On which phone; `phone` where none is named.
    #[serde(default = "usual_phone")]
    pub on: String,
    /// What is called.
    #[serde(flatten)]
    pub call: Call,
    /// The call is only begun, and goes on under this name while the next steps run.
    #[serde(default, rename = "as")]
    pub begun_as: Option<String>,
    /// The digits that the call reveals, or the code or link in a message, are remembered under this name.
    #[serde(default)]
    pub save: Option<String>,
    /// What must come of it: every key named here, with this value.
    #[serde(default)]
    pub expect: Value,
}

fn usual_phone() -> String {
    "phone".to_owned()
}

/// What a step calls.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "call", rename_all = "snake_case")]
pub enum Call {
    /// `App::start` of a new process on this phone; one that runs is killed first.
    Start,
    /// `App::sign_in`.
    SignIn {
        /// A person of the building: `resident`, `partner`, `guest`, `inactive`.
        account: String,
        /// `own` or `borrowed`.
        whose: String,
        /// Instead of the person's own.
        #[serde(default)]
        password: Option<String>,
        /// `App::sign_in_with_code`, with this one.
        #[serde(default)]
        code: Option<String>,
    },
    /// `App::ways_to_sign_in`.
    WaysToSignIn {
        /// `own` or `borrowed`.
        whose: String,
    },
    /// `App::send_one_time_code`.
    SendOneTimeCode {
        /// Whose mailbox.
        account: String,
    },
    /// `App::send_password_reset`.
    SendPasswordReset {
        /// Whose mailbox.
        account: String,
    },
    /// `App::change_password`.
    ChangePassword {
        /// The current one; the person's own where nothing is said.
        #[serde(default)]
        current: Option<String>,
        /// The new one.
        new: String,
        /// Whose.
        account: String,
    },
    /// `App::sessions`.
    Sessions,
    /// `App::end_session` of every session but this phone's.
    EndOtherSessions,
    /// `App::end_all_sessions`.
    EndAllSessions,
    /// `App::hide`.
    Hide,
    /// `App::show`.
    Show,
    /// `App::diagnostics`.
    Diagnostics,
    /// `App::status`.
    Status,
    /// `App::doors`.
    Doors,
    /// `App::doors_in_range`.
    DoorsInRange,
    /// `App::refresh`.
    Refresh,
    /// `App::lockout_options`.
    LockoutOptions {
        /// The door's name.
        door: String,
    },
    /// `App::doorcodes`.
    Doorcodes {
        /// The door's name.
        door: String,
    },
    /// `CodeDigits::reveal` of the first code of a kind.
    Reveal {
        /// The door's name.
        door: String,
        /// The kind of code.
        kind: String,
        /// The second yes.
        #[serde(default)]
        confirmed: bool,
    },
    /// `App::new_doorcode`.
    NewDoorcode {
        /// The door's name.
        door: String,
        /// Ends 15 minutes after its first use.
        #[serde(default)]
        single_use: bool,
        /// For tomorrow on the door's calendar, not for today.
        #[serde(default)]
        tomorrow: bool,
    },
    /// `App::reset_doorcode` of the first code of a kind.
    ResetDoorcode {
        /// The door's name.
        door: String,
        /// The kind of code.
        kind: String,
    },
    /// `App::send_doorcode`.
    SendDoorcode {
        /// The doors' names.
        doors: Vec<String>,
        /// An e-mail address, or a telephone number that begins with `+`.
        to: String,
        /// Ends 15 minutes after its first use.
        #[serde(default)]
        single_use: bool,
        /// For tomorrow on the door's calendar, not for today.
        #[serde(default)]
        tomorrow: bool,
    },
    /// `App::invite_guest`.
    InviteGuest {
        /// The doors' names.
        doors: Vec<String>,
        /// An e-mail address.
        to: String,
        /// From so many hours after now.
        #[serde(default)]
        from_hours: Option<i64>,
        /// Until so many hours after now.
        #[serde(default)]
        until_hours: Option<i64>,
    },
    /// `App::people_let_in`.
    PeopleLetIn,
    /// `App::revoke`.
    Revoke {
        /// The person's address or number.
        person: String,
        /// The door's name.
        door: String,
    },
    /// `App::change_end`.
    ChangeEnd {
        /// The person's address or number.
        person: String,
        /// The door's name.
        door: String,
        /// Until so many hours after now; not at all where nothing is said.
        #[serde(default)]
        until_hours: Option<i64>,
    },
    /// `App::activity`, its newest page.
    Activity {
        /// The door's name.
        door: String,
    },
    /// `App::unlock`, its phases and its outcome.
    Unlock {
        /// The door's name.
        door: String,
    },
    /// `App::sync`, its phases and its outcome.
    Sync {
        /// The door's name.
        door: String,
    },
    /// `App::sync_all_in_range`, its doors and its outcome.
    SyncAllInRange,
    /// `App::sign_out`.
    SignOut,
    /// `App::last_report`.
    LastReport,
    /// `App::surroundings_changed`.
    Surroundings {
        /// `network`, `no_network`, `foreground`, `background`, `phone_locked`, `phone_unlocked`, `bluetooth`.
        change: String,
    },
    /// Waits until a call that was begun reports this phase.
    Phase {
        /// Its name.
        of: String,
        /// The phase.
        phase: String,
    },
    /// `cancel` of an attempt that was begun.
    Cancel {
        /// Its name.
        of: String,
    },
    /// What a call that was begun came to.
    Outcome {
        /// Its name.
        of: String,
    },
    /// Something outside the phone: see the README for the words.
    World {
        /// What changes.
        change: String,
        /// With which value.
        #[serde(default)]
        value: Value,
    },
}

/// A scenario file cannot be used.
#[derive(Debug)]
pub struct ScenarioError {
    /// Which file.
    pub file: PathBuf,
    /// Why.
    pub reason: String,
}

impl core::fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}: {}", self.file.display(), self.reason)
    }
}

impl core::error::Error for ScenarioError {}

/// All scenarios, by name.
///
/// # Errors
/// A file that is not a scenario; there is no scenario that is left out.
pub fn all() -> Result<Vec<Scenario>, ScenarioError> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let listing = std::fs::read_dir(&folder).map_err(|error| at(&folder, &error))?;
    let mut files: Vec<PathBuf> = listing
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .map_err(|error| at(&folder, &error))?;
    files.sort();
    files.iter().map(|file| read(file)).collect()
}

fn read(file: &Path) -> Result<Scenario, ScenarioError> {
    let bytes = std::fs::read(file).map_err(|error| at(file, &error))?;
    let mut scenario: Scenario =
        serde_json::from_slice(&bytes).map_err(|error| at(file, &error))?;
    scenario.name = file
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    for index in 0..scenario.steps.len() {
        let step = scenario.step(index, &BTreeMap::new());
        step.map_err(|error| at(file, &format!("step {}: {error}", index + 1)))?;
    }
    Ok(scenario)
}

fn at(file: &Path, error: &dyn core::fmt::Display) -> ScenarioError {
    ScenarioError {
        file: file.to_owned(),
        reason: error.to_string(),
    }
}
