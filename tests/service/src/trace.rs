//! One line per request for whoever watches a building: method, route, status and code, and nothing that was said.
use http::{Method, StatusCode};

/// What may be told of a request. There is deliberately no field for a body, a header, a query or a path's values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceLine {
    /// The method.
    pub method: Method,
    /// The route's template, such as `/v1/doors/{doorUuid}/access`; `-` where no route matched.
    pub route: String,
    /// The answer's status.
    pub status: StatusCode,
    /// The problem's code, where there was one.
    pub code: Option<&'static str>,
}

/// Watches the requests of a service.
pub trait RequestTrace: Send + Sync + 'static {
    /// Called once for each answered request.
    fn answered(&self, line: &TraceLine);
}
