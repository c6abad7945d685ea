//! Every route is in the document, and nothing else is.
use crate::{document, operations, service};
use axum::Router;
use axum::body::Body;
use futures_util::FutureExt as _;
use http::{Method, Request, StatusCode};
use keyway_service::router;
use serde_json::Value;
use std::collections::BTreeSet;
use tower::ServiceExt as _;

/// What a handler can be routed by; `HEAD` is answered wherever `GET` is.
const METHODS: [Method; 5] = [
    Method::GET,
    Method::PUT,
    Method::POST,
    Method::DELETE,
    Method::PATCH,
];

fn paths(document: &Value) -> BTreeSet<String> {
    let paths = document["paths"].as_object().unwrap();
    paths.keys().cloned().collect()
}

#[test]
fn every_route_is_in_the_document_and_nothing_else_is() {
    let (_folder, service) = service();
    // The router tells its routes only when it is debugged: `RouteId(7): "/v1/time"`; after them the fallback's, which has any path.
    let debugged = format!("{:?}", router(service));
    let (routes, _fallback) = debugged.split_once("fallback_router").unwrap();
    let routed: BTreeSet<String> = routes
        .split("RouteId(")
        .filter_map(|part| part.split_once("): \""))
        .filter_map(|(_, part)| part.split_once('"'))
        .map(|(path, _)| path.to_owned())
        .collect();
    assert!(!routed.is_empty(), "the router tells nothing: {routes}");
    assert_eq!(paths(&document()), routed);
}

#[test]
fn a_path_answers_the_methods_in_the_document_and_no_other() {
    let (_folder, service) = service();
    let router = router(service);
    let document = document();
    for path in paths(&document) {
        for method in METHODS {
            let told = document["paths"][&path].get(method.as_str().to_lowercase());
            let status = status_of(&router, &method, &path);
            assert_eq!(
                told.is_none(),
                status == StatusCode::METHOD_NOT_ALLOWED,
                "{method} {path}: {status}"
            );
        }
    }
}

fn status_of(router: &Router, method: &Method, path: &str) -> StatusCode {
    let request = Request::builder().method(method).uri(path);
    let answer = router.clone().oneshot(request.body(Body::empty()).unwrap());
    let answered = answer.now_or_never();
    answered.expect("no body is waited for").unwrap().status()
}

#[test]
fn each_operation_has_its_own_name() {
    let document = document();
    let mut names = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let name = operation["operationId"].as_str().unwrap();
        assert!(names.insert(name.to_owned()), "{method} {path}: {name}");
    }
}
