//! A service in a temporary folder, and phones that speak its contract.
use axum::body::Body;
use futures_util::FutureExt as _;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use keyway_service::{
    Demo, Mailbox, ManualClock, NewAccount, PasswordCost, RequestTrace, Seeded, SeededEntropy,
    Service, Settings, TraceLine, router,
};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tower::ServiceExt as _;

pub(crate) use crate::wire::{
    base64url, form, from_base64url, post_json, resource_request, sha256, sign_proof,
};

pub(crate) const ORIGIN: &str = "https://property.test";
pub(crate) const MINUTE: i64 = 60_000;
/// 2026-11-24T12:00:00Z.
pub(crate) const NOON: i64 = 1_795_521_600_000;
pub(crate) const RESIDENT: &str = "rosa@example.org";
pub(crate) const SECOND_RESIDENT: &str = "sam@example.org";
pub(crate) const GUEST: &str = "gina@example.org";
pub(crate) const STAFF: &str = "stella@example.org";
pub(crate) const PASSWORD: &str = "Correct-Horse-7";

/// One property service under test.
pub(crate) struct Property {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) trace: Arc<Lines>,
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) service: Service,
}

/// Everything the request trace was told.
#[derive(Default)]
pub(crate) struct Lines(pub(crate) Mutex<Vec<TraceLine>>);

impl RequestTrace for Lines {
    fn answered(&self, line: &TraceLine) {
        self.0.lock().unwrap().push(line.clone());
    }
}

impl Property {
    /// With two residents and an account that is not active.
    pub(crate) fn open() -> Self {
        let property = Self::empty();
        for (email, active) in [
            (RESIDENT, true),
            (SECOND_RESIDENT, true),
            ("idle@example.org", false),
        ] {
            let account = NewAccount {
                email,
                name: "Somebody",
                password: PASSWORD,
                active,
            };
            property.service.add_account(&account).unwrap();
        }
        property
    }

    /// Elm Court with its doors and people.
    pub(crate) fn seeded() -> (Self, Seeded) {
        let property = Self::empty();
        let seeded = property.service.seed(&Demo::elm_court()).unwrap();
        (property, seeded)
    }

    fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new(NOON));
        let (trace, mailbox) = (Arc::default(), Arc::default());
        let service = open_at(folder.path(), &clock, &trace, &mailbox, 7);
        Self {
            folder,
            clock,
            trace,
            mailbox,
            service,
        }
    }

    /// The same service after a restart.
    pub(crate) fn restart(&mut self) {
        let folder = self.folder.path();
        self.service = open_at(folder, &self.clock, &self.trace, &self.mailbox, 8);
    }

    pub(crate) fn phone(&self) -> Phone<'_> {
        Phone::new(self, 1)
    }

    /// One request, driven without any runtime.
    pub(crate) fn call(&self, request: Request<Body>) -> Answer {
        let exchange = async {
            let response = router(self.service.clone()).oneshot(request).await.unwrap();
            let (head, body) = response.into_parts();
            Answer {
                status: head.status,
                headers: head.headers,
                body: body.collect().await.unwrap().to_bytes().to_vec(),
            }
        };
        exchange
            .now_or_never()
            .expect("a handler waits for nothing but the body")
    }
}

fn open_at(
    folder: &Path,
    clock: &Arc<ManualClock>,
    trace: &Arc<Lines>,
    mailbox: &Arc<Mailbox>,
    seed: u64,
) -> Service {
    let mut settings = Settings::new(ORIGIN);
    settings.password_cost = PasswordCost::FOR_TESTS;
    settings.trace = Some(trace.clone());
    settings.messenger = mailbox.clone();
    let entropy = Arc::new(SeededEntropy::new(seed));
    Service::open(folder, settings, clock.clone(), entropy).unwrap()
}

/// What the service answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    pub(crate) fn text(&self, member: &str) -> String {
        self.json()[member]
            .as_str()
            .unwrap_or_else(|| panic!("no text {member} in {}", self.json()))
            .to_owned()
    }

    pub(crate) fn code(&self) -> String {
        self.text("code")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap().to_str().unwrap()
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(
            self.status,
            status,
            "{}",
            String::from_utf8_lossy(&self.body)
        );
        self
    }
}

/// What a signed-in phone holds.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) ticket: Option<String>,
    pub(crate) holder_nonce: String,
    pub(crate) account: String,
    pub(crate) session: Value,
}

impl Tokens {
    pub(crate) fn of(answer: &Answer) -> Self {
        let body = answer.json();
        Self {
            access: answer.text("access_token"),
            refresh: answer.text("refresh_token"),
            ticket: body["logout_ticket"].as_str().map(str::to_owned),
            holder_nonce: answer.text("holder_nonce"),
            account: body["account"]["id"].as_str().unwrap().to_owned(),
            session: body["session"].clone(),
        }
    }
}

/// No two proofs of a run have the same `jti`.
static PROOFS: AtomicU64 = AtomicU64::new(0);

