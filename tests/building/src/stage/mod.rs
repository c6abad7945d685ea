//! Buildings for whoever plays journeys, in whatever language: made, changed and ended over plain HTTP on this machine.
//!
//! | request | body | answer |
//! |---|---|---|
//! | `POST /buildings` | | `{"number", "building", "people"}`: what a phone needs to know, and who may sign in |
//! | `POST /buildings/{number}/changes` | `{"change", "value"}` | what the change gives; 404 where there is no such change |
//! | `DELETE /buildings/{number}` | | 204 |

mod staged;

use crate::children::{announce, until_input_ends};
use anyhow::Result;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{delete, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use staged::Staged;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the stage says once it can be asked.
#[derive(Debug, Serialize)]
struct StageReady {
    /// `http://address:port`.
    stage: String,
}

/// Something in a building's world changes; `tests/journeys/README.md` lists the words.
#[derive(Debug, Deserialize)]
struct Change {
    change: String,
    #[serde(default)]
    value: Value,
}

/// Every building that stands.
#[derive(Clone, Default)]
struct Stage(Arc<Mutex<Standing>>);

#[derive(Default)]
struct Standing {
    last: u64,
    buildings: BTreeMap<u64, Arc<Mutex<Staged>>>,
}

type Answer = Result<Json<Value>, (StatusCode, String)>;

/// Answers until standard input ends; every building ends with it.
pub(crate) fn run() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let stage = Stage::default();
    let app = Router::new()
        .route("/buildings", post(open))
        .route("/buildings/{number}", delete(close))
        .route("/buildings/{number}/changes", post(change))
        .with_state(stage.clone());
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    runtime.spawn(async move { axum::serve(listener, app).await });
    announce(&StageReady {
        stage: format!("http://{address}"),
    })?;
    until_input_ends();
    let buildings = std::mem::take(&mut stage.standing().buildings);
    drop(buildings);
    Ok(())
}

impl Stage {
    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn building(&self, number: u64) -> Option<Arc<Mutex<Staged>>> {
        self.standing().buildings.get(&number).cloned()
    }
}

async fn open(State(stage): State<Stage>) -> Answer {
    blocking(move || {
        let staged = Staged::open().map_err(broken)?;
        let mut description = staged.description().map_err(broken)?;
        let mut standing = stage.standing();
        standing.last += 1;
        let number = standing.last;
        description["number"] = number.into();
        let staged = Arc::new(Mutex::new(staged));
        standing.buildings.insert(number, staged);
        Ok(description)
    })
    .await
}

async fn change(
    State(stage): State<Stage>,
    Path(number): Path<u64>,
    Json(Change { change, value }): Json<Change>,
) -> Answer {
    blocking(move || {
        let building = stage.building(number);
        let building = building.ok_or_else(|| nothing("no such building"))?;
        let mut staged = building.lock().unwrap_or_else(PoisonError::into_inner);
        let given = staged.change(&change, &value).map_err(broken)?;
        given.ok_or_else(|| nothing("no such change"))
    })
    .await
}

async fn close(
    State(stage): State<Stage>,
    Path(number): Path<u64>,
) -> Result<StatusCode, (StatusCode, String)> {
    blocking(move || {
        let building = stage.standing().buildings.remove(&number);
        // Dropped here: its processes end before the answer.
        drop(building.ok_or_else(|| nothing("no such building"))?);
        Ok(Value::Null)
    })
    .await
    .map(|_| StatusCode::NO_CONTENT)
}

/// A building's own work blocks.
async fn blocking(
    work: impl FnOnce() -> Result<Value, (StatusCode, String)> + Send + 'static,
) -> Answer {
    let done = tokio::task::spawn_blocking(work).await;
    let given = done.map_err(|_| nothing("the work did not end well"))??;
    Ok(Json(given))
}

fn broken(error: anyhow::Error) -> (StatusCode, String) {
    (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}"))
}

fn nothing(what: &str) -> (StatusCode, String) {
    (StatusCode::NOT_FOUND, what.to_owned())
}
