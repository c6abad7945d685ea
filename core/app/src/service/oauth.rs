//! Signing in and staying signed in: OAuth for first-party apps with PKCE, rotating refresh tokens, the logout ticket.

use super::dpop::{base64url, from_base64url};
use super::ids::parse_uuid;
use super::{Answer, Breach, Call, parse_instant};
use crate::account::WhosePhone;
use crate::ports::{PublicKey, Signature, UnixMillis};
use crate::secret::SecretString;
use core::time::Duration;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The app, as the service knows it.
pub(super) const CLIENT_ID: &str = "keyway-app";
/// What the holder key signs to be accepted begins with this.
const PHONE_KEY_LABEL: &[u8] = b"keyway/1 phone key";

/// Whose session it is.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct AccountFacts {
    pub(crate) id: [u8; 16],
    pub(crate) email: String,
    pub(crate) name: String,
}

/// The token endpoint's answer.
pub(crate) struct Tokens {
    pub(crate) access: SecretString,
    pub(crate) access_lifetime: Duration,
    pub(crate) refresh: SecretString,
    /// A borrowed session's end; the service's clock.
    pub(crate) ends_at: Option<UnixMillis>,
    pub(crate) borrowed: bool,
    /// Only when the session begins.
    pub(crate) logout_ticket: Option<SecretString>,
    pub(crate) account: AccountFacts,
    /// What the phone's key must sign.
    pub(crate) holder_nonce: Vec<u8>,
    /// The service's clock when it answered.
    pub(crate) answered_at: Option<UnixMillis>,
}

/// How somebody shows who they are.
pub(crate) enum Credential {
    /// The password, byte for byte.
    Password(SecretString),
    /// The code that arrived in the account's mailbox.
    OneTimeCode(SecretString),
}

/// E-mail and credential for a code that only `verifier`'s owner can use.
pub(crate) fn authorize(
    email: &str,
    credential: &Credential,
    verifier: &SecretString,
    phone: WhosePhone,
) -> Call {
    // EXPOSE: the challenge is the verifier's hash, made to be sent.
    let challenge = base64url(&Sha256::digest(verifier.expose()));
    let phone = match phone {
        WhosePhone::Own => "own",
        WhosePhone::Borrowed => "borrowed",
    };
    // EXPOSE: the secret goes to the service, in the body of the one call made for it.
    let (name, secret) = match credential {
        Credential::Password(password) => ("password", password),
        Credential::OneTimeCode(code) => ("otp", code),
    };
    Call::post_form(
        "/oauth/authorize-challenge",
        &[
            ("client_id", CLIENT_ID),
            ("username", email),
            (name, secret.expose()),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("phone", phone),
        ],
    )
}

/// The answer to [`authorize`].
pub(crate) fn authorization_code(answer: &Answer) -> Result<SecretString, Breach> {
    #[derive(Deserialize)]
    struct Wire {
        authorization_code: SecretString,
    }
    Ok(answer.json::<Wire>()?.authorization_code)
}

/// Exchanges the code for a session.
pub(crate) fn exchange_code(code: &SecretString, verifier: &SecretString) -> Call {
    Call::post_form(
        "/oauth/token",
        &[
            ("grant_type", "authorization_code"),
            ("client_id", CLIENT_ID),
            // EXPOSE: both belong in this body and nowhere else.
            ("code", code.expose()),
            ("code_verifier", verifier.expose()),
        ],
    )
}

/// Exchanges a refresh token for its successor.
pub(crate) fn refresh(token: &SecretString) -> Call {
    Call::post_form(
        "/oauth/token",
        &[
            ("grant_type", "refresh_token"),
            ("client_id", CLIENT_ID),
            // EXPOSE: the refresh token belongs in this body and nowhere else.
            ("refresh_token", token.expose()),
        ],
    )
}

/// Ends the session that `ticket` was handed out with. Idempotent; needs no token and no key.
pub(crate) fn end_session(ticket: &SecretString) -> Call {
    // EXPOSE: the ticket's one use.
    let body = serde_json::json!({ "ticket": ticket.expose() });
    Call::post_json("/v1/sessions/end", &body)
}

/// What the holder key signs for [`register_phone_key`].
pub(crate) fn phone_key_statement(nonce: &[u8], account: &[u8; 16]) -> Vec<u8> {
    [PHONE_KEY_LABEL, nonce, account].concat()
}

/// Makes the holder key known: from here on, grants may be bound to it.
pub(crate) fn register_phone_key(public: &PublicKey, signature: &Signature, nonce: &[u8]) -> Call {
    let body = serde_json::json!({
        "publicKey": base64url(public),
        "signature": base64url(signature),
        "nonce": base64url(nonce),
    });
    Call::put_json("/v1/phone-key", &body)
}

impl Tokens {
    /// The answer to [`exchange_code`] or [`refresh`].
    pub(crate) fn parse(answer: &Answer) -> Result<Self, Breach> {
        let wire: Wire = answer.json()?;
        if !wire.token_type.eq_ignore_ascii_case("dpop") {
            return Err(Breach::NotTheAgreedBody);
        }
        Ok(Self {
            access: wire.access_token,
            access_lifetime: Duration::from_secs(wire.expires_in.min(3600)),
            refresh: wire.refresh_token,
            ends_at: wire
                .session
                .ends_at
                .as_deref()
                .map(parse_instant)
                .transpose()?,
            borrowed: wire.session.borrowed,
            logout_ticket: wire.logout_ticket,
            account: AccountFacts {
                id: parse_uuid(&wire.account.id).ok_or(Breach::NotTheAgreedBody)?,
                email: wire.account.email,
                name: wire.account.name,
            },
            holder_nonce: from_base64url(&wire.holder_nonce).ok_or(Breach::NotTheAgreedBody)?,
            answered_at: answer.date,
        })
    }
}

#[derive(Deserialize)]
struct Wire {
    access_token: SecretString,
    token_type: String,
    expires_in: u64,
    refresh_token: SecretString,
    session: WireSession,
    logout_ticket: Option<SecretString>,
    account: WireAccount,
    holder_nonce: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireSession {
    borrowed: bool,
    ends_at: Option<String>,
}

#[derive(Deserialize)]
struct WireAccount {
    id: String,
    email: String,
    name: String,
}
