//! `/account/sign-in` and `/account/sign-out`: a browser, for fifteen minutes.
use super::form::{Field, Submitted};
use super::page::{Page, PageProblem, in_words, notice, way};
use super::visitor::{Visitor, clear_cookie, set_cookie};
use crate::account::credentials;
use crate::document::problems;
use crate::document::shapes::{Bytes32, Email, Password};
use crate::keys::Purpose;
use crate::limits;
use crate::problem::Problem;
use crate::secret::Secret;
use crate::state::Service;
use crate::store::web_sessions;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::header;
use maud::{Markup, html};
use serde::Deserialize;
use utoipa::ToSchema;

/// What happened before the page was asked for.
#[derive(Deserialize)]
pub(super) struct Before {
    signed_out: Option<String>,
}

/// `GET /account/sign-in`.
#[utoipa::path(
    get,
    path = "/account/sign-in",
    tag = "pages",
    operation_id = "signInPage",
    params(("signed_out" = Option<String>, Query, description = "Set after a sign-out")),
    responses(
        (status = 200, body = String, content_type = "text/html", description = "A form"),
    ),
)]
pub(super) async fn form(before: Result<Query<Before>, QueryRejection>) -> Page {
    let told = before
        .ok()
        .and_then(|Query(before)| before.signed_out)
        .map(|_| notice("This browser is signed out."));
    ask("", None, told)
}

/// The filled-in form.
#[derive(Deserialize, ToSchema)]
#[schema(as = SignInForm)]
pub(super) struct SignIn {
    #[schema(value_type = Email)]
    email: String,
    #[schema(value_type = Password)]
    password: Secret,
}

/// `POST /account/sign-in`: counted with every other try for the address.
#[utoipa::path(
    post,
    path = "/account/sign-in",
    tag = "pages",
    operation_id = "submitSignIn",
    request_body(content = SignIn, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 303, description = "To the sessions", headers(("Location" = String), ("Set-Cookie" = String))),
        problems::ForeignForm,
        problems::WrongCredentials,
        problems::AccountNotActive,
        problems::TooManyTries,
    ),
)]
pub(super) async fn sign_in(
    State(service): State<Service>,
    Submitted(form): Submitted<SignIn>,
) -> Result<Response, PageProblem> {
    match open_session(&service, &form) {
        Ok(token) => {
            let cookie = [(header::SET_COOKIE, set_cookie(&token))];
            Ok((cookie, Redirect::to("/account/sessions")).into_response())
        }
        Err(
            problem @ (Problem::WrongCredentials
            | Problem::AccountNotActive
            | Problem::TooManyTries { .. }),
        ) => {
            let error = html! { (in_words(&problem)) };
            let page = ask(&form.email, Some(error), None).again_because_of(problem);
            Ok(page.into_response())
        }
        Err(problem) => Err(problem.into()),
    }
}

fn open_session(service: &Service, form: &SignIn) -> Result<String, Problem> {
    // EXPOSE: it is compared with the account's hash and dropped with the request.
    let account = credentials::by_password(service, &form.email, form.password.expose())?;
    let now = service.now();
    let (token, mac) = service.fresh_secret(Purpose::WebSession)?;
    service.store().write(|on| {
        credentials::still_hold(on, &account)?;
        let ends_at = now + limits::WEB_SESSION;
        Ok(web_sessions::insert(on, &mac, account.id, ends_at, now)?)
    })?;
    Ok(token)
}

fn ask(email: &str, error: Option<Markup>, told: Option<Markup>) -> Page {
    let password = Field::password("password", "Password", "current-password");
    let content = html! {
        @if let Some(told) = told { (told) }
        p { "See which phones are signed in to your account, and end any of them." }
        form method="post" action="/account/sign-in" {
            (Field::email(email).markup())
            (password.with_error(error).markup())
            button { "Sign in" }
        }
        (way("/account/reset-request", "I do not know my password"))
        p.soft {
            "On somebody else's phone, use a private tab, do not let it save the password, and sign \
             out when you are done. After 15 minutes this browser is signed out by itself."
        }
    };
    Page::new("Sign in to your account", content)
}

/// What every button of a signed-in browser sends.
#[derive(Deserialize, ToSchema)]
#[schema(as = SignOutForm)]
pub(super) struct SignOut {
    /// From the page.
    #[schema(value_type = Bytes32)]
    csrf: Secret,
}

/// `POST /account/sign-out`.
#[utoipa::path(
    post,
    path = "/account/sign-out",
    tag = "pages",
    operation_id = "submitSignOut",
    request_body(content = SignOut, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 303, description = "To the sign-in page", headers(("Location" = String))),
        problems::ForeignForm,
    ),
    security(("webSession" = [])),
)]
pub(super) async fn sign_out(
    State(service): State<Service>,
    visitor: Visitor,
    Submitted(form): Submitted<SignOut>,
) -> Result<Response, PageProblem> {
    visitor.sent(&service, &form.csrf)?;
    visitor.end(&service)?;
    let cookie = [(header::SET_COOKIE, clear_cookie())];
    Ok((cookie, Redirect::to("/account/sign-in?signed_out=yes")).into_response())
}
