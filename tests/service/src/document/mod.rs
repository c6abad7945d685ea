//! The contract as an OpenAPI 3.1 document. It grows beside the handlers; here it is put together, and what the extractors and layers around
//! them answer is added from what an operation takes.
pub(crate) mod problems;
pub(crate) mod shapes;

use crate::problem::{self, Problem};
use crate::router;
use crate::version;
use crate::web;
use problems::{Form, Problems, Told};
use std::collections::BTreeSet;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{Components, Info, OpenApi, Ref, RefOr, Required};

/// The scheme of access tokens, together with [`PROOF`] everywhere.
const ACCESS_TOKEN: &str = "accessToken";
/// The scheme of DPoP proofs.
const PROOF: &str = "dpopProof";
/// The scheme of the account pages.
const WEB_SESSION: &str = "webSession";

/// Responses with more codes stand at their operation; the others are named after their codes and referred to.
const CODES_IN_A_NAME: usize = 3;

/// What stands at the head of the document.
const ABOUT: &str = "What an app, a browser and the property's staff ask of a Keyway property service. Problems are told as RFC 9457 \
    with a `code`; the OAuth endpoints tell them as RFC 6749 with the same `code`; the account pages in words. Every answer carries \
    `DPoP-Nonce` for the next proof. Unknown members of a request are ignored.";

const TAGS: [(&str, &str); 8] = [
    (
        "sign-in",
        "OAuth for first-party apps, one-time codes, passwords",
    ),
    ("sessions", "Where an account is signed in, and ending that"),
    ("doors", "The caller's doors and what was opened"),
    ("doorcodes", "The caller's codes"),
    ("people", "Letting in, in OpenDOOR's words"),
    (
        "couriers",
        "What phones carry between the service and its locks",
    ),
    ("property", "For the property's staff"),
    ("pages", "The account pages for a browser"),
];

/// The whole contract. The same for every service: nothing in it depends on settings.
#[must_use]
pub fn openapi() -> OpenApi {
    let (_, mut document) = router::table().split_for_parts();
    document.info = Info::builder()
        .title("Keyway property service")
        .description(Some(ABOUT))
        .version(env!("CARGO_PKG_VERSION"))
        .build();
    let tag = |(name, about): (&str, &str)| {
        TagBuilder::new()
            .name(name)
            .description(Some(about))
            .build()
    };
    document.tags = Some(TAGS.into_iter().map(tag).collect());
    let mut components = document.components.take().unwrap_or_default();
    let mut codes = BTreeSet::new();
    for (path, item) in &mut document.paths.paths {
        for operation in operations(item) {
            let told = complete(path, operation);
            codes.extend(told.iter().flat_map(|told| told.codes.iter().cloned()));
            add_responses(operation, told, &mut components);
        }
    }
    add_components(&mut components, codes);
    document.components = Some(components);
    document
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        &mut item.get,
        &mut item.put,
        &mut item.post,
        &mut item.delete,
        &mut item.patch,
    ]
    .into_iter()
    .flatten()
}

/// Adds what is the same for every operation of a kind, and gives what it answers instead of what was asked.
fn complete(path: &str, operation: &mut Operation) -> Vec<Told> {
    let mut problems = Problems::taken_from(&mut operation.responses.responses);
    // The last resort, and the deadline of the socket.
    problems.add(&Problem::Internal(""));
    problems.add(&Problem::RequestTimeout);
    if let Some(body) = &operation.request_body {
        problems.add(&Problem::BodyTooLarge);
        problems.add(&Problem::UnsupportedMediaType);
        let parsed = ["application/json", "application/x-www-form-urlencoded"];
        if parsed
            .iter()
            .any(|parsed| body.content.contains_key(*parsed))
        {
            problems.add(&Problem::BadRequest(""));
        }
    }
    if is_signed_in(operation) {
        problems.add(&Problem::Unauthorized);
        problems.add(&Problem::UseDpopNonce);
        problems.add(&Problem::InvalidDpopProof(""));
    }
    if version::is_asked_at(path) {
        problems.add(&Problem::AppTooOld);
        problems.add(&Problem::BadRequest(""));
        add_app_version(operation);
    }
    problems.told(form_of(path))
}

fn form_of(path: &str) -> Form {
    if path.starts_with("/account") {
        Form::Page
    } else if path.starts_with("/oauth/") {
        Form::Oauth
    } else {
        Form::Json
    }
}

/// Whether it takes a [`crate::extract::Caller`].
fn is_signed_in(operation: &Operation) -> bool {
    let none: [&str; 0] = [];
    let both = SecurityRequirement::new(ACCESS_TOKEN, none).add(PROOF, none);
    operation
        .security
        .as_ref()
        .is_some_and(|asked| asked.contains(&both))
}

/// The version that every request of an app names.
fn add_app_version(operation: &mut Operation) {
    let version = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(version::PATTERN));
    let parameter = ParameterBuilder::new()
        .name(version::HEADER)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("The app's version; whoever sends none is no app."))
        .schema(Some(version))
        .build();
    operation.parameters.get_or_insert_default().push(parameter);
}

fn add_responses(operation: &mut Operation, told: Vec<Told>, components: &mut Components) {
    for told in told {
        let status = told.status.to_string();
        let response = if told.codes.len() > CODES_IN_A_NAME {
            RefOr::T(told.response)
        } else {
            let reference = Ref::from_response_name(&told.name);
            components
                .responses
                .insert(told.name, RefOr::T(told.response));
            RefOr::Ref(reference)
        };
        operation.responses.responses.insert(status, response);
    }
}

fn add_components(components: &mut Components, codes: BTreeSet<String>) {
    for (name, schema) in problem::schemas(codes) {
        components.schemas.insert(name, schema);
    }
    let header = |name: &str, about: &str| {
        SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(name, about)))
    };
    let token =
        "`DPoP <access token>`: the token is bound to the key of the proof beside it (RFC 9449).";
    let proof = "A DPoP proof (RFC 9449), ES256, for this method and address, with the nonce of the answer before, and \
        with `ath` where there is an access token.";
    let cookie = "A browser that is signed in to the account pages.";
    let schemes = [
        (ACCESS_TOKEN, header("Authorization", token)),
        (PROOF, header("DPoP", proof)),
        (
            WEB_SESSION,
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
                web::COOKIE,
                cookie,
            ))),
        ),
    ];
    let schemes = schemes.map(|(name, scheme)| (name.to_owned(), scheme));
    components.security_schemes.extend(schemes);
}
