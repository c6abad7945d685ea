//! `/account/reset-request` and `/account/reset`: a link by e-mail, and the new password.
use super::form::{Field, Submitted};
use super::page::{Page, PageProblem, wait, way};
use crate::account::{BrokenRules, PasswordRule, password_reset};
use crate::document::problems;
use crate::document::shapes::{self, Bytes32, Email};
use crate::limits;
use crate::problem::Problem;
use crate::secret::Secret;
use crate::state::Service;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;
use utoipa::ToSchema;

/// `GET /account/reset-request`.
#[utoipa::path(
    get,
    path = "/account/reset-request",
    tag = "pages",
    operation_id = "resetRequestPage",
    responses(
        (status = 200, body = String, content_type = "text/html", description = "A form"),
    ),
)]
pub(super) async fn request_form() -> Page {
    ask("", None)
}

/// The filled-in form.
#[derive(Deserialize, ToSchema)]
#[schema(as = ResetRequestForm)]
pub(super) struct ResetRequest {
    #[schema(value_type = Email)]
    email: String,
}

/// `POST /account/reset-request`: the same page whether or not there is an account.
#[utoipa::path(
    post,
    path = "/account/reset-request",
    tag = "pages",
    operation_id = "submitResetRequest",
    request_body(content = ResetRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, body = String, content_type = "text/html", description = "A mail is on its way if there is an account"),
        problems::ForeignForm,
        problems::TooManyTries,
    ),
)]
pub(super) async fn request(
    State(service): State<Service>,
    Submitted(request): Submitted<ResetRequest>,
) -> Result<Page, PageProblem> {
    match password_reset::send_link(&service, &request.email) {
        Ok(()) => Ok(Page::new(
            "Check your mail",
            html! {
                p { "If there is an account, a mail is on its way. Its link holds for 30 minutes." }
                p { "Nothing there after a few minutes? Look among the spam, and check the address." }
                (way("/account/reset-request", "Ask again"))
            },
        )),
        Err(Problem::BadRequest(what)) => {
            let error = html! { "This is not an e-mail address. One looks like name@example.org." };
            Ok(ask(&request.email, Some(error)).again_because_of(Problem::BadRequest(what)))
        }
        Err(problem @ Problem::TooManyTries { retry_after }) => {
            let error = html! {
                "An address gets " (limits::MAILS) " of these mails an hour. Look for them, also among the spam; \
                 you can ask for another in " (wait(retry_after)) "."
            };
            Ok(ask(&request.email, Some(error)).again_because_of(problem))
        }
        Err(problem) => Err(problem.into()),
    }
}

fn ask(email: &str, error: Option<Markup>) -> Page {
    let content = html! {
        p { "You get a mail with a link. It leads to a page where you set a new password." }
        form method="post" action="/account/reset-request" {
            (Field::email(email).with_error(error).markup())
            button { "Send the link" }
        }
        (way("/account/sign-in", "I know my password: sign in"))
        p.soft { "If you cannot read your mail now, ask the property's office to let you in." }
    };
    Page::new("Reset your password", content)
}

/// What stands in the mail's link.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Link {
    /// From the mail.
    #[param(value_type = Bytes32)]
    token: Secret,
}

/// `GET /account/reset?token=…`: looking does not spend the link.
#[utoipa::path(
    get,
    path = "/account/reset",
    tag = "pages",
    operation_id = "resetPage",
    params(Link),
    responses(
        (status = 200, body = String, content_type = "text/html", description = "A form"),
        problems::ResetLinkOver,
    ),
)]
pub(super) async fn form(
    State(service): State<Service>,
    link: Result<Query<Link>, QueryRejection>,
) -> Result<Page, PageProblem> {
    // EXPOSE: it is compared with what was sent, and handed back in the form.
    let token = link.as_ref().map_or("", |Query(link)| link.token.expose());
    match password_reset::look_at(&service, token) {
        Ok(()) => Ok(choose(token, None)),
        Err(problem) => over(problem),
    }
}

/// The filled-in form.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewPasswordForm)]
pub(super) struct NewPassword {
    #[schema(value_type = Bytes32)]
    token: Secret,
    #[schema(value_type = shapes::NewPassword)]
    password: Secret,
    #[schema(value_type = shapes::NewPassword)]
    repeated: Secret,
}

/// `POST /account/reset`: a password that will not do does not spend the link.
#[utoipa::path(
    post,
    path = "/account/reset",
    tag = "pages",
    operation_id = "submitReset",
    request_body(content = NewPassword, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, body = String, content_type = "text/html", description = "Changed; every session has ended"),
        problems::ForeignForm,
        problems::ResetLinkOver,
        problems::PasswordRules,
    ),
)]
pub(super) async fn set(
    State(service): State<Service>,
    Submitted(form): Submitted<NewPassword>,
) -> Result<Page, PageProblem> {
    // EXPOSE: compared with what was sent and handed back in the form; the password is hashed and dropped with the request.
    let (token, password) = (form.token.expose(), form.password.expose());
    // EXPOSE: compared with the other field and dropped with the request.
    let repeated = form.repeated.expose();
    let outcome = if password == repeated {
        password_reset::reset(&service, token, password)
    } else {
        password_reset::look_at(&service, token).and(Err(DIFFERENT))
    };
    match outcome {
        Ok(()) => Ok(changed()),
        Err(problem @ Problem::PasswordRules(broken)) => {
            Ok(choose(token, Some(broken_rules(broken))).again_because_of(problem))
        }
        Err(DIFFERENT) => {
            let error = html! { "The two passwords are not the same. Type both again." };
            Ok(choose(token, Some(error)).again_because_of(DIFFERENT))
        }
        Err(problem) => over(problem),
    }
}

const DIFFERENT: Problem = Problem::BadRequest("the two passwords are not the same");

/// What is wrong stands above the first of the two fields: neither password comes back, so both are typed again.
fn choose(token: &str, error: Option<Markup>) -> Page {
    let password = Field::password("password", "New password", "new-password");
    let repeated = Field::password("repeated", "New password, again", "new-password");
    let content = html! {
        div id="rules" {
            p { "The new password needs:" }
            ul {
                @for rule in PasswordRule::ALL { li { (rule.text()) } }
            }
        }
        form method="post" action="/account/reset" {
            input type="hidden" name="token" value=(token);
            (password.described_by("rules").with_error(error).markup())
            (repeated.markup())
            p { "Setting it ends every session on every phone. Sign in again on those that you keep." }
            button { "Set the password" }
        }
    };
    Page::new("Set a new password", content)
}

fn broken_rules(broken: BrokenRules) -> Markup {
    html! {
        p { "This password still needs:" }
        ul {
            @for rule in broken.rules() { li data-rule=(rule.word()) { (rule.text()) } }
        }
    }
}

fn changed() -> Page {
    let content = html! {
        p { "Your password is changed; every session has ended." }
        p {
            "Sign in again on the phones that you have at hand. A phone that is lost can open a door \
             until somebody has come by with another one, for a week at most."
        }
        (way("/account/sign-in", "Sign in on this page"))
    };
    Page::new("Password changed", content)
}

/// The page for a link that does nothing any more; any other problem is told as such.
fn over(problem: Problem) -> Result<Page, PageProblem> {
    let Problem::ResetLinkOver = problem else {
        return Err(problem.into());
    };
    let content = html! {
        p.error role="alert" { "It was used already, it is older than 30 minutes, or a part of it is missing." }
        (way("/account/reset-request", "Ask for a new link"))
    };
    Ok(Page::new("This link no longer works", content).because_of(problem))
}
