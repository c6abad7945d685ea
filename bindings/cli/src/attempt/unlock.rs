//! The unlock.

use crate::failure::{Failure, snake};
use crate::output::Output;
use keyway_app::service::Door;
use keyway_app::{App, UnlockOutcome, UnlockPhase};
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
