use super::BoxFuture;
use core::time::Duration;
use zeroize::Zeroizing;

/// The methods that the service's contract uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Method {
    /// As it stands on the wire and in a DPoP proof's `htm`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// One request to the service. Its `Debug` shows method and path only.
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// Path and query below the service's origin, beginning with `/`.
    pub path: String,
    /// Header names in lower case, with values; every value is treated as sensitive.
    pub headers: Vec<(&'static str, Zeroizing<String>)>,
    /// The body, if any; its media type stands in `headers`.
    pub body: Option<Zeroizing<Vec<u8>>>,
    /// The whole exchange, connecting included, must end within this.
    pub deadline: Duration,
}

impl core::fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            f,
            "{} {}",
            self.method.as_str(),
            self.path.split('?').next().unwrap_or("/")
        )
    }
}

/// The service's answer, whatever its status. Its `Debug` shows the status only.
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// Header names in lower case, with values.
    pub headers: Vec<(String, String)>,
    /// The body, at most 4 MiB.
    pub body: Zeroizing<Vec<u8>>,
}

impl HttpResponse {
    /// The first value of `name` (lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }
}

impl core::fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "HttpResponse({})", self.status)
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// No route, name or connection; the request was certainly not handled.
    #[error("the service cannot be reached")]
    Unreachable,
    /// The deadline passed; the request may have been handled.
    #[error("the service did not answer in time")]
    TimedOut,
    /// The connection broke after the request was under way; it may have been handled.
    #[error("the connection to the service broke")]
    Broken,
    /// The server's certificate is not the service's.
    #[error("the service's certificate was refused")]
    NotTheService,
    /// The answer breaks the contract (larger than 4 MiB, a redirect, not HTTP).
    #[error("the service's answer cannot be used")]
    BadAnswer,
}

/// HTTPS to one service.
///
/// Contract: TLS 1.2 or later with the service's own roots, no redirect followed, no cookie kept, no cache, no retry, no proxy taken from
/// the environment, every timeout set. No error carries an address, header or body.
pub trait Http: Send + Sync + 'static {
    /// Scheme, host and port of the service, without a trailing slash: what a DPoP proof's `htu` begins with.
    fn origin(&self) -> String;
    /// Sends one request. Dropping the future abandons the exchange.
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse, HttpError>>;
    /// Closes every connection that is kept for the next request, with all it has buffered: answers may stand there. Called at sign-out; returns
    /// at once. The next `send` connects anew. An implementation that keeps no connection has nothing to do.
    fn forget(&self) {}
}
