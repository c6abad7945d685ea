//! What came of syncs.

use super::cell;
use crate::failure::snake;
use crate::language::language;
use crate::output::Output;
use comfy_table::{Cell, Color, Table};
use keyway_app::{Error, SyncOutcome};
use serde_json::{Value, json};

/// One door's outcome, for scripts.
pub(crate) fn sync_event(door: &str, outcome: SyncOutcome) -> Value {
    match outcome {
        SyncOutcome::Synced {
            receipt_verified,
            log_entries_carried,
            upload_pending,
        } => json!({
            "event": "sync",
            "door": door,
            "outcome": "synced",
            "receiptVerified": receipt_verified,
            "logEntriesCarried": log_entries_carried,
            "uploadPending": upload_pending,
        }),
        SyncOutcome::Interrupted { resumable } => json!({
            "event": "sync", "door": door, "outcome": "interrupted", "resumable": resumable,
        }),
        SyncOutcome::NotSynced { error } => json!({
            "event": "sync",
            "door": door,
            "outcome": "not_synced",
            "error": snake(&format!("{error:?}")),
            "happened": error.text(language()).happened,
        }),
    }
}

/// Every door's outcome.
pub(crate) fn syncs(output: &Output, doors: &[(&str, SyncOutcome)]) {
    let mut table = Table::new();
    table.set_header(["Door", "Sync", "What to do"]);
    for (door, outcome) in doors {
        output.event(&sync_event(door, *outcome));
        table.add_row(row(door, *outcome));
    }
    if !doors.is_empty() {
        output.table(table);
    }
}

fn row(door: &str, outcome: SyncOutcome) -> Vec<Cell> {
    let (error, colour) = match outcome {
        SyncOutcome::Synced {
            upload_pending: false,
            log_entries_carried,
            ..
        } => {
            let done = format!("done, {log_entries_carried} log entries carried");
            return vec![Cell::new(door), cell(done, Color::Green)];
        }
        SyncOutcome::Synced { .. } => (Error::UploadPending, Color::Yellow),
        SyncOutcome::Interrupted { .. } => (Error::SyncInterrupted, Color::Yellow),
        SyncOutcome::NotSynced { error } => (error, Color::Red),
    };
    let advice = error.text(language());
    vec![
        Cell::new(door),
        cell(advice.happened, colour),
        Cell::new(advice.action),
    ]
}

#[cfg(test)]
mod tests {
    use super::syncs;
    use crate::samples;
    use keyway_app::{Error, SyncOutcome};

    const DOORS: [(&str, SyncOutcome); 3] = [
        (
            "Front",
            SyncOutcome::Synced {
                receipt_verified: true,
                log_entries_carried: 4,
                upload_pending: false,
            },
        ),
        ("Garage", SyncOutcome::Interrupted { resumable: true }),
        (
            "Laundry",
            SyncOutcome::NotSynced {
                error: Error::LockBusy,
            },
        ),
    ];

    #[test]
    fn what_failed_at_a_door_is_that_doors() {
        let text = samples::for_people(|output| syncs(output, &DOORS));
        for words in [
            "done, 4 log entries",
            "continues where it stopped",
            "busy with someone else",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        let events = samples::for_scripts(|output| syncs(output, &DOORS));
        let outcomes: Vec<_> = events.iter().map(|event| &event["outcome"]).collect();
        assert_eq!(outcomes, ["synced", "interrupted", "not_synced"]);
        assert_eq!(
            (&events[2]["door"], &events[2]["error"]),
            (&"Laundry".into(), &"lock_busy".into())
        );
    }
}
