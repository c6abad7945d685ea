//! The service's problems: RFC 9457 bodies and RFC 6749 errors, both with a `code`.

use crate::account::PasswordRules;
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
    /// This account may not let others in.
    CannotShare,
    /// A new password does not follow the rules.
    PasswordRules,
    /// The code is not one that can be reset.
    NotResettable,
    /// Daily codes end by themselves.
    CannotBeRevoked,
    /// No slot or no room for another code.
    NoDoorcodeLeft,
    /// The e-mail address or telephone number.
    Recipient,
    /// The start or the end.
    Period,
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
        match error {
            Some("use_dpop_nonce") => return Self::UseDpopNonce,
            Some("invalid_grant") => return Self::InvalidGrant,
            _ => {}
        }
        match code.map_or(Self::Other, Self::named) {
            Self::Other => Self::of_status(status),
            named => named,
        }
    }

    /// A code by its name, also where a body lists several; [`ProblemCode::Other`] for one that this version does not know.
    pub(crate) fn named(code: &str) -> Self {
        match code {
            "USE_DPOP_NONCE" => Self::UseDpopNonce,
            "INVALID_GRANT" => Self::InvalidGrant,
            "WRONG_CREDENTIALS" => Self::WrongCredentials,
            "USER_ACCOUNT_NOT_ACTIVE" => Self::AccountNotActive,
            "TOO_MANY_TRIES" => Self::TooManyTries,
            "RECEIPT_FORGED" => Self::ReceiptForged,
            "APP_TOO_OLD" => Self::AppTooOld,
            "UNAUTHORIZED" => Self::Unauthorized,
            "USER_CAN_NOT_SHARE" => Self::CannotShare,
            "PASSWORD_RULES" => Self::PasswordRules,
            "DOORCODE_NOT_RESETTABLE" => Self::NotResettable,
            "PASSCODE_TYPE_CANT_BE_REVOKED" => Self::CannotBeRevoked,
            "TOO_MANY_DOORCODES" | "DAILY_CODES_EXHAUSTED" => Self::NoDoorcodeLeft,
            "EMAIL_AND_PHONE_PROVIDED"
            | "EMAIL_OR_PHONE_REQUIRED"
            | "EMAIL_CAN_NOT_BE_EMPTY"
            | "EMAIL_REQUIRED_FOR_PERMANENT"
            | "INVALID_PHONE"
            | "INVALID_EMAIL" => Self::Recipient,
            "INVALID_START_TIME"
            | "INVALID_END_TIME"
            | "END_TIME_NOT_SUPPORTED"
            | "MISSING_END_TIME" => Self::Period,
            "NO_BLUETOOTH_UNLOCK" => Self::NoBluetoothUnlock,
            "NOT_FOUND" => Self::NotFound,
            _ => Self::Other,
        }
    }

    fn of_status(status: u16) -> Self {
        match status {
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            426 => Self::AppTooOld,
            429 => Self::TooManyTries,
            500.. => Self::InTrouble,
            _ => Self::Other,
        }
    }
}

impl From<ProblemCode> for Error {
    fn from(code: ProblemCode) -> Self {
        Problem {
            code,
            status: 0,
            retry_after: None,
        }
        .into()
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
            ProblemCode::CannotShare => Self::SharingNotAllowed,
            ProblemCode::PasswordRules => Self::PasswordTooWeak {
                lacks: PasswordRules::ALL,
            },
            ProblemCode::NotResettable => Self::CodeNotResettable,
            ProblemCode::CannotBeRevoked => Self::CodeCannotBeRevoked,
            ProblemCode::NoDoorcodeLeft => Self::NoDoorcodeLeft,
            ProblemCode::Recipient => Self::RecipientInvalid,
            ProblemCode::Period => Self::PeriodInvalid,
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
