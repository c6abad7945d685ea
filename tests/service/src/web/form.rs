//! Forms: fields that say what is wrong with them, and what may come back.
use super::page::PageProblem;
use crate::extract::Form;
use crate::problem::Problem;
use crate::state::Service;
use axum::extract::{FromRequest, Request};
use http::HeaderMap;
use maud::{Markup, html};
use serde::de::DeserializeOwned;

/// One labelled field.
pub(super) struct Field<'a> {
    /// Its name in the form and on the page.
    pub(super) name: &'a str,
    pub(super) label: &'a str,
    /// The HTML type, and what a browser may fill in.
    pub(super) kind: (&'a str, &'a str),
    /// What stands in it. Never a password.
    pub(super) value: &'a str,
    /// The id of a text that belongs to it.
    pub(super) described_by: Option<&'a str>,
    /// What is wrong with it.
    pub(super) error: Option<Markup>,
}

impl<'a> Field<'a> {
    pub(super) fn email(value: &'a str) -> Self {
        Self {
            name: "email",
            label: "E-mail",
            kind: ("email", "username"),
            value,
            described_by: None,
            error: None,
        }
    }

    pub(super) fn password(name: &'a str, label: &'a str, autocomplete: &'a str) -> Self {
        Self {
            name,
            label,
            kind: ("password", autocomplete),
            value: "",
            described_by: None,
            error: None,
        }
    }

    pub(super) fn with_error(mut self, error: Option<Markup>) -> Self {
        self.error = error;
        self
    }

    pub(super) fn described_by(mut self, id: &'a str) -> Self {
        self.described_by = Some(id);
        self
    }

    pub(super) fn markup(&self) -> Markup {
        let error_id = self.error.as_ref().map(|_| format!("{}-error", self.name));
        let texts = [error_id.as_deref(), self.described_by];
        let texts: Vec<&str> = texts.into_iter().flatten().collect();
        let described_by = (!texts.is_empty()).then(|| texts.join(" "));
        html! {
            div.field {
                label for=(self.name) { (self.label) }
                // Above the field: below it, a phone's keyboard would cover it.
                @if let (Some(id), Some(error)) = (&error_id, &self.error) {
                    div class="error" id=(id) role="alert" { (error) }
                }
                // A page that has just been loaded announces no alert; a field that has the focus is read with what describes it.
                input id=(self.name) name=(self.name) type=(self.kind.0) autocomplete=(self.kind.1)
                    value=[(!self.value.is_empty()).then_some(self.value)] required spellcheck="false"
                    aria-invalid=[error_id.as_ref().map(|_| "true")] aria-describedby=[described_by]
                    autofocus[self.error.is_some()];
            }
        }
    }
}

/// A form that was sent from a page of ours, as far as the browser tells.
pub(super) struct Submitted<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Service> for Submitted<T> {
    type Rejection = PageProblem;

    async fn from_request(request: Request, service: &Service) -> Result<Self, PageProblem> {
        refuse_other_sites(request.headers())?;
        let Form(form) = Form::from_request(request, service).await?;
        Ok(Self(form))
    }
}

/// Browsers say which site a form was sent from (Fetch Metadata). `Origin` does not tell: our pages send no referrer, so theirs is `null`.
fn refuse_other_sites(headers: &HeaderMap) -> Result<(), Problem> {
    match headers.get("sec-fetch-site").map(|site| site.as_bytes()) {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) => Err(Problem::ForeignForm),
    }
}
