//! The service's side of the contract, as small as it can be and as strict as the real one: proofs are verified, nonces age, tokens rotate.

use super::stores::Steps;
use super::time::FakeClock;
use crate::ports::{BoxFuture, Http, HttpError, HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use zeroize::Zeroizing;

pub(crate) const ORIGIN: &str = "https://maple.example";
pub(crate) const EMAIL: &str = "ana@maple.example";
/// A space at each end, signs that a form must escape, and too short for today's rules.
pub(crate) const PASSWORD: &str = " p+&=%\u{e9} ";
const ACCOUNT: &str = "00000000-0000-4000-8000-00000000000a";

/// A nonce is good for so many milliseconds and as many again: every journey of some length meets `use_dpop_nonce`.
const NONCE_LIFE: i64 = 5_000;

/// What stands between phone and service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    Fair,
    /// No request arrives.
    Unreachable,
    /// Requests arrive and are handled; no answer comes back.
    RepliesLost,
    /// Nothing ever comes back, not even an error.
    Silent,
    /// The service answers 503.
    InTrouble,
}

pub(crate) struct FakeService {
    clock: Arc<FakeClock>,
    pub(crate) state: Mutex<State>,
}

pub(crate) struct State {
    pub(crate) weather: Weather,
    pub(crate) active: bool,
    /// Method and path of everything that arrived.
    pub(crate) heard: Vec<String>,
    pub(crate) sessions: Vec<Session>,
    /// What else there is, by method and path: status and body.
    pub(crate) shelf: BTreeMap<String, (u16, Vec<u8>)>,
    codes: BTreeMap<String, (String, bool)>,
    issued: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) borrowed: bool,
    pub(crate) ended: bool,
    pub(crate) ticket: String,
    pub(crate) access: Vec<String>,
    pub(crate) refresh: String,
    pub(crate) predecessor: Option<String>,
    pub(crate) holder_key: Option<Vec<u8>>,
    dpop_key: String,
}

/// Status, body.
type Reply = (u16, Value);

