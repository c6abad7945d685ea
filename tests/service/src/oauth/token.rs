//! `POST /oauth/token`: a code for a session, a refresh token for its successor.
use super::dpop::Proof;
use super::known_client;
use super::refresh_token::{RefreshToken, Standing};
use crate::clock::UnixMillis;
use crate::crypto;
use crate::document::problems;
use crate::document::shapes::{Bytes32, ClientId, CodeVerifier, Moment, RefreshTokenText};
use crate::extract::{Form, RequestHead};
use crate::keys::Purpose;
use crate::limits;
use crate::phone_key;
use crate::problem::{OauthProblem, Problem};
use crate::secret::Secret;
use crate::sessions::end_session;
use crate::state::Service;
use crate::store::accounts;
use crate::store::authorization_codes::{self, AuthorizationCode};
use crate::store::sessions::{self, EndReason, Session};
use crate::store::tokens;
use crate::time::rfc3339;
use axum::Json;
use axum::extract::State;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What the app sends; which of the optional members are needed depends on the grant type.
#[derive(Deserialize, ToSchema)]
pub(crate) struct TokenRequest {
    #[schema(pattern = "^(authorization_code|refresh_token)$")]
    grant_type: String,
    #[schema(value_type = ClientId)]
    client_id: String,
    #[schema(value_type = Option<Bytes32>, nullable = false)]
    code: Option<Secret>,
    #[schema(value_type = Option<CodeVerifier>, nullable = false)]
    code_verifier: Option<Secret>,
    #[schema(value_type = Option<RefreshTokenText>, nullable = false)]
    refresh_token: Option<Secret>,
}

/// What a phone needs to be signed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenAnswer {
    #[schema(value_type = Bytes32)]
    access_token: String,
    #[schema(pattern = "^DPoP$")]
    token_type: &'static str,
    /// Seconds.
    #[schema(minimum = 0, maximum = 300)]
    expires_in: i64,
    #[schema(value_type = RefreshTokenText)]
    refresh_token: String,
    session: SessionView,
    /// Only with a new session: 32 bytes, base64url, that can end this session and do nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Bytes32>, nullable = false)]
    logout_ticket: Option<String>,
    account: AccountView,
    /// 32 bytes, base64url, to sign when the phone's key is registered.
    #[schema(value_type = Bytes32)]
    holder_nonce: String,
}

/// The session as the phone sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewSession)]
struct SessionView {
    id: Uuid,
    borrowed: bool,
    /// When it ends by itself: absolute if borrowed, otherwise unless refreshed before.
    #[schema(value_type = Moment)]
    ends_at: String,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = Account)]
struct AccountView {
    id: Uuid,
    email: String,
    name: String,
}

/// A refusal that has to stay in the database, such as the end of a family, is an `Ok` of the transaction.
type Decided<T> = Result<T, Problem>;

/// See the module.
#[utoipa::path(
    post,
    path = "/oauth/token",
    tag = "sign-in",
    operation_id = "token",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, body = TokenAnswer, description = "Signed in"),
        problems::UnknownClient,
        problems::UnsupportedGrantType,
        problems::InvalidGrant,
        problems::UseDpopNonce,
        problems::InvalidDpopProof,
    ),
    security(("dpopProof" = [])),
)]
pub(crate) async fn token(
    State(service): State<Service>,
    RequestHead(head): RequestHead,
    form: Result<Form<TokenRequest>, Problem>,
) -> Result<Json<TokenAnswer>, OauthProblem> {
    let Form(request) = form?;
    Ok(Json(answer(&service, &head, &request)?))
}

fn answer(
    service: &Service,
    head: &http::request::Parts,
    request: &TokenRequest,
) -> Result<TokenAnswer, Problem> {
    known_client(&request.client_id)?;
    let proof = Proof::check(service, head, None)?;
    let now = service.now();
    // The proof is spent in a transaction of its own: a refused grant does not make it fresh again.
    service.store().write(|on| proof.spend(on, now))?;
    match request.grant_type.as_str() {
        "authorization_code" => {
            let code = required(&request.code, "code is missing")?;
            let verifier = required(&request.code_verifier, "code_verifier is missing")?;
            service
                .store()
                .write(|on| exchange(service, on, code, verifier, &proof, now))?
        }
        "refresh_token" => {
            let token = required(&request.refresh_token, "refresh_token is missing")?;
            service
                .store()
                .write(|on| refresh(service, on, token, &proof, now))?
        }
        _ => Err(Problem::UnsupportedGrantType),
    }
}

