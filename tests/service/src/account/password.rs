//! `PUT /v1/password`, and what a new password means for everything that the old one let in.
use super::{credentials, one_time_code, password_rules};
use crate::document::problems;
use crate::document::shapes::{NewPassword, Password};
use crate::extract::{Body, Caller};
use crate::problem::Problem;
use crate::secret::Secret;
use crate::sessions::end_all;
use crate::state::Service;
use crate::store::accounts::{self, Account};
use crate::store::sessions::{self, EndReason};
use crate::store::{authorization_codes, one_time_codes, reset_links, web_sessions};
use axum::extract::State;
use http::StatusCode;
use rusqlite::Connection;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What the app sends, both byte-exact.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangePassword {
    #[schema(value_type = Password)]
    current_password: Secret,
    #[schema(value_type = NewPassword)]
    new_password: Secret,
}

/// See the module. The session that asks stays, every other one of the account ends.
#[utoipa::path(
    put,
    path = "/v1/password",
    tag = "sign-in",
    operation_id = "changePassword",
    request_body(content = ChangePassword, content_type = "application/json"),
    responses(
        (status = 204, description = "Changed; every other session has ended"),
        problems::WrongCurrentPassword,
        problems::PasswordRules,
        problems::TooManyTries,
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn change(
    State(service): State<Service>,
    Caller(session): Caller,
    Body(request): Body<ChangePassword>,
) -> Result<StatusCode, Problem> {
    // EXPOSE: it is hashed and dropped with the request.
    let new = request.new_password.expose();
    password_rules::check(new)?;
    // EXPOSE: it is compared with the account's hash and dropped with the request.
    let current = request.current_password.expose();
    let account = proven(&service, session.account_id, current)?;
    let hash = service
        .passwords()
        .hash(new.as_bytes(), service.entropy())?;
    let now = service.now();
    service.store().write(|on| {
        // Both were true a hash ago; a session that ended meanwhile changes nothing any more.
        credentials::still_hold(on, &account).map_err(at_this_resource)?;
        sessions::by_id(on, session.id)?
            .filter(|session| session.is_live(now))
            .ok_or(Problem::Unauthorized)?;
        replace(&service, on, &account, &hash)?;
        end_all(
            on,
            account.id,
            Some(session.id),
            EndReason::PasswordChanged,
            now,
        )
    })?;
    Ok(StatusCode::NO_CONTENT)
}

/// The account, if `password` is its password now. A try like any at sign-in.
fn proven(service: &Service, account: Uuid, password: &str) -> Result<Account, Problem> {
    let account = service
        .store()
        .read(|on| accounts::by_id(on, account))?
        .ok_or(Problem::Unauthorized)?;
    credentials::check_password(service, &account.email, password).map_err(at_this_resource)
}

/// Who asks is known here: a wrong password is not allowed, rather than not understood.
fn at_this_resource(problem: Problem) -> Problem {
    match problem {
        Problem::WrongCredentials => Problem::WrongCurrentPassword,
        other => other,
    }
}

/// Gives the account a new password, and takes back whatever the old one or the mailbox could still let in. The phones' sessions are
/// the caller's to end, who knows why.
pub(super) fn replace(
    service: &Service,
    on: &Connection,
    account: &Account,
    hash: &str,
) -> Result<(), Problem> {
    accounts::set_password(on, account.id, hash)?;
    authorization_codes::forget_unused(on, account.id)?;
    reset_links::forget(on, account.id)?;
    web_sessions::end_all(on, account.id)?;
    let (address, _) = one_time_code::macs(service, &account.email, "");
    Ok(one_time_codes::forget(on, &address)?)
}
