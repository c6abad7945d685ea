//! The HTTP port against a real TLS server.
#![expect(
    clippy::expect_used,
    reason = "a fixture that cannot be made fails the test"
)]

mod support;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use core::time::Duration;
use keyway_app::ports::{Http, HttpError, HttpRequest, HttpResponse, Method};
use keyway_platform::http::{ANSWER_LIMIT, ServiceHttp, ServiceHttpError};
use keyway_platform::runtime::Runtime;
use support::{Authority, serve};
use zeroize::Zeroizing;

const PATIENT: Duration = Duration::from_secs(20);

/// A service, and a phone that trusts it.
struct Fixture {
    runtime: Runtime,
    http: ServiceHttp,
}

impl Fixture {
    fn new(router: Router) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let authority = Authority::new();
        let port = serve(&runtime, &authority, "localhost", router);
        let origin = format!("https://localhost:{port}");
        let http = ServiceHttp::new(&origin, &authority.pem(), runtime.handle()).expect("a client");
        Self { runtime, http }
    }

    fn get(&self, path: &str) -> Result<HttpResponse, HttpError> {
        self.send(request(Method::Get, path, PATIENT))
    }

    fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        self.runtime.block_on(self.http.send(request))
    }
}

fn request(method: Method, path: &str, deadline: Duration) -> HttpRequest {
    HttpRequest {
        method,
        path: path.to_owned(),
        headers: Vec::new(),
        body: None,
        deadline,
    }
}

/// Chunks without an announced length: `count` of 64 KiB, then the end or an error.
fn chunks(count: usize, end: Option<std::io::Error>) -> Body {
    let whole = (0..count).map(|_| Ok(vec![0_u8; 64 * 1024]));
    Body::from_stream(futures_util::stream::iter(whole.chain(end.map(Err))))
}

#[test]
fn an_answer_comes_back_with_status_headers_and_body() {
    let echo = |headers: HeaderMap, body: String| async move {
        let seen = headers["authorization"].clone();
        (StatusCode::IM_A_TEAPOT, [("dpop-nonce", seen)], body)
    };
    let fixture = Fixture::new(Router::new().route("/echo", post(echo)));
    let mut request = request(Method::Post, "/echo?a=b", PATIENT);
    request.headers = vec![("authorization", Zeroizing::new("DPoP x".to_owned()))];
    request.body = Some(Zeroizing::new(b"hello".to_vec()));
    let answer = fixture.send(request).expect("an answer");
    assert_eq!(answer.status, 418);
    assert_eq!(answer.header("dpop-nonce"), Some("DPoP x"));
    assert_eq!(answer.body.as_slice(), b"hello");
}

#[test]
fn a_server_under_another_authority_is_not_the_service() {
    let runtime = Runtime::new().expect("a runtime");
    let router = Router::new().route("/", get(|| async { "hello" }));
    let port = serve(&runtime, &Authority::new(), "localhost", router);
    let origin = format!("https://localhost:{port}");
    let other = Authority::new().pem();
    let http = ServiceHttp::new(&origin, &other, runtime.handle()).expect("a client");
    let answer = runtime.block_on(http.send(request(Method::Get, "/", PATIENT)));
    assert_eq!(
        answer.map(|answer| answer.status),
        Err(HttpError::NotTheService)
    );
}

#[test]
fn a_certificate_for_another_host_is_not_the_service() {
    let runtime = Runtime::new().expect("a runtime");
    let authority = Authority::new();
    let port = serve(&runtime, &authority, "elsewhere.test", Router::new());
    let origin = format!("https://localhost:{port}");
    let http = ServiceHttp::new(&origin, &authority.pem(), runtime.handle()).expect("a client");
    let answer = runtime.block_on(http.send(request(Method::Get, "/", PATIENT)));
    assert_eq!(
        answer.map(|answer| answer.status),
        Err(HttpError::NotTheService)
    );
}

#[test]
fn a_redirect_is_not_followed() {
    let router = Router::new()
        .route("/old", get(|| async { Redirect::temporary("/new") }))
        .route("/new", get(|| async { "reached" }));
    let answer = Fixture::new(router).get("/old");
    assert_eq!(
        answer.map(|answer| answer.status),
        Err(HttpError::BadAnswer)
    );
}

#[test]
fn an_answer_up_to_the_limit_is_taken_and_none_beyond_it() {
    let blocks = ANSWER_LIMIT / (64 * 1024);
    let router = Router::new()
        .route("/whole", get(move || async move { chunks(blocks, None) }))
        .route(
            "/over",
            get(move || async move { chunks(blocks + 1, None) }),
        )
        .route("/announced", get(|| async { vec![0_u8; ANSWER_LIMIT + 1] }));
    let fixture = Fixture::new(router);
    let whole = fixture.get("/whole").expect("an answer");
    assert_eq!(whole.body.len(), ANSWER_LIMIT);
    for path in ["/over", "/announced"] {
        let answer = fixture.get(path).map(|answer| answer.status);
        assert_eq!(answer, Err(HttpError::BadAnswer), "{path}");
    }
}

#[test]
fn a_service_that_never_answers_is_given_up_at_the_deadline() {
    let never = || core::future::pending::<()>();
    let fixture = Fixture::new(Router::new().route("/", get(never)));
    let short = request(Method::Get, "/", Duration::from_millis(300));
    assert_eq!(
        fixture.send(short).map(|answer| answer.status),
        Err(HttpError::TimedOut)
    );
}

#[test]
fn an_answer_cut_in_the_middle_is_broken_not_short() {
    let cut = || async { chunks(1, Some(std::io::Error::other("cut"))).into_response() };
    let answer = Fixture::new(Router::new().route("/", get(cut))).get("/");
    assert_eq!(answer.map(|answer| answer.status), Err(HttpError::Broken));
}

#[test]
fn nobody_listening_is_unreachable() {
    let runtime = Runtime::new().expect("a runtime");
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port();
    let origin = format!("https://localhost:{port}");
    let roots = Authority::new().pem();
    let http = ServiceHttp::new(&origin, &roots, runtime.handle()).expect("a client");
    let answer = runtime.block_on(http.send(request(Method::Get, "/", PATIENT)));
    assert_eq!(
        answer.map(|answer| answer.status),
        Err(HttpError::Unreachable)
    );
}

#[test]
fn a_path_cannot_lead_to_another_host() {
    let fixture = Fixture::new(Router::new());
    let answer = fixture.get(".elsewhere.test/");
    assert_eq!(
        answer.map(|answer| answer.status),
        Err(HttpError::Unreachable)
    );
}

#[test]
fn only_an_https_origin_with_roots_makes_a_client() {
    let runtime = Runtime::new().expect("a runtime");
    let roots = Authority::new().pem();
    let made = |origin: &str, roots: &str| {
        ServiceHttp::new(origin, roots, runtime.handle()).map(|http| http.origin())
    };
    assert_eq!(
        made("https://keyway.test:443/", &roots),
        Ok("https://keyway.test".to_owned())
    );
    for origin in [
        "http://keyway.test",
        "https://keyway.test/api",
        "https://a@keyway.test",
        "keyway.test",
        "",
    ] {
        assert_eq!(
            made(origin, &roots),
            Err(ServiceHttpError::Origin),
            "{origin}"
        );
    }
    assert_eq!(
        made("https://keyway.test", ""),
        Err(ServiceHttpError::Roots)
    );
    assert_eq!(
        made("https://keyway.test", "-----BEGIN"),
        Err(ServiceHttpError::Roots)
    );
}
