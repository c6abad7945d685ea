//! Long journeys: phases as they come, Ctrl-C as cancel, one outcome.

use crate::failure::{Failure, snake};
use crate::output::Output;
use indicatif::{ProgressBar, ProgressStyle};
use keyway_app::service::Door;
use keyway_app::{App, Error, SyncOutcome, SyncPhase, UnlockOutcome, UnlockPhase};
use serde_json::json;

/// Unlocks a door.
pub(crate) async fn unlock(app: &App, output: &Output, door: &Door) -> Result<(), Failure> {
    let attempt = app.unlock(door.id);
    loop {
        tokio::select! {
            phase = attempt.next() => match phase {
                Some(phase) => unlock_phase(output, phase),
                None => break,
            },
            // The outcome follows, and says whether the lock may have acted before.
            Ok(()) = tokio::signal::ctrl_c() => attempt.cancel(),
        }
    }
    let outcome = attempt.outcome().await;
    output.event(&json!({
        "event": "unlock",
        "door": door.name,
        "outcome": match outcome {
            UnlockOutcome::Unlocked => "unlocked",
            UnlockOutcome::NotUnlocked { .. } => "not_unlocked",
            UnlockOutcome::MayHaveUnlocked => "may_have_unlocked",
        },
    }));
    match outcome {
        UnlockOutcome::Unlocked => {
            output.line(&format!("Unlocked: {}.", door.name));
            Ok(())
        }
        UnlockOutcome::NotUnlocked { error } => Err(error.into()),
        UnlockOutcome::MayHaveUnlocked => Err(Failure::MayHaveUnlocked),
    }
}

fn unlock_phase(output: &Output, phase: UnlockPhase) {
    output.event(&json!({ "event": "phase", "phase": snake(&format!("{phase:?}")) }));
    output.line(match phase {
        UnlockPhase::Scanning => "Looking for the lock ...",
        UnlockPhase::Connecting => "Connecting ...",
        UnlockPhase::Authenticating => "Authenticating ...",
        UnlockPhase::Unlocking => "Unlocking ...",
    });
}

/// Syncs a door.
pub(crate) async fn sync(app: &App, output: &Output, door: &Door) -> Result<(), Failure> {
    let attempt = app.sync(door.id);
    let bar = Bar::new(output);
    loop {
        tokio::select! {
            phase = attempt.next() => match phase {
                Some(phase) => sync_phase(output, &bar, phase),
                None => break,
            },
            Ok(()) = tokio::signal::ctrl_c() => attempt.cancel(),
        }
    }
    bar.finish();
    match attempt.outcome().await {
        SyncOutcome::Synced {
            receipt_verified,
            log_entries_carried,
            upload_pending,
        } => {
            output.event(&json!({
                "event": "sync",
                "door": door.name,
                "outcome": "synced",
                "receiptVerified": receipt_verified,
                "logEntriesCarried": log_entries_carried,
                "uploadPending": upload_pending,
            }));
            output.line(&format!(
                "Synced: {}. Receipt {}; {log_entries_carried} log entries carried.",
                door.name,
                if receipt_verified {
                    "verified"
                } else {
                    "not verified"
                },
            ));
            if upload_pending {
                return Err(Error::UploadPending.into());
            }
            Ok(())
        }
        SyncOutcome::Interrupted { resumable } => {
            output.event(&json!({
                "event": "sync", "door": door.name, "outcome": "interrupted", "resumable": resumable,
            }));
            Err(Error::SyncInterrupted.into())
        }
        SyncOutcome::NotSynced { error } => {
            output.event(&json!({ "event": "sync", "door": door.name, "outcome": "not_synced" }));
            Err(error.into())
        }
    }
}

fn sync_phase(output: &Output, bar: &Bar, phase: SyncPhase) {
    let words = match phase {
        SyncPhase::Sending { sent, total } => {
            output.event(&json!({ "event": "progress", "sent": sent, "total": total }));
            return bar.progress(sent, total);
        }
        SyncPhase::Fetching => "Fetching what the lock lacks ...",
        SyncPhase::Scanning => "Looking for the lock ...",
        SyncPhase::Connecting => "Connecting ...",
        SyncPhase::Authenticating => "Authenticating ...",
        SyncPhase::Applying => "The lock verifies and stores ...",
        SyncPhase::Collecting => "Collecting receipts and the sealed log ...",
        SyncPhase::Uploading => "Handing them to the service ...",
    };
    output.event(&json!({ "event": "phase", "phase": snake(&format!("{phase:?}")) }));
    bar.phase(output, words);
}

/// A moving bar where somebody watches, lines elsewhere.
struct Bar(Option<ProgressBar>);

impl Bar {
    fn new(output: &Output) -> Self {
        let style = ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes}");
        let bar = output.is_colourful().then(|| ProgressBar::new(0));
        if let (Some(bar), Ok(style)) = (&bar, style) {
            bar.set_style(style);
        }
        Self(bar)
    }

    fn phase(&self, output: &Output, words: &'static str) {
        match &self.0 {
            Some(bar) => bar.set_message(words),
            None => output.line(words),
        }
    }

    fn progress(&self, sent: u64, total: u64) {
        if let Some(bar) = &self.0 {
            bar.set_message("Sending ...");
            bar.set_length(total);
            bar.set_position(sent);
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
