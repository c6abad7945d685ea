//! Pages for a browser, for the day when the phone is gone: a new password, and the sessions to end.
//!
//! Forms and links only, no script. What a page says is what the JSON contract says; the work is done by the same code.
mod form;
mod page;
mod reset;
mod sessions;
mod sign_in;
mod visitor;

pub(crate) use visitor::COOKIE;

use crate::state::Service;
use axum::response::{IntoResponse, Redirect, Response};
use http::header;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Every page.
pub(crate) fn table() -> OpenApiRouter<Service> {
    OpenApiRouter::default()
        .routes(routes!(front))
        .routes(routes!(style))
        .routes(routes!(icon))
        .routes(routes!(reset::request_form, reset::request))
        .routes(routes!(reset::form, reset::set))
        .routes(routes!(sign_in::form, sign_in::sign_in))
        .routes(routes!(sign_in::sign_out))
        .routes(routes!(sessions::list))
        .routes(routes!(sessions::end))
}

/// What somebody types who remembers half of an address.
#[utoipa::path(
    get,
    path = "/account",
    tag = "pages",
    operation_id = "account",
    responses(
        (status = 303, description = "To the sessions, or to the sign-in"),
    ),
)]
async fn front() -> Redirect {
    Redirect::to("/account/sessions")
}

/// How the pages look.
#[utoipa::path(
    get,
    path = "/account/style.css",
    tag = "pages",
    operation_id = "style",
    responses(
        (status = 200, body = String, content_type = "text/css", description = "How the pages look"),
    ),
)]
async fn style() -> Response {
    let media_type = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    (media_type, include_str!("style.css")).into_response()
}

/// What a browser shows beside the title.
#[utoipa::path(
    get,
    path = "/account/icon.svg",
    tag = "pages",
    operation_id = "icon",
    responses(
        (status = 200, body = String, content_type = "image/svg+xml", description = "The pages' icon"),
    ),
)]
async fn icon() -> Response {
    let media_type = [(header::CONTENT_TYPE, "image/svg+xml")];
    (media_type, include_str!("icon.svg")).into_response()
}
