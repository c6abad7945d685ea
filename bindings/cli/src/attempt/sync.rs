//! The sync of one door.

use super::bar::Bar;
use crate::failure::{Failure, snake};
use crate::output::Output;
use crate::view;
use keyway_app::service::Door;
use keyway_app::{App, Error, SyncOutcome, SyncPhase};
use serde_json::{Value, json};

/// Syncs a door.
pub(crate) async fn sync(app: &App, output: &Output, door: &Door) -> Result<(), Failure> {
    let attempt = app.sync(door.id);
    let bar = Bar::new(output);
    loop {
        tokio::select! {
            phase = attempt.next() => match phase {
                Some(phase) => sync_phase(output, &bar, phase, None),
                None => break,
            },
            Ok(()) = tokio::signal::ctrl_c() => attempt.cancel(),
        }
    }
    bar.finish();
    let outcome = attempt.outcome().await;
    output.event(&view::sync_event(&door.name, outcome));
    match outcome {
        SyncOutcome::Synced {
            receipt_verified,
            log_entries_carried,
            upload_pending,
        } => {
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
        SyncOutcome::Interrupted { .. } => Err(Error::SyncInterrupted.into()),
        SyncOutcome::NotSynced { error } => Err(error.into()),
    }
}

/// One of several doors in a row.
pub(super) struct Place<'a> {
    pub(super) door: &'a str,
    pub(super) number: u32,
    pub(super) of: u32,
}

/// Tells how far a sync is, and at which of several doors.
pub(super) fn sync_phase(output: &Output, bar: &Bar, phase: SyncPhase, place: Option<Place<'_>>) {
    let words = match phase {
        SyncPhase::Fetching => "Fetching what the lock lacks ...",
        SyncPhase::Scanning => "Looking for the lock ...",
        SyncPhase::Connecting => "Connecting ...",
        SyncPhase::Authenticating => "Authenticating ...",
        SyncPhase::Sending { .. } => "Sending ...",
        SyncPhase::Applying => "The lock verifies and stores ...",
        SyncPhase::Collecting => "Collecting receipts and the sealed log ...",
        SyncPhase::Uploading => "Handing them to the service ...",
    };
    let words = match &place {
        Some(Place { door, number, of }) => format!("{door} ({number} of {of}): {words}"),
        None => words.to_owned(),
    };
    let event = match phase {
        SyncPhase::Sending { sent, total } => {
            bar.progress(words, sent, total);
            json!({ "event": "progress", "sent": sent, "total": total })
        }
        phase => {
            bar.phase(output, words);
            json!({ "event": "phase", "phase": snake(&format!("{phase:?}")) })
        }
    };
    output.event(&placed(event, place));
}

fn placed(mut event: Value, place: Option<Place<'_>>) -> Value {
    if let Some(Place { door, number, of }) = place {
        event["door"] = door.into();
        event["number"] = number.into();
        event["of"] = of.into();
    }
    event
}

#[cfg(test)]
mod tests {
    use super::{Place, sync_phase};
    use crate::attempt::bar::Bar;
    use crate::output::Output;
    use crate::samples;
    use keyway_app::SyncPhase;

    #[test]
    fn a_phase_says_at_which_of_several_doors() {
        let say = |output: &Output| {
            let bar = Bar::new(output);
            let place = || Place {
                door: "Front",
                number: 2,
                of: 3,
            };
            let sending = SyncPhase::Sending { sent: 1, total: 9 };
            sync_phase(output, &bar, SyncPhase::Scanning, None);
            sync_phase(output, &bar, SyncPhase::Connecting, Some(place()));
            sync_phase(output, &bar, sending, Some(place()));
        };
        let text = samples::for_people(say);
        let expected = "Looking for the lock ...\nFront (2 of 3): Connecting ...\n";
        assert_eq!(text, expected);
        let events = samples::for_scripts(say);
        assert!(events[0].get("door").is_none());
        assert_eq!(
            (&events[1]["door"], &events[1]["number"]),
            (&"Front".into(), &2.into())
        );
        assert_eq!(
            (&events[2]["total"], &events[2]["of"]),
            (&9.into(), &3.into())
        );
    }
}
