//! What a command checked, line by line, in the words of a test runner: the test command counts them.

use crate::test::progress;

/// Checks made so far.
#[derive(Debug, Default)]
pub(crate) struct Report {
    passed: usize,
    failed: usize,
}

impl Report {
    /// Tells how a check ended: with a figure worth seeing, or why it failed.
    pub(crate) fn check(&mut self, subject: &str, what: &str, outcome: Result<String, String>) {
        match outcome {
            Ok(detail) => {
                self.passed += 1;
                let detail = if detail.is_empty() {
                    detail
                } else {
                    format!(" ({detail})")
                };
                progress::print(&format!("test {subject}: {what} ... ok{detail}"));
            }
            Err(why) => {
                self.failed += 1;
                progress::print(&format!("test {subject}: {what} ... FAILED: {why}"));
            }
        }
    }

    /// Tells how all ended; true when all is good.
    pub(crate) fn close(&self) -> bool {
        let good = self.failed == 0 && self.passed > 0;
        let word = if good { "ok" } else { "FAILED" };
        progress::print(&format!(
            "test result: {word}. {} passed; {} failed; 0 ignored; 0 measured; 0 filtered out",
            self.passed, self.failed
        ));
        good
    }
}

/// Nothing may be in `found`.
pub(crate) fn none(found: &[String]) -> Result<String, String> {
    if found.is_empty() {
        Ok(String::new())
    } else {
        Err(found.join(", "))
    }
}

/// It must hold.
pub(crate) fn holds(good: bool, detail: String) -> Result<String, String> {
    if good { Ok(detail) } else { Err(detail) }
}
