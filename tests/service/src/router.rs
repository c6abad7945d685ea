//! The HTTP contract: which path is answered by whom, and what every answer carries.
use crate::access;
use crate::account;
use crate::activity;
use crate::alarms;
use crate::buildings;
use crate::bulk;
use crate::doorcodes;
use crate::doors;
use crate::letting_in;
use crate::limits;
use crate::log;
use crate::oauth;
use crate::phone_key;
use crate::problem::{Problem, ProblemCode};
use crate::receipts;
use crate::sessions;
use crate::state::Service;
use crate::time;
use crate::trace::TraceLine;
use crate::version;
use crate::web;
use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{delete, get, patch, post, put};
use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Every resource of the service. Its handlers await nothing but the request's body, so any executor can drive it.
pub fn router(service: Service) -> Router {
    Router::new()
        .route("/passwordless/start", post(account::one_time_code::start))
        .route(
            "/oauth/authorize-challenge",
            post(oauth::challenge::challenge),
        )
        .route("/oauth/token", post(oauth::token::token))
        .route("/oauth/revoke", post(oauth::revoke::revoke))
        .route(
            "/v1/sessions",
            get(sessions::list).delete(sessions::end_every),
        )
        .route("/v1/sessions/{id}", delete(sessions::end_one))
        .route("/v1/sessions/end", post(sessions::end))
        .route("/v1/password", put(account::password::change))
        .route("/v1/password/reset", post(account::password_reset::ask))
        .route("/v1/phone-key", put(phone_key::register))
        .route("/v1/doors", get(doors::list))
        .route("/v1/doorcodes", get(doorcodes::list))
        .route("/v1/doorcodes/{uuid}/reset", post(doorcodes::reset))
        .route("/v1/doors/{uuid}/doorcodes", post(doorcodes::create))
        .route("/v1/doors/{uuid}/activity", get(activity::list))
        .route("/v1/doors/{uuid}/access", get(access::show))
        .route("/v1/doors/{uuid}/bundle", get(bulk::show))
        .route("/v1/doors/{uuid}/receipts", post(receipts::take))
        .route("/v1/doors/{uuid}/log", post(log::take))
        .route("/v1/doors/{uuid}/time", post(time::attest))
        .route("/v2/users", post(letting_in::invite))
        .route("/v1/users", get(letting_in::list))
        .route("/v1/users/{uuid}", get(letting_in::show))
        .route(
            "/v1/users/{uuid}/doors/{door}",
            patch(letting_in::update).delete(letting_in::delete),
        )
        .route("/v1/alarms", get(alarms::list))
        .route("/v1/buildings", get(buildings::list))
        .route("/v1/buildings/{uuid}/residents", get(buildings::residents))
        .route("/v1/time", get(time::show))
        .merge(web::routes())
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::MethodNotAllowed)
        .layer(DefaultBodyLimit::max(limits::BODY))
        .layer(middleware::from_fn_with_state(
            service.clone(),
            version::refuse_old_apps,
        ))
        .layer(middleware::from_fn_with_state(service.clone(), finish))
        .with_state(service)
}

/// Adds what every answer carries, and tells the trace.
async fn finish(State(service): State<Service>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "-".to_owned(), |path| path.as_str().to_owned());
    let mut response = next.run(request).await;
    if let Some(trace) = service.trace() {
        trace.answered(&TraceLine {
            method,
            route,
            status: response.status(),
            code: response
                .extensions()
                .get::<ProblemCode>()
                .map(|code| code.0),
        });
    }
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    put_text(
        headers,
        HeaderName::from_static(oauth::dpop::NONCE_HEADER),
        Some(oauth::dpop::nonce(&service)),
    );
    put_text(headers, header::DATE, time::http_date(service.now()).ok());
    response
}

fn put_text(headers: &mut HeaderMap, name: HeaderName, text: Option<String>) {
    if let Some(value) = text.and_then(|text| HeaderValue::try_from(text).ok()) {
        headers.insert(name, value);
    }
}
