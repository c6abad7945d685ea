//! What the service gave out, for the scan to look for: the tokens in the answers of its OAuth endpoints.
//!
//! The service itself keeps only hashes of them. This layer stands outside it, as a courier's proxy would.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The file, below the building's folder: one JSON string pair `[name, value]` a line.
pub(crate) const ISSUED: &str = "issued.jsonl";

/// Fields of an answer that are secrets of the session.
const SECRETS: [&str; 4] = [
    "authorization_code",
    "access_token",
    "refresh_token",
    "logout_ticket",
];
const LONGEST: usize = 1 << 20;

/// `app`, behind a layer that writes down what it gives out.
pub(super) fn recording_tokens(app: Router, folder: &Path) -> Router {
    let file = folder.join(ISSUED);
    app.layer(from_fn(move |request, next| {
        record(file.clone(), request, next)
    }))
}

async fn record(file: PathBuf, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    if !path.starts_with("/oauth/") {
        return response;
    }
    let (head, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, LONGEST).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if let Err(error) = write_down(&file, &bytes) {
        // Without the list the scan would prove less than it says.
        return (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response();
    }
    Response::from_parts(head, Body::from(bytes))
}

fn write_down(file: &Path, answer: &[u8]) -> std::io::Result<()> {
    let Ok(Value::Object(fields)) = serde_json::from_slice(answer) else {
        return Ok(());
    };
    let mut out = std::fs::File::options()
        .create(true)
        .append(true)
        .open(file)?;
    for name in SECRETS {
        if let Some(Value::String(value)) = fields.get(name) {
            let line = serde_json::json!([name.replace('_', " "), value]);
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}
