//! The router on a real socket: TLS 1.3, and a limit on everything a slow or hostile client could hold open.
use crate::problem::Problem;
use crate::router::router;
use crate::state::Service;
use crate::tls::ServerIdentity;
use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum_server::Handle;
use axum_server::tls_rustls::{RustlsConfig, from_tcp_rustls};
use std::net::TcpListener;
use std::time::Duration;

/// From the first byte of a request to the last of its answer.
const REQUEST: Duration = Duration::from_secs(15);
/// From the accepted connection to the end of its TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(5);
/// What running requests get once the service is told to stop.
const FAREWELL: Duration = Duration::from_secs(3);

/// Serves until `stop` completes, then lets running requests finish for a few seconds. Needs a tokio runtime.
///
/// The listener's address must be what [`Service::origin`] says, or DPoP proofs will not fit.
pub async fn serve(
    listener: TcpListener,
    service: Service,
    identity: &ServerIdentity,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    serve_app(listener, router(service), identity, stop).await
}

/// Like [`serve`], with a router that something was put round: a trace, or a fault.
pub async fn serve_app(
    listener: TcpListener,
    app: Router,
    identity: &ServerIdentity,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    listener.set_nonblocking(true)?;
    let handle = Handle::new();
    tokio::spawn({
        let handle = handle.clone();
        async move {
            stop.await;
            handle.graceful_shutdown(Some(FAREWELL));
        }
    });
    let app = app.layer(middleware::from_fn(within_deadline));
    let mut server = from_tcp_rustls(listener, RustlsConfig::from_config(identity.config()))?
        .map(|acceptor| acceptor.handshake_timeout(HANDSHAKE))
        .handle(handle);
    server
        .http_builder()
        .http1()
        .timer(hyper_util::rt::TokioTimer::new())
        .header_read_timeout(HANDSHAKE);
    server.serve(app.into_make_service()).await
}

async fn within_deadline(request: Request, next: Next) -> Response {
    match tokio::time::timeout(REQUEST, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::RequestTimeout.into_response(),
    }
}
