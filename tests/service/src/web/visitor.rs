//! Who looks at the pages: a browser that is signed in, known by its cookie.
use super::page::PageProblem;
use crate::crypto;
use crate::keys::Purpose;
use crate::limits;
use crate::problem::Problem;
use crate::secret::Secret;
use crate::state::Service;
use crate::store::web_sessions;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Redirect, Response};
use http::request::Parts;
use http::{HeaderMap, header};
use uuid::Uuid;
use zeroize::Zeroizing;

/// `__Host-` binds it to this origin, over TLS and for every path (RFC 6265bis, 4.1.3.2).
pub(crate) const COOKIE: &str = "__Host-keyway-web";

/// A browser that is signed in.
pub(super) struct Visitor {
    pub(super) account_id: Uuid,
    mac: [u8; 32],
}

impl Visitor {
    /// What the forms of this browser's pages carry. Another site cannot read it, and it is worth nothing in another browser.
    pub(super) fn form_token(&self, service: &Service) -> String {
        crypto::base64url(&service.keys().mac(Purpose::WebForm, &[&self.mac]))
    }

    /// Refuses a form that this browser's pages did not send.
    pub(super) fn sent(&self, service: &Service, form_token: &Secret) -> Result<(), Problem> {
        // EXPOSE: it is compared with what the page was given and dropped with the request.
        let told = form_token.expose().as_bytes();
        if crypto::same(told, self.form_token(service).as_bytes()) {
            Ok(())
        } else {
            Err(Problem::ForeignForm)
        }
    }

    /// Signs this browser out.
    pub(super) fn end(&self, service: &Service) -> Result<(), Problem> {
        service
            .store()
            .write(|on| Ok(web_sessions::end(on, &self.mac)?))
    }
}

impl FromRequestParts<Service> for Visitor {
    type Rejection = NotSignedIn;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, NotSignedIn> {
        let secret = cookie(&parts.headers).ok_or(NotSignedIn::SignInFirst)?;
        let mac = service.stored_form(Purpose::WebSession, &*secret);
        let now = service.now();
        let account = service
            .store()
            .read(|on| web_sessions::account_of(on, &mac, now))
            .map_err(|error| NotSignedIn::Problem(error.into()))?;
        account
            .map(|account_id| Self { account_id, mac })
            .ok_or(NotSignedIn::SignInFirst)
    }
}

/// Why a page is not shown.
pub(super) enum NotSignedIn {
    SignInFirst,
    Problem(Problem),
}

impl IntoResponse for NotSignedIn {
    fn into_response(self) -> Response {
        match self {
            Self::SignInFirst => Redirect::to("/account/sign-in").into_response(),
            Self::Problem(problem) => PageProblem::from(problem).into_response(),
        }
    }
}

fn cookie(headers: &HeaderMap) -> Option<Zeroizing<[u8; 32]>> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .and_then(|(_, token)| crypto::array_from_base64url(token))
        .map(Zeroizing::new)
}

/// The header's value that gives a browser its token.
pub(super) fn set_cookie(token: &str) -> String {
    cookie_for(token, limits::WEB_SESSION / limits::SECOND)
}

/// The header's value that takes it away.
pub(super) fn clear_cookie() -> String {
    cookie_for("", 0)
}

fn cookie_for(token: &str, seconds: i64) -> String {
    format!("{COOKIE}={token}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Strict")
}
