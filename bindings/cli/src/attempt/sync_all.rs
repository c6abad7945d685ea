//! The sync of every door in range.

use super::bar::Bar;
use super::sync::{Place, sync_phase};
use crate::failure::Failure;
use crate::output::Output;
use crate::view;
use keyway_app::service::{Door, DoorId};
use keyway_app::{App, Error, SyncAllOutcome, SyncAllPhase, SyncOutcome};
use serde_json::json;

/// Syncs every door in range; `doors` are all there are.
pub(crate) async fn sync_all(app: &App, output: &Output, doors: &[Door]) -> Result<(), Failure> {
    let attempt = app.sync_all_in_range();
    let bar = Bar::new(output);
    loop {
        tokio::select! {
            phase = attempt.next() => match phase {
                Some(phase) => all_phase(output, &bar, phase, doors),
                None => break,
            },
            Ok(()) = tokio::signal::ctrl_c() => attempt.cancel(),
        }
    }
    bar.finish();
    tell(output, &attempt.outcome().await, doors)
}

fn all_phase(output: &Output, bar: &Bar, phase: SyncAllPhase, doors: &[Door]) {
    match phase {
        SyncAllPhase::LookingAround => {
            output.event(&json!({ "event": "phase", "phase": "looking_around" }));
            bar.phase(output, "Listening for locks ...".to_owned());
        }
        SyncAllPhase::AtDoor {
            door,
            number,
            total,
            phase,
        } => {
            let place = Place {
                door: name(doors, door),
                number,
                of: total,
            };
            sync_phase(output, bar, phase, Some(place));
        }
    }
}

/// Door by door, then what stands against all of it.
fn tell(output: &Output, outcome: &SyncAllOutcome, doors: &[Door]) -> Result<(), Failure> {
    let list: Vec<_> = outcome
        .doors
        .iter()
        .map(|(door, outcome)| (name(doors, *door), *outcome))
        .collect();
    view::syncs(output, &list);
    let waits = |(_, outcome): &(DoorId, SyncOutcome)| {
        matches!(
            outcome,
            SyncOutcome::Synced {
                upload_pending: true,
                ..
            }
        )
    };
    match outcome.error {
        Some(error) => Err(error.into()),
        // As after the sync of one door.
        None if outcome.doors.iter().any(waits) => Err(Error::UploadPending.into()),
        None => Ok(()),
    }
}

fn name(doors: &[Door], id: DoorId) -> &str {
    let found = doors.iter().find(|door| door.id == id);
    found.map_or("?", |door| door.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::tell;
    use crate::failure::Failure;
    use crate::samples;
    use keyway_app::{Error, SyncAllOutcome, SyncOutcome};

    fn synced(upload_pending: bool) -> SyncOutcome {
        SyncOutcome::Synced {
            receipt_verified: !upload_pending,
            log_entries_carried: 0,
            upload_pending,
        }
    }

    /// The exit code and the events.
    fn told(outcome: &SyncAllOutcome) -> (u8, Vec<serde_json::Value>) {
        let doors = [samples::door("Front", 1), samples::door("Garage", 2)];
        let mut code = 0;
        let events = samples::for_scripts(|output| {
            let result = tell(output, outcome, &doors);
            code = result
                .err()
                .map_or(0, |failure: Failure| failure.exit_code());
        });
        (code, events)
    }

    #[test]
    fn a_door_that_failed_ends_with_42_and_stands_in_the_list() {
        let error = Error::LockBusy;
        let (code, events) = told(&SyncAllOutcome {
            doors: vec![
                (samples::door("Front", 1).id, synced(false)),
                (
                    samples::door("Garage", 2).id,
                    SyncOutcome::NotSynced { error },
                ),
            ],
            error: Some(Error::PartialFailure {
                failed: 1,
                total: 2,
            }),
        });
        assert_eq!(code, 42);
        assert_eq!(events.len(), 2, "{events:?}");
        assert_eq!(
            (&events[1]["door"], &events[1]["error"]),
            (&"Garage".into(), &"lock_busy".into())
        );
    }

    #[test]
    fn nothing_in_range_and_answers_that_wait_have_codes_of_their_own() {
        let nobody = told(&SyncAllOutcome {
            doors: vec![],
            error: Some(Error::LockNotFound),
        });
        assert_eq!(nobody, (31, vec![]));
        let front = samples::door("Front", 1).id;
        let done = |upload_pending| SyncAllOutcome {
            doors: vec![(front, synced(upload_pending))],
            error: None,
        };
        assert_eq!(told(&done(true)).0, 41);
        assert_eq!(told(&done(false)).0, 0);
    }
}
