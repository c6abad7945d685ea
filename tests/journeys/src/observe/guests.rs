//! What calls about other people gave. Doors are told by their number in the answer, people without name and address.

use super::word;
use keyway_app::service::{AccessState, Activity, LetIn, Person, PersonAccess};
use keyway_app::{CodeDigits, Error};
use serde_json::{Value, json};

pub(crate) fn let_in(let_in: &LetIn) -> Value {
    let mut observed = person(&let_in.person);
    let failures: Vec<String> = let_in
        .failures
        .iter()
        .map(|(_, error): &(_, Error)| word(error))
        .collect();
    observed["failures"] = json!(failures);
    observed
}

pub(crate) fn people(people: &[Person]) -> Value {
    json!({
        "count": people.len(),
        "people": people.iter().map(person).collect::<Vec<_>>(),
    })
}

pub(crate) fn person(person: &Person) -> Value {
    json!({ "accesses": person.accesses.iter().map(access).collect::<Vec<_>>() })
}

fn access(access: &PersonAccess) -> Value {
    let (state, carried, confirmed) = match &access.state {
        AccessState::Active => ("active", false, false),
        AccessState::Revoked(revocation) => (
            "revoked",
            revocation.carried.is_some(),
            revocation.confirmed_at.is_some(),
        ),
    };
    json!({
        "passcode_type": word(&access.passcode_type),
        "role": word(&access.role),
        "ends": access.end.is_some(),
        "digits": access.digits.as_ref().map(CodeDigits::length),
        "had_access": access.had_access,
        "state": state,
        "carried": carried,
        "confirmed": confirmed,
    })
}

pub(crate) fn activity(activity: &Activity) -> Value {
    let entries = activity.entries.iter().map(|entry| {
        json!({
            "event": word(&entry.event),
            "by": word(&entry.by),
            "named": entry.name.is_some(),
            "is_you": entry.is_you,
            "result": entry.result.as_ref().map(|result| word(result)),
            "has_time": entry.at.is_some(),
            "count": entry.count,
            "visible_to": entry.visible_to.iter().map(|who| word(who)).collect::<Vec<_>>(),
        })
    });
    let entries: Vec<Value> = entries.collect();
    json!({ "count": entries.len(), "entries": entries })
}
