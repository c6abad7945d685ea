//! HTTPS to one service: reqwest over rustls with ring, trusting only the roots given.

use core::time::Duration;
use keyway_app::ports::{BoxFuture, Http, HttpError, HttpRequest, HttpResponse, Method};
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Client, Url, redirect, retry};
use rustls::RootCertStore;
use rustls::client::Resumption;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use zeroize::Zeroizing;

/// The largest answer taken, in bytes.
pub const ANSWER_LIMIT: usize = 4 * 1024 * 1024;

/// Reaching the service and agreeing on keys must take less.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest silence within an answer; the whole exchange has the request's own deadline.
const READ_TIMEOUT: Duration = Duration::from_secs(15);
/// An idle connection is kept this long.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Why a service's address or roots cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServiceHttpError {
    /// Not `https://host[:port]`.
    #[error("the service's address is not https://host[:port]")]
    Origin,
    /// Not PEM, or no certificate in it.
    #[error("the service's certificate authority cannot be read")]
    Roots,
    /// The TLS library refused its set-up.
    #[error("HTTPS cannot be set up")]
    SetUp,
}

/// The `Http` port. One per service; connections are shared by its clones.
pub struct ServiceHttp {
    origin: String,
    tls: rustls::ClientConfig,
    /// Made by the first request and dropped by `forget`, since a kept connection keeps the last answer in its buffer.
    client: Mutex<Option<Client>>,
    runtime: Handle,
}

impl ServiceHttp {
    /// A client for the service at `origin` whose certificate must lead to one in `roots` (PEM). No other root is trusted.
    ///
    /// # Errors
    /// An address that is not `https://host[:port]`, or roots that hold no certificate.
    pub fn new(origin: &str, roots: &str, runtime: Handle) -> Result<Self, ServiceHttpError> {
        let origin = parse_origin(origin).ok_or(ServiceHttpError::Origin)?;
        let tls = tls(roots)?;
        let client = client(tls.clone()).map_err(|_| ServiceHttpError::SetUp)?;
        Ok(Self {
            origin,
            tls,
            client: Mutex::new(Some(client)),
            runtime,
        })
    }

    fn client(&self) -> Result<Client, HttpError> {
        let mut kept = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = &*kept {
            return Ok(client.clone());
        }
        // It could be made once, so this is the system refusing a resource: as good as no network.
        let client = client(self.tls.clone()).map_err(|_| HttpError::Unreachable)?;
        Ok(kept.insert(client).clone())
    }
}

impl core::fmt::Debug for ServiceHttp {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("ServiceHttp(..)")
    }
}

impl Http for ServiceHttp {
    fn origin(&self) -> String {
        self.origin.clone()
    }

    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse, HttpError>> {
        let client = match self.client() {
            Ok(client) => client,
            Err(error) => return Box::pin(async move { Err(error) }),
        };
        let exchange = exchange(client, self.origin.clone(), request);
        // On our runtime, because the caller's thread may have no reactor; ended when the caller stops waiting.
        let task = AbortOnDrop(self.runtime.spawn(exchange));
        Box::pin(async move { task.join().await })
    }

