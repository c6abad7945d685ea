//! `POST /oauth/authorize-challenge`: e-mail and password, or e-mail and one-time code, for an authorization code, without a browser.
use super::known_client;
use crate::account::credentials;
use crate::crypto;
use crate::document::problems;
use crate::document::shapes::{Bytes32, ClientId, Email, OneTimeCode, Password};
use crate::extract::Form;
use crate::keys::Purpose;
use crate::limits;
use crate::problem::{OauthProblem, Problem};
use crate::secret::Secret;
use crate::state::Service;
use crate::store::accounts::Account;
use crate::store::authorization_codes::{self, AuthorizationCode};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the app sends: exactly one of `password` and `otp`.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ChallengeRequest {
    #[schema(value_type = ClientId)]
    client_id: String,
    #[schema(value_type = Email)]
    username: String,
    #[schema(value_type = Option<Password>, nullable = false)]
    password: Option<Secret>,
    #[schema(value_type = Option<OneTimeCode>, nullable = false)]
    otp: Option<Secret>,
    /// RFC 7636.
    #[schema(value_type = Bytes32)]
    code_challenge: String,
    #[schema(pattern = "^S256$")]
    code_challenge_method: String,
    phone: WhosePhone,
}

/// The first question of every sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum WhosePhone {
    Own,
    Borrowed,
}

/// The code to exchange at the token endpoint, within a minute and once.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChallengeAnswer {
    #[schema(value_type = Bytes32)]
    authorization_code: String,
}

/// See the module.
#[utoipa::path(
    post,
    path = "/oauth/authorize-challenge",
    tag = "sign-in",
    operation_id = "authorizeChallenge",
    request_body(content = ChallengeRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, body = ChallengeAnswer, description = "Proven"),
        problems::UnknownClient,
        problems::WrongCredentials,
        problems::AccountNotActive,
        problems::TooManyTries,
    ),
)]
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
    let account = authenticate(service, request)?;
    let now = service.now();
    let (code, mac) = service.fresh_secret(Purpose::AuthorizationCode)?;
    let record = AuthorizationCode {
        account_id: account.id,
        challenge,
        borrowed: request.phone == WhosePhone::Borrowed,
        expires_at: now + limits::AUTHORIZATION_CODE,
        session_id: None,
    };
    service.store().write(|on| {
        credentials::still_hold(on, &account)?;
        Ok(authorization_codes::insert(on, &mac, &record, now)?)
    })?;
    Ok(code)
}

fn authenticate(service: &Service, request: &ChallengeRequest) -> Result<Account, Problem> {
    // EXPOSE: each is compared with what the account has and dropped with the request.
    match (&request.password, &request.otp) {
        (Some(password), None) => {
            credentials::by_password(service, &request.username, password.expose())
        }
        (None, Some(code)) => credentials::by_code(service, &request.username, code.expose()),
        _ => Err(Problem::BadRequest(
            "exactly one of password and otp is needed",
        )),
    }
}

fn pkce_challenge(request: &ChallengeRequest) -> Result<[u8; 32], Problem> {
    if request.code_challenge_method != "S256" {
        return Err(Problem::BadRequest("code_challenge_method must be S256"));
    }
    crypto::array_from_base64url(&request.code_challenge).ok_or(Problem::BadRequest(
        "code_challenge must be base64url of 32 bytes",
    ))
}
