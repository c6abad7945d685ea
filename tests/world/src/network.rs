//! The way to the service: its router, called in the same thread, under whatever weather the test makes.

use crate::time::VirtualTime;
use axum::Router;
use axum::body::Body;
use axum::response::IntoResponse as _;
use core::future::{Future, pending};
use futures_util::future::{Either, select};
use http_body_util::BodyExt as _;
use keyway_app::ports::{BoxFuture, Http, HttpError, HttpRequest, HttpResponse};
use std::sync::{Arc, Mutex, PoisonError};
use tower::ServiceExt as _;
use zeroize::Zeroizing;

/// Where the virtual service lives.
pub const ORIGIN: &str = "https://maple.example";

/// What stands between a phone and the service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weather {
    /// Nothing.
    #[default]
    Fair,
    /// No request arrives.
    Unreachable,
    /// Requests arrive and are handled, and no answer comes back.
    RepliesLost,
    /// Nothing comes back, not even an error: a captive portal that swallows.
    Silent,
}

/// The HTTP port of one phone.
#[derive(Clone)]
pub struct Network {
    router: Router,
    time: VirtualTime,
    weather: Arc<Mutex<Weather>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Network {
    /// A phone with network, to this service.
    #[must_use]
    pub fn new(router: Router, time: VirtualTime) -> Self {
        Self {
            router,
            time,
            weather: Arc::default(),
            requests: Arc::default(),
        }
    }

    /// Changes the weather.
    pub fn set_weather(&self, weather: Weather) {
        *self.weather.lock().unwrap_or_else(PoisonError::into_inner) = weather;
    }

    /// Method and path of every request that the phone made, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn weather(&self) -> Weather {
        *self.weather.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn exchange(self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(format!("{request:?}"));
        match self.weather() {
            Weather::Unreachable => return Err(HttpError::Unreachable),
            Weather::Silent => pending::<()>().await,
            Weather::Fair | Weather::RepliesLost => {}
        }
        let response = self.clone().handled(request).await?;
        match self.weather() {
            Weather::Fair => Ok(response),
            _ => Err(HttpError::Broken),
        }
    }

    async fn handled(self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let mut builder = http::Request::builder()
            .method(request.method.as_str())
            .uri(format!("{ORIGIN}{}", request.path));
        for (name, value) in &request.headers {
            builder = builder.header(*name, value.as_str());
        }
        let body = request
            .body
            .as_ref()
            .map_or_else(Body::empty, |body| Body::from(body.to_vec()));
        let request = builder.body(body).map_err(|_| HttpError::BadAnswer)?;
        let Ok(response) = self.router.oneshot(request).await;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(|_| HttpError::Broken)?;
        let headers = parts.headers.iter().filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        });
        Ok(HttpResponse {
            status: parts.status.as_u16(),
            headers: headers.collect(),
            body: Zeroizing::new(body.to_bytes().to_vec()),
        })
    }
}

/// Sends a form as a browser does.
pub(crate) fn submit(
    page: Router,
    path: &str,
    fields: &[(&str, &str)],
) -> impl Future<Output = Result<http::StatusCode, http::Error>> + use<> {
    let (head, body) = axum::Form(fields).into_response().into_parts();
    let request = http::Request::post(format!("{ORIGIN}{path}"));
    let request = head
        .headers
        .iter()
        .fold(request, |request, (name, value)| {
            request.header(name, value)
        })
        .body(body);
    async move {
        let Ok(response) = page.oneshot(request?).await;
        Ok(response.status())
    }
}

impl Http for Network {
    fn origin(&self) -> String {
        ORIGIN.to_owned()
    }

    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse, HttpError>> {
        let deadline = u64::try_from(request.deadline.as_millis()).unwrap_or(u64::MAX);
        let late = self.time.until(self.time.now().saturating_add(deadline));
        let exchange = Box::pin(self.clone().exchange(request));
        Box::pin(async move {
            match select(exchange, core::pin::pin!(late)).await {
                Either::Left((answer, _)) => answer,
                Either::Right(((), _)) => Err(HttpError::TimedOut),
            }
        })
    }
}