    fn forget(&self) {
        drop(
            self.client
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
    }
}

/// Scheme, host and port only.
fn parse_origin(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let bare = url.username().is_empty()
        && url.password().is_none()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none();
    (url.scheme() == "https" && bare).then(|| url.origin().ascii_serialization())
}

fn tls(roots: &str) -> Result<rustls::ClientConfig, ServiceHttpError> {
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(roots.as_bytes()) {
        let certificate = certificate.map_err(|_| ServiceHttpError::Roots)?;
        store
            .add(certificate)
            .map_err(|_| ServiceHttpError::Roots)?;
    }
    if store.is_empty() {
        return Err(ServiceHttpError::Roots);
    }
    // The provider is named here, not installed for the process: a host app may have one of its own.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| ServiceHttpError::SetUp)?
        .with_root_certificates(store)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    // Session tickets would be one more thing that outlives a sign-out in memory.
    config.resumption = Resumption::disabled();
    Ok(config)
}

fn client(tls: rustls::ClientConfig) -> reqwest::Result<Client> {
    Client::builder()
        .tls_backend_preconfigured(tls)
        .https_only(true)
        .redirect(redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .retry(retry::never())
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .build()
}

async fn exchange(
    client: Client,
    origin: String,
    request: HttpRequest,
) -> Result<HttpResponse, HttpError> {
    let request = compose(&client, &origin, request).ok_or(HttpError::Unreachable)?;
    let answer = client
        .execute(request)
        .await
        .map_err(|error| classify(&error))?;
    if answer.status().is_redirection() {
        return Err(HttpError::BadAnswer);
    }
    let status = answer.status().as_u16();
    let headers = readable_headers(&answer);
    let body = limited_body(answer).await?;
    Ok(HttpResponse {
        status,
        headers,
        body,
    })
}

/// `None` when the path or a header could not stand in a request: nothing is sent then.
fn compose(client: &Client, origin: &str, request: HttpRequest) -> Option<reqwest::Request> {
    // Without the slash, `origin` and path could join to another host.
    if !request.path.starts_with('/') {
        return None;
    }
    let url = Url::parse(&format!("{origin}{}", request.path)).ok()?;
    let mut builder = client
        .request(method(request.method), url)
        .timeout(request.deadline);
    for (name, value) in &request.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        let mut value = HeaderValue::from_str(value).ok()?;
        value.set_sensitive(true);
        builder = builder.header(name, value);
    }
    if let Some(body) = request.body {
        builder = builder.body(body.to_vec());
    }
    builder.build().ok()
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    }
}

/// Header values that are not text are left out: the contract has none.
fn readable_headers(answer: &reqwest::Response) -> Vec<(String, String)> {
    answer
        .headers()
        .iter()
        .filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        })
        .collect()
}

/// Reads the body and stops at the limit, whatever the answer announced.
async fn limited_body(mut answer: reqwest::Response) -> Result<Zeroizing<Vec<u8>>, HttpError> {
    let announced = answer.content_length().unwrap_or(0);
    let announced = usize::try_from(announced).map_err(|_| HttpError::BadAnswer)?;
    if announced > ANSWER_LIMIT {
        return Err(HttpError::BadAnswer);
    }
    let mut body = Zeroizing::new(Vec::with_capacity(announced));
    while let Some(chunk) = answer.chunk().await.map_err(|error| classify(&error))? {
        if body.len() + chunk.len() > ANSWER_LIMIT {
            return Err(HttpError::BadAnswer);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Sorts an error by what it means for the request; its text, which holds the address, goes no further.
fn classify(error: &reqwest::Error) -> HttpError {
    match tls_cause(error) {
        Some(TlsCause::Certificate) => return HttpError::NotTheService,
        Some(TlsCause::Other) if error.is_connect() => return HttpError::BadAnswer,
        _ => {}
    }
    if error.is_connect() || error.is_builder() {
        HttpError::Unreachable
    } else if error.is_timeout() {
        HttpError::TimedOut
    } else {
        HttpError::Broken
    }
}

/// What TLS objected to.
enum TlsCause {
    Certificate,
    Other,
}

/// Looks for a TLS error among the causes. An `io::Error` hides the one it wraps from `source`, so it is opened by hand.
fn tls_cause(error: &(dyn std::error::Error + 'static)) -> Option<TlsCause> {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return Some(match tls {
            rustls::Error::InvalidCertificate(_)
            | rustls::Error::NoCertificatesPresented
            | rustls::Error::UnsupportedNameType => TlsCause::Certificate,
            _ => TlsCause::Other,
        });
    }
    let wrapped = error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref);
    match wrapped {
        Some(inner) => tls_cause(inner),
        None => error.source().and_then(tls_cause),
    }
}

/// A task that ends when its waiter is dropped.
struct AbortOnDrop(JoinHandle<Result<HttpResponse, HttpError>>);

impl AbortOnDrop {
    async fn join(mut self) -> Result<HttpResponse, HttpError> {
        // The task does not panic and is aborted by nobody else: a join error means that the runtime shut down.
        (&mut self.0).await.unwrap_or(Err(HttpError::Broken))
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
