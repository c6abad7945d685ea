//! `POST /oauth/revoke` (RFC 7009). A refresh token ends its session; an access token goes on the deny-list.
use super::refresh_token::RefreshToken;
use crate::crypto;
use crate::extract::Form;
use crate::keys::Purpose;
use crate::problem::{OauthProblem, Problem};
use crate::secret::Secret;
use crate::sessions::end_session;
use crate::state::Service;
use crate::store::sessions::EndReason;
use crate::store::tokens;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

/// What the app sends; a hint of the token's type is not needed.
#[derive(Deserialize, ToSchema)]
pub(crate) struct RevokeRequest {
    /// A refresh or access token.
    #[schema(value_type = String)]
    token: Secret,
}

/// Answers 200 whether or not the token meant something (RFC 7009, 2.2).
#[utoipa::path(
    post,
    path = "/oauth/revoke",
    tag = "sessions",
    operation_id = "revokeToken",
    request_body(content = RevokeRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "It means nothing any more, if it ever did"),
    ),
)]
pub(crate) async fn revoke(
    State(service): State<Service>,
    form: Result<Form<RevokeRequest>, Problem>,
) -> Result<StatusCode, OauthProblem> {
    let Form(request) = form?;
    // EXPOSE: it is compared with what was issued and dropped with the request.
    revoke_token(&service, request.token.expose())?;
    Ok(StatusCode::OK)
}

fn revoke_token(service: &Service, token: &str) -> Result<(), Problem> {
    let now = service.now();
    if let Some(refresh) = RefreshToken::decode(token, service.keys()) {
        return service
            .store()
            .write(|on| end_session(on, refresh.session, EndReason::Revoked, now).map(drop));
    }
    let Some(access) = crypto::from_base64url(token) else {
        return Ok(());
    };
    let mac = service.stored_form(Purpose::AccessToken, &access);
    service
        .store()
        .write(|on| Ok(tokens::revoke(on, &mac, now).map(drop)?))
}
