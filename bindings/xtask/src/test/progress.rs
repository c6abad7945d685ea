//! What is going on, on standard error: one moving line on a terminal, plain lines elsewhere.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write, stderr, stdout};
use std::time::Duration;

/// Progress of one layer.
pub(crate) struct Progress {
    name: String,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Begins a layer.
    pub(crate) fn begin(name: &str) -> Self {
        let bar = stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{spinner} {prefix} {elapsed} {wide_msg}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner());
            let bar = ProgressBar::new_spinner()
                .with_style(style)
                .with_prefix(name.to_owned());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        if bar.is_none() {
            say(&format!("{name} ..."));
        }
        Self {
            name: name.to_owned(),
            bar,
        }
    }

    /// A line of the layer's output.
    pub(crate) fn line(&self, line: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(line.trim().to_owned());
        }
    }

    /// Ends the layer with one line that stays.
    pub(crate) fn end(self, result: &str) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        say(&format!("{} {result}", self.name));
    }
}

/// One line on standard error. A closed standard error is no reason to stop testing.
pub(crate) fn say(line: &str) {
    let _closed = writeln!(stderr().lock(), "{line}");
}

/// Text on standard output, for the tables and the last line.
pub(crate) fn print(text: &str) {
    let _closed = writeln!(stdout().lock(), "{text}");
}
