//! Which tests ran in this run of the command, and how each ended.

use super::build::Executable;
use std::collections::BTreeMap;

/// What test executables reported, test by test.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger(BTreeMap<(String, String), BTreeMap<String, bool>>);

impl Ledger {
    /// Notes what a run of `executable` printed: lines like `test name ... ok`.
    pub(crate) fn read(&mut self, executable: &Executable, output: &str) {
        let tests = self.0.entry(key(executable)).or_default();
        for line in output.lines() {
            let told = line
                .strip_prefix("test ")
                .and_then(|line| line.split_once(" ... "));
            let Some((name, ended)) = told else { continue };
            // A test that is left out did not run.
            if !ended.starts_with("ignored") {
                tests.insert(name.trim().to_owned(), ended == "ok");
            }
        }
    }

    /// How a test ended; nothing when it did not run.
    pub(crate) fn ended(&self, executable: &Executable, test: &str) -> Option<bool> {
        self.0.get(&key(executable))?.get(test).copied()
    }
}

fn key(executable: &Executable) -> (String, String) {
    (executable.package.clone(), executable.target.clone())
}

#[cfg(test)]
mod tests {
    use super::Ledger;
    use crate::test::build::Executable;

    #[test]
    fn only_what_ran_is_noted_and_only_ok_is_a_pass() {
        let executable = |target: &str| Executable {
            package: "keyway-app".into(),
            target: target.into(),
            integration: true,
            program: "a".into(),
            folder: "b".into(),
        };
        let mut ledger = Ledger::default();
        ledger.read(
            &executable("a"),
            "running 3 tests\ntest one ... ok\ntest two::deep ... FAILED\ntest three ... ignored, long\ntest result: ok. 1 passed",
        );
        assert_eq!(ledger.ended(&executable("a"), "one"), Some(true));
        assert_eq!(ledger.ended(&executable("a"), "two::deep"), Some(false));
        assert_eq!(ledger.ended(&executable("a"), "three"), None);
        assert_eq!(ledger.ended(&executable("b"), "one"), None);
    }
}
