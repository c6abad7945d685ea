//! `PUT /v1/phone-key`: binds the phone's holder key to the session, proven by a signature over the service's nonce and the account.
use crate::crypto;
use crate::document::problems;
use crate::document::shapes::{Bytes32, Bytes64, PublicKey};
use crate::extract::{Body, Caller};
use crate::keys::Purpose;
use crate::lanes::revoke_phone_key_of;
use crate::problem::Problem;
use crate::state::Service;
use crate::store::phone_keys::{self, PhoneKey};
use axum::extract::State;
use http::StatusCode;
use keyway_protocol::crypto::VerifyingKey;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

const LABEL: &[u8] = b"keyway/1 phone key";

/// All members are base64url.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RegisterPhoneKey {
    /// SEC1, 65 bytes uncompressed or 33 bytes compressed.
    #[schema(value_type = PublicKey)]
    public_key: String,
    /// ES256, `r || s` with a low s, over `"keyway/1 phone key" || nonce || account id`.
    #[schema(value_type = Bytes64)]
    signature: String,
    /// The 32 bytes from the token answer.
    #[schema(value_type = Bytes32)]
    nonce: String,
}

/// See the module. The session's former key, if it had another, is revoked.
#[utoipa::path(
    put,
    path = "/v1/phone-key",
    tag = "couriers",
    operation_id = "registerPhoneKey",
    request_body(content = RegisterPhoneKey, content_type = "application/json"),
    responses(
        (status = 204, description = "Records are bound to it from now on"),
        problems::PhoneKeyInUse,
        problems::PhoneKeyProofRefused,
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn register(
    State(service): State<Service>,
    caller: Caller,
    Body(request): Body<RegisterPhoneKey>,
) -> Result<StatusCode, Problem> {
    let Caller(session) = caller;
    let public_key = proven_key(&service, session.id, session.account_id, &request)?;
    let key = PhoneKey {
        holder: public_key.holder_hash().0,
        public_key: public_key.to_bytes(),
        account_id: session.account_id,
        session_id: session.id,
        revoked: false,
    };
    let now = service.now();
    service.store().write(|on| {
        if let Some(known) = phone_keys::by_holder(on, &key.holder)? {
            if known.account_id != key.account_id {
                return Err(Problem::PhoneKeyInUse);
            }
            if known.session_id == key.session_id && !known.revoked {
                return Ok(());
            }
        }
        revoke_phone_key_of(on, session.id, now)?;
        Ok(phone_keys::register(on, &key, now)?)
    })?;
    Ok(StatusCode::NO_CONTENT)
}

fn proven_key(
    service: &Service,
    session: Uuid,
    account: Uuid,
    request: &RegisterPhoneKey,
) -> Result<VerifyingKey, Problem> {
    let told = crypto::from_base64url(&request.nonce).unwrap_or_default();
    let expected = nonce(service, session);
    if !crypto::same(&told, &expected) {
        return Err(Problem::PhoneKeyProofRefused);
    }
    let public_key = crypto::from_base64url(&request.public_key)
        .and_then(|point| VerifyingKey::from_sec1(&point))
        .ok_or(Problem::BadRequest("publicKey must be a P-256 point"))?;
    let signature = crypto::array_from_base64url(&request.signature)
        .ok_or(Problem::BadRequest("signature must be 64 bytes"))?;
    if public_key.verify(&[LABEL, &expected, account.as_bytes()], &signature) {
        Ok(public_key)
    } else {
        Err(Problem::PhoneKeyProofRefused)
    }
}

/// The session's nonce for registering a key. Computed, so that a lost token answer costs nothing.
pub(crate) fn nonce(service: &Service, session: Uuid) -> [u8; 32] {
    service
        .keys()
        .mac(Purpose::PhoneKeyNonce, &[session.as_bytes()])
}
