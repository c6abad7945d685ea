//! `/account/sessions`: where the account is signed in, with a button to end each, and one to end all.
use super::form::Submitted;
use super::page::{Page, PageProblem};
use super::visitor::Visitor;
use crate::clock::UnixMillis;
use crate::document::problems;
use crate::document::shapes::Bytes32;
use crate::problem::Problem;
use crate::secret::Secret;
use crate::sessions::{end_all, end_own};
use crate::state::Service;
use crate::store::accounts;
use crate::store::sessions::{self, EndReason, LiveSession};
use crate::time::{rfc3339, timestamp};
use axum::extract::State;
use axum::response::Redirect;
use maud::{Markup, html};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// `GET /account/sessions`.
#[utoipa::path(
    get,
    path = "/account/sessions",
    tag = "pages",
    operation_id = "sessionsPage",
    responses(
        (status = 200, body = String, content_type = "text/html", description = "The sessions"),
        (status = 303, description = "To the sign-in page", headers(("Location" = String))),
        problems::NotFound,
    ),
    security(("webSession" = [])),
)]
pub(super) async fn list(
    State(service): State<Service>,
    visitor: Visitor,
) -> Result<Page, PageProblem> {
    let now = service.now();
    let (account, live) = service.store().read(|on| {
        let account = accounts::by_id(on, visitor.account_id)?.ok_or(Problem::NotFound)?;
        let live = sessions::live_of_account(on, visitor.account_id, now)?;
        Ok::<_, Problem>((account, live))
    })?;
    let csrf = visitor.form_token(&service);
    let items = live
        .iter()
        .map(|session| item(session, &csrf))
        .collect::<Result<Vec<_>, _>>()?;
    let content = html! {
        p { "Signed in as " (account.email) "." }
        @if items.is_empty() {
            p { "No phone is signed in." }
        } @else {
            ul class="sessions" { @for item in &items { li { (item) } } }
            (button("/account/sessions/end", &csrf, ("all", "yes"), "End all", None))
        }
        p { "A phone whose session ends is refused by the doors once somebody has come by with another one." }
        (button("/account/sign-out", &csrf, ("from", "sessions"), "Sign this browser out", None))
    };
    Ok(Page::new("Your sessions", content))
}

fn item(session: &LiveSession, csrf: &str) -> Result<Markup, Problem> {
    let phone = if session.borrowed {
        "Borrowed phone"
    } else {
        "Own phone"
    };
    let started = in_words(session.started_at)?;
    // Read out one after the other, buttons that all say the same say nothing.
    let label = format!("End: {phone}, since {started}");
    let id = session.id.to_string();
    Ok(html! {
        p {
            strong { (phone) } ", since " (moment(session.started_at)?)
            ", last seen " (moment(session.seen_at)?)
            ", ends by itself " (moment(session.ends_at)?)
        }
        (button("/account/sessions/end", csrf, ("id", &id), "End", Some(&label)))
    })
}

fn button(
    action: &str,
    csrf: &str,
    (name, value): (&str, &str),
    text: &str,
    label: Option<&str>,
) -> Markup {
    html! {
        form method="post" action=(action) {
            input type="hidden" name="csrf" value=(csrf);
            input type="hidden" name=(name) value=(value);
            button aria-label=[label] { (text) }
        }
    }
}

fn moment(at: UnixMillis) -> Result<Markup, Problem> {
    let (machine, words) = (rfc3339(at)?, in_words(at)?);
    Ok(html! { time datetime=(machine) { (words) } })
}

/// UTC, and says so: a browser that is not asked by a script does not tell its timezone.
fn in_words(at: UnixMillis) -> Result<String, Problem> {
    Ok(timestamp(at)?.strftime("%-d %B %Y, %H:%M UTC").to_string())
}

/// What a button sends: `id` or `all`.
#[derive(Deserialize, ToSchema)]
#[schema(as = EndForm)]
pub(super) struct End {
    /// From the page.
    #[schema(value_type = Bytes32)]
    csrf: Secret,
    /// Exactly one of `id` and `all`.
    #[schema(value_type = Option<Uuid>, nullable = false)]
    id: Option<String>,
    #[schema(nullable = false)]
    all: Option<String>,
}

/// `POST /account/sessions/end`: the browser itself stays signed in.
#[utoipa::path(
    post,
    path = "/account/sessions/end",
    tag = "pages",
    operation_id = "submitEnd",
    request_body(content = End, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 303, description = "To the sessions, or the sign-in page", headers(("Location" = String))),
        problems::ForeignForm,
        problems::NotFound,
    ),
    security(("webSession" = [])),
)]
pub(super) async fn end(
    State(service): State<Service>,
    visitor: Visitor,
    Submitted(form): Submitted<End>,
) -> Result<Redirect, PageProblem> {
    visitor.sent(&service, &form.csrf)?;
    let (account, now) = (visitor.account_id, service.now());
    service.store().write(|on| match (&form.id, &form.all) {
        (Some(id), None) => {
            let id = Uuid::parse_str(id).map_err(|_| Problem::NotFound)?;
            end_own(on, account, id, now)
        }
        (None, Some(_)) => end_all(on, account, None, EndReason::EndedByOwner, now),
        _ => Err(Problem::BadRequest("exactly one of id and all is needed")),
    })?;
    Ok(Redirect::to("/account/sessions"))
}
