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
use http::{HeaderMap, HeaderName, HeaderValue, header};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Every resource of the service. Its handlers await nothing but the request's body, so any executor can drive it.
pub fn router(service: Service) -> Router {
    let (routes, _) = table().split_for_parts();
    routes
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

/// Which handlers there are; each says beside itself at which path and what it takes and answers. Router and document are both made of this.
pub(crate) fn table() -> OpenApiRouter<Service> {
    OpenApiRouter::default()
        .routes(routes!(account::one_time_code::start))
        .routes(routes!(oauth::challenge::challenge))
        .routes(routes!(oauth::token::token))
        .routes(routes!(oauth::revoke::revoke))
        .routes(routes!(sessions::list, sessions::end_every))
        .routes(routes!(sessions::end_one))
        .routes(routes!(sessions::end))
        .routes(routes!(account::password::change))
        .routes(routes!(account::password_reset::ask))
        .routes(routes!(phone_key::register))
        .routes(routes!(doors::list))
        .routes(routes!(doorcodes::list))
        .routes(routes!(doorcodes::reset))
        .routes(routes!(doorcodes::create))
        .routes(routes!(activity::list))
        .routes(routes!(access::show))
        .routes(routes!(bulk::show))
        .routes(routes!(receipts::take))
        .routes(routes!(log::take))
        .routes(routes!(time::attest))
        .routes(routes!(letting_in::invite::invite))
        .routes(routes!(letting_in::users::list))
        .routes(routes!(letting_in::users::show))
        .routes(routes!(
            letting_in::change::update,
            letting_in::change::withdraw
        ))
        .routes(routes!(alarms::list))
        .routes(routes!(buildings::list))
        .routes(routes!(buildings::residents))
        .routes(routes!(time::show))
        .merge(web::table())
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
