//! A courier that lies: one bit of each receipt is changed on its way in.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};

/// Larger than any receipt.
const LONGEST: usize = 1 << 20;

/// `app`, behind a layer that changes receipts.
pub(super) fn altering_receipts(app: Router) -> Router {
    app.layer(from_fn(alter))
}

async fn alter(request: Request, next: Next) -> Response {
    if !request.uri().path().ends_with("/receipts") {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, LONGEST).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let mut bytes = bytes.to_vec();
    // The last byte belongs to the lock's signature.
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
    next.run(Request::from_parts(head, Body::from(bytes))).await
}
