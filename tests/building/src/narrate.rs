//! The story as told: for a person with marks and, on a terminal, colour; for a program as JSON lines.

use serde_json::{Value, json};
use std::io::{IsTerminal as _, Write as _, stdout};

/// Who tells it, and how.
pub(crate) struct Narrator {
    json: bool,
    colour: bool,
}

impl Narrator {
    /// JSON lines, or words for a person.
    pub(crate) fn new(json: bool) -> Self {
        let colour = !json && stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Self { json, colour }
    }

    /// A chapter begins.
    pub(crate) fn chapter(&self, title: &str) {
        if self.json {
            self.line(&json!({ "chapter": title }).to_string());
        } else {
            self.line(&format!("\n{}", self.paint("1", title)));
        }
    }

    /// Something worked.
    pub(crate) fn done(&self, text: &str) {
        self.step("ok", "32", "\u{2713}", text);
    }

    /// Something did not.
    pub(crate) fn failed(&self, text: &str) {
        self.step("failed", "31", "\u{2717}", text);
    }

    /// Something is so.
    pub(crate) fn note(&self, text: &str) {
        self.step("note", "2", "\u{b7}", text);
    }

    /// The result: the last line.
    pub(crate) fn result(&self, report: &Value) {
        if self.json {
            self.line(&report.to_string());
        }
    }

    fn step(&self, kind: &str, colour: &str, mark: &str, text: &str) {
        if self.json {
            self.line(&json!({ "step": kind, "text": text }).to_string());
        } else {
            self.line(&format!("  {} {text}", self.paint(colour, mark)));
        }
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    fn line(&self, line: &str) {
        // A reader that went away is no reason to leave processes behind: the story goes on to its end.
        let _closed = writeln!(stdout().lock(), "{line}");
    }
}
