//! The one error enum of the service.
mod told;

pub(crate) use told::{OauthProblem, schemas};

use crate::account::{BrokenRules, PasswordRule};
use crate::letting_in::SharingFault;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

/// Everything the service can answer instead of what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
#[non_exhaustive]
pub enum Problem {
    /// The request cannot be understood; the text says which part.
    BadRequest(&'static str),
    /// Unknown e-mail, wrong password or wrong code, without a hint which.
    WrongCredentials,
    /// The right password or code of an account that the property has not activated.
    AccountNotActive,
    /// The current password, asked for before it is changed, is another one.
    WrongCurrentPassword,
    /// A new password breaks these rules.
    PasswordRules(BrokenRules),
    /// The form was filled in on another site, or for another session.
    ForeignForm,
    /// The link in the mail was used, is too old, or never was one.
    ResetLinkOver,
    /// Wait this many seconds before the next password, code or mail.
    TooManyTries {
        /// Whole seconds, at least 1.
        retry_after: u32,
    },
    /// A client id other than the app's.
    UnknownClient,
    /// A grant type that this service does not have.
    UnsupportedGrantType,
    /// Authorization code or refresh token is unknown, used, expired or bound to another key.
    InvalidGrant,
    /// The proof carries no nonce, or one that is too old; the answer carries a fresh one.
    UseDpopNonce,
    /// The DPoP proof does not hold; the text says which part.
    InvalidDpopProof(&'static str),
    /// No valid access token.
    Unauthorized,
    /// The account may not do that, and it is no secret that there is such a thing.
    Forbidden,
    /// No such thing, or not for this account.
    NotFound,
    /// The resource has no such method.
    MethodNotAllowed,
    /// The body is larger than the service takes.
    BodyTooLarge,
    /// The body has another media type than the resource takes.
    UnsupportedMediaType,
    /// Records are bound to the phone's key, and this session has none yet.
    PhoneKeyRequired,
    /// The phone's key is already another account's.
    PhoneKeyInUse,
    /// The signature over nonce and account does not hold.
    PhoneKeyProofRefused,
    /// The door's lock has no Bluetooth unlock, or the door no lock.
    NoBluetoothUnlock,
    /// The access begins later than a lease reaches.
    AccessNotYet,
    /// A guest, or somebody whose access has not begun, cannot let others in.
    CannotShare,
    /// Somebody cannot be let in as asked.
    Sharing(SharingFault),
    /// Every slot for daily codes of that day is taken.
    DailyCodesExhausted,
    /// Only a resident's own lasting code can be reset, and only the one that counts.
    DoorcodeNotResettable,
    /// One code more would make guessing too easy at this door.
    TooManyDoorcodes,
    /// The app is older than this service answers; it has to be updated.
    AppTooOld,
    /// The receipt is not the lock's.
    ReceiptForged,
    /// The lock signed another receipt of the same number: there are two of it.
    LockForked,
    /// The log segment does not open, or does not continue the chain.
    LogRefused,
    /// The request did not arrive, or was not answered, in time.
    RequestTimeout,
    /// The service cannot go on; the text is for its own trace and is not told.
    Internal(&'static str),
}

impl Problem {
    /// The code that clients switch on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "BAD_REQUEST",
            Self::WrongCredentials | Self::WrongCurrentPassword => "WRONG_CREDENTIALS",
            Self::PasswordRules(_) => "PASSWORD_RULES",
            Self::ForeignForm => "FOREIGN_FORM",
            Self::ResetLinkOver => "RESET_LINK_OVER",
            Self::AccountNotActive => "USER_ACCOUNT_NOT_ACTIVE",
            Self::TooManyTries { .. } => "TOO_MANY_TRIES",
            Self::UnknownClient => "UNKNOWN_CLIENT",
            Self::UnsupportedGrantType => "UNSUPPORTED_GRANT_TYPE",
            Self::InvalidGrant => "INVALID_GRANT",
            Self::UseDpopNonce => "USE_DPOP_NONCE",
            Self::InvalidDpopProof(_) => "INVALID_DPOP_PROOF",
            Self::Unauthorized => "UNAUTHORIZED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::BodyTooLarge => "BODY_TOO_LARGE",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::PhoneKeyRequired => "PHONE_KEY_REQUIRED",
            Self::PhoneKeyInUse => "PHONE_KEY_IN_USE",
            Self::PhoneKeyProofRefused => "PHONE_KEY_PROOF_REFUSED",
            Self::NoBluetoothUnlock => "NO_BLUETOOTH_UNLOCK",
            Self::AccessNotYet => "ACCESS_NOT_YET",
            Self::CannotShare => "USER_CAN_NOT_SHARE",
            Self::Sharing(fault) => fault.code(),
            Self::DailyCodesExhausted => "DAILY_CODES_EXHAUSTED",
            Self::DoorcodeNotResettable => "DOORCODE_NOT_RESETTABLE",
            Self::TooManyDoorcodes => "TOO_MANY_DOORCODES",
            Self::AppTooOld => "APP_TOO_OLD",
            Self::ReceiptForged => "RECEIPT_FORGED",
            Self::LockForked => "LOCK_FORKED",
            Self::LogRefused => "LOG_REFUSED",
            Self::RequestTimeout => "REQUEST_TIMEOUT",
            Self::Internal(_) => "INTERNAL_SERVER_ERROR",
        }
    }

    /// The status at a resource. The OAuth endpoints differ where RFC 9449 says so.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_)
            | Self::WrongCredentials
            | Self::UnknownClient
            | Self::UnsupportedGrantType
            | Self::InvalidGrant
            | Self::Sharing(_) => StatusCode::BAD_REQUEST,
            Self::UseDpopNonce | Self::InvalidDpopProof(_) | Self::Unauthorized => {
                StatusCode::UNAUTHORIZED
            }
            Self::AccountNotActive
            | Self::WrongCurrentPassword
            | Self::ForeignForm
            | Self::CannotShare
            | Self::Forbidden => StatusCode::FORBIDDEN,
            Self::ResetLinkOver => StatusCode::GONE,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::PhoneKeyRequired
            | Self::PhoneKeyInUse
            | Self::AccessNotYet
            | Self::NoBluetoothUnlock
            | Self::DailyCodesExhausted
            | Self::DoorcodeNotResettable
            | Self::TooManyDoorcodes
            | Self::LockForked => StatusCode::CONFLICT,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::PasswordRules(_)
            | Self::PhoneKeyProofRefused
            | Self::ReceiptForged
            | Self::LogRefused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::AppTooOld => StatusCode::UPGRADE_REQUIRED,
            Self::TooManyTries { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What happened, in one line for a developer; the apps have their own texts.
    pub(crate) fn title(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "The request cannot be understood",
            Self::WrongCredentials => "E-mail, password or code is wrong",
            Self::WrongCurrentPassword => "The current password is another one",
            Self::PasswordRules(_) => "The new password breaks a rule",
            Self::ForeignForm => "The form does not come from this page",
            Self::ResetLinkOver => "The link was used or is too old",
            Self::AccountNotActive => "The account is not active",
            Self::TooManyTries { .. } => "Too many tries",
            Self::UnknownClient => "The client is not known",
            Self::UnsupportedGrantType => "The grant type is not supported",
            Self::InvalidGrant => "The code or token is not valid",
            Self::UseDpopNonce => "The DPoP proof needs the nonce of this answer",
            Self::InvalidDpopProof(_) => "The DPoP proof is not valid",
            Self::Unauthorized => "A valid access token is needed",
            Self::Forbidden => "The account may not do that",
            Self::NotFound => "There is no such thing here",
            Self::MethodNotAllowed => "There is no such method here",
            Self::BodyTooLarge => "The body is too large",
            Self::UnsupportedMediaType => "The media type is not supported",
            Self::PhoneKeyRequired => "The phone has to register its key first",
            Self::PhoneKeyInUse => "The phone's key belongs to another account",
            Self::PhoneKeyProofRefused => "The phone's key was not proven",
            Self::NoBluetoothUnlock => "The door has no Bluetooth unlock",
            Self::AccessNotYet => "The access has not begun",
            Self::CannotShare => "The role at this door does not allow sharing it",
            Self::Sharing(fault) => fault.title(),
            Self::DailyCodesExhausted => "No daily code is left for that day",
            Self::DoorcodeNotResettable => "The doorcode cannot be reset",
            Self::TooManyDoorcodes => "The door cannot hold another code",
            Self::AppTooOld => "The app is too old for this service",
            Self::ReceiptForged => "The receipt is not the lock's",
            Self::LockForked => "The lock signed two receipts of one number",
            Self::LogRefused => "The log segment cannot be taken",
            Self::RequestTimeout => "The request took too long",
            Self::Internal(_) => "The service cannot go on",
        }
    }

    fn detail(&self) -> Option<&'static str> {
        match self {
            Self::BadRequest(detail) | Self::InvalidDpopProof(detail) => Some(detail),
            _ => None,
        }
    }

