//! What Swift Testing says of its tests, as the lines that every other runner prints. Its own closing line counts functions; a scenario is a case.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

#[derive(Deserialize)]
struct Record {
    kind: String,
    payload: Payload,
}

#[derive(Deserialize)]
struct Payload {
    kind: Option<String>,
    id: Option<String>,
    #[serde(rename = "isParameterized", default)]
    is_parameterized: bool,
    #[serde(rename = "testID")]
    test: Option<String>,
    #[serde(rename = "_testCase")]
    case: Option<Case>,
    issue: Option<Issue>,
}

#[derive(Deserialize)]
struct Case {
    #[serde(rename = "displayName")]
    name: String,
}

#[derive(Deserialize)]
struct Issue {
    #[serde(rename = "isKnown", default)]
    is_known: bool,
}

/// How far a test has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Begun,
    Passed,
    Failed,
}

/// A test, and which case of it.
type Name = (String, String);

/// One line for each test and each case of one, and the closing line. A stream that is broken off, or has no test in it, is a failure of its own.
pub(crate) fn report(stream: &str) -> String {
    let mut tests: BTreeMap<Name, State> = BTreeMap::new();
    let mut functions = BTreeMap::new();
    let mut ended = false;
    for line in stream.lines() {
        let Ok(record) = serde_json::from_str::<Record>(line) else {
            continue;
        };
        ended |= record.payload.kind.as_deref() == Some("runEnded");
        if record.kind == "test" {
            if let (Some("function"), Some(id)) =
                (record.payload.kind.as_deref(), record.payload.id)
            {
                functions.insert(id, record.payload.is_parameterized);
            }
        } else {
            take(record.payload, &functions, &mut tests);
        }
    }
    let mut report = String::new();
    for (name, state) in &tests {
        let outcome = if *state == State::Passed {
            "ok"
        } else {
            "FAILED"
        };
        // Writing to a string cannot fail.
        let _written = writeln!(report, "test {} ... {outcome}", shown(name));
    }
    let passed = tests.values().filter(|state| **state == State::Passed);
    let passed = passed.count();
    let mut failed = tests.len() - passed;
    if !ended || tests.is_empty() {
        failed += 1;
        report.push_str("the tests did not run to their end\n");
    }
    let outcome = if failed == 0 { "ok" } else { "FAILED" };
    let _written = writeln!(
        report,
        "test result: {outcome}. {passed} passed; {failed} failed"
    );
    report
}

fn take(event: Payload, functions: &BTreeMap<String, bool>, tests: &mut BTreeMap<Name, State>) {
    let (Some(kind), Some(test)) = (event.kind, event.test) else {
        return;
    };
    let is_case = event.case.is_some();
    let parameterized = functions.get(&test).copied();
    let name = (test, event.case.map(|case| case.name).unwrap_or_default());
    // Of a test with cases only these count; of a suite only what went wrong in itself.
    let counts = is_case || parameterized == Some(false);
    match kind.as_str() {
        "testStarted" | "testCaseStarted" if counts => {
            tests.entry(name).or_insert(State::Begun);
        }
        "testEnded" | "testCaseEnded" if counts => {
            let state = tests.entry(name).or_insert(State::Begun);
            if *state == State::Begun {
                *state = State::Passed;
            }
        }
        "issueRecorded" if !event.issue.is_some_and(|issue| issue.is_known) => {
            tests.insert(name, State::Failed);
        }
        "testSkipped" => {
            tests.insert(name, State::Failed);
        }
        _ => {}
    }
}

/// `Suite/function()/case`, without the module and the place in the source.
fn shown((test, case): &Name) -> String {
    let path = test.split_once('.').map_or(test.as_str(), |(_, path)| path);
    let parts = path.split('/').filter(|part| !part.contains(".swift:"));
    let mut name = parts.collect::<Vec<_>>().join("/");
    if !case.is_empty() {
        name.push('/');
        name.push_str(case);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::report;

    const BEGIN: &str = r#"{"kind":"test","payload":{"id":"M.S","kind":"suite","name":"S"},"version":0}
{"kind":"test","payload":{"id":"M.S\/each(_:)\/s.swift:4:3","isParameterized":true,"kind":"function"},"version":0}
{"kind":"test","payload":{"id":"M.S\/x()\/s.swift:9:3","isParameterized":false,"kind":"function"},"version":0}
{"kind":"event","payload":{"kind":"runStarted"},"version":0}
{"kind":"event","payload":{"kind":"testStarted","testID":"M.S"},"version":0}
{"kind":"event","payload":{"kind":"testStarted","testID":"M.S\/x()\/s.swift:9:3"},"version":0}
{"kind":"event","payload":{"kind":"testStarted","testID":"M.S\/each(_:)\/s.swift:4:3"},"version":0}
{"kind":"event","payload":{"_testCase":{"displayName":"one"},"kind":"testCaseStarted","testID":"M.S\/each(_:)\/s.swift:4:3"},"version":0}
{"kind":"event","payload":{"_testCase":{"displayName":"two"},"kind":"testCaseStarted","testID":"M.S\/each(_:)\/s.swift:4:3"},"version":0}
{"kind":"event","payload":{"_testCase":{"displayName":"one"},"kind":"testCaseEnded","testID":"M.S\/each(_:)\/s.swift:4:3"},"version":0}
"#;
    const TWO_FAILS: &str = r#"{"kind":"event","payload":{"_testCase":{"displayName":"two"},"issue":{"isKnown":false},"kind":"issueRecorded","testID":"M.S\/each(_:)\/s.swift:4:3"},"version":0}
"#;
    const END: &str = r#"{"kind":"event","payload":{"_testCase":{"displayName":"two"},"kind":"testCaseEnded","testID":"M.S\/each(_:)\/s.swift:4:3"},"version":0}
{"kind":"event","payload":{"kind":"testEnded","testID":"M.S\/x()\/s.swift:9:3"},"version":0}
{"kind":"event","payload":{"kind":"testEnded","testID":"M.S\/each(_:)\/s.swift:4:3"},"version":0}
{"kind":"event","payload":{"kind":"testEnded","testID":"M.S"},"version":0}
{"kind":"event","payload":{"kind":"runEnded"},"version":0}
"#;

    #[test]
    fn each_test_and_each_case_counts_once() {
        let told = report(&format!("{BEGIN}{END}"));
        assert!(told.contains("test S/each(_:)/one ... ok\n"), "{told}");
        assert!(told.contains("test S/x() ... ok\n"), "{told}");
        assert!(
            told.ends_with("test result: ok. 3 passed; 0 failed\n"),
            "{told}"
        );
    }

    #[test]
    fn a_case_with_an_issue_failed() {
        let told = report(&format!("{BEGIN}{TWO_FAILS}{END}"));
        assert!(told.contains("test S/each(_:)/two ... FAILED\n"), "{told}");
        assert!(
            told.ends_with("test result: FAILED. 2 passed; 1 failed\n"),
            "{told}"
        );
    }

    #[test]
    fn a_run_that_broke_off_or_did_nothing_failed() {
        let told = report(BEGIN);
        assert!(told.contains("test S/x() ... FAILED\n"), "{told}");
        assert!(
            told.ends_with("test result: FAILED. 1 passed; 3 failed\n"),
            "{told}"
        );
        assert!(report("").ends_with("test result: FAILED. 0 passed; 1 failed\n"));
    }
}
