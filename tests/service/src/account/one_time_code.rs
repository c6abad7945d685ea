//! `POST /passwordless/start`: a one-time code by e-mail, to sign in without a password (OpenDOOR: passwordless).
use super::{ask_for_mail, email_address, letters};
use crate::document::problems;
use crate::document::shapes::{ClientId, Connection, Email, WhatIsSent};
use crate::extract::Body;
use crate::keys::Purpose;
use crate::limits;
use crate::messages;
use crate::oauth::known_client;
use crate::problem::Problem;
use crate::state::Service;
use crate::store::{accounts, one_time_codes};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the app sends.
#[derive(Deserialize, ToSchema)]
#[schema(as = PasswordlessStartRequestParams)]
pub(crate) struct StartRequest {
    #[schema(value_type = ClientId)]
    client_id: String,
    /// `email`: the only way a code travels.
    #[schema(value_type = Connection)]
    connection: String,
    #[schema(value_type = Email)]
    email: String,
    /// `code`: the only thing sent.
    #[schema(value_type = WhatIsSent)]
    send: String,
}

/// The same for an address with and one without an account.
#[derive(Serialize, ToSchema)]
#[schema(as = PasswordlessStartResponseParams)]
pub(crate) struct StartAnswer {
    /// As accounts are found by it: trimmed and in lower case.
    email: String,
}

/// See the module. A code asked for again replaces the one before it.
#[utoipa::path(
    post,
    path = "/passwordless/start",
    tag = "sign-in",
    operation_id = "startPasswordlessLogin",
    request_body(content = StartRequest, content_type = "application/json"),
    responses(
        (status = 200, body = StartAnswer, description = "The same for every address"),
        problems::UnknownClient,
        problems::TooManyTries,
    ),
)]
pub(crate) async fn start(
    State(service): State<Service>,
    Body(request): Body<StartRequest>,
) -> Result<Json<StartAnswer>, Problem> {
    known_client(&request.client_id)?;
    if request.connection != "email" || request.send != "code" {
        return Err(Problem::BadRequest(
            "connection must be email and send must be code",
        ));
    }
    let email = email_address(&request.email)?;
    send_code(&service, &email)?;
    Ok(Json(StartAnswer { email }))
}

fn send_code(service: &Service, email: &str) -> Result<(), Problem> {
    let now = service.now();
    let ends_at = now + limits::ONE_TIME_CODE;
    service.store().write(|on| {
        ask_for_mail(service, on, (b"code", limits::CODE_MAILS), email)?;
        let code = service.random_digits(limits::ONE_TIME_CODE_DIGITS)?;
        let (address, told) = macs(service, email, &code);
        one_time_codes::put(on, &address, &told, ends_at, now)?;
        let letter = letters::one_time_code(email, &code);
        match accounts::by_email(on, email)?.filter(|account| account.active) {
            Some(_) => messages::queue_until(service, on, &letter, ends_at),
            None => messages::queue_decoy(service, on, &letter, ends_at),
        }
    })
}

/// What stands in the database for an address and for a code sent there.
pub(super) fn macs(service: &Service, email: &str, code: &str) -> ([u8; 32], [u8; 32]) {
    let mac = |parts: &[&[u8]]| service.keys().mac(Purpose::OneTimeCode, parts);
    (
        mac(&[b"address", email.as_bytes()]),
        mac(&[b"code", email.as_bytes(), code.as_bytes()]),
    )
}
