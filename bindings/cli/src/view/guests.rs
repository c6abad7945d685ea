//! The people let in: what each may open, and how far each revocation has come.

use super::{cell, instant, on_the_wall};
use crate::failure::snake;
use crate::output::Output;
use comfy_table::{Cell, Color, Table};
use keyway_app::service::{
    AccessState, Door, DoorId, PasscodeType, Person, PersonAccess, Recipient, Revocation,
};
use serde_json::{Value, json};

/// Lists people, an access a row.
pub(crate) fn people(output: &Output, doors: &[Door], people: &[Person]) {
    let mut table = Table::new();
    table.set_header([
        "Person",
        "Reached at",
        "Door",
        "Access",
        "From",
        "Until",
        "State",
    ]);
    for person in people {
        output.event(&event(doors, person));
        for access in &person.accesses {
            table.add_row(row(doors, person, access));
        }
    }
    if people.is_empty() {
        output.line("You have let nobody in.");
    } else {
        output.table(table);
    }
}

/// Where somebody is reached, in words.
pub(crate) fn address(recipient: &Recipient) -> &str {
    match recipient {
        Recipient::Email(email) => email,
        Recipient::Phone(phone) => phone,
    }
}

/// The door's name; its id where this account no longer has it.
pub(super) fn door_name(doors: &[Door], id: DoorId) -> String {
    let found = doors.iter().find(|door| door.id == id);
    found.map_or_else(|| id.to_string(), |door| door.name.clone())
}

/// What somebody got, in words.
pub(super) fn kind(passcode_type: PasscodeType) -> &'static str {
    match passcode_type {
        PasscodeType::Permanent => "guest",
        PasscodeType::Daily => "daily code",
        PasscodeType::DailySingleUse => "single-use code",
    }
}

/// From when and until when, on the door's wall.
pub(super) fn window(doors: &[Door], access: &PersonAccess) -> [Cell; 2] {
    let door = doors.iter().find(|door| door.id == access.door);
    let timezone = door.map_or("UTC", |door| door.timezone.as_str());
    let until = access.end.map(|end| on_the_wall(end, timezone));
    [
        Cell::new(on_the_wall(access.start, timezone)),
        Cell::new(until.unwrap_or_else(|| "no end".to_owned())),
    ]
}

/// Who somebody is, for scripts.
pub(super) fn who(person: &Person) -> Value {
    let (email, phone) = match &person.recipient {
        Recipient::Email(email) => (Some(email), None),
        Recipient::Phone(phone) => (None, Some(phone)),
    };
    json!({
        "id": person.id.to_string(),
        "name": person.name,
        "email": email,
        "phone": phone,
    })
}

/// One access, for scripts; without digits.
pub(super) fn access_event(doors: &[Door], access: &PersonAccess) -> Value {
    let revocation = match &access.state {
        AccessState::Active => None,
        AccessState::Revoked(revocation) => Some(revocation),
    };
    json!({
        "door": door_name(doors, access.door),
        "doorId": access.door.to_string(),
        "kind": snake(&format!("{:?}", access.passcode_type)),
        "role": snake(&format!("{:?}", access.role)),
        "shareable": access.is_shareable,
        "starts": instant(access.start),
        "ends": access.end.and_then(instant),
        "hadAccess": access.had_access,
        "state": match revocation {
            None => "active",
            Some(Revocation { confirmed_at: Some(_), .. }) => "confirmed",
            Some(Revocation { carried: Some(_), .. }) => "carried",
            Some(_) => "requested",
        },
        "revocation": revocation.map(|revocation| json!({
            "requestedAt": instant(revocation.requested_at),
            "carriedAt": revocation.carried.as_ref().and_then(|(at, _)| instant(*at)),
            "carriedBy": revocation.carried.as_ref().map(|(_, by)| by),
            "confirmedAt": revocation.confirmed_at.and_then(instant),
        })),
    })
}

fn event(doors: &[Door], person: &Person) -> Value {
    let mut event = who(person);
    event["event"] = "person".into();
    event["accesses"] = person
        .accesses
        .iter()
        .map(|access| access_event(doors, access))
        .collect();
    event
}

