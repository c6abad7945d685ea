//! What every page has: one heading, its headers, and a way to say what went wrong where it did.
use crate::limits;
use crate::problem::Problem;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderName, StatusCode, header};
use maud::{DOCTYPE, Markup, html};

/// Nothing from elsewhere, nothing that runs, nothing that frames or is framed.
const HEADERS: [(HeaderName, &str); 2] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    // The address of the reset page is worth a password.
    (header::REFERRER_POLICY, "no-referrer"),
];

/// One page.
pub(super) struct Page {
    title: &'static str,
    content: Markup,
    problem: Option<Problem>,
}

impl Page {
    pub(super) fn new(title: &'static str, content: Markup) -> Self {
        Self {
            title,
            content,
            problem: None,
        }
    }

    /// The page answers with the problem's status.
    pub(super) fn because_of(mut self, problem: Problem) -> Self {
        self.problem = Some(problem);
        self
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
                    title { (self.title) " - Keyway" }
                    link rel="stylesheet" href="/account/style.css";
                }
                body {
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
            p role="alert" { (in_words(&self.0)) }
            p { a href="/account/sessions" { "Your sessions" } }
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
            "The property has not activated this account. Ask at its office.".into()
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

fn wait(seconds: u32) -> String {
    let minute = u32::try_from(limits::MINUTE / limits::SECOND).unwrap_or(u32::MAX);
    match seconds {
        1 => "1 second".into(),
        _ if seconds <= 2 * minute => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(minute)),
    }
}
