//! The table of rules: what residents were promised, and the scenario or test that shows each.
//!
//! A row is `| number | rule | shown by |`, where the third cell holds references in backticks:
//!
//! * `scenario NAME`: a file of that name, which carries the rule's number and ends in what the resident sees;
//! * `package: path::to::test`: a unit test of `keyway-package`;
//! * `package/file: path::to::test`: one of the integration tests in its `tests/file.rs`.

use super::build::Executable;
use super::ledger::Ledger;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Where scenarios are played as tests.
const SCENARIOS: (&str, &str) = ("keyway-world", "journeys");

/// Does it play scenarios?
pub(crate) fn plays_scenarios(executable: &Executable) -> bool {
    (executable.package.as_str(), executable.target.as_str()) == SCENARIOS
}

/// The whole table.
#[derive(Debug)]
pub(crate) struct Book {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    number: String,
    shown_by: Vec<Shown>,
    /// What is wrong with the row itself.
    faults: Vec<String>,
}

/// One reference.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shown {
    package: String,
    /// An integration test's file; nothing for a unit test.
    file: Option<String>,
    test: String,
}

#[derive(Debug, Deserialize)]
struct Scenario {
    rules: Vec<String>,
    steps: Vec<Value>,
}

impl Scenario {
    /// What the resident sees stands at the end: a call of the app, and what must come of it.
    fn ends_in_what_is_seen(&self) -> bool {
        let last = self.steps.last();
        last.is_some_and(|step| {
            let expected = step["expect"].as_object();
            step["call"] != "world" && expected.is_some_and(|expected| !expected.is_empty())
        })
    }
}

impl Book {
    /// Reads the table in the file `table` and every scenario in the folder `scenarios`.
    pub(crate) fn read(table: &Path, scenarios: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(table);
        let text = text.map_err(|error| format!("{}: {error}", table.display()))?;
        Self::parse(&text, &read_scenarios(scenarios)?)
    }

    fn parse(text: &str, scenarios: &BTreeMap<String, Scenario>) -> Result<Self, String> {
        let mut rules: Vec<Rule> = text.lines().filter_map(row).collect();
        let numbers: BTreeSet<String> = rules.iter().map(|rule| rule.number.clone()).collect();
        if numbers.is_empty() || numbers.len() != rules.len() {
            return Err("no rules, or a number twice".to_owned());
        }
        for rule in &mut rules {
            rule.check(scenarios);
        }
        for (name, scenario) in scenarios {
            let unknown = scenario
                .rules
                .iter()
                .find(|number| !numbers.contains(*number));
            if let Some(number) = unknown {
                return Err(format!(
                    "scenario {name} carries {number}, which is no rule"
                ));
            }
            if scenario.rules.is_empty() {
                return Err(format!("scenario {name} carries no rule"));
            }
        }
        Ok(Self { rules })
    }

    /// Tests that are referred to and did not run yet, by executable.
    pub(crate) fn not_run<'e>(
        &self,
        executables: &'e [Executable],
        ledger: &Ledger,
    ) -> Vec<(&'e Executable, BTreeSet<String>)> {
        let of = |executable: &Executable| -> BTreeSet<String> {
            let shown = self.rules.iter().flat_map(|rule| &rule.shown_by);
            shown
                .filter(|shown| shown.is_in(executable))
                .filter(|shown| ledger.ended(executable, &shown.test).is_none())
                .map(|shown| shown.test.clone())
                .collect()
        };
        let wanted = executables
            .iter()
            .map(|executable| (executable, of(executable)));
        wanted.filter(|(_, tests)| !tests.is_empty()).collect()
    }

    /// Each rule, and what is wrong with it.
    pub(crate) fn verdicts<'s>(
        &'s self,
        executables: &[Executable],
        ledger: &Ledger,
    ) -> Vec<(&'s str, Result<(), String>)> {
        let verdict = |rule: &Rule| {
            let ran = rule.shown_by.iter().filter_map(|shown| {
                let executable = executables.iter().find(|one| shown.is_in(one));
                let ended = executable.and_then(|one| ledger.ended(one, &shown.test));
                match ended {
                    Some(true) => None,
                    Some(false) => Some(format!("{} failed", shown.test)),
                    None => Some(format!("{} did not run", shown.test)),
                }
            });
            let faults: Vec<String> = rule.faults.iter().cloned().chain(ran).collect();
            if faults.is_empty() {
                Ok(())
            } else {
                Err(faults.join("; "))
            }
        };
        let verdicts = self.rules.iter();
        verdicts
            .map(|rule| (rule.number.as_str(), verdict(rule)))
            .collect()
    }
}

