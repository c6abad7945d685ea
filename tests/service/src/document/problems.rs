//! How an operation says what it can answer instead: by the names of the problems.
//!
//! `responses((status = 200, body = DoorList), problems::NotFound)` beside a handler is enough. What the extractors and layers around it
//! answer is added from what the operation takes, and each status gets one response with all of its codes.
use crate::account::BrokenRules;
use crate::letting_in::SharingFault;
use crate::problem::Problem;
use std::collections::BTreeMap;
use utoipa::IntoResponses;
use utoipa::openapi::RefOr;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{AllOfBuilder, ObjectBuilder, Ref, Schema, Type};

/// Declares a response for each problem that a handler can name.
macro_rules! problems {
    ($($name:ident = $problem:expr),+ $(,)?) => {$(
        #[doc = concat!("[`", stringify!($problem), "`].")]
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                named(&$problem)
            }
        }
    )+};
}

problems! {
    BadRequest = Problem::BadRequest(""),
    WrongCredentials = Problem::WrongCredentials,
    AccountNotActive = Problem::AccountNotActive,
    WrongCurrentPassword = Problem::WrongCurrentPassword,
    PasswordRules = Problem::PasswordRules(BrokenRules::NONE),
    ForeignForm = Problem::ForeignForm,
    ResetLinkOver = Problem::ResetLinkOver,
    TooManyTries = Problem::TooManyTries { retry_after: 1 },
    UnknownClient = Problem::UnknownClient,
    UnsupportedGrantType = Problem::UnsupportedGrantType,
    InvalidGrant = Problem::InvalidGrant,
    UseDpopNonce = Problem::UseDpopNonce,
    InvalidDpopProof = Problem::InvalidDpopProof(""),
    Forbidden = Problem::Forbidden,
    NotFound = Problem::NotFound,
    PhoneKeyRequired = Problem::PhoneKeyRequired,
    PhoneKeyInUse = Problem::PhoneKeyInUse,
    PhoneKeyProofRefused = Problem::PhoneKeyProofRefused,
    NoBluetoothUnlock = Problem::NoBluetoothUnlock,
    AccessNotYet = Problem::AccessNotYet,
    CannotShare = Problem::CannotShare,
    DailyCodesExhausted = Problem::DailyCodesExhausted,
    DoorcodeNotResettable = Problem::DoorcodeNotResettable,
    TooManyDoorcodes = Problem::TooManyDoorcodes,
    ReceiptForged = Problem::ReceiptForged,
    LockForked = Problem::LockForked,
    LogRefused = Problem::LogRefused,
    EmailAndPhoneProvided = Problem::Sharing(SharingFault::EmailAndPhoneProvided),
    EmailOrPhoneRequired = Problem::Sharing(SharingFault::EmailOrPhoneRequired),
    EmailCanNotBeEmpty = Problem::Sharing(SharingFault::EmailCanNotBeEmpty),
    InvalidEmail = Problem::Sharing(SharingFault::InvalidEmail),
    EmailRequiredForPermanent = Problem::Sharing(SharingFault::EmailRequiredForPermanent),
    InvalidPhone = Problem::Sharing(SharingFault::InvalidPhone),
    InvalidStartTime = Problem::Sharing(SharingFault::InvalidStartTime),
    InvalidEndTime = Problem::Sharing(SharingFault::InvalidEndTime),
    EndTimeNotSupported = Problem::Sharing(SharingFault::EndTimeNotSupported),
    PasscodeTypeCantBeRevoked = Problem::Sharing(SharingFault::PasscodeTypeCantBeRevoked),
}

/// Status and code together are the key: two problems of one status do not displace each other.
fn named(problem: &Problem) -> BTreeMap<String, RefOr<Response>> {
    let key = format!("{} {}", problem.status().as_u16(), problem.code());
    let response = Response::new(problem.title());
    BTreeMap::from([(key, RefOr::T(response))])
}

/// How a problem is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// RFC 9457.
    Json,
    /// RFC 6749, with the same code.
    Oauth,
    /// In words, on a page.
    Page,
}

