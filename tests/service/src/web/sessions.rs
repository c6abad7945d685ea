//! `/account/sessions`: where the account is signed in, with a button to end each, and one to end all.
use super::form::Submitted;
use super::page::{Page, PageProblem, notice, way};
use super::visitor::Visitor;
use crate::civil;
use crate::clock::UnixMillis;
use crate::document::problems;
use crate::document::shapes::Bytes32;
use crate::problem::Problem;
use crate::secret::Secret;
use crate::sessions::{end_all, end_own};
use crate::state::Service;
use crate::store::sessions::{self, EndReason, LiveSession};
use crate::store::{accounts, doors, staff};
use crate::time::{rfc3339, timestamp};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Redirect;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use rusqlite::Connection;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What happened before the page was asked for.
#[derive(Deserialize)]
pub(super) struct Before {
    ended: Option<String>,
}

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
    before: Result<Query<Before>, QueryRejection>,
) -> Result<Page, PageProblem> {
    let now = service.now();
    let (account, live, zone) = service.store().read(|on| {
        let account = accounts::by_id(on, visitor.account_id)?.ok_or(Problem::NotFound)?;
        let live = sessions::live_of_account(on, visitor.account_id, now)?;
        Ok::<_, Problem>((account, live, zone_of(on, visitor.account_id, now)?))
    })?;
    let csrf = visitor.form_token(&service);
    let items = live
        .iter()
        .map(|session| item(session, &zone, &csrf))
        .collect::<Result<Vec<_>, _>>()?;
    let ended = before.ok().and_then(|Query(before)| before.ended);
    let content = html! {
        @match ended.as_deref() {
            Some(ONE) => (notice("The session is ended.")),
            Some(ALL) => (notice("All sessions are ended.")),
            _ => {}
        }
        p { "You are signed in here as " strong { (account.email) } "." }
        @if items.is_empty() {
            p { "No phone is signed in." }
        } @else {
            ul.sessions { @for item in &items { li { (item) } } }
            (button("/account/sessions/end", &csrf, ("all", "yes"), ("ending", "End all sessions"), None))
            p {
                "A phone whose session is ended is signed out as soon as it has network. A door refuses it \
                 once somebody has come by with another phone, and by itself after a week at most, or after 15 \
                 minutes if it was borrowed."
            }
            p { "A phone here that you do not know? End all sessions, and set a new password." }
        }
        (button("/account/sign-out", &csrf, ("from", "sessions"), ("plain", "Sign out of this browser"), None))
        (way("/account/reset-request", "Set a new password"))
    };
    Ok(Page::new("Your sessions", content))
}

/// The clock on the account's doors; UTC if they are not all on one.
fn zone_of(on: &Connection, account: Uuid, now: UnixMillis) -> Result<TimeZone, Problem> {
    let staffed = staff::buildings(on, account, now)?;
    let doors = doors::of_account(on, account, &staffed, now)?;
    match doors.as_slice() {
        [first, others @ ..] if others.iter().all(|it| it.timezone == first.timezone) => {
            civil::zone(&first.timezone)
        }
        _ => Ok(TimeZone::UTC),
    }
}

fn item(session: &LiveSession, zone: &TimeZone, csrf: &str) -> Result<Markup, Problem> {
    let phone = if session.borrowed {
        "Borrowed phone"
    } else {
        "Own phone"
    };
    let started = in_words(zone, session.started_at)?;
    // Read out one after the other, buttons that all say the same say nothing.
    let label = format!("End this session: {phone}, signed in {started}");
    let id = session.id.to_string();
    Ok(html! {
        h2 { (phone) }
        dl {
            div { dt { "Signed in" } dd { (moment(zone, session.started_at)?) } }
            div { dt { "Last seen" } dd { (moment(zone, session.seen_at)?) } }
            div { dt { "Ends by itself" } dd { (moment(zone, session.ends_at)?) } }
        }
        (button("/account/sessions/end", csrf, ("id", &id), ("ending", "End this session"), Some(&label)))
    })
}

fn button(
    action: &str,
    csrf: &str,
    (name, value): (&str, &str),
    (class, text): (&str, &str),
    label: Option<&str>,
) -> Markup {
    html! {
        form method="post" action=(action) {
            input type="hidden" name="csrf" value=(csrf);
            input type="hidden" name=(name) value=(value);
            button class=(class) aria-label=[label] { (text) }
        }
    }
}

fn moment(zone: &TimeZone, at: UnixMillis) -> Result<Markup, Problem> {
    let (machine, words) = (rfc3339(at)?, in_words(zone, at)?);
    Ok(html! { time datetime=(machine) { (words) } })
}

/// Names its timezone: a browser that is not asked by a script does not tell its own.
fn in_words(zone: &TimeZone, at: UnixMillis) -> Result<String, Problem> {
    let there = timestamp(at)?.to_zoned(zone.clone());
    Ok(there.strftime("%-d %B %Y, %H:%M %Z").to_string())
}

/// The words of [`Before::ended`].
const ONE: &str = "one";
const ALL: &str = "all";

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
    let ended = service.store().write(|on| match (&form.id, &form.all) {
        (Some(id), None) => {
            let id = Uuid::parse_str(id).map_err(|_| Problem::NotFound)?;
            end_own(on, account, id, now).map(|()| ONE)
        }
        (None, Some(_)) => end_all(on, account, None, EndReason::EndedByOwner, now).map(|()| ALL),
        _ => Err(Problem::BadRequest("exactly one of id and all is needed")),
    })?;
    Ok(Redirect::to(&format!("/account/sessions?ended={ended}")))
}