impl FakeService {
    pub(super) fn new(clock: Arc<FakeClock>) -> Self {
        let state = State {
            weather: Weather::Fair,
            active: true,
            heard: Vec::new(),
            sessions: Vec::new(),
            shelf: BTreeMap::new(),
            codes: BTreeMap::new(),
            issued: 0,
        };
        Self {
            clock,
            state: Mutex::new(state),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn set_weather(&self, weather: Weather) {
        self.state().weather = weather;
    }

    /// How often `line` (method and path) was heard.
    pub(crate) fn heard(&self, line: &str) -> usize {
        let state = self.state();
        state.heard.iter().filter(|heard| *heard == line).count()
    }

    fn handle(&self, request: &HttpRequest) -> HttpResponse {
        let mut state = self.state();
        let path = request.path.split('?').next().unwrap();
        let line = format!("{} {path}", request.method.as_str());
        state.heard.push(line.clone());
        let (status, body) = match state.weather {
            Weather::InTrouble => (503, json!({"code": "IN_TROUBLE"})),
            _ => state.route(&line, request, self.clock.true_time()),
        };
        let (status, body) = match state.shelf.get(&line) {
            Some((shelved, bytes)) if status == 404 => (*shelved, bytes.clone()),
            _ => (status, body.to_string().into_bytes()),
        };
        let seconds = self.clock.true_time() / 1000 % 86_400;
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        HttpResponse {
            status,
            headers: vec![
                (
                    "dpop-nonce".into(),
                    format!("n{}", self.clock.true_time() / NONCE_LIFE),
                ),
                (
                    "date".into(),
                    format!("Tue, 24 Nov 2026 {hour:02}:{minute:02}:{second:02} GMT"),
                ),
            ],
            body: Zeroizing::new(body),
        }
    }
}

impl State {
    fn route(&mut self, line: &str, request: &HttpRequest, now: i64) -> Reply {
        match line {
            "POST /oauth/authorize-challenge" => self.authorize(&form(request)),
            "POST /oauth/token" => match self.proof(request, None, now) {
                Ok(key) => self.token(&form(request), key, now),
                Err(reply) => reply,
            },
            "POST /v1/sessions/end" => {
                let body: Value = serde_json::from_slice(request.body.as_ref().unwrap()).unwrap();
                let held = self.sessions.iter_mut();
                match held.into_iter().find(|held| body["ticket"] == *held.ticket) {
                    Some(session) => {
                        session.ended = true;
                        (204, Value::Null)
                    }
                    None => (404, json!({"code": "NOT_FOUND"})),
                }
            }
            _ => self.resource(line, request, now),
        }
    }

    fn authorize(&mut self, form: &BTreeMap<String, String>) -> Reply {
        if form["username"] != EMAIL || form["password"] != PASSWORD {
            return (
                400,
                json!({"error": "access_denied", "code": "WRONG_CREDENTIALS"}),
            );
        }
        if !self.active {
            return (403, json!({"code": "USER_ACCOUNT_NOT_ACTIVE"}));
        }
        assert_eq!(form["code_challenge_method"], "S256");
        let code = self.fresh("code");
        let what = (form["code_challenge"].clone(), form["phone"] == "borrowed");
        self.codes.insert(code.clone(), what);
        (200, json!({ "authorization_code": code }))
    }

    fn token(&mut self, form: &BTreeMap<String, String>, key: String, now: i64) -> Reply {
        let refused = (
            400,
            json!({"error": "invalid_grant", "code": "INVALID_GRANT"}),
        );
        let index = if form["grant_type"] == "authorization_code" {
            let Some((challenge, borrowed)) = self.codes.remove(&form["code"]) else {
                return refused;
            };
            let verifier = Sha256::digest(form["code_verifier"].as_bytes());
            if BASE64URL.encode(verifier) != challenge {
                return refused;
            }
            let session = Session {
                borrowed,
                ended: false,
                ticket: self.fresh("ticket"),
                access: Vec::new(),
                refresh: self.fresh("refresh"),
                predecessor: None,
                holder_key: None,
                dpop_key: key,
            };
            self.sessions.push(session);
            self.sessions.len() - 1
        } else {
            match self.rotate(&form["refresh_token"], &key) {
                Some(index) => index,
                None => return refused,
            }
        };
        let access = self.fresh("access");
        let first = form["grant_type"] == "authorization_code";
        let session = &mut self.sessions[index];
        session.access.push(access.clone());
        let minute = now / 60_000 % 60 + 15;
        let ends = format!(
            "2026-11-24T{:02}:{:02}:00Z",
            now / 3_600_000 % 24 + minute / 60,
            minute % 60
        );
        let mut body = json!({
            "access_token": access, "token_type": "DPoP", "expires_in": 300, "refresh_token": session.refresh,
            "session": {"id": "s", "borrowed": session.borrowed, "endsAt": ends},
            "account": {"id": ACCOUNT, "email": EMAIL, "name": "Ana"},
            "holder_nonce": BASE64URL.encode([5; 32]),
        });
        if first {
            body["logout_ticket"] = session.ticket.clone().into();
        }
        (200, body)
    }

    /// The predecessor gets the same successor until that is used; anything older ends the family.
    fn rotate(&mut self, token: &str, key: &str) -> Option<usize> {
        let successor = self.fresh("refresh");
        let held = |session: &Session| {
            session.refresh == token || session.predecessor.as_deref() == Some(token)
        };
        let index = self.sessions.iter().position(held)?;
        let session = &mut self.sessions[index];
        if session.ended || session.dpop_key != key {
            return None;
        }
        if session.refresh == token {
            session.predecessor = Some(core::mem::replace(&mut session.refresh, successor));
        }
        Some(index)
    }

    fn resource(&mut self, line: &str, request: &HttpRequest, now: i64) -> Reply {
        let unauthorized = (401, json!({"code": "UNAUTHORIZED"}));
        let Some(token) = header(request, "authorization").and_then(|v| v.strip_prefix("DPoP "))
        else {
            return unauthorized;
        };
        let proven = match self.proof(request, Some(token), now) {
            Ok(key) => key,
            Err(reply) => return reply,
        };
        let owns = |session: &&mut Session| {
            !session.ended
                && session.dpop_key == proven
                && session.access.last().is_some_and(|access| access == token)
        };
        let Some(session) = self.sessions.iter_mut().find(owns) else {
            return unauthorized;
        };
        match line {
            "PUT /v1/phone-key" => {
                let body: Value = serde_json::from_slice(request.body.as_ref().unwrap()).unwrap();
                let bytes = |name: &str| BASE64URL.decode(body[name].as_str().unwrap()).unwrap();
                let account = u128::from_str_radix(&ACCOUNT.replace('-', ""), 16).unwrap();
                let mut statement = b"keyway/1 phone key".to_vec();
                statement.extend_from_slice(&[5; 32]);
                statement.extend_from_slice(&account.to_be_bytes());
                let key = VerifyingKey::from_sec1_bytes(&bytes("publicKey")).unwrap();
                let signature = Signature::from_slice(&bytes("signature")).unwrap();
                key.verify(&statement, &signature).unwrap();
                session.holder_key = Some(bytes("publicKey"));
                (204, Value::Null)
            }
            "GET /v1/time" => (200, json!({"serverTime": "2026-11-24T04:00:00Z"})),
            _ => (404, json!({"code": "NOT_FOUND"})),
        }
    }

    /// Verifies the proof's signature, nonce, target and token; gives the key.
    fn proof(&self, request: &HttpRequest, token: Option<&str>, now: i64) -> Result<String, Reply> {
        let proof = header(request, "dpop").expect("a proof");
        let (signed, signature) = proof.rsplit_once('.').unwrap();
        let (head, payload) = signed.split_once('.').unwrap();
        let parse = |part: &str| -> Value {
            serde_json::from_slice(&BASE64URL.decode(part).unwrap()).unwrap()
        };
        let (head, payload) = (parse(head), parse(payload));
        assert_eq!(
            (&head["typ"], &head["alg"]),
            (&json!("dpop+jwt"), &json!("ES256"))
        );
        let coordinate = |name: &str| {
            BASE64URL
                .decode(head["jwk"][name].as_str().unwrap())
                .unwrap()
        };
        let point = [vec![4], coordinate("x"), coordinate("y")].concat();
        let key = VerifyingKey::from_sec1_bytes(&point).unwrap();
        let signature = Signature::from_slice(&BASE64URL.decode(signature).unwrap()).unwrap();
        key.verify(signed.as_bytes(), &signature)
            .expect("a proof signed by its key");
        let path = request.path.split('?').next().unwrap();
        assert_eq!(payload["htm"], request.method.as_str());
        assert_eq!(payload["htu"], format!("{ORIGIN}{path}"));
        if let Some(token) = token {
            assert_eq!(payload["ath"], BASE64URL.encode(Sha256::digest(token)));
        }
        let good = [0, 1].map(|age| format!("n{}", now / NONCE_LIFE - age));
        if !good.iter().any(|good| payload["nonce"] == **good) {
            let status = if token.is_some() { 401 } else { 400 };
            return Err((status, json!({"error": "use_dpop_nonce"})));
        }
        Ok(BASE64URL.encode(point))
    }

    fn fresh(&mut self, what: &str) -> String {
        self.issued += 1;
        format!("{what}-{}", self.issued)
    }
}

/// The HTTP port of one process.
pub(super) struct Wire {
    service: Arc<FakeService>,
    steps: Arc<Steps>,
}

impl Wire {
    pub(super) fn new(service: Arc<FakeService>, steps: Arc<Steps>) -> Self {
        Self { service, steps }
    }
}

impl Http for Wire {
    fn origin(&self) -> String {
        ORIGIN.to_owned()
    }

    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse, HttpError>> {
        let service = Arc::clone(&self.service);
        let steps = Arc::clone(&self.steps);
        Box::pin(async move {
            let weather = service.state().weather;
            let answer = match weather {
                Weather::Fair | Weather::InTrouble => Ok(service.handle(&request)),
                Weather::Unreachable => Err(HttpError::Unreachable),
                Weather::RepliesLost => {
                    service.handle(&request);
                    Err(HttpError::Broken)
                }
                Weather::Silent => return core::future::pending().await,
            };
            steps.taken().await;
            answer
        })
    }
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    let found = request.headers.iter().find(|(held, _)| *held == name);
    found.map(|(_, value)| value.as_str())
}

fn form(request: &HttpRequest) -> BTreeMap<String, String> {
    let body = core::str::from_utf8(request.body.as_ref().unwrap()).unwrap();
    let pairs = body.split('&').map(|pair| pair.split_once('=').unwrap());
    pairs
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let pair = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(core::str::from_utf8(&pair).unwrap(), 16).unwrap()
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).unwrap()
}