impl Rule {
    fn check(&mut self, scenarios: &BTreeMap<String, Scenario>) {
        if self.shown_by.is_empty() {
            self.faults.push("nothing shows it".to_owned());
        }
        for shown in &self.shown_by {
            let Some(name) = shown.scenario() else {
                continue;
            };
            match scenarios.get(name) {
                None => self.faults.push(format!("no scenario {name}")),
                Some(scenario) if !scenario.rules.contains(&self.number) => {
                    self.faults
                        .push(format!("scenario {name} does not carry its number"));
                }
                Some(scenario) if !scenario.ends_in_what_is_seen() => {
                    let fault = format!("scenario {name} does not end in what the resident sees");
                    self.faults.push(fault);
                }
                Some(_) => {}
            }
        }
        for (name, scenario) in scenarios {
            let is_named = self
                .shown_by
                .iter()
                .any(|shown| shown.scenario() == Some(name));
            if scenario.rules.contains(&self.number) && !is_named {
                self.faults
                    .push(format!("scenario {name} is not named in its row"));
            }
        }
    }
}

impl Shown {
    fn parse(text: &str) -> Option<Self> {
        if let Some(name) = text.strip_prefix("scenario ") {
            let (package, file) = SCENARIOS;
            return Some(Self {
                package: package.to_owned(),
                file: Some(file.to_owned()),
                test: name.to_owned(),
            });
        }
        let (place, test) = text.split_once(": ")?;
        let (package, file) = match place.split_once('/') {
            Some((package, file)) => (package, Some(file.to_owned())),
            None => (place, None),
        };
        Some(Self {
            package: format!("keyway-{package}"),
            file,
            test: test.to_owned(),
        })
    }

    fn scenario(&self) -> Option<&str> {
        let (package, file) = SCENARIOS;
        let is_one = self.package == package && self.file.as_deref() == Some(file);
        is_one.then_some(&self.test)
    }

    fn is_in(&self, executable: &Executable) -> bool {
        let place = match &self.file {
            Some(file) => executable.integration && executable.target == *file,
            None => !executable.integration,
        };
        place && executable.package == self.package
    }
}

/// A row of the table of rules; nothing of any other line.
fn row(line: &str) -> Option<Rule> {
    let cells = line.trim_end().strip_prefix('|')?.strip_suffix('|')?;
    let mut cells = cells.split('|').map(str::trim);
    let (number, _, shown) = (cells.next()?, cells.next()?, cells.next()?);
    let (letter, digits) = number.split_at_checked(1)?;
    let is_number = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
        && letter
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"LEQV".contains(&byte))
        && !digits.is_empty();
    if !is_number {
        return None;
    }
    let mut faults = Vec::new();
    let references = shown.split('`').skip(1).step_by(2);
    let parsed = references.filter_map(|reference| {
        let shown = Shown::parse(reference);
        if shown.is_none() {
            faults.push(format!("`{reference}` names no scenario and no test"));
        }
        shown
    });
    Some(Rule {
        number: number.to_owned(),
        shown_by: parsed.collect(),
        faults,
    })
}

fn read_scenarios(folder: &Path) -> Result<BTreeMap<String, Scenario>, String> {
    let in_words = |error: &dyn std::fmt::Display| format!("{}: {error}", folder.display());
    let mut scenarios = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(|error| in_words(&error))? {
        let file = entry.map_err(|error| in_words(&error))?.path();
        let text = std::fs::read(&file).map_err(|error| in_words(&error))?;
        let scenario = serde_json::from_slice(&text)
            .map_err(|error| format!("{}: {error}", file.display()))?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        scenarios.insert(name.into_owned(), scenario);
    }
    Ok(scenarios)
}

