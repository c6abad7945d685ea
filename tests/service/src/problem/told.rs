//! How a problem is told: as RFC 9457 or, at the OAuth endpoints, as RFC 6749 with the same `code`; and the schemas of both.
use super::Problem;
use crate::account::PasswordRule;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema as _, ToSchema};

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = ProblemBody {
            r#type: format!("urn:keyway:problem:{}", self.code()),
            title: self.title(),
            status: self.status().as_u16(),
            code: self.code(),
            detail: self.detail(),
            retry_after: self.retry_after(),
            violations: self.violations(),
        };
        let mut response = (self.status(), Json(body)).into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        self.decorate(response)
    }
}

/// A problem told by an OAuth endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OauthProblem(pub(crate) Problem);

impl IntoResponse for OauthProblem {
    fn into_response(self) -> Response {
        // RFC 9449, 8: the token endpoint answers 400 where a resource answers 401.
        let status = match self.0.status() {
            StatusCode::UNAUTHORIZED => StatusCode::BAD_REQUEST,
            status => status,
        };
        let body = OauthBody {
            error: self.0.oauth_error(),
            error_description: self.0.detail().unwrap_or(self.0.title()),
            code: self.0.code(),
            retry_after: self.0.retry_after(),
        };
        self.0.decorate((status, Json(body)).into_response())
    }
}

impl From<Problem> for OauthProblem {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

/// RFC 9457.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem)]
struct ProblemBody {
    /// Names the kind of problem.
    #[schema(pattern = "^urn:keyway:problem:[A-Z_]+$")]
    r#type: String,
    /// What happened, for a developer.
    title: &'static str,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    #[schema(value_type = ProblemCode)]
    code: &'static str,
    /// Which part of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    detail: Option<&'static str>,
    /// With `TOO_MANY_TRIES`: whole seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    retry_after: Option<u32>,
    /// With `PASSWORD_RULES`: the rules that the new password breaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<PasswordRule>, nullable = false, min_items = 1)]
    violations: Option<Vec<&'static str>>,
}

/// RFC 6749, 5.2, with our code beside it.
#[derive(Serialize, ToSchema)]
#[schema(as = OauthProblem)]
struct OauthBody {
    /// RFC 6749's or RFC 9449's word.
    error: &'static str,
    /// What happened, for a developer.
    error_description: &'static str,
    #[schema(value_type = ProblemCode)]
    code: &'static str,
    /// With `TOO_MANY_TRIES`: whole seconds.
    #[serde(rename = "retryAfter", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    retry_after: Option<u32>,
}

/// Stands for the enum of codes, which [`schemas`] fills.
#[derive(ToSchema)]
struct ProblemCode;

/// The schemas of problems, with every code that an operation answers.
pub(crate) fn schemas(codes: BTreeSet<String>) -> Vec<(String, RefOr<Schema>)> {
    let code = ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some("What clients switch on."))
        .enum_values(Some(codes));
    vec![
        ("Problem".to_owned(), ProblemBody::schema()),
        ("OauthProblem".to_owned(), OauthBody::schema()),
        ("PasswordRule".to_owned(), PasswordRule::schema()),
        ("ProblemCode".to_owned(), code.into()),
    ]
}
