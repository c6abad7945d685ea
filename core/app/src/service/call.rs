//! One call to the service and its answer.

use super::{Breach, DoorId};
use crate::ports::{Method, UnixMillis};
use core::time::Duration;
use zeroize::Zeroizing;

/// How long a call may take unless it says otherwise: long enough for a bad cell, short enough for somebody at a door.
const DEADLINE: Duration = Duration::from_secs(15);
/// A bundle may be larger.
const TRANSFER_DEADLINE: Duration = Duration::from_secs(60);

/// One call, before it is authorized. Cheap to copy, so that it can be sent again.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// Path and query below the origin.
    pub(crate) path: String,
    /// Media type and bytes.
    pub(crate) body: Option<(&'static str, Zeroizing<Vec<u8>>)>,
    pub(crate) accept: &'static str,
    pub(crate) deadline: Duration,
}

/// An answer with a status of success.
pub(crate) struct Answer {
    /// 200 to 299.
    pub(crate) status: u16,
    pub(crate) body: Zeroizing<Vec<u8>>,
    /// The service's clock, if it said.
    pub(crate) date: Option<UnixMillis>,
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

impl Call {
    fn new(method: Method, path: String, accept: &'static str) -> Self {
        Self {
            method,
            path,
            body: None,
            accept,
            deadline: DEADLINE,
        }
    }

    /// `GET` of JSON.
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::Get, path.into(), JSON)
    }

    /// `DELETE`.
    pub(crate) fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::Delete, path.into(), JSON)
    }

    /// `PATCH` of JSON.
    pub(crate) fn patch_json(path: impl Into<String>, body: &serde_json::Value) -> Self {
        Self::with_json(Method::Patch, path.into(), body)
    }

    /// `POST` of a form. `fields` are encoded here; the buffer is wiped.
    pub(crate) fn post_form(path: impl Into<String>, fields: &[(&str, &str)]) -> Self {
        let mut call = Self::new(Method::Post, path.into(), JSON);
        call.body = Some((FORM, form(fields)));
        call
    }

    /// `POST` of JSON.
    pub(crate) fn post_json(path: impl Into<String>, body: &serde_json::Value) -> Self {
        Self::with_json(Method::Post, path.into(), body)
    }

    /// `PUT` of JSON.
    pub(crate) fn put_json(path: impl Into<String>, body: &serde_json::Value) -> Self {
        Self::with_json(Method::Put, path.into(), body)
    }

    fn with_json(method: Method, path: String, body: &serde_json::Value) -> Self {
        let mut call = Self::new(method, path, JSON);
        call.body = Some((JSON, Zeroizing::new(body.to_string().into_bytes())));
        call
    }

    /// One door's access record: `application/vnd.keyway.access`.
    pub(crate) fn access(door: DoorId) -> Self {
        let path = format!("/v1/doors/{door}/access");
        Self::new(Method::Get, path, "application/vnd.keyway.access")
    }

    /// One door's bundle newer than bulk sequence `have`: `application/vnd.keyway.bundle`; 204 when there is none.
    pub(crate) fn bundle(door: DoorId, have: u64) -> Self {
        let path = format!("/v1/doors/{door}/bundle?have={have}");
        let mut call = Self::new(Method::Get, path, "application/vnd.keyway.bundle");
        call.deadline = TRANSFER_DEADLINE;
        call
    }

    /// Hands in a lock's receipt.
    pub(crate) fn receipt(door: DoorId, receipt: Vec<u8>) -> Self {
        Self::post_bytes(
            format!("/v1/doors/{door}/receipts"),
            "application/vnd.keyway.receipt",
            receipt,
        )
    }

    /// Hands in a sealed segment of a lock's log.
    pub(crate) fn log(door: DoorId, segment: Vec<u8>) -> Self {
        Self::post_bytes(
            format!("/v1/doors/{door}/log"),
            "application/vnd.keyway.log",
            segment,
        )
    }

    /// Asks the service to attest the time over a lock's nonce: `application/vnd.keyway.attest`.
    pub(crate) fn time(door: DoorId, nonce: &[u8]) -> Self {
        let body = serde_json::json!({ "nonce": super::dpop::base64url(nonce) });
        let mut call = Self::post_json(format!("/v1/doors/{door}/time"), &body);
        call.accept = "application/vnd.keyway.attest";
        call
    }

    fn post_bytes(path: String, media_type: &'static str, bytes: Vec<u8>) -> Self {
        let mut call = Self::new(Method::Post, path, JSON);
        call.body = Some((media_type, Zeroizing::new(bytes)));
        call.deadline = TRANSFER_DEADLINE;
        call
    }
}

impl core::fmt::Debug for Call {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // The query stays out: it may name what is being fetched.
        let path = self.path.split('?').next().unwrap_or("/");
        write!(f, "{} {path}", self.method.as_str())
    }
}

impl Answer {
    /// The body as the contract's JSON.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, Breach> {
        serde_json::from_slice(&self.body).map_err(|_| Breach::NotTheAgreedBody)
    }
}

/// `application/x-www-form-urlencoded`, byte for byte: a password survives whatever it holds.
fn form(fields: &[(&str, &str)]) -> Zeroizing<Vec<u8>> {
    // Three bytes for each at most, so that the buffer never moves and leaves a copy.
    let room = fields
        .iter()
        .map(|(name, value)| 3 * (name.len() + value.len()) + 2)
        .sum();
    let mut body = Zeroizing::new(Vec::with_capacity(room));
    for (index, (name, value)) in fields.iter().enumerate() {
        if index > 0 {
            body.push(b'&');
        }
        encode(&mut body, name);
        body.push(b'=');
        encode(&mut body, value);
    }
    body
}

fn encode(body: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => body.push(byte),
            b' ' => body.push(b'+'),
            _ => body.extend_from_slice(&[
                b'%',
                HEX[usize::from(byte >> 4)],
                HEX[usize::from(byte & 15)],
            ]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_carries_any_password_byte_for_byte() {
        let body = form(&[("username", "a@b.example"), ("password", " p+&=%\u{e9}\n")]);
        assert_eq!(
            core::str::from_utf8(&body).unwrap(),
            "username=a%40b.example&password=+p%2B%26%3D%25%C3%A9%0A"
        );
    }

    #[test]
    fn debug_shows_method_and_path_only() {
        let call = Call::post_form("/oauth/token?x=1", &[("password", "hunter2")]);
        assert_eq!(format!("{call:?}"), "POST /oauth/token");
    }
}