fn required<'a>(member: &'a Option<Secret>, missing: &'static str) -> Result<&'a str, Problem> {
    // EXPOSE: it is compared with what was issued and dropped with the request.
    member
        .as_ref()
        .map(Secret::expose)
        .ok_or(Problem::BadRequest(missing))
}

fn exchange(
    service: &Service,
    on: &Connection,
    code: &str,
    verifier: &str,
    proof: &Proof,
    now: UnixMillis,
) -> Result<Decided<TokenAnswer>, Problem> {
    let mac = crypto::from_base64url(code)
        .map(|secret| service.stored_form(Purpose::AuthorizationCode, &secret));
    let Some(mac) = mac else {
        return Ok(Err(Problem::InvalidGrant));
    };
    let Some(record) = authorization_codes::find(on, &mac)? else {
        return Ok(Err(Problem::InvalidGrant));
    };
    if let Some(session) = record.session_id {
        // RFC 6749, 4.1.2: a code that comes twice was stolen once.
        end_session(on, session, EndReason::CodeReused, now)?;
        return Ok(Err(Problem::InvalidGrant));
    }
    if now >= record.expires_at || !verifier_fits(verifier, &record) {
        return Ok(Err(Problem::InvalidGrant));
    }
    let session = Session {
        id: service.fresh_id()?,
        account_id: record.account_id,
        dpop_key: proof.key,
        borrowed: record.borrowed,
        ends_at: now + session_length(record.borrowed),
        used_generation: -1,
        ended: false,
    };
    let (ticket, ticket_mac) = service.fresh_secret(Purpose::LogoutTicket)?;
    sessions::insert(on, &session, &ticket_mac, now)?;
    authorization_codes::exchanged(on, &mac, session.id)?;
    issue(service, on, &session, 0, Some(ticket), now).map(Ok)
}

/// RFC 7636, 4.1 and 4.6.
fn verifier_fits(verifier: &str, record: &AuthorizationCode) -> bool {
    (43..=128).contains(&verifier.len())
        && crypto::same(&crypto::sha256(verifier.as_bytes()), &record.challenge)
}

fn refresh(
    service: &Service,
    on: &Connection,
    token: &str,
    proof: &Proof,
    now: UnixMillis,
) -> Result<Decided<TokenAnswer>, Problem> {
    let Some(token) = RefreshToken::decode(token, service.keys()) else {
        return Ok(Err(Problem::InvalidGrant));
    };
    let session = sessions::by_id(on, token.session)?.filter(|known| known.is_live(now));
    let Some(mut session) = session else {
        return Ok(Err(Problem::InvalidGrant));
    };
    // A thief without the phone's key learns nothing and ends nothing.
    if session.dpop_key != proof.key {
        return Ok(Err(Problem::InvalidGrant));
    }
    if token.standing(&session) == Standing::Reused {
        end_session(on, session.id, EndReason::RefreshReused, now)?;
        return Ok(Err(Problem::InvalidGrant));
    }
    if !session.borrowed {
        session.ends_at = now + session_length(false);
    }
    sessions::refreshed(
        on,
        session.id,
        token.generation.into(),
        session.ends_at,
        now,
    )?;
    let next = token
        .generation
        .checked_add(1)
        .ok_or(Problem::InvalidGrant)?;
    issue(service, on, &session, next, None, now).map(Ok)
}

fn session_length(borrowed: bool) -> i64 {
    if borrowed {
        limits::BORROWED_SESSION
    } else {
        limits::OWN_SESSION_IDLE
    }
}

fn issue(
    service: &Service,
    on: &Connection,
    session: &Session,
    generation: u32,
    logout_ticket: Option<String>,
    now: UnixMillis,
) -> Result<TokenAnswer, Problem> {
    let account = accounts::by_id(on, session.account_id)?.ok_or(Problem::InvalidGrant)?;
    let expires_at = session.ends_at.min(now + limits::ACCESS_TOKEN);
    let (access_token, mac) = service.fresh_secret(Purpose::AccessToken)?;
    tokens::insert(on, &mac, session.id, expires_at, now)?;
    let refresh_token = RefreshToken {
        session: session.id,
        generation,
    };
    Ok(TokenAnswer {
        access_token,
        token_type: "DPoP",
        expires_in: (expires_at - now) / limits::SECOND,
        refresh_token: refresh_token.encode(service.keys()),
        session: SessionView {
            id: session.id,
            borrowed: session.borrowed,
            ends_at: rfc3339(session.ends_at)?,
        },
        logout_ticket,
        account: AccountView {
            id: account.id,
            email: account.email,
            name: account.name,
        },
        holder_nonce: crypto::base64url(&phone_key::nonce(service, session.id)),
    })
}
