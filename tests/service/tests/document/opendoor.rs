//! What OpenDOOR's public documents have is here by the same names; every difference stands in the README with its reason, and no other.
use crate::document;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Paths, fields, words and codes of OpenDOOR's public partner and authentication documents.
const FACTS: &str = include_str!("opendoor.json");
/// Where the differences are listed.
const README: &str = include_str!("../../README.md");

/// By what it is about and in which way it differs: which members do.
type Differences = BTreeMap<(String, String), BTreeSet<String>>;

#[derive(Default)]
struct Comparison(Differences);

impl Comparison {
    fn note(&mut self, subject: &str, way: &str, what: &str) {
        let key = (subject.to_owned(), way.to_owned());
        self.0.entry(key).or_default().insert(what.to_owned());
    }

    fn sets(&mut self, subject: &str, theirs: &BTreeSet<String>, ours: &BTreeSet<String>) {
        let lacking = theirs.difference(ours);
        lacking.for_each(|what| self.note(subject, "lacks", what));
        let added = ours.difference(theirs);
        added.for_each(|what| self.note(subject, "adds", what));
    }

    fn operation(&mut self, theirs: &Value, ours: &Value) {
        let (method, path) = (text(&theirs["method"]), text(&theirs["path"]));
        let subject = format!("{} {path}", method.to_uppercase());
        let here = &ours["paths"][path][method];
        if here.is_null() {
            self.note(&subject, "lacks", "all");
            return;
        }
        assert_eq!(here["operationId"], theirs["name"], "{subject}");
        let parameters = here["parameters"].as_array().into_iter().flatten();
        let query = parameters.filter(|parameter| parameter["in"] == "query");
        let query = query.map(|parameter| text(&parameter["name"]).to_owned());
        self.sets(&subject, &texts(&theirs["query"]), &query.collect());
        let answers = here["responses"].as_object().unwrap().keys();
        let success: BTreeSet<String> = answers
            .filter(|status| status.starts_with('2'))
            .cloned()
            .collect();
        assert!(success.is_subset(&texts(&theirs["statuses"])), "{subject}");
        let media = ["content", "application/json", "schema", "$ref"];
        let within = |value: &Value| media.iter().fold(value.clone(), |at, key| at[*key].clone());
        for (theirs, told) in [
            (&theirs["request"], within(&here["requestBody"])),
            (
                &theirs["answer"],
                success
                    .first()
                    .map_or(Value::Null, |status| within(&here["responses"][status])),
            ),
        ] {
            if let Some(name) = theirs.as_str() {
                assert_eq!(told, format!("#/components/schemas/{name}"), "{subject}");
            }
        }
    }

    fn schema(&mut self, name: &str, theirs: &Value, ours: &Value) {
        let here = &ours["components"]["schemas"][name];
        if here.is_null() {
            self.note(name, "lacks", "all");
            return;
        }
        self.sets(name, &members(theirs), &members(&here["properties"]));
        for (field, theirs) in theirs.as_object().unwrap() {
            let here = &here["properties"][field];
            if here.is_null() {
                continue;
            }
            let kind = kind(here, ours);
            if theirs.is_array() && kind.is_array() {
                let subject = format!("{name}.{field}");
                self.sets(&subject, &texts(theirs), &texts(&kind));
            } else if *theirs != kind && !(theirs == "string" && kind.is_array()) {
                self.note(name, "tells otherwise", field);
            }
        }
    }

    fn codes(&mut self, theirs: &Value, ours: &Value) {
        let mut told: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (_, _, operation) in crate::operations(ours) {
            for (status, response) in operation["responses"].as_object().unwrap() {
                for code in codes_of(resolved(response, ours)) {
                    told.entry(code).or_default().insert(status.clone());
                }
            }
        }
        for code in texts(theirs) {
            match told.get(&code) {
                None => self.note("codes", "lacks", &code),
                Some(statuses) if !statuses.contains("400") => {
                    self.note("codes", "tells otherwise", &code);
                }
                Some(_) => {}
            }
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn texts(value: &Value) -> BTreeSet<String> {
    let items = value.as_array().into_iter().flatten();
    items.map(|item| text(item).to_owned()).collect()
}

fn members(value: &Value) -> BTreeSet<String> {
    let members = value.as_object().into_iter().flatten();
    members.map(|(name, _)| name.clone()).collect()
}

fn resolved<'a>(value: &'a Value, document: &'a Value) -> &'a Value {
    let target = value["$ref"].as_str();
    target.map_or(value, |target| {
        document.pointer(target.trim_start_matches('#')).unwrap()
    })
}

fn codes_of(response: &Value) -> BTreeSet<String> {
    let contents = response["content"].as_object().into_iter().flatten();
    let parts = contents.flat_map(|(_, content)| content["schema"]["allOf"].as_array());
    let enums = parts
        .flatten()
        .map(|part| &part["properties"]["code"]["enum"]);
    enums.flat_map(texts).collect()
}

/// A type, a list of words, or the name of a schema of members.
fn kind(here: &Value, document: &Value) -> Value {
    let choices = here["oneOf"].as_array().into_iter().flatten();
    let mut choices = choices.filter(|choice| choice["type"] != "null");
    if let Some(choice) = choices.next() {
        return kind(choice, document);
    }
    let target = resolved(here, document);
    if target["enum"].is_array() {
        let words = target["enum"].as_array().unwrap().iter();
        return words.filter(|word| !word.is_null()).cloned().collect();
    }
    let types = target["type"].as_array().into_iter().flatten();
    let mut types = types.chain(target["type"].as_str().map(|_| &target["type"]));
    let is = types.find(|is| **is != "null").unwrap();
    match (text(is), here["$ref"].as_str()) {
        ("object", Some(target)) => target.rsplit('/').next().unwrap().into(),
        ("array", _) => format!("array of {}", text(&kind(&target["items"], document))).into(),
        (other, _) => other.into(),
    }
}

/// The rows of the README's table: `| subject | way | members | reason |`.
fn listed() -> Differences {
    let (_, table) = README.split_once("<!-- opendoor -->").unwrap();
    let (table, _) = table.split_once("<!-- /opendoor -->").unwrap();
    let mut listed = Differences::new();
    let rows = table.lines().filter(|line| line.starts_with('|')).skip(2);
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [subject, way, what, reason] = cells[..] else {
            panic!("not four cells: {row}");
        };
        assert!(!reason.is_empty(), "no reason: {row}");
        let members = what.split(", ").map(str::to_owned);
        let key = (subject.to_owned(), way.to_owned());
        let before = listed.insert(key, members.collect());
        assert_eq!(before, None, "listed twice: {row}");
    }
    listed
}

#[test]
fn every_difference_from_opendoor_is_listed_with_its_reason_and_no_other() {
    let (facts, ours): (Value, Value) = (serde_json::from_str(FACTS).unwrap(), document());
    let mut found = Comparison::default();
    let operations = facts["operations"].as_array().unwrap();
    assert!(!operations.is_empty());
    for theirs in operations {
        found.operation(theirs, &ours);
    }
    for (name, theirs) in facts["schemas"].as_object().unwrap() {
        found.schema(name, theirs, &ours);
    }
    found.codes(&facts["codes"], &ours);
    assert_eq!(found.0, listed());
}