/// The problems of one operation, by status.
#[derive(Default)]
pub(super) struct Problems(BTreeMap<u16, BTreeMap<String, String>>);

impl Problems {
    /// Takes what [`named`] put among the responses out of them.
    pub(super) fn taken_from(responses: &mut BTreeMap<String, RefOr<Response>>) -> Self {
        let mut problems = Self::default();
        responses.retain(|key, response| {
            let named = key.split_once(' ');
            let (Some((status, code)), RefOr::T(response)) = (named, response) else {
                return true;
            };
            if let Ok(status) = status.parse() {
                problems.insert(status, code, &response.description);
            }
            false
        });
        problems
    }

    pub(super) fn add(&mut self, problem: &Problem) {
        self.insert(problem.status().as_u16(), problem.code(), problem.title());
    }

    fn insert(&mut self, status: u16, code: &str, title: &str) {
        let codes = self.0.entry(status).or_default();
        codes.insert(code.to_owned(), title.to_owned());
    }

    /// The responses, each with its status, its name, and every code in it.
    pub(super) fn told(mut self, form: Form) -> Vec<Told> {
        if form == Form::Oauth
            && let Some(codes) = self.0.remove(&401)
        {
            // As `OauthProblem` does.
            self.0.entry(400).or_default().extend(codes);
        }
        let told = self.0.into_iter();
        told.map(|(status, codes)| Told::new(status, codes, form))
            .collect()
    }
}

/// One response.
pub(super) struct Told {
    pub(super) status: u16,
    pub(super) codes: Vec<String>,
    /// What tells it from every other response.
    pub(super) name: String,
    pub(super) response: Response,
}

impl Told {
    fn new(status: u16, codes: BTreeMap<String, String>, form: Form) -> Self {
        // A request that takes too long is cut off outside of all forms.
        let form = if status == 408 { Form::Json } else { form };
        let prefix = match form {
            Form::Json => "",
            Form::Oauth => "oauth.",
            Form::Page => "page.",
        };
        let lines: Vec<String> = codes
            .iter()
            .map(|(code, title)| format!("`{code}`: {title}."))
            .collect();
        let codes: Vec<String> = codes.into_keys().collect();
        let mut response = ResponseBuilder::new().description(lines.join("\n"));
        if status == 429 {
            let seconds = ObjectBuilder::new()
                .schema_type(Type::Integer)
                .minimum(Some(1));
            response = response.header("Retry-After", header(seconds, "Whole seconds."));
        }
        if status == 401 {
            let text = ObjectBuilder::new().schema_type(Type::String);
            response = response.header("WWW-Authenticate", header(text, "RFC 9449, 7.1."));
        }
        if codes.iter().any(|code| code == "USE_DPOP_NONCE") {
            let text = ObjectBuilder::new().schema_type(Type::String);
            response = response.header("DPoP-Nonce", header(text, "For the next proof."));
        }
        let (media_type, schema) = match form {
            Form::Json => ("application/problem+json", body("Problem", &codes)),
            Form::Oauth => ("application/json", body("OauthProblem", &codes)),
            Form::Page => (super::shapes::PAGE, super::shapes::text()),
        };
        let content = ContentBuilder::new().schema(Some(schema)).build();
        Self {
            status,
            name: format!("{prefix}{status}.{}", codes.join(".")),
            codes,
            response: response.content(media_type, content).build(),
        }
    }
}

fn header(schema: ObjectBuilder, description: &str) -> utoipa::openapi::header::Header {
    HeaderBuilder::new()
        .schema(schema.build())
        .description(Some(description))
        .build()
}

/// The one schema of all problems, with the codes that count here.
fn body(schema: &str, codes: &[String]) -> Schema {
    let code = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(codes.iter().map(String::as_str)));
    let here = ObjectBuilder::new()
        .schema_type(Type::Object)
        .property("code", code);
    AllOfBuilder::new()
        .item(Ref::from_schema_name(schema))
        .item(here)
        .build()
        .into()
}