fn row(doors: &[Door], person: &Person, access: &PersonAccess) -> Vec<Cell> {
    let [from, until] = window(doors, access);
    vec![
        Cell::new(&person.name),
        Cell::new(address(&person.recipient)),
        Cell::new(door_name(doors, access.door)),
        Cell::new(kind(access.passcode_type)),
        from,
        until,
        state(&access.state),
    ]
}

/// As far as it has come: only the lock's own word is the end of an access.
fn state(state: &AccessState) -> Cell {
    let AccessState::Revoked(revocation) = state else {
        return cell("active", Color::Green);
    };
    let carried = match &revocation.carried {
        Some((_, by)) if by.is_empty() => " → carried".to_owned(),
        Some((_, by)) => format!(" → carried by {by}"),
        None => String::new(),
    };
    match revocation.confirmed_at {
        Some(_) => cell(
            format!("taken back: requested{carried} → confirmed by the lock"),
            Color::Green,
        ),
        None => cell(format!("taken back: requested{carried}"), Color::Yellow),
    }
}

#[cfg(test)]
mod tests {
    use super::people;
    use crate::samples::{self, DIGITS, MINUTE, NOON};
    use keyway_app::service::{AccessState, PasscodeType, Person, PersonAccess, Revocation};

    fn revoked(carried: bool, confirmed: bool) -> PersonAccess {
        PersonAccess {
            state: AccessState::Revoked(Revocation {
                requested_at: NOON,
                carried: carried.then(|| (NOON + MINUTE, "Ada".to_owned())),
                confirmed_at: confirmed.then_some(NOON + 2 * MINUTE),
            }),
            ..samples::access(1)
        }
    }

    fn bo(accesses: Vec<PersonAccess>) -> [Person; 1] {
        [samples::person("Bo Lee", "bo@b.test", 1, accesses)]
    }

    #[test]
    fn a_revocation_shows_how_far_it_has_come() {
        let doors = [samples::door("Front", 1)];
        let list = bo(vec![
            samples::access(1),
            revoked(false, false),
            revoked(true, false),
            revoked(true, true),
        ]);
        let text = samples::for_people(|output| people(output, &doors, &list));
        let states: Vec<_> = text
            .lines()
            .filter(|line| line.contains("Bo Lee"))
            .collect();
        for (line, end) in states.iter().zip([
            "active",
            "requested",
            "requested → carried by Ada",
            "requested → carried by Ada → confirmed by the lock",
        ]) {
            let line = line.trim_end_matches(['│', ' ']);
            assert!(line.ends_with(end), "{end}: {line}");
        }
        let events = samples::for_scripts(|output| people(output, &doors, &list));
        let states: Vec<_> = (0..4).map(|n| &events[0]["accesses"][n]["state"]).collect();
        assert_eq!(states, ["active", "requested", "carried", "confirmed"]);
        let revocation = &events[0]["accesses"][3]["revocation"];
        assert_eq!(revocation["carriedBy"], "Ada");
        assert_eq!(revocation["confirmedAt"], "2026-11-24T11:32:00Z");
    }

    #[test]
    fn times_are_on_the_doors_wall_and_digits_are_not_shown() {
        let doors = [samples::door("Front", 1)];
        let daily = PersonAccess {
            passcode_type: PasscodeType::DailySingleUse,
            end: Some(NOON + 60 * MINUTE),
            ..samples::access(1)
        };
        let list = bo(vec![daily, samples::access(9)]);
        let text = samples::for_people(|output| people(output, &doors, &list));
        for words in [
            "2026-11-24 12:30",
            "2026-11-24 13:30",
            "single-use code",
            "no end",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        // A door that is not this account's: its id, and the time as everybody's.
        assert!(
            text.contains(&samples::door("", 9).id.to_string()),
            "{text}"
        );
        assert!(!text.contains(DIGITS));
        let events = samples::for_scripts(|output| people(output, &doors, &list));
        assert_eq!(
            (&events[0]["event"], &events[0]["email"]),
            (&"person".into(), &"bo@b.test".into())
        );
        assert_eq!(events[0]["accesses"][0]["kind"], "daily_single_use");
        assert!(!events[0].to_string().contains(DIGITS));
    }

    #[test]
    fn nobody_let_in_is_said() {
        let text = samples::for_people(|output| people(output, &[], &[]));
        assert_eq!(text, "You have let nobody in.\n");
    }
}
