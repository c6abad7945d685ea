//! `GET /v1/time`, `POST /v1/doors/{doorUuid}/time`, and times as they stand on the wire.
use crate::clock::UnixMillis;
use crate::crypto;
use crate::document::problems;
use crate::document::shapes::{Bytes16, Moment, Octets};
use crate::extract::{Body, Caller, DoorId};
use crate::problem::Problem;
use crate::standing::standing_at;
use crate::state::Service;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The service's time.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceTime {
    /// RFC 3339, UTC.
    #[schema(value_type = Moment)]
    pub(crate) server_time: String,
}

/// `GET /v1/time`: needs no session, so that a phone can compare its clock before it signs in.
#[utoipa::path(
    get,
    path = "/v1/time",
    tag = "couriers",
    operation_id = "time",
    responses(
        (status = 200, body = ServiceTime, description = "Now"),
    ),
)]
pub(crate) async fn show(State(service): State<Service>) -> Result<Json<ServiceTime>, Problem> {
    let server_time = rfc3339(service.now())?;
    Ok(Json(ServiceTime { server_time }))
}

/// What the lock gave the phone.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Attestation {
    /// What the lock gave.
    #[schema(value_type = Bytes16)]
    nonce: String,
}

/// `POST /v1/doors/{doorUuid}/time`: signs the time over a lock's nonce. The lock counts the nonce's age itself, so a slow courier only makes
/// its knowledge wider, never wrong.
#[utoipa::path(
    post,
    path = "/v1/doors/{doorUuid}/time",
    tag = "couriers",
    operation_id = "attestTime",
    params(DoorId),
    request_body(content = Attestation, content_type = "application/json"),
    responses(
        (status = 200, body = Octets, content_type = "application/vnd.keyway.attest", description = "The time over the nonce"),
        problems::NotFound,
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn attest(
    State(service): State<Service>,
    Caller(session): Caller,
    DoorId(door): DoorId,
    Body(request): Body<Attestation>,
) -> Result<Response, Problem> {
    let nonce = crypto::array_from_base64url(&request.nonce)
        .ok_or(Problem::BadRequest("nonce must be base64url of 16 bytes"))?;
    let now = service.now();
    let (door, _) = service
        .store()
        .read(|on| standing_at(on, door, session.account_id, now))?;
    let attest = service.issuer().attest(&door, nonce, now);
    let media_type = [(header::CONTENT_TYPE, "application/vnd.keyway.attest")];
    Ok((media_type, attest).into_response())
}

/// A moment as somebody wrote it, in RFC 3339 with any offset; what is finer than a millisecond is dropped.
pub(crate) fn parse_rfc3339(text: &str) -> Option<UnixMillis> {
    let timestamp: Timestamp = text.parse().ok()?;
    Some(timestamp.as_millisecond())
}

/// RFC 3339 in UTC.
pub(crate) fn rfc3339(at: UnixMillis) -> Result<String, Problem> {
    Ok(timestamp(at)?.to_string())
}

/// The `Date` header's form (RFC 9110, 5.6.7).
pub(crate) fn http_date(at: UnixMillis) -> Result<String, Problem> {
    Ok(timestamp(at)?
        .strftime("%a, %d %b %Y %H:%M:%S GMT")
        .to_string())
}

/// A point in time; out of range only if the injected clock is.
pub(crate) fn timestamp(at: UnixMillis) -> Result<Timestamp, Problem> {
    Timestamp::from_millisecond(at).map_err(|_| Problem::Internal("the clock is out of range"))
}
