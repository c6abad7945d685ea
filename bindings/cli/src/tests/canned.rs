//! A signed-in phone on real parts, and the service it talks to: a shelf of answers.

use crate::failure::Failure;
use crate::input::Proof;
use crate::output::Output;
use crate::phone::Bell;
use crate::places::TerminalPlaces;
use crate::prompt::{Said, understand};
use crate::{journey, samples};
use keyway_app::account::WhosePhone;
use keyway_app::ports::{BoxFuture, Http, HttpError, HttpRequest, HttpResponse};
use keyway_app::secret::SecretString;
use keyway_app::{App, Config};
use keyway_platform::assemble::{KeychainChoice, Options, Phone, RadioChoice, assemble};
use keyway_platform::building::Building;
use keyway_platform::no_lock_screen::NoLockScreen;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

const ORIGIN: &str = "https://maple.example";

/// The id whose bytes are all `byte`.
pub(super) fn id(byte: u8) -> String {
    samples::door("", byte).id.to_string()
}

/// Answers by method and path, the query left out; what was asked.
#[derive(Default)]
pub(super) struct Service {
    shelf: Mutex<BTreeMap<String, (u16, Value)>>,
    heard: Mutex<Vec<(String, Value)>>,
}

impl Service {
    /// Puts an answer on the shelf.
    pub(super) fn answers(&self, line: &str, status: u16, body: Value) {
        self.shelf().insert(line.to_owned(), (status, body));
    }

    /// The bodies of those requests that were `line`; null where there was none.
    pub(super) fn heard(&self, line: &str) -> Vec<Value> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = heard.iter().filter(|(heard, _)| heard == line);
        wanted.map(|(_, body)| body.clone()).collect()
    }

    fn shelf(&self) -> MutexGuard<'_, BTreeMap<String, (u16, Value)>> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let line = format!("{} {}", request.method.as_str(), request.path);
        let body = request.body.as_deref().map(Vec::as_slice);
        let body = body.and_then(|body| serde_json::from_slice(body).ok());
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.push((line.clone(), body.unwrap_or_default()));
        let shelf = self.shelf();
        let missing = (404, json!({ "code": "NOT_FOUND" }));
        let (status, body) = shelf.get(&line).unwrap_or(&missing);
        HttpResponse {
            status: *status,
            headers: Vec::new(),
            body: Zeroizing::new(body.to_string().into_bytes()),
        }
    }
}

struct Wire(Arc<Service>);

impl Http for Wire {
    fn origin(&self) -> String {
        ORIGIN.to_owned()
    }

    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse, HttpError>> {
        let answer = self.0.answer(&request);
        Box::pin(async { Ok(answer) })
    }
}

/// An own phone, signed in, whose account has a door `Front` (1) and a door `Garage` (2).
pub(super) struct Home {
    pub(super) service: Arc<Service>,
    app: App,
    phone: Phone,
    _folder: tempfile::TempDir,
}

impl Home {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let authority = rcgen::generate_simple_self_signed(vec!["maple.example".to_owned()]);
        let mut phone = assemble(Options {
            home: folder.path().join("phone"),
            building: Building {
                origin: ORIGIN.to_owned(),
                roots: authority.expect("a certificate").cert.pem(),
                locks: Vec::new(),
            },
            keychain: KeychainChoice::Development,
            radio: RadioChoice::Usual,
            device: Arc::new(NoLockScreen),
            places: Arc::new(TerminalPlaces),
            observer: Arc::new(Bell::default()),
        })
        .expect("a phone");
        let service = Arc::new(shelf());
        phone.ports.http = Arc::new(Wire(Arc::clone(&service)));
        let app = App::new(phone.ports.clone(), Config::default());
        let signed_in = phone.runtime.block_on(async {
            app.start().await?;
            let proof = Proof::OneTimeCode(SecretString::new("123456".to_owned()));
            journey::enter(&app, "rosa@b.test".to_owned(), proof, WhosePhone::Own).await
        });
        signed_in.expect("signed in");
        Self {
            service,
            app,
            phone,
            _folder: folder,
        }
    }

    /// Runs a command as it is typed: exit code and events, the error's last.
    pub(super) fn keyway(&self, line: &str) -> (u8, Vec<Value>) {
        let Ok(Said::Command(command)) = understand(line) else {
            panic!("not a command: {line}");
        };
        self.runs(async |app, output| journey::own(app, output, command).await)
    }

    pub(super) fn runs(
        &self,
        command: impl AsyncFnOnce(&App, &Output) -> Result<(), Failure>,
    ) -> (u8, Vec<Value>) {
        let mut code = 0;
        let events = samples::for_scripts(|output| {
            let ended = self.phone.runtime.block_on(command(&self.app, output));
            if let Err(failure) = ended {
                output.failure(&failure);
                code = failure.exit_code();
            }
        });
        (code, events)
    }

    /// Must succeed; its events.
    pub(super) fn does(&self, line: &str) -> Vec<Value> {
        let (code, events) = self.keyway(line);
        assert_eq!(code, 0, "{line}: {events:?}");
        events
    }
}

fn shelf() -> Service {
    let service = Service::default();
    let authorized = json!({ "authorization_code": "code" });
    service.answers("POST /oauth/authorize-challenge", 200, authorized);
    let tokens = json!({
        "access_token": "access", "token_type": "DPoP", "expires_in": 600, "refresh_token": "refresh",
        "session": { "borrowed": false, "endsAt": null }, "logout_ticket": "ticket",
        "account": { "id": id(0xaa), "email": "rosa@b.test", "name": "Rosa" }, "holder_nonce": "bm9uY2U",
    });
    service.answers("POST /oauth/token", 200, tokens);
    service.answers("PUT /v1/phone-key", 204, Value::Null);
    service.answers("POST /v1/sessions/end", 204, Value::Null);
    let doors = json!({
        "serverTime": "2026-11-24T11:30:00Z",
        "doors": [door(1, "Front"), door(2, "Garage")],
    });
    service.answers("GET /v1/doors", 200, doors);
    let codes = json!({ "serverTime": "2026-11-24T11:30:00Z", "doorcodes": [] });
    service.answers("GET /v1/doorcodes", 200, codes);
    service
}

fn door(byte: u8, name: &str) -> Value {
    json!({
        "uuid": id(byte), "name": name, "buildingName": "Maple House", "type": "RESIDENCE", "role": "RESIDENT",
        "timezone": "Europe/Berlin", "isConnected": false, "hasBluetoothUnlock": false, "lockId": "11".repeat(16),
        "lastSync": null, "battery": null, "pendingChanges": 0,
        "keypad": { "digits": 7, "wake": "Touch the keypad.", "sleepSeconds": 5, "deadbolt": "NONE" },
        "device": { "type": "C" }, "waysIn": { "keycard": true, "mechanicalKey": false },
        "property": { "name": "Maple House", "phone": "+1 555 0100", "email": null },
        "sharers": ["Ada"], "shareable": true, "accessEnds": null,
    })
}
