//! `POST /v1/sessions/end`, and what the end of a session means everywhere else.
use crate::clock::UnixMillis;
use crate::crypto;
use crate::extract::Body;
use crate::keys::Purpose;
use crate::lanes::revoke_phone_key_of;
use crate::problem::Problem;
use crate::secret::Secret;
use crate::state::Service;
use crate::store::sessions::{self, EndReason};
use crate::store::tokens;
use axum::extract::State;
use http::StatusCode;
use rusqlite::Connection;
use serde::Deserialize;
use uuid::Uuid;
use zeroize::Zeroizing;

/// A logout ticket: 32 bytes, base64url.
#[derive(Deserialize)]
pub(crate) struct EndSession {
    ticket: Secret,
}

/// `POST /v1/sessions/end`: needs no token, works for a session that already ended. Only a ticket that this service never gave out is
/// refused, so that a phone does not report a session as ended because of a damaged ticket.
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
