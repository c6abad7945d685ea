//! What a request must bring, parsed once: bodies, path values and the caller. Every refusal is a [`Problem`].
use crate::crypto;
use crate::keys::Purpose;
use crate::oauth::dpop::Proof;
use crate::problem::Problem;
use crate::state::Service;
use crate::store::phone_keys::{self, PhoneKey};
use crate::store::sessions::{self, Session};
use crate::store::tokens;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use http::request::Parts;
use http::{HeaderMap, header};
use rusqlite::Connection;
use serde::de::DeserializeOwned;
use std::convert::Infallible;
use utoipa::IntoParams;
use uuid::Uuid;

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Service> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, service: &Service) -> Result<Self, Problem> {
        let bytes = body_of(request, service, "application/json").await?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|_| Problem::BadRequest("the JSON body is not as described"))
    }
}

/// A form body, as OAuth has them.
pub(crate) struct Form<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Service> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, service: &Service) -> Result<Self, Problem> {
        require_media_type(request.headers(), "application/x-www-form-urlencoded")?;
        axum::Form::from_request(request, service)
            .await
            .map(|axum::Form(form)| Self(form))
            .map_err(|rejection| match rejection {
                axum::extract::rejection::FormRejection::BytesRejection(_) => Problem::BodyTooLarge,
                _ => Problem::BadRequest("the form is not as described"),
            })
    }
}

/// The whole body, of the media type `expected`.
pub(crate) async fn body_of(
    request: Request,
    service: &Service,
    expected: &str,
) -> Result<Bytes, Problem> {
    require_media_type(request.headers(), expected)?;
    // The router's limit is the only reason a body in memory or on a healthy connection cannot be read.
    Bytes::from_request(request, service)
        .await
        .map_err(|_| Problem::BodyTooLarge)
}

fn require_media_type(headers: &HeaderMap, expected: &str) -> Result<(), Problem> {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .filter(|media_type| media_type.trim().eq_ignore_ascii_case(expected))
        .map(drop)
        .ok_or(Problem::UnsupportedMediaType)
}

/// The request without its body.
pub(crate) struct RequestHead(pub(crate) Parts);

impl FromRequestParts<Service> for RequestHead {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Service) -> Result<Self, Infallible> {
        Ok(Self(parts.clone()))
    }
}

/// Declares what a path names by its only UUID. What is no UUID is no such thing.
macro_rules! path_ids {
    ($($(#[$doc:meta])* $name:ident = $member:literal),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, IntoParams)]
        #[into_params(names($member), parameter_in = Path)]
        pub(crate) struct $name(pub(crate) Uuid);

        impl FromRequestParts<Service> for $name {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
                Path::<Uuid>::from_request_parts(parts, service)
                    .await
                    .map(|Path(id)| Self(id))
                    .map_err(|_| Problem::NotFound)
            }
        }
    )+};
}

path_ids! {
    /// The door in the path.
    DoorId = "doorUuid",
    /// Somebody in the path, with an account or without.
    UserId = "userUuid",
    /// The doorcode in the path.
    DoorcodeId = "doorcodeUuid",
    /// The building in the path.
    BuildingId = "buildingUuid",
    /// The session in the path.
    SessionId = "sessionId",
}

/// Somebody at a door, in the path.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct UserAtDoor {
    #[param(rename = "userUuid")]
    pub(crate) user: Uuid,
    #[param(rename = "doorUuid")]
    pub(crate) door: Uuid,
}

impl FromRequestParts<Service> for UserAtDoor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        Path::<(Uuid, Uuid)>::from_request_parts(parts, service)
            .await
            .map(|Path((user, door))| Self { user, door })
            .map_err(|_| Problem::NotFound)
    }
}

/// Who asks: a live session, proven by its access token and its DPoP key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller(pub(crate) Session);

impl FromRequestParts<Service> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        let token = access_token(&parts.headers)?;
        let proof = Proof::check(service, parts, Some(token))?;
        let secret = crypto::from_base64url(token).ok_or(Problem::Unauthorized)?;
        let mac = service.stored_form(Purpose::AccessToken, &secret);
        let now = service.now();
        service.store().write(|on| {
            let session = tokens::session_of(on, &mac, now)?.ok_or(Problem::Unauthorized)?;
            let session = sessions::by_id(on, session)?
                .filter(|session| session.is_live(now))
                .ok_or(Problem::Unauthorized)?;
            if session.dpop_key != proof.key {
                return Err(Problem::InvalidDpopProof(
                    "the token is bound to another key",
                ));
            }
            proof.spend(on, now)?;
            Ok(Self(session))
        })
    }
}

impl Caller {
    /// The session's phone key, which every record is bound to.
    pub(crate) fn phone_key(&self, on: &Connection) -> Result<PhoneKey, Problem> {
        phone_keys::of_session(on, self.0.id)?.ok_or(Problem::PhoneKeyRequired)
    }
}

fn access_token(headers: &HeaderMap) -> Result<&str, Problem> {
    headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("DPoP"))
        .map(|(_, token)| token)
        .ok_or(Problem::Unauthorized)
}
