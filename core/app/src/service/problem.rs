//! The service's problems: RFC 9457 bodies and RFC 6749 errors, both with a `code`.

use crate::error::Error;
use crate::ports::HttpResponse;
use core::time::Duration;
use serde::Deserialize;

/// What the service said is wrong, by its `code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProblemCode {
    /// The access token is not (or no longer) good.
    Unauthorized,
    /// The refresh token is refused: the session is over.
    InvalidGrant,
    /// The proof needs the service's newest nonce.
    UseDpopNonce,
    /// Wrong e-mail or password.
    WrongCredentials,
    /// The account is not active.
    AccountNotActive,
    /// Too many tries.
    TooManyTries,
    /// No such thing, or not this account's.
    NotFound,
    /// This account may not do that.
    Forbidden,
    /// The door has no Bluetooth unlock.
    NoBluetoothUnlock,
    /// A receipt that the lock did not sign.
    ReceiptForged,
    /// This app is too old.
    AppTooOld,
    /// The service is in trouble.
    InTrouble,
    /// Another refusal.
    Other,
}

/// A problem, with the wait that the service asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) code: ProblemCode,
    pub(crate) status: u16,
    /// From `Retry-After` or the body.
    pub(crate) retry_after: Option<Duration>,
}

/// The service broke its contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breach {
    /// The body is not what was agreed.
    NotTheAgreedBody,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    code: Option<String>,
    error: Option<String>,
    retry_after: Option<u32>,
}

impl Problem {
    /// Reads a response that is not a success.
    pub(crate) fn parse(response: &HttpResponse) -> Self {
        let body = serde_json::from_slice(&response.body).unwrap_or(Body {
            code: None,
            error: None,
            retry_after: None,
        });
        let seconds = response
            .header("retry-after")
            .and_then(|value| value.trim().parse().ok())
            .or(body.retry_after);
        Self {
            code: ProblemCode::of(response.status, body.code.as_deref(), body.error.as_deref()),
            status: response.status,
            retry_after: seconds.map(|seconds| Duration::from_secs(u64::from(seconds))),
        }
    }
}

impl ProblemCode {
    fn of(status: u16, code: Option<&str>, error: Option<&str>) -> Self {
        match (error, code) {
            (Some("use_dpop_nonce"), _) | (_, Some("USE_DPOP_NONCE")) => Self::UseDpopNonce,
            (Some("invalid_grant"), _) | (_, Some("INVALID_GRANT")) => Self::InvalidGrant,
            (_, Some("WRONG_CREDENTIALS")) => Self::WrongCredentials,
            (_, Some("USER_ACCOUNT_NOT_ACTIVE")) => Self::AccountNotActive,
            (_, Some("TOO_MANY_TRIES")) => Self::TooManyTries,
            (_, Some("RECEIPT_FORGED")) => Self::ReceiptForged,
            (_, Some("APP_TOO_OLD")) => Self::AppTooOld,
            (_, Some("UNAUTHORIZED")) => Self::Unauthorized,
            (_, Some("USER_CAN_NOT_SHARE")) => Self::Forbidden,
            (_, Some("NO_BLUETOOTH_UNLOCK")) => Self::NoBluetoothUnlock,
            (_, Some("NOT_FOUND")) => Self::NotFound,
            _ => match status {
                401 => Self::Unauthorized,
                403 => Self::Forbidden,
                404 => Self::NotFound,
                426 => Self::AppTooOld,
                429 => Self::TooManyTries,
                500.. => Self::InTrouble,
                _ => Self::Other,
            },
        }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        match problem.code {
            // The session's own journey deals with these two; what is left of them is a service that contradicts itself.
            ProblemCode::Unauthorized | ProblemCode::UseDpopNonce | ProblemCode::InTrouble => {
                Self::ServiceFault
            }
            ProblemCode::InvalidGrant => Self::SessionEndedByService,
            ProblemCode::WrongCredentials => Self::WrongCredentials,
            ProblemCode::AccountNotActive => Self::AccountNotActive,
            ProblemCode::TooManyTries => Self::TooManyTries {
                wait_seconds: problem
                    .retry_after
                    .map_or(60, |wait| u32::try_from(wait.as_secs()).unwrap_or(u32::MAX)),
            },
            ProblemCode::NotFound => Self::DoorUnknown,
            ProblemCode::NoBluetoothUnlock => Self::NoBluetoothUnlock,
            ProblemCode::Forbidden => Self::NotPermitted,
            ProblemCode::AppTooOld => Self::AppTooOld,
            ProblemCode::ReceiptForged | ProblemCode::Other => Self::ServiceRefused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zeroize::Zeroizing;

    fn response(status: u16, retry_after: Option<&str>, body: &str) -> HttpResponse {
        let headers = retry_after
            .map(|value| ("retry-after".to_owned(), value.to_owned()))
            .into_iter()
            .collect();
        HttpResponse {
            status,
            headers,
            body: Zeroizing::new(body.as_bytes().to_vec()),
        }
    }

    #[test]
    fn the_code_decides_and_the_status_is_the_fallback() {
        let told = |status, body| Error::from(Problem::parse(&response(status, None, body)));
        let wrong = r#"{"error":"access_denied","code":"WRONG_CREDENTIALS"}"#;
        assert_eq!(told(400, wrong), Error::WrongCredentials);
        let inactive = r#"{"status":403,"code":"USER_ACCOUNT_NOT_ACTIVE"}"#;
        assert_eq!(told(403, inactive), Error::AccountNotActive);
        assert_eq!(told(503, "<html>"), Error::ServiceFault);
        assert_eq!(told(426, ""), Error::AppTooOld);
        assert_eq!(told(404, "{}"), Error::DoorUnknown);
        assert_eq!(told(418, "{}"), Error::ServiceRefused);
    }

    #[test]
    fn too_many_tries_says_how_long_to_wait() {
        let told = |header, body| Error::from(Problem::parse(&response(429, header, body)));
        let wait = |wait_seconds| Error::TooManyTries { wait_seconds };
        assert_eq!(told(Some("37"), r#"{"retryAfter":90}"#), wait(37));
        assert_eq!(told(None, r#"{"retryAfter":90}"#), wait(90));
        assert_eq!(told(Some("soon"), "{}"), wait(60));
    }
}
