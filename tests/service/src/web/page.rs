//! What every page has: one heading, its headers, and a way to say what went wrong where it did.
use crate::limits;
use crate::problem::Problem;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderName, StatusCode, header};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Nothing from elsewhere, nothing that runs, nothing that frames or is framed.
const HEADERS: [(HeaderName, &str); 2] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    // The address of the reset page is worth a password.
    (header::REFERRER_POLICY, "no-referrer"),
];

/// The mark beside the name, in the colour of the text around it.
const MARK: PreEscaped<&str> = PreEscaped(
    r#"<svg aria-hidden="true" viewBox="0 0 24 24"><path fill="currentColor" fill-rule="evenodd" d="M6 0h12a6 6 0 0 1 6 6v12a6 6 0 0 1-6 6H6a6 6 0 0 1-6-6V6a6 6 0 0 1 6-6zm6 5a4 4 0 0 0-1.9 7.5L9 19h6l-1.1-6.5A4 4 0 0 0 12 5z"/></svg>"#,
);

/// One page.
pub(super) struct Page {
    title: &'static str,
    content: Markup,
    problem: Option<Problem>,
    /// The same form once more: its title says so, which is what a screen reader reads first.
    again: bool,
}

impl Page {
    pub(super) fn new(title: &'static str, content: Markup) -> Self {
        Self {
            title,
            content,
            problem: None,
            again: false,
        }
    }

    /// The page answers with the problem's status.
    pub(super) fn because_of(mut self, problem: Problem) -> Self {
        self.problem = Some(problem);
        self
    }

    /// The same, where the page is the form that caused it.
    pub(super) fn again_because_of(mut self, problem: Problem) -> Self {
        self.again = true;
        self.because_of(problem)
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { @if self.again { "Error: " } (self.title) " - Keyway" }
                    link rel="icon" type="image/svg+xml" href="/account/icon.svg";
                    link rel="stylesheet" href="/account/style.css";
                }
                body {
                    header { (MARK) "Keyway" }
                    main {
                        h1 { (self.title) }
                        (self.content)
                    }
                }
            }
        };
        let status = self.problem.map_or(StatusCode::OK, |it| it.status());
        let response = (status, HEADERS, Html(page.into_string())).into_response();
        match self.problem {
            Some(problem) => problem.decorate(response),
            None => response,
        }
    }
}

/// What was done a moment ago.
pub(super) fn notice(text: &str) -> Markup {
    html! { p.notice role="status" { (text) } }
}

/// A link that stands by itself, as easy to hit as a button.
pub(super) fn way(to: &str, text: &str) -> Markup {
    html! { a.way href=(to) { (text) } }
}

/// A problem that no form can show, as a page of its own.
pub(super) struct PageProblem(Problem);

impl From<Problem> for PageProblem {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl IntoResponse for PageProblem {
    fn into_response(self) -> Response {
        let content = html! {
            p.error role="alert" { (in_words(&self.0)) }
            (way("/account/sessions", "Go to your sessions"))
        };
        Page::new("This did not work", content)
            .because_of(self.0)
            .into_response()
    }
}

/// What went wrong and what to do, for whoever reads the page.
pub(super) fn in_words(problem: &Problem) -> String {
    match problem {
        Problem::WrongCredentials => "E-mail or password is wrong.".into(),
        Problem::AccountNotActive => {
            "This account is not active. Ask at the property's office.".into()
        }
        Problem::TooManyTries { retry_after } => {
            format!("Too many tries. Try again in {}.", wait(*retry_after))
        }
        Problem::ForeignForm => {
            "This form is no longer valid. Go back to the page and try again.".into()
        }
        Problem::BadRequest(_) => "The form is not complete. Go back and fill it in again.".into(),
        other => format!("{}.", other.title()),
    }
}

/// How long to wait, as people say it.
pub(super) fn wait(seconds: u32) -> String {
    let minute = u32::try_from(limits::MINUTE / limits::SECOND).unwrap_or(u32::MAX);
    match seconds {
        1 => "1 second".into(),
        _ if seconds <= 2 * minute => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(minute)),
    }
}
