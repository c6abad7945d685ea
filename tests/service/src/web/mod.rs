//! Pages for a browser, for the day when the phone is gone: a new password, and the sessions to end.
//!
//! Forms and links only, no script. What a page says is what the JSON contract says; the work is done by the same code.
mod form;
mod page;
mod reset;
mod sessions;
mod sign_in;
mod visitor;

use crate::state::Service;
use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use http::header;

/// Every page.
pub(crate) fn routes() -> Router<Service> {
    Router::new()
        .route("/account", get(front))
        .route("/account/", get(front))
        .route("/account/style.css", get(style))
        .route("/account/icon.svg", get(icon))
        .route(
            "/account/reset-request",
            get(reset::request_form).post(reset::request),
        )
        .route("/account/reset", get(reset::form).post(reset::set))
        .route(
            "/account/sign-in",
            get(sign_in::form).post(sign_in::sign_in),
        )
        .route("/account/sign-out", post(sign_in::sign_out))
        .route("/account/sessions", get(sessions::list))
        .route("/account/sessions/end", post(sessions::end))
}

/// What somebody types who remembers half of an address.
async fn front() -> Redirect {
    Redirect::to("/account/sessions")
}

async fn style() -> Response {
    let media_type = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    (media_type, include_str!("style.css")).into_response()
}

async fn icon() -> Response {
    let media_type = [(header::CONTENT_TYPE, "image/svg+xml")];
    (media_type, include_str!("icon.svg")).into_response()
}
