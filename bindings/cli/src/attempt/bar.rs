//! What moves while a sync sends.

use crate::output::Output;
use indicatif::{ProgressBar, ProgressStyle};

/// A moving bar where somebody watches, lines elsewhere.
pub(super) struct Bar(Option<ProgressBar>);

impl Bar {
    pub(super) fn new(output: &Output) -> Self {
        let style = ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes}");
        let bar = output.is_colourful().then(|| ProgressBar::new(0));
        if let (Some(bar), Ok(style)) = (&bar, style) {
            bar.set_style(style);
        }
        Self(bar)
    }

    pub(super) fn phase(&self, output: &Output, words: String) {
        match &self.0 {
            Some(bar) => bar.set_message(words),
            None => output.line(&words),
        }
    }

    pub(super) fn progress(&self, words: String, sent: u64, total: u64) {
        if let Some(bar) = &self.0 {
            bar.set_message(words);
            bar.set_length(total);
            bar.set_position(sent);
        }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