#[cfg(test)]
mod tests {
    use super::{Book, Scenario};
    use crate::test::build::Executable;
    use crate::test::ledger::Ledger;
    use serde_json::json;
    use std::collections::BTreeMap;

    const TABLE: &str = "\
| rule | what | shown by |
|---|---|---|
| 1.1 | a rule | `scenario a` `app: one::two` |
| Q2 | another | `service/contract: three` |";

    fn scenarios() -> BTreeMap<String, Scenario> {
        let seen = json!({ "call": "status", "expect": { "phase": "signed_in" } });
        let a = Scenario {
            rules: vec!["1.1".to_owned()],
            steps: vec![seen],
        };
        BTreeMap::from([("a".to_owned(), a)])
    }

    fn executables() -> Vec<Executable> {
        let executable = |package: &str, target: &str, integration| Executable {
            package: package.into(),
            target: target.into(),
            integration,
            program: target.into(),
            folder: package.into(),
        };
        vec![
            executable("keyway-world", "journeys", true),
            executable("keyway-app", "keyway_app", false),
            executable("keyway-app", "one", true),
            executable("keyway-service", "contract", true),
        ]
    }

    fn good(book: &Book, ledger: &Ledger) -> Vec<bool> {
        let verdicts = book.verdicts(&executables(), ledger);
        verdicts
            .into_iter()
            .map(|(_, verdict)| verdict.is_ok())
            .collect()
    }

    #[test]
    fn a_rule_is_good_when_everything_that_shows_it_ran_and_passed() {
        let book = Book::parse(TABLE, &scenarios()).expect("a table");
        let mut ledger = Ledger::default();
        assert_eq!(book.not_run(&executables(), &ledger).len(), 3);
        assert_eq!(good(&book, &ledger), [false, false]);
        ledger.read(&executables()[0], "test a ... ok");
        ledger.read(&executables()[1], "test one::two ... ok");
        ledger.read(&executables()[3], "test three ... FAILED");
        assert!(book.not_run(&executables(), &ledger).is_empty());
        assert_eq!(good(&book, &ledger), [true, false]);
    }

    #[test]
    fn a_scenario_must_carry_the_number_be_named_and_end_in_what_is_seen() {
        let mut ran = Ledger::default();
        ran.read(&executables()[0], "test a ... ok");
        ran.read(&executables()[1], "test one::two ... ok");
        ran.read(&executables()[3], "test three ... ok");
        let verdicts = |scenarios: &BTreeMap<String, Scenario>, table: &str| {
            Book::parse(table, scenarios).map(|book| good(&book, &ran))
        };
        assert_eq!(verdicts(&scenarios(), TABLE), Ok(vec![true, true]));

        let mut other = scenarios();
        other.get_mut("a").expect("it is there").rules = vec!["Q2".to_owned()];
        assert_eq!(verdicts(&other, TABLE), Ok(vec![false, false]));
        other.get_mut("a").expect("it is there").rules = vec!["Q3".to_owned()];
        assert!(verdicts(&other, TABLE).is_err());

        let mut blind = scenarios();
        blind.get_mut("a").expect("it is there").steps = vec![json!({ "call": "world" })];
        assert_eq!(verdicts(&blind, TABLE), Ok(vec![false, true]));
    }

    #[test]
    fn a_rule_that_nothing_shows_is_not_good() {
        let table =
            "| 1.1 | a rule | `scenario a` |\n| L3 | bare | |\n| E4 | wrong | `somewhere` |";
        let book = Book::parse(table, &scenarios()).expect("a table");
        let mut ran = Ledger::default();
        ran.read(&executables()[0], "test a ... ok");
        assert_eq!(good(&book, &ran), [true, false, false]);
        assert!(Book::parse("no table", &scenarios()).is_err());
    }
}
