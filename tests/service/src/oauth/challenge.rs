//! `POST /oauth/authorize-challenge`: e-mail and password for an authorization code, without a browser.
use super::known_client;
use crate::crypto;
use crate::extract::Form;
use crate::keys::Purpose;
use crate::limits;
use crate::problem::{OauthProblem, Problem};
use crate::secret::Secret;
use crate::state::Service;
use crate::store::accounts::{self, Account};
use crate::store::authorization_codes::{self, AuthorizationCode};
use crate::store::tries::{self, Turn};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

/// What the app sends.
#[derive(Deserialize)]
pub(crate) struct ChallengeRequest {
    client_id: String,
    username: String,
    password: Secret,
    code_challenge: String,
    code_challenge_method: String,
    phone: WhosePhone,
}

/// The first question of every sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum WhosePhone {
    Own,
    Borrowed,
}

/// The code to exchange at the token endpoint, within a minute and once.
#[derive(Serialize)]
pub(crate) struct ChallengeAnswer {
    authorization_code: String,
}

/// See the module.
pub(crate) async fn challenge(
    State(service): State<Service>,
    form: Result<Form<ChallengeRequest>, Problem>,
) -> Result<Json<ChallengeAnswer>, OauthProblem> {
    let Form(request) = form?;
    let authorization_code = authorize(&service, &request)?;
    Ok(Json(ChallengeAnswer { authorization_code }))
}

fn authorize(service: &Service, request: &ChallengeRequest) -> Result<String, Problem> {
    known_client(&request.client_id)?;
    let challenge = pkce_challenge(request)?;
    // EXPOSE: it is compared with the account's hash and dropped with the request.
    let account = authenticate(service, &request.username, request.password.expose())?;
    let now = service.now();
    let (code, mac) = service.fresh_secret(Purpose::AuthorizationCode)?;
    let record = AuthorizationCode {
        account_id: account.id,
        challenge,
        borrowed: request.phone == WhosePhone::Borrowed,
        expires_at: now + limits::AUTHORIZATION_CODE,
        session_id: None,
    };
    service
        .store()
        .write(|on| Ok(authorization_codes::insert(on, &mac, &record, now)?))?;
    Ok(code)
}

fn pkce_challenge(request: &ChallengeRequest) -> Result<[u8; 32], Problem> {
    if request.code_challenge_method != "S256" {
        return Err(Problem::BadRequest("code_challenge_method must be S256"));
    }
    crypto::array_from_base64url(&request.code_challenge).ok_or(Problem::BadRequest(
        "code_challenge must be base64url of 32 bytes",
    ))
}

/// The account that e-mail and password belong to.
///
/// The try is spent before the password is compared, and outside the database's lock the comparison costs the same whether or not there
/// is such an account; whether an account is active is told only to who knows its password.
fn authenticate(service: &Service, username: &str, password: &str) -> Result<Account, Problem> {
    if username.len() > limits::EMAIL || password.len() > limits::PASSWORD {
        return Err(Problem::WrongCredentials);
    }
    let email = accounts::normal_email(username);
    let email_mac = service
        .keys()
        .mac(Purpose::SignInTries, &[email.as_bytes()]);
    let now = service.now();
    let (turn, account) = service.store().write(|on| {
        Ok((
            tries::spend(on, &email_mac, now)?,
            accounts::by_email(on, &email)?,
        ))
    })?;
    if let Turn::Wait(retry_after) = turn {
        return Err(Problem::TooManyTries { retry_after });
    }
    let hash = account
        .as_ref()
        .and_then(|known| known.password_hash.as_deref());
    let right = service.passwords().verify(password.as_bytes(), hash)?;
    let account = account.filter(|_| right).ok_or(Problem::WrongCredentials)?;
    service
        .store()
        .write(|on| Ok(tries::forget(on, &email_mac)?))?;
    if account.active {
        Ok(account)
    } else {
        Err(Problem::AccountNotActive)
    }
}