    fn violations(&self) -> Option<Vec<&'static str>> {
        match self {
            Self::PasswordRules(broken) => Some(broken.rules().map(PasswordRule::word).collect()),
            _ => None,
        }
    }

    fn retry_after(&self) -> Option<u32> {
        match self {
            Self::TooManyTries { retry_after } => Some(*retry_after),
            _ => None,
        }
    }

    /// RFC 6749's and RFC 9449's word for it.
    fn oauth_error(&self) -> &'static str {
        match self {
            Self::WrongCredentials | Self::AccountNotActive | Self::TooManyTries { .. } => {
                "access_denied"
            }
            Self::UnknownClient => "invalid_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidGrant => "invalid_grant",
            Self::UseDpopNonce => "use_dpop_nonce",
            Self::InvalidDpopProof(_) => "invalid_dpop_proof",
            Self::Unauthorized => "invalid_token",
            Self::Internal(_) => "server_error",
            _ => "invalid_request",
        }
    }

    /// Adds what goes with the problem in whatever form it is told.
    pub(crate) fn decorate(self, mut response: Response) -> Response {
        if let Self::Internal(what) = self {
            tracing::error!(what, "the service could not go on");
        }
        if let Some(seconds) = self.retry_after() {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if response.status() == StatusCode::UNAUTHORIZED {
            let challenge = format!(r#"DPoP error="{}", algs="ES256""#, self.oauth_error());
            if let Ok(challenge) = HeaderValue::try_from(challenge) {
                response
                    .headers_mut()
                    .insert(header::WWW_AUTHENTICATE, challenge);
            }
        }
        response.extensions_mut().insert(ProblemCode(self.code()));
        response
    }
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        // The text of an SQLite error can quote the statement, never a bound value.
        tracing::error!(%error, "the database refused");
        Self::Internal("the database refused")
    }
}

impl From<SharingFault> for Problem {
    fn from(fault: SharingFault) -> Self {
        Self::Sharing(fault)
    }
}

impl From<crate::entropy::EntropyFailed> for Problem {
    fn from(_: crate::entropy::EntropyFailed) -> Self {
        Self::Internal("the random source failed")
    }
}

/// Travels with the response to the request trace.
#[derive(Clone, Copy)]
pub(crate) struct ProblemCode(pub(crate) &'static str);
