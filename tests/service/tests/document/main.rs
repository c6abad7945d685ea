//! The contract's document: it is the committed one, it tells of every route and of nothing else, and it has what OpenDOOR has.
#![forbid(unsafe_code)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed helper is a failed test"
)]

mod opendoor;
mod routes;

use keyway_service::{
    DoorType, DoorcodeStatus, ManualClock, SeededEntropy, Service, Settings, openapi,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What was committed last.
const COMMITTED: &str = include_str!("../../openapi.json");

/// How it is written anew.
const COMMAND: &str =
    "cargo run -q -p keyway-service --example openapi > tests/service/openapi.json";

/// The document of this build.
fn document() -> Value {
    serde_json::to_value(openapi()).unwrap()
}

/// Each operation with its method and path.
fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (method.as_str(), path.as_str(), operation))
    })
}

/// An empty service and its folder.
fn service() -> (tempfile::TempDir, Service) {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::open(
        folder.path(),
        Settings::new("https://property.test"),
        Arc::new(ManualClock::new(0)),
        Arc::new(SeededEntropy::new(7)),
    );
    (folder, service.unwrap())
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
fn words_stand_in_it_as_they_stand_on_the_wire() {
    let document = document();
    let schemas = &document["components"]["schemas"];
    let told = |name: &str, word: Value| {
        let words = schemas[name]["enum"].as_array().unwrap();
        assert!(words.contains(&word), "{word} is not one of {words:?}");
    };
    told("DoorType", json!(DoorType::Residence));
    told("DoorcodeStatus", json!(DoorcodeStatus::PendingSync));
}
