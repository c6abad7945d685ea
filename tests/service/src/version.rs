//! `keyway-app`: the version that every request of the app names, and the oldest one this service still answers.
use crate::problem::{OauthProblem, Problem};
use crate::state::Service;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::HeaderMap;

/// The header that carries `major.minor.patch`.
pub(crate) const HEADER: &str = "keyway-app";
/// What the header says.
pub(crate) const PATTERN: &str = "^[0-9]{1,4}\\.[0-9]{1,4}\\.[0-9]{1,4}$";

/// Whatever an app may ask for.
const FOR_APPS: [&str; 4] = ["/v1/", "/v2/", "/oauth/", "/passwordless/"];
/// Signing out works from every app, however old.
const SIGN_OUT: [&str; 2] = ["/v1/sessions/end", "/oauth/revoke"];

/// Refuses apps that are too old before anything else is looked at. A request without the header comes from no app.
pub(crate) async fn refuse_old_apps(
    State(service): State<Service>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let is_asked = is_asked_at(path);
    match check(request.headers(), service.oldest_app()) {
        Err(problem) if is_asked && path.starts_with("/oauth/") => {
            OauthProblem(problem).into_response()
        }
        Err(problem) if is_asked => problem.into_response(),
        _ => next.run(request).await,
    }
}

/// Whether the version is asked for at `path`.
pub(crate) fn is_asked_at(path: &str) -> bool {
    FOR_APPS.iter().any(|prefix| path.starts_with(prefix)) && !SIGN_OUT.contains(&path)
}

fn check(headers: &HeaderMap, oldest: (u16, u16, u16)) -> Result<(), Problem> {
    let Some(told) = headers.get(HEADER) else {
        return Ok(());
    };
    let told = told.to_str().ok().and_then(parse);
    match told {
        Some(version) if version >= oldest => Ok(()),
        Some(_) => Err(Problem::AppTooOld),
        None => Err(Problem::BadRequest("keyway-app must be major.minor.patch")),
    }
}

fn parse(text: &str) -> Option<(u16, u16, u16)> {
    let mut numbers = text.split('.').map(number);
    let version = (numbers.next()??, numbers.next()??, numbers.next()??);
    numbers.next().is_none().then_some(version)
}

/// Digits only: what else Rust reads as a number is none here.
fn number(text: &str) -> Option<u16> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}
