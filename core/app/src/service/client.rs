//! Sends calls: proof, nonce and its one repetition, deadline, the service's clock.

use super::dpop::{Claims, proof};
use super::time::parse_http_date;
use super::{Answer, Call, Problem, ProblemCode};
use crate::context::within;
use crate::error::Fault;
use crate::log::{self, Route};
use crate::ports::{HttpError, HttpRequest, HttpResponse, Ports, UnixMillis};
use crate::secret::SecretString;
use core::time::Duration;
use std::sync::{Arc, Mutex, PoisonError};
use zeroize::Zeroizing;

/// The HTTP port has its own deadline; ours is the second line, for a port that forgets it.
const GRACE: Duration = Duration::from_secs(1);
/// A phone clock that differs by less is nobody's business.
const TOLERATED_SKEW_MILLIS: i64 = 120_000;

/// Which app asks: the service refuses one that is too old to be served, but never its sign-out.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a call carries.
#[derive(Clone, Copy)]
pub(crate) enum Authorization<'a> {
    /// Nothing.
    None,
    /// A proof of possession: the token endpoint.
    Proof,
    /// An access token and the proof that goes with it.
    Token(&'a SecretString),
}

/// The service, as seen from here. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Client {
    ports: Ports,
    heard: Arc<Mutex<Heard>>,
}

/// What the service's last answer told besides its body.
#[derive(Default)]
struct Heard {
    nonce: Option<String>,
    /// Phone's wall clock minus the service's.
    skew_millis: Option<i64>,
}

impl Client {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            ports: ports.clone(),
            heard: Arc::default(),
        }
    }

    /// Sends `call`, once more if the service wants its newest nonce in the proof. A status outside 200 to 299 is a problem.
    pub(crate) async fn send(
        &self,
        call: &Call,
        authorization: Authorization<'_>,
    ) -> Result<Answer, Fault> {
        let request = self.prepare(call, authorization).await?;
        match self.exchange(request).await {
            Err(Fault::Problem(problem)) if problem.code == ProblemCode::UseDpopNonce => {
                let request = self.prepare(call, authorization).await?;
                self.exchange(request).await
            }
            other => other,
        }
    }

    /// Makes the whole request, proof included, so that it can be sent when the keys are gone.
    pub(crate) async fn prepare(
        &self,
        call: &Call,
        authorization: Authorization<'_>,
    ) -> Result<HttpRequest, Fault> {
        let mut headers = vec![
            ("accept", Zeroizing::new(call.accept.to_owned())),
            ("keyway-app", Zeroizing::new(VERSION.to_owned())),
        ];
        if let Some((media_type, _)) = &call.body {
            headers.push(("content-type", Zeroizing::new((*media_type).to_owned())));
        }
        let token = match authorization {
            Authorization::None => None,
            Authorization::Proof => Some(None),
            Authorization::Token(token) => Some(Some(token)),
        };
        if let Some(token) = token {
            headers.push(("dpop", Zeroizing::new(self.proof(call, token).await?)));
        }
        if let Some(Some(token)) = token {
            // EXPOSE: the access token goes to the service, in the one header made for it.
            let value = format!("DPoP {}", token.expose());
            headers.push(("authorization", Zeroizing::new(value)));
        }
        Ok(HttpRequest {
            method: call.method,
            path: call.path.clone(),
            headers,
            body: call.body.as_ref().map(|(_, bytes)| bytes.clone()),
            deadline: call.deadline,
        })
    }

    /// Sends a prepared request.
    pub(crate) async fn exchange(&self, request: HttpRequest) -> Result<Answer, Fault> {
        let limit = request.deadline + GRACE;
        let route = Route::of(&request);
        let begun = self.ports.clock.elapsed();
        let response = within(&self.ports, limit, self.ports.http.send(request))
            .await
            .unwrap_or(Err(HttpError::TimedOut));
        let took = self.ports.clock.elapsed().saturating_sub(begun);
        let bytes = response.as_ref().map_or(0, |response| response.body.len());
        log::answered(&route, &response, bytes, took);
        let response = response?;
        let date = self.hear(&response);
        if !(200..300).contains(&response.status) {
            return Err(Problem::parse(&response).into());
        }
        Ok(Answer {
            status: response.status,
            body: response.body,
            date,
        })
    }

    /// By how many minutes the phone's clock is ahead of the service's, if it is wrong by more than two.
    pub(crate) fn clock_error_minutes(&self) -> Option<i32> {
        let skew = self.heard().skew_millis?;
        let minutes = (skew + skew.signum() * 30_000) / 60_000;
        (skew.abs() > TOLERATED_SKEW_MILLIS).then(|| {
            i32::try_from(minutes).unwrap_or(if minutes < 0 { i32::MIN } else { i32::MAX })
        })
    }

    /// The service's time as far as the phone can tell: the wall clock, corrected by what the service said last.
    pub(crate) fn service_time(&self) -> UnixMillis {
        self.ports.clock.wall() - self.heard().skew_millis.unwrap_or(0)
    }

    /// Forgets what the service told: the next session begins without a trace of this one.
    pub(crate) fn forget(&self) {
        *self.heard() = Heard::default();
        self.ports.http.forget();
    }

    async fn proof(&self, call: &Call, token: Option<&SecretString>) -> Result<String, Fault> {
        let path = call.path.split('?').next().unwrap_or("/");
        let claims = Claims {
            method: call.method,
            target: format!("{}{path}", self.ports.http.origin()),
            issued_at: self.ports.clock.wall().div_euclid(1000),
            nonce: self.heard().nonce.clone(),
            token,
        };
        proof(&*self.ports.keys, &*self.ports.entropy, claims).await
    }

    fn hear(&self, response: &HttpResponse) -> Option<UnixMillis> {
        let date = response.header("date").and_then(parse_http_date);
        let mut heard = self.heard();
        if let Some(nonce) = response.header("dpop-nonce") {
            heard.nonce = Some(nonce.to_owned());
        }
        if let Some(date) = date {
            heard.skew_millis = Some(self.ports.clock.wall() - date);
        }
        date
    }

    fn heard(&self) -> std::sync::MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
