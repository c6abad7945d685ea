//! The sync of one door.

use super::bar::Bar;
use crate::failure::{Failure, snake};
use crate::output::Output;
use keyway_app::service::Door;
use keyway_app::{App, Error, SyncOutcome, SyncPhase};
use serde_json::json;

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
