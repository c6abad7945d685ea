//! Every line that the core may log: what is not a function here cannot be logged (a test holds the rest of the crate to that).
//!
//! None takes free text. What is passed are variants, counts and durations; a path loses its query and its ids, a lock's and a door's name
//! never arrive here. The shell chooses the sink, or none: the core writes nothing anywhere.

use crate::account::SignOutReport;
use crate::ports::{HttpRequest, Method};
use core::fmt::{self, Debug};
use core::time::Duration;
use tracing::{debug, info, trace};

/// The account moved.
pub(crate) fn moved(from: impl Debug, event: impl Debug, to: impl Debug) {
    info!(?from, ?event, ?to, "account");
}

/// A journey reached a phase.
pub(crate) fn phase(phase: &dyn Debug) {
    debug!(?phase, "journey");
}

/// A journey ended.
pub(crate) fn outcome(outcome: &dyn Debug) {
    info!(?outcome, "journey");
}

/// Which call of the service, without what tells one resident's from another's.
pub(crate) struct Route {
    method: Method,
    path: String,
}

impl Route {
    /// Of this request.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        let path = request.path.split('?').next().unwrap_or("/");
        let known = |segment: &str| {
            // A word of the contract is short and has letters only; everything else is an id.
            let word = segment.len() <= 24;
            word && segment
                .bytes()
                .all(|byte| byte.is_ascii_alphabetic() || byte == b'-' || byte == b'.')
        };
        let segments = path.split('/').map(|segment| match segment {
            "v1" => segment,
            segment if known(segment) => segment,
            _ => "{id}",
        });
        Self {
            method: request.method,
            path: segments.collect::<Vec<_>>().join("/"),
        }
    }
}

impl Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method.as_str(), self.path)
    }
}

/// The service answered, or did not.
pub(crate) fn answered(route: &Route, came_to: &dyn Debug, bytes: usize, took: Duration) {
    debug!(?route, ?came_to, bytes, ?took, "service");
}

/// A peripheral with our service was heard.
pub(crate) fn sighted(wanted: bool, rssi: i16) {
    trace!(wanted, rssi, "radio");
}

/// A link came up.
pub(crate) fn linked(mtu: u16) {
    debug!(mtu, "link");
}

/// A frame left or arrived.
pub(crate) fn frame(direction: &'static str, bytes: usize) {
    trace!(direction, bytes, "link");
}

/// A conversation over a link ended.
pub(crate) fn link_ended(why: &dyn Debug) {
    debug!(?why, "link");
}

/// Something of this kind was stored or erased.
pub(crate) fn stored(deed: &'static str, kind: &dyn Debug, bytes: usize) {
    trace!(deed, ?kind, bytes, "vault");
}

/// What a sign-out came to, place by place.
pub(crate) fn report(report: &SignOutReport) {
    for line in &report.places {
        debug!(place = line.place.name(), result = ?line.result, "sign-out");
    }
    info!(complete = report.complete, server = ?report.server, undelivered = report.undelivered, "sign-out");
}

#[cfg(test)]
mod tests {
    use super::Route;
    use crate::ports::{HttpRequest, Method};

    #[test]
    fn a_route_keeps_the_contracts_words_and_no_id() {
        let route = |path: &str| {
            let request = HttpRequest {
                method: Method::Get,
                path: path.to_owned(),
                headers: Vec::new(),
                body: None,
                deadline: core::time::Duration::ZERO,
            };
            format!("{:?}", Route::of(&request))
        };
        assert_eq!(
            route("/v1/doors/1dc250bb-4bba-4a77-9b0e-6b6579776179/access?since=3"),
            "GET /v1/doors/{id}/access"
        );
        assert_eq!(
            route("/oauth/authorize-challenge"),
            "GET /oauth/authorize-challenge"
        );
        assert_eq!(route("/v1/guests/ada@example.org"), "GET /v1/guests/{id}");
    }
}
