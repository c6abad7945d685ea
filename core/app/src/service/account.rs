//! The account's own affairs: one-time codes, passwords, sessions.

use super::{Answer, Breach, Call, SessionId, parse_instant};
use crate::ports::UnixMillis;
use crate::secret::SecretString;
use serde::Deserialize;

/// One of the account's sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionFacts {
    /// Its id.
    pub id: SessionId,
    /// On somebody else's phone.
    pub borrowed: bool,
    /// When it began, service time.
    pub started_at: UnixMillis,
    /// When the service last heard from it, service time.
    pub last_seen_at: UnixMillis,
    /// When it ends by itself, service time.
    pub ends_at: UnixMillis,
    /// It is this phone's.
    pub current: bool,
}

/// Has a one-time code sent to the mailbox of `email`. The answer is the same whether or not there is such an account.
pub(crate) fn send_one_time_code(email: &str) -> Call {
    let body = serde_json::json!({
        "client_id": super::oauth::CLIENT_ID,
        "connection": "email",
        "email": email,
        "send": "code",
    });
    Call::post_json("/passwordless/start", &body)
}

/// Has a link for a new password sent to the mailbox of `email`.
pub(crate) fn send_password_reset(email: &str) -> Call {
    Call::post_json("/v1/password/reset", &serde_json::json!({ "email": email }))
}

/// Changes the password. Every other session of the account ends.
pub(crate) fn change_password(current: &SecretString, new: &SecretString) -> Call {
    // EXPOSE: both go to the service, in the body of the one call made for them.
    let body = serde_json::json!({
        "currentPassword": current.expose(),
        "newPassword": new.expose(),
    });
    Call::put_json("/v1/password", &body)
}

/// The account's live sessions.
pub(crate) fn list_sessions() -> Call {
    Call::get("/v1/sessions")
}

/// Ends one session of the account.
pub(crate) fn end_session(session: SessionId) -> Call {
    Call::delete(format!("/v1/sessions/{session}"))
}

/// Ends every session of the account.
pub(crate) fn end_sessions() -> Call {
    Call::delete("/v1/sessions")
}

/// The answer to [`list_sessions`], newest first.
pub(crate) fn parse_sessions(answer: &Answer) -> Result<Vec<SessionFacts>, Breach> {
    let wire: Wire = answer.json()?;
    wire.sessions
        .into_iter()
        .map(SessionFacts::try_from)
        .collect()
}

#[derive(Deserialize)]
struct Wire {
    sessions: Vec<WireSession>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireSession {
    id: String,
    borrowed: bool,
    started_at: String,
    last_seen_at: String,
    ends_at: String,
    current: bool,
}

impl TryFrom<WireSession> for SessionFacts {
    type Error = Breach;

    fn try_from(wire: WireSession) -> Result<Self, Breach> {
        Ok(Self {
            id: SessionId::parse(&wire.id).ok_or(Breach::NotTheAgreedBody)?,
            borrowed: wire.borrowed,
            started_at: parse_instant(&wire.started_at)?,
            last_seen_at: parse_instant(&wire.last_seen_at)?,
            ends_at: parse_instant(&wire.ends_at)?,
            current: wire.current,
        })
    }
}
