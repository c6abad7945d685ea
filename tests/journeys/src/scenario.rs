//! The files.

use serde::Deserialize;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// One journey.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What happens, as a sentence.
    pub title: String,
    /// Whose time it needs.
    pub time: TimeKind,
    /// What is done, in order.
    pub steps: Vec<Step>,
    /// The file's name without its ending.
    #[serde(skip)]
    pub name: String,
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
    /// The digits that the call reveals are remembered under this name.
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
    },
    /// `App::status`.
    Status,
    /// `App::doors`.
    Doors,
    /// `App::refresh`.
    Refresh,
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
    /// `App::new_doorcode`, for today.
    NewDoorcode {
        /// The door's name.
        door: String,
        /// Ends 15 minutes after its first use.
        #[serde(default)]
        single_use: bool,
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
        /// With which value; a text `$name` in it stands for the digits saved under that name.
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
    Ok(scenario)
}

fn at(file: &Path, error: &dyn core::fmt::Display) -> ScenarioError {
    ScenarioError {
        file: file.to_owned(),
        reason: error.to_string(),
    }
}
