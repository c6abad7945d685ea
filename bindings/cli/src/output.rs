//! Everything the shell says: lines for people, or one JSON object a line.

use crate::args::ColorChoice;
use crate::failure::Failure;
use crate::view;
use comfy_table::{Table, presets};
use serde_json::{Value, json};
use std::io::{self, IsTerminal as _, Write};
use std::sync::{Mutex, PoisonError};

/// Where and how to speak.
pub struct Output {
    writer: Mutex<Box<dyn Write + Send>>,
    json: bool,
    terminal: bool,
    colour: bool,
}

impl Output {
    /// Speaks to standard output.
    #[must_use]
    pub fn standard(json: bool, color: ColorChoice) -> Self {
        let terminal = io::stdout().is_terminal() && !json;
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            writer: Mutex::new(Box::new(io::stdout())),
            json,
            terminal,
            colour: terminal && color == ColorChoice::Auto && !no_color,
        }
    }

    /// Speaks to `writer`, which is no terminal.
    #[must_use]
    pub fn to_writer(writer: Box<dyn Write + Send>, json: bool) -> Self {
        Self {
            writer: Mutex::new(writer),
            json,
            terminal: false,
            colour: false,
        }
    }

    /// JSON was asked for.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// A person reads along.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Colours and movement are wanted.
    #[must_use]
    pub fn is_colourful(&self) -> bool {
        self.colour
    }

    /// A line for people; nothing in JSON.
    pub fn line(&self, text: &str) {
        if !self.json {
            self.write(&format!("{text}\n"));
        }
    }

    /// A prompt: no line ending.
    pub fn prompt(&self, text: &str) {
        if self.terminal {
            self.write(text);
        }
    }

    /// An event for scripts; nothing for people.
    pub fn event(&self, event: &Value) {
        if self.json {
            self.write(&format!("{event}\n"));
        }
    }

    /// A table for people; nothing in JSON.
    pub fn table(&self, mut table: Table) {
        table.load_preset(presets::UTF8_FULL_CONDENSED);
        if self.colour {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        self.line(&table.to_string());
    }

    /// A failure: what happened, what to do, what else works.
    pub fn failure(&self, failure: &Failure) {
        if matches!(failure, Failure::Told(_)) {
            return;
        }
        let advice = failure.advice();
        let mut event = json!({
            "event": "error",
            "error": failure.name(),
            "exitCode": failure.exit_code(),
            "happened": advice.happened,
            "action": advice.action,
            "fallback": advice.fallback,
        });
        if let Some(lacks) = failure.lacks() {
            event["lacks"] = view::lacking_names(lacks).into();
        }
        self.event(&event);
        if !self.json {
            // On standard error, so that a pipe gets the answer alone.
            let mut stderr = io::stderr().lock();
            let _ = writeln!(
                stderr,
                "{}\n  {}\n  {}",
                advice.happened, advice.action, advice.fallback
            );
            if let Some(lacks) = failure.lacks() {
                let _ = writeln!(stderr, "  {}", view::lacking(lacks));
            }
        }
    }

    /// A reader that went away (`keyway doors | head -1`) is no error.
    fn write(&self, text: &str) {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = writer
            .write_all(text.as_bytes())
            .and_then(|()| writer.flush());
    }
}
