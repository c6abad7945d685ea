//! `POST /v1/password/reset`: a link by e-mail, and the new password that it sets once.
use super::{ask_for_mail, email_address, letters, password, password_rules};
use crate::crypto;
use crate::document::problems;
use crate::document::shapes::Email;
use crate::extract::Body;
use crate::keys::Purpose;
use crate::lanes::revoke_subject_of;
use crate::limits;
use crate::messages;
use crate::problem::Problem;
use crate::sessions::end_all;
use crate::state::Service;
use crate::store::sessions::EndReason;
use crate::store::{accounts, reset_links, tries};
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What anybody may send.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ResetRequest {
    #[schema(value_type = Email)]
    email: String,
}

/// Nothing: an address with an account is answered like one without.
#[derive(Serialize, ToSchema)]
pub(crate) struct Accepted {}

/// See the module. Needs no token: who asks has none.
#[utoipa::path(
    post,
    path = "/v1/password/reset",
    tag = "sign-in",
    operation_id = "askForResetLink",
    request_body(content = ResetRequest, content_type = "application/json"),
    responses(
        (status = 202, body = Accepted, description = "A mail is on its way if there is an account"),
        problems::TooManyTries,
    ),
)]
pub(crate) async fn ask(
    State(service): State<Service>,
    Body(request): Body<ResetRequest>,
) -> Result<(StatusCode, Json<Accepted>), Problem> {
    send_link(&service, &request.email)?;
    Ok((StatusCode::ACCEPTED, Json(Accepted {})))
}

/// Sends a link to an active account's address; as much work if there is none.
pub(crate) fn send_link(service: &Service, email: &str) -> Result<(), Problem> {
    let email = email_address(email)?;
    let now = service.now();
    let ends_at = now + limits::RESET_LINK;
    service.store().write(|on| {
        ask_for_mail(service, on, (b"reset", limits::RESET_MAILS), &email)?;
        let account = accounts::by_email(on, &email)?.filter(|account| account.active);
        let (token, mac) = service.fresh_secret(Purpose::ResetLink)?;
        let link = format!("{}/account/reset?token={token}", service.origin());
        let letter = letters::reset_link(&email, &link);
        let account = account.map(|account| account.id);
        reset_links::insert(on, &mac, account, ends_at, now)?;
        match account {
            Some(_) => messages::queue_until(service, on, &letter, ends_at),
            None => messages::queue_decoy(service, on, &letter, ends_at),
        }
    })
}

/// Refuses a link that does not reset anything now. Looking does not spend it: mail programs look at links before people do.
pub(crate) fn look_at(service: &Service, token: &str) -> Result<(), Problem> {
    let mac = mac(service, token)?;
    service
        .store()
        .read(|on| account_of(service, on, &mac))
        .map(drop)
}

/// Sets the new password, ends every session of the account, and makes the locks refuse every phone of the person until it has signed in
/// again. A password that breaks a rule does not spend the link.
pub(crate) fn reset(service: &Service, token: &str, new: &str) -> Result<(), Problem> {
    let mac = mac(service, token)?;
    service.store().read(|on| account_of(service, on, &mac))?;
    password_rules::check(new)?;
    let hash = service
        .passwords()
        .hash(new.as_bytes(), service.entropy())?;
    let now = service.now();
    service.store().write(|on| {
        // It held a hash ago; whoever was quicker has spent it, and every other link of the account with it.
        let account = account_of(service, on, &mac)?;
        let account = accounts::by_id(on, account)?.ok_or(Problem::ResetLinkOver)?;
        password::replace(service, on, &account, &hash)?;
        // Who has the mailbox is not made to wait for what a stranger tried.
        tries::forget(on, &super::credentials::tries_mac(service, &account.email))?;
        end_all(on, account.id, None, EndReason::PasswordReset, now)?;
        revoke_subject_of(on, account.id, now)
    })
}

fn mac(service: &Service, token: &str) -> Result<[u8; 32], Problem> {
    crypto::array_from_base64url::<32>(token)
        .map(|secret| service.stored_form(Purpose::ResetLink, &secret))
        .ok_or(Problem::ResetLinkOver)
}

fn account_of(service: &Service, on: &Connection, mac: &[u8; 32]) -> Result<Uuid, Problem> {
    reset_links::account_of(on, mac, service.now())?.ok_or(Problem::ResetLinkOver)
}
