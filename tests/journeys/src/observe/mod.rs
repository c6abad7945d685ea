//! What a call gave, in the words that all languages share.

mod account;
mod guests;

pub(crate) use account::{diagnostics, options, rules, sessions, status, ways};
pub(crate) use guests::{activity, let_in, people, person};

use core::fmt::Debug;
use keyway_app::account::{PlaceResult, ServerEnd, SignOutReport};
use keyway_app::{
    CanUnlock, DoorcodeView, Doorcodes, Doors, Error, Language, SyncAllOutcome, SyncOutcome,
    UnlockOutcome,
};
use serde_json::{Value, json};

pub(crate) fn error(error: Error) -> Value {
    let advice = error.text(Language::English);
    json!({
        "error": word(&error),
        "says_what_happened": !advice.happened.is_empty(),
        "says_what_to_do": !advice.action.is_empty(),
    })
}

pub(crate) fn doors(doors: &Doors) -> Value {
    let one = |view: &keyway_app::DoorView| {
        let (can_unlock, why) = match view.can_unlock {
            CanUnlock::Yes { .. } => ("yes", None),
            CanUnlock::WithNetwork => ("with_network", None),
            CanUnlock::No { why } => ("no", Some(word(&why))),
        };
        json!({
            "name": view.door.name,
            "role": word(&view.door.role),
            "kind": word(&view.door.kind),
            "is_connected": view.door.is_connected,
            "can_unlock": can_unlock,
            "why": why,
            "pending_changes": view.door.pending_changes,
            "was_synced": view.door.last_sync.is_some(),
            "in_range": view.rssi.is_some(),
            "has_battery": view.door.battery.is_some(),
            "shareable": view.door.is_shareable,
        })
    };
    json!({
        "from_cache": doors.from_cache,
        "count": doors.doors.len(),
        "first": doors.doors.first().map(|view| view.door.name.clone()),
        "doors": doors.doors.iter().map(one).collect::<Vec<_>>(),
    })
}

pub(crate) fn doorcodes(codes: &Doorcodes) -> Value {
    json!({
        "from_cache": codes.from_cache,
        "count": codes.codes.len(),
        "wakes": codes.hints.as_ref().map(|hints| !hints.wake.is_empty()),
        "between_digits_seconds": codes.hints.as_ref().map(|hints| hints.between_digits.as_secs()),
        "deadbolt_refuses_daily": codes.hints.as_ref().map(|hints| hints.deadbolt_refuses_daily),
        "first_kind": codes.codes.first().map(|code| word(&code.kind)),
        "codes": codes.codes.iter().map(doorcode).collect::<Vec<_>>(),
    })
}

pub(crate) fn doorcode(code: &DoorcodeView) -> Value {
    json!({
        "kind": word(&code.kind),
        "status": word(&code.status),
        "digits": code.digits.length(),
        "asks_twice": code.digits.asks_twice(),
        "ends": code.end.is_some(),
        "replaced": code.replaced_by.is_some(),
    })
}

pub(crate) fn unlock(phases: &[String], outcome: UnlockOutcome) -> Value {
    let (outcome, why) = match outcome {
        UnlockOutcome::Unlocked => ("unlocked", None),
        UnlockOutcome::NotUnlocked { error } => ("not_unlocked", Some(word(&error))),
        UnlockOutcome::MayHaveUnlocked => ("may_have_unlocked", None),
    };
    json!({ "phases": phases, "outcome": outcome, "error": why })
}

pub(crate) fn sync(phases: &[String], outcome: SyncOutcome) -> Value {
    let mut value = match outcome {
        SyncOutcome::Synced {
            receipt_verified,
            log_entries_carried,
            upload_pending,
        } => json!({
            "outcome": "synced",
            "receipt_verified": receipt_verified,
            "log_entries_carried": log_entries_carried,
            "upload_pending": upload_pending,
        }),
        SyncOutcome::Interrupted { .. } => json!({ "outcome": "interrupted" }),
        SyncOutcome::NotSynced { error } => {
            json!({ "outcome": "not_synced", "error": word(&error) })
        }
    };
    value["phases"] = json!(phases);
    value
}

pub(crate) fn sync_all(phases: &[String], outcome: &SyncAllOutcome) -> Value {
    let synced = outcome
        .doors
        .iter()
        .filter(|(_, one)| matches!(one, SyncOutcome::Synced { .. }));
    json!({
        "phases": phases,
        "doors": outcome.doors.len(),
        "synced": synced.count(),
        "error": outcome.error.as_ref().map(|error| word(error)),
    })
}

pub(crate) fn report(report: &SignOutReport) -> Value {
    let server = match report.server {
        ServerEnd::Ended => "ended",
        ServerEnd::NoSession => "no_session",
        ServerEnd::EndedByService => "ended_by_service",
        ServerEnd::NotTold { .. } => "not_told",
    };
    let used = report
        .places
        .iter()
        .filter(|line| !matches!(line.result, PlaceResult::NotUsed { .. }));
    json!({
        "complete": report.complete,
        "server": server,
        "leftovers": report.leftovers(),
        "places": report.places.len(),
        "places_used": used.count(),
    })
}

/// A variant's name in snake case, without its fields.
pub(crate) fn word(value: &dyn Debug) -> String {
    let debug = format!("{value:?}");
    let name: String = debug
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    let mut word = String::new();
    for (index, letter) in name.chars().enumerate() {
        if letter.is_ascii_uppercase() && index > 0 {
            word.push('_');
        }
        word.push(letter.to_ascii_lowercase());
    }
    word
}
