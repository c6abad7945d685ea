//! An app that is too old is told so at every resource, except where it signs out.
use crate::support::{Answer, Property, RESIDENT, form, post_json};
use axum::body::Body;
use http::{Method, Request};
use keyway_service::{PasswordCost, SeededEntropy, Service, Settings};
use serde_json::json;
use std::sync::Arc;

const EVERY_RESOURCE: [(&str, &str); 14] = [
    ("POST", "/passwordless/start"),
    ("POST", "/oauth/authorize-challenge"),
    ("POST", "/oauth/token"),
    ("GET", "/v1/time"),
    ("GET", "/v1/doors"),
    ("GET", "/v1/doorcodes"),
    ("GET", "/v1/sessions"),
    ("DELETE", "/v1/sessions"),
    (
        "DELETE",
        "/v1/sessions/00000000-0000-4000-8000-000000000000",
    ),
    ("PUT", "/v1/phone-key"),
    (
        "GET",
        "/v1/doors/00000000-0000-4000-8000-000000000000/access",
    ),
    (
        "POST",
        "/v1/doors/00000000-0000-4000-8000-000000000000/receipts",
    ),
    ("GET", "/v1/nothing-here"),
    ("POST", "/v2/users"),
];

fn call(property: &Property, method: &str, path: &str, version: &str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("keyway-app", version)
        .body(Body::empty());
    property.call(request.unwrap())
}

#[test]
fn an_app_that_is_too_old_is_told_so_at_every_resource() {
    let property = Property::open();
    for (method, path) in EVERY_RESOURCE {
        let told = call(&property, method, path, "0.0.9").expect(426);
        assert_eq!(told.code(), "APP_TOO_OLD", "{path}");
        assert!(!told.header("dpop-nonce").is_empty());
    }
    let lines = property.trace.0.lock().unwrap();
    assert!(lines.iter().all(|line| line.code == Some("APP_TOO_OLD")));
}

#[test]
fn the_oauth_endpoints_tell_it_in_their_own_form() {
    let property = Property::open();
    let told = call(&property, "POST", "/oauth/token", "0.0.9").expect(426);
    assert_eq!(told.text("error"), "invalid_request");
    let told = call(&property, "GET", "/v1/time", "0.0.9").expect(426);
    assert_eq!(told.header("content-type"), "application/problem+json");
}

#[test]
fn signing_out_works_from_every_app_however_old_or_odd() {
    let property = Property::open();
    for version in ["0.0.1", "nonsense"] {
        let tokens = property.phone().sign_in(RESIDENT, "own");
        let ticket = json!({ "ticket": tokens.ticket.clone().unwrap() });
        let mut end = post_json("/v1/sessions/end", &ticket);
        let mut revoke = form("/oauth/revoke", &[("token", &tokens.refresh)]);
        for request in [&mut end, &mut revoke] {
            let version = version.parse().unwrap();
            request.headers_mut().insert("keyway-app", version);
        }
        property.call(revoke).expect(200);
        property.call(end).expect(204);
        property.phone().get(&tokens, "/v1/sessions").expect(401);
    }
}

#[test]
fn the_oldest_version_and_newer_ones_and_no_app_at_all_are_answered() {
    let property = Property::open();
    for version in ["0.1.0", "0.1.1", "0.10.0", "1.0.0", "65535.65535.65535"] {
        call(&property, "GET", "/v1/time", version).expect(200);
    }
    let from_no_app = Request::get("/v1/time").body(Body::empty()).unwrap();
    property.call(from_no_app).expect(200);
}

#[test]
fn numbers_are_compared_as_numbers() {
    let property = Property::open();
    let mut settings = Settings::new(crate::support::ORIGIN);
    settings.password_cost = PasswordCost::FOR_TESTS;
    settings.oldest_app = (1, 10, 2);
    let service = Service::open(
        property.folder.path(),
        settings,
        property.clock.clone(),
        Arc::new(SeededEntropy::new(9)),
    );
    let property = Property {
        service: service.unwrap(),
        ..property
    };
    for (version, status) in [
        ("1.9.9", 426),
        ("1.10.1", 426),
        ("0.11.3", 426),
        ("1.10.2", 200),
        ("1.11.0", 200),
        ("2.0.0", 200),
    ] {
        call(&property, "GET", "/v1/time", version).expect(status);
    }
}

#[test]
fn what_is_no_version_is_refused() {
    let property = Property::open();
    for version in [
        "",
        "1",
        "1.0",
        "1.0.0.0",
        "1.0.x",
        "+1.0.0",
        "1..0",
        "1.0.65536",
        "1.0.0-beta",
    ] {
        let told = call(&property, "GET", "/v1/time", version).expect(400);
        assert_eq!(told.code(), "BAD_REQUEST", "{version}");
    }
    let method = Method::GET;
    let request = Request::builder().method(method).uri("/v1/time");
    let request = request.header("keyway-app", &b"\xFF"[..]);
    property
        .call(request.body(Body::empty()).unwrap())
        .expect(400);
}
