//! The contract's document: it is the committed one, and it tells of every route and of nothing else.
use crate::support::Property;
use axum::body::Body;
use http::{Method, Request, StatusCode};
use keyway_service::{openapi, router};
use serde_json::Value;
use std::collections::BTreeSet;

/// What was committed last.
const COMMITTED: &str = include_str!("../../openapi.json");

/// How it is written anew.
const COMMAND: &str =
    "cargo run -q -p keyway-service --example openapi > tests/service/openapi.json";

/// What a handler can be routed by; `HEAD` is answered wherever `GET` is.
const METHODS: [Method; 5] = [
    Method::GET,
    Method::PUT,
    Method::POST,
    Method::DELETE,
    Method::PATCH,
];

fn document() -> Value {
    serde_json::to_value(openapi()).unwrap()
}

fn paths(document: &Value) -> BTreeSet<String> {
    let paths = document["paths"].as_object().unwrap();
    paths.keys().cloned().collect()
}

#[test]
fn the_committed_document_is_the_services() {
    let committed: Value = serde_json::from_str(COMMITTED).unwrap();
    assert!(
        committed == document(),
        "the contract changed; write its document anew: {COMMAND}"
    );
}

#[test]
fn every_route_is_in_the_document_and_nothing_else_is() {
    let property = Property::open();
    // The router tells its routes only when it is debugged: `RouteId(7): "/v1/time"`; after them the fallback's, which has any path.
    let debugged = format!("{:?}", router(property.service.clone()));
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
    let property = Property::open();
    let document = document();
    for path in paths(&document) {
        for method in METHODS {
            let told = document["paths"][&path].get(method.as_str().to_lowercase());
            let request = Request::builder().method(&method).uri(&path);
            let answer = property.call(request.body(Body::empty()).unwrap());
            assert_eq!(
                told.is_none(),
                answer.status == StatusCode::METHOD_NOT_ALLOWED,
                "{method} {path}: {}",
                answer.status
            );
        }
    }
}

#[test]
fn nothing_refers_to_what_is_not_there() {
    let document = document();
    let mut targets = BTreeSet::new();
    collect_references(&document, &mut targets);
    assert!(!targets.is_empty());
    for target in targets {
        let pointer = target.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{target}");
    }
}

fn collect_references(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(target)) = members.get("$ref") {
                into.insert(target.clone());
            }
            members
                .values()
                .for_each(|value| collect_references(value, into));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|value| collect_references(value, into)),
        _ => {}
    }
}

#[test]
fn each_operation_has_its_own_name() {
    let document = document();
    let mut names = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{method} {path}: {name}");
        }
    }
}
