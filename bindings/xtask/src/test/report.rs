//! Counting: what the runners themselves reported, and what a layer made of it.

use std::time::Duration;

/// What runners reported so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// Tests and checks that passed.
    pub(crate) passed: usize,
    /// Tests and checks that failed.
    pub(crate) failed: usize,
    /// Tests marked `#[ignore]`: the long runs that only `--all` makes.
    pub(crate) left_out: usize,
}

impl Count {
    /// One check, passed or failed.
    pub(crate) fn check(passed: bool) -> Self {
        Self {
            passed: usize::from(passed),
            failed: usize::from(!passed),
            left_out: 0,
        }
    }

    /// Adds what another runner reported.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.left_out += other.left_out;
    }

    /// Everything that ran.
    pub(crate) fn ran(self) -> usize {
        self.passed + self.failed
    }

    /// Adds what `line` reports if it is a test runner's closing line:
    /// `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s`.
    pub(crate) fn read_line(&mut self, line: &str) {
        let Some((_, figures)) = line
            .trim()
            .strip_prefix("test result: ")
            .and_then(|rest| rest.split_once(". "))
        else {
            return;
        };
        for figure in figures.split("; ") {
            let mut words = figure.split(' ');
            let (Some(number), Some(word)) = (words.next(), words.next()) else {
                continue;
            };
            let Ok(number) = number.parse::<usize>() else {
                continue;
            };
            match word {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.left_out += number,
                _ => {}
            }
        }
    }

    /// What one runner's whole run counts as: a runner that ended badly without naming a failed test is a failure itself.
    pub(crate) fn of_run(output: &str, succeeded: bool) -> Self {
        let mut count = Self::default();
        output.lines().for_each(|line| count.read_line(line));
        if !succeeded && count.failed == 0 {
            count.failed = 1;
        }
        count
    }
}

/// How a layer ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It ran; the count says how it went, the list what else is wrong with it.
    Ran {
        /// What its runners reported.
        count: Count,
        /// Over budget, no tests, cut off: each is a failure of its own.
        faults: Vec<String>,
    },
    /// It could not run here, and why.
    NotRun(String),
    /// Nothing it depends on changed since it passed here (`--changed`).
    Unchanged,
}

/// One row of the closing table.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// The layer's name.
    pub(crate) name: String,
    /// How it ended.
    pub(crate) outcome: Outcome,
    /// Wall time.
    pub(crate) took: Duration,
    /// What it was allowed.
    pub(crate) budget: Duration,
}

impl Row {
    /// Judges a layer that ran: no tests and too slow are faults.
    pub(crate) fn ran(name: &str, count: Count, took: Duration, budget: Duration) -> Self {
        let mut faults = Vec::new();
        if count.ran() == 0 {
            faults.push("no tests".to_owned());
        }
        if took > budget {
            faults.push("over budget".to_owned());
        }
        Self {
            name: name.to_owned(),
            outcome: Outcome::Ran { count, faults },
            took,
            budget,
        }
    }

    /// A layer that did not run.
    pub(crate) fn without_run(name: &str, outcome: Outcome, budget: Duration) -> Self {
        Self {
            name: name.to_owned(),
            outcome,
            took: Duration::ZERO,
            budget,
        }
    }

    /// Did it run and pass without a fault?
    pub(crate) fn passed(&self) -> bool {
        matches!(&self.outcome, Outcome::Ran { count, faults } if count.failed == 0 && faults.is_empty())
    }
}

/// The sums under the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// Tests and checks that passed.
    pub(crate) passed: usize,
    /// Tests and checks that failed, and each fault of a layer.
    pub(crate) failed: usize,
    /// Layers that could not run here.
    pub(crate) not_run: usize,
}

impl Totals {
    /// Adds up the rows.
    pub(crate) fn of(rows: &[Row]) -> Self {
        let mut totals = Self::default();
        for row in rows {
            match &row.outcome {
                Outcome::Ran { count, faults } => {
                    totals.passed += count.passed;
                    totals.failed += count.failed + faults.len();
                }
                Outcome::NotRun(_) => totals.not_run += 1,
                Outcome::Unchanged => {}
            }
        }
        totals
    }

    /// Is the whole run good? In continuous integration a layer that could not run is as bad as one that failed.
    pub(crate) fn good(self, in_ci: bool) -> bool {
        self.failed == 0 && !(in_ci && self.not_run > 0)
    }

    /// The last line of the command.
    pub(crate) fn line(self) -> String {
        format!(
            "{} passed, {} failed, {} not run",
            self.passed, self.failed, self.not_run
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Count, Outcome, Row, Totals};
    use std::time::Duration;

    const GOOD: &str = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
    const BAD: &str = "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 5 filtered out; finished in 1.10s";

    fn second() -> Duration {
        Duration::from_secs(1)
    }

    #[test]
    fn closing_lines_of_runners_are_added_up() {
        let count = Count::of_run(&format!("running 4 tests\n{GOOD}\n\n{BAD}\n"), false);
        let expected = Count {
            passed: 5,
            failed: 1,
            left_out: 1,
        };
        assert_eq!(count, expected);
    }

    #[test]
    fn a_test_that_prints_something_alike_counts_nothing() {
        let output = "test result of the lock: 7 passed; 7 failed\ntest result: odd\ntest results_are_kept ... ok";
        assert_eq!(Count::of_run(output, true), Count::default());
    }

    #[test]
    fn a_runner_that_dies_without_a_word_is_a_failure() {
        assert_eq!(Count::of_run("running 4 tests\n", false).failed, 1);
        assert_eq!(Count::of_run(GOOD, false).failed, 1);
        assert_eq!(Count::of_run(BAD, false).failed, 1);
    }

    #[test]
    fn a_layer_without_tests_fails() {
        let row = Row::ran("x", Count::of_run("", true), second(), second());
        assert!(!row.passed());
        assert_eq!(Totals::of(&[row]).failed, 1);
    }

    #[test]
    fn a_layer_over_budget_fails() {
        let row = Row::ran("x", Count::check(true), second() * 2, second());
        assert!(!row.passed());
        let totals = Totals::of(&[row]);
        assert_eq!((totals.passed, totals.failed), (1, 1));
    }

    #[test]
    fn a_layer_that_cannot_run_fails_in_continuous_integration_only() {
        let rows = [
            Row::ran("a", Count::check(true), second(), second()),
            Row::without_run("b", Outcome::NotRun("no such machine".into()), second()),
            Row::without_run("c", Outcome::Unchanged, second()),
        ];
        let totals = Totals::of(&rows);
        assert_eq!(totals.line(), "1 passed, 0 failed, 1 not run");
        assert!(totals.good(false));
        assert!(!totals.good(true));
    }

    #[test]
    fn a_failure_fails_everywhere() {
        let totals = Totals::of(&[Row::ran("a", Count::check(false), second(), second())]);
        assert!(!totals.good(false));
        assert_eq!(totals.line(), "0 passed, 1 failed, 0 not run");
    }
}
