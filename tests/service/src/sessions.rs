//! The account's sessions: listed, ended one by one or all at once, or by the ticket of one; and what the end of a session means everywhere else.
use crate::clock::UnixMillis;
use crate::crypto;
use crate::document::problems;
use crate::document::shapes::{Bytes32, Moment};
use crate::extract::{Body, Caller, SessionId};
use crate::keys::Purpose;
use crate::lanes::revoke_phone_key_of;
use crate::problem::Problem;
use crate::secret::Secret;
use crate::state::Service;
use crate::store::sessions::{self, EndReason, LiveSession};
use crate::store::{tokens, web_sessions};
use crate::time::rfc3339;
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use zeroize::Zeroizing;

/// The account's live sessions.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionList {
    #[schema(value_type = Moment)]
    server_time: String,
    sessions: Vec<ListedSession>,
}

/// One session; times are RFC 3339, UTC.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Session)]
struct ListedSession {
    id: Uuid,
    borrowed: bool,
    #[schema(value_type = Moment)]
    started_at: String,
    #[schema(value_type = Moment)]
    last_seen_at: String,
    #[schema(value_type = Moment)]
    ends_at: String,
    /// The one that asks.
    current: bool,
}

/// `GET /v1/sessions`: newest first.
#[utoipa::path(
    get,
    path = "/v1/sessions",
    tag = "sessions",
    operation_id = "listSessions",
    responses(
        (status = 200, body = SessionList, description = "Newest first"),
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn list(
    State(service): State<Service>,
    Caller(session): Caller,
) -> Result<Json<SessionList>, Problem> {
    let now = service.now();
    let live = service
        .store()
        .read(|on| sessions::live_of_account(on, session.account_id, now))?;
    Ok(Json(SessionList {
        server_time: rfc3339(now)?,
        sessions: live
            .iter()
            .map(|listed| view(listed, session.id))
            .collect::<Result<_, _>>()?,
    }))
}

fn view(listed: &LiveSession, current: Uuid) -> Result<ListedSession, Problem> {
    Ok(ListedSession {
        id: listed.id,
        borrowed: listed.borrowed,
        started_at: rfc3339(listed.started_at)?,
        last_seen_at: rfc3339(listed.seen_at)?,
        ends_at: rfc3339(listed.ends_at)?,
        current: listed.id == current,
    })
}

/// `DELETE /v1/sessions/{sessionId}`: one of the account's own, this one too. Ending it again changes nothing.
#[utoipa::path(
    delete,
    path = "/v1/sessions/{sessionId}",
    tag = "sessions",
    operation_id = "endSession",
    params(SessionId),
    responses(
        (status = 204, description = "It has ended"),
        problems::NotFound,
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn end_one(
    State(service): State<Service>,
    Caller(session): Caller,
    SessionId(id): SessionId,
) -> Result<StatusCode, Problem> {
    let now = service.now();
    service
        .store()
        .write(|on| end_own(on, session.account_id, id, now))?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /v1/sessions`: all of the account's, this one too, and its browsers.
#[utoipa::path(
    delete,
    path = "/v1/sessions",
    tag = "sessions",
    operation_id = "endEverySession",
    responses(
        (status = 204, description = "All have ended, this one too"),
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn end_every(
    State(service): State<Service>,
    Caller(session): Caller,
) -> Result<StatusCode, Problem> {
    let now = service.now();
    service.store().write(|on| {
        web_sessions::end_all(on, session.account_id)?;
        end_all(on, session.account_id, None, EndReason::EndedByOwner, now)
    })?;
    Ok(StatusCode::NO_CONTENT)
}

/// A logout ticket: 32 bytes, base64url.
#[derive(Deserialize, ToSchema)]
pub(crate) struct EndSession {
    #[schema(value_type = Bytes32)]
    ticket: Secret,
}

/// `POST /v1/sessions/end`: needs no token, works for a session that already ended. Only a ticket that this service never gave out is
/// refused, so that a phone does not report a session as ended because of a damaged ticket.
#[utoipa::path(
    post,
    path = "/v1/sessions/end",
    tag = "sessions",
    operation_id = "endSessionByTicket",
    request_body(content = EndSession, content_type = "application/json"),
    responses(
        (status = 204, description = "It has ended"),
        problems::NotFound,
    ),
)]
pub(crate) async fn end(
    State(service): State<Service>,
    Body(request): Body<EndSession>,
) -> Result<StatusCode, Problem> {
    // EXPOSE: it is compared with what was issued and dropped with the request.
    let ticket: Zeroizing<[u8; 32]> = crypto::array_from_base64url(request.ticket.expose())
        .map(Zeroizing::new)
        .ok_or(Problem::BadRequest("ticket must be base64url of 32 bytes"))?;
    let mac = service.stored_form(Purpose::LogoutTicket, &*ticket);
    let now = service.now();
    service.store().write(|on| {
        let session = sessions::by_ticket(on, &mac)?.ok_or(Problem::NotFound)?;
        end_session(on, session.id, EndReason::SignedOut, now)
    })?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends a session: its refresh family and access tokens die, and its phone key is revoked at the locks. Ending it again changes nothing.
pub(crate) fn end_session(
    on: &Connection,
    id: Uuid,
    reason: EndReason,
    now: UnixMillis,
) -> Result<(), Problem> {
    if sessions::end(on, id, reason, now)? {
        tokens::revoke_all(on, id, now)?;
        revoke_phone_key_of(on, id, now)?;
    }
    Ok(())
}

/// Ends one of the account's sessions; another account's is as unknown as none.
pub(crate) fn end_own(
    on: &Connection,
    account: Uuid,
    id: Uuid,
    now: UnixMillis,
) -> Result<(), Problem> {
    sessions::by_id(on, id)?
        .filter(|session| session.account_id == account)
        .ok_or(Problem::NotFound)?;
    end_session(on, id, EndReason::EndedByOwner, now)
}

/// Ends every session of the account but `kept`.
pub(crate) fn end_all(
    on: &Connection,
    account: Uuid,
    kept: Option<Uuid>,
    reason: EndReason,
    now: UnixMillis,
) -> Result<(), Problem> {
    for session in sessions::open_of_account(on, account)? {
        if Some(session.id) != kept {
            end_session(on, session.id, reason, now)?;
        }
    }
    Ok(())
}