/// A phone with a DPoP key and a holder key of its own.
pub(crate) struct Phone<'a> {
    property: &'a Property,
    pub(crate) dpop: SigningKey,
    pub(crate) holder: SigningKey,
}

impl<'a> Phone<'a> {
    pub(crate) fn new(property: &'a Property, number: u8) -> Self {
        Self {
            property,
            dpop: SigningKey::from_slice(&[number; 32]).unwrap(),
            holder: SigningKey::from_slice(&[number ^ 0x80; 32]).unwrap(),
        }
    }

    pub(crate) const VERIFIER: &'static str = "a-verifier-of-at-least-forty-three-characters-0";

    pub(crate) fn challenge(&self, email: &str, password: &str, phone: &str) -> Answer {
        self.challenge_with(email, &[("password", password)], phone)
    }

    pub(crate) fn challenge_with(
        &self,
        email: &str,
        proofs: &[(&str, &str)],
        phone: &str,
    ) -> Answer {
        let mut fields = vec![
            ("client_id", "keyway-app"),
            ("username", email),
            ("code_challenge_method", "S256"),
            ("phone", phone),
        ];
        let challenge = base64url(&sha256(Self::VERIFIER.as_bytes()));
        fields.push(("code_challenge", &challenge));
        fields.extend_from_slice(proofs);
        self.property
            .call(form("/oauth/authorize-challenge", &fields))
    }

    pub(crate) fn exchange(&self, code: &str, verifier: &str) -> Answer {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("client_id", "keyway-app"),
            ("code", code),
            ("code_verifier", verifier),
        ])
    }

    pub(crate) fn refresh(&self, token: &str) -> Answer {
        self.token(&[
            ("grant_type", "refresh_token"),
            ("client_id", "keyway-app"),
            ("refresh_token", token),
        ])
    }

    pub(crate) fn token(&self, fields: &[(&str, &str)]) -> Answer {
        let mut request = form("/oauth/token", fields);
        let proof = self.proof("POST", "/oauth/token", None);
        request.headers_mut().insert("dpop", proof.parse().unwrap());
        self.property.call(request)
    }

    pub(crate) fn sign_in(&self, email: &str, phone: &str) -> Tokens {
        let code = self
            .challenge(email, PASSWORD, phone)
            .expect(200)
            .text("authorization_code");
        Tokens::of(&self.exchange(&code, Self::VERIFIER).expect(200))
    }

    /// One call to a resource with a good proof.
    pub(crate) fn resource(
        &self,
        tokens: &Tokens,
        method: Method,
        path: &str,
        body: Option<(&str, Vec<u8>)>,
    ) -> Answer {
        let resource = path.split('?').next().unwrap();
        let proof = self.proof(method.as_str(), resource, Some(&tokens.access));
        self.property
            .call(resource_request(tokens, method, path, &proof, body))
    }

    pub(crate) fn get(&self, tokens: &Tokens, path: &str) -> Answer {
        self.resource(tokens, Method::GET, path, None)
    }

    pub(crate) fn post(&self, tokens: &Tokens, path: &str, body: &Value) -> Answer {
        let body = ("application/json", body.to_string().into_bytes());
        self.resource(tokens, Method::POST, path, Some(body))
    }

    /// Registers the holder key.
    pub(crate) fn register(&self, tokens: &Tokens) -> Answer {
        let account = uuid::Uuid::parse_str(&tokens.account).unwrap();
        let signed = [
            b"keyway/1 phone key",
            &from_base64url(&tokens.holder_nonce)[..],
            account.as_bytes(),
        ]
        .concat();
        let signature: Signature = self.holder.sign(&signed);
        let signature = signature.normalize_s().unwrap_or(signature);
        let body = json!({
            "publicKey": base64url(self.holder.verifying_key().to_encoded_point(true).as_bytes()),
            "signature": base64url(&signature.to_bytes()),
            "nonce": tokens.holder_nonce,
        });
        let body = ("application/json", body.to_string().into_bytes());
        self.resource(tokens, Method::PUT, "/v1/phone-key", Some(body))
    }

    pub(crate) fn nonce(&self) -> String {
        let request = Request::get("/v1/time").body(Body::empty()).unwrap();
        self.property.call(request).header("dpop-nonce").to_owned()
    }

    pub(crate) fn proof(&self, method: &str, path: &str, access: Option<&str>) -> String {
        let mut claims = self.claims(method, path);
        claims["nonce"] = json!(self.nonce());
        if let Some(access) = access {
            claims["ath"] = json!(base64url(&sha256(access.as_bytes())));
        }
        sign_proof(&self.dpop, &claims)
    }

    /// A proof's claims without `nonce` and `ath`, with a fresh `jti`.
    pub(crate) fn claims(&self, method: &str, path: &str) -> Value {
        let number = PROOFS.fetch_add(1, Ordering::Relaxed);
        json!({
            "jti": number.to_string(),
            "htm": method,
            "htu": format!("{ORIGIN}{path}"),
            "iat": 0,
        })
    }
}
