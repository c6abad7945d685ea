//! What came of letting somebody in, door by door.

use super::guests::{access_event, door_name, kind, who, window};
use super::{address, cell};
use crate::failure::snake;
use crate::language::language;
use crate::output::Output;
use comfy_table::{Cell, Color, Table};
use keyway_app::secret::SecretString;
use keyway_app::service::{Door, DoorId, LetIn, PasscodeType, PersonAccess};
use keyway_app::{CodeDigits, Error, Reveal};
use serde_json::{Value, json};
use zeroize::Zeroizing;

/// Tells it; with `reveal` the digits too.
pub(crate) fn let_in(output: &Output, doors: &[Door], done: &LetIn, reveal: bool) {
    let made = |access| made_event(doors, access, reveal);
    output.event(&json!({
        "event": "let_in",
        "person": who(&done.person),
        "accesses": done.person.accesses.iter().map(made).collect::<Vec<_>>(),
        "failures": done.failures.iter().map(|(door, why)| failure_event(doors, *door, *why)).collect::<Vec<_>>(),
    }));
    let mut table = Table::new();
    table.set_header(["Door", "Access", "From", "Until", "Code", "What to do"]);
    for access in &done.person.accesses {
        table.add_row(made_row(doors, access, reveal));
    }
    for (door, why) in &done.failures {
        let advice = why.text(language());
        table.add_row([
            Cell::new(door_name(doors, *door)),
            cell(advice.happened, Color::Red),
            Cell::new("-"),
            Cell::new("-"),
            Cell::new("-"),
            Cell::new(advice.action),
        ]);
    }
    output.table(table);
    if done.person.accesses.iter().any(|access| !access.had_access) {
        let address = address(&done.person.recipient);
        output.line(&format!("{} is told at {address}.", done.person.name));
    }
}

fn made_event(doors: &[Door], access: &PersonAccess, reveal: bool) -> Value {
    let mut event = access_event(doors, access);
    let digits = access.digits.as_ref().filter(|_| reveal).and_then(shown);
    // EXPOSE: the resident asked to see the digits.
    event["digits"] = digits.map(|digits| digits.expose().to_owned()).into();
    event
}

/// The digits, unless they are a lasting code on somebody else's phone.
fn shown(digits: &CodeDigits) -> Option<SecretString> {
    match digits.reveal(false) {
        Reveal::Digits(digits) => Some(digits),
        Reveal::AsksTwice => None,
    }
}

fn failure_event(doors: &[Door], door: DoorId, why: Error) -> Value {
    let advice = why.text(language());
    json!({
        "door": door_name(doors, door),
        "doorId": door.to_string(),
        "error": snake(&format!("{why:?}")),
        "happened": advice.happened,
        "action": advice.action,
    })
}

fn made_row(doors: &[Door], access: &PersonAccess, reveal: bool) -> Vec<Cell> {
    let (got, to_do) = match (access.had_access, access.passcode_type) {
        (true, _) => (cell("nothing new: they have access", Color::Yellow), ""),
        (false, PasscodeType::Permanent) => (
            cell(kind(access.passcode_type), Color::Green),
            "sync the door: their code works from then on",
        ),
        (false, _) => (cell(kind(access.passcode_type), Color::Green), ""),
    };
    let digits = access.digits.as_ref().map(|digits| {
        match shown(digits).filter(|_| reveal) {
            // EXPOSE: the resident asked to see the digits.
            Some(digits) => Zeroizing::new(digits.expose().to_owned()),
            None => Zeroizing::new("•".repeat(digits.length())),
        }
    });
    let [from, until] = window(doors, access);
    vec![
        Cell::new(door_name(doors, access.door)),
        got,
        from,
        until,
        Cell::new(digits.as_ref().map_or("-", |digits| digits.as_str())),
        Cell::new(to_do),
    ]
}

#[cfg(test)]
mod tests {
    use super::let_in;
    use crate::samples::{self, DIGITS};
    use keyway_app::Error;
    use keyway_app::service::{Door, LetIn, PasscodeType, PersonAccess};

    fn doors() -> [Door; 3] {
        [
            samples::door("Front", 1),
            samples::door("Garage", 2),
            samples::door("Laundry", 3),
        ]
    }

    /// A code at the front, nothing new at the garage, no room at the laundry.
    fn done() -> LetIn {
        let daily = PersonAccess {
            passcode_type: PasscodeType::Daily,
            ..samples::access(1)
        };
        let had = PersonAccess {
            had_access: true,
            digits: None,
            ..samples::access(2)
        };
        LetIn {
            person: samples::person("Bo Lee", "bo@b.test", 7, vec![daily, had]),
            failures: vec![(samples::door("", 3).id, Error::NoDoorcodeLeft)],
        }
    }

    #[test]
    fn each_door_says_what_came_of_it() {
        let text = samples::for_people(|output| let_in(output, &doors(), &done(), false));
        for words in [
            "daily code",
            "nothing new",
            "Laundry",
            "no room for another code",
            "Bo Lee is told at bo@b.test.",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        let events = samples::for_scripts(|output| let_in(output, &doors(), &done(), false));
        assert_eq!(events.len(), 1);
        assert_eq!(events[0]["accesses"][1]["hadAccess"], true);
        let failure = &events[0]["failures"][0];
        assert_eq!(
            (&failure["door"], &failure["error"]),
            (&"Laundry".into(), &"no_doorcode_left".into())
        );
    }

    #[test]
    fn digits_are_shown_when_asked_for() {
        for (reveal, times) in [(false, 0), (true, 1)] {
            let text = samples::for_people(|output| let_in(output, &doors(), &done(), reveal));
            assert_eq!(text.matches(DIGITS).count(), times, "{text}");
            let events = samples::for_scripts(|output| let_in(output, &doors(), &done(), reveal));
            assert_eq!(events[0].to_string().matches(DIGITS).count(), times);
        }
    }

    #[test]
    fn a_guests_code_waits_for_a_sync() {
        let guest = LetIn {
            person: samples::person("Bo Lee", "bo@b.test", 7, vec![samples::access(1)]),
            failures: vec![],
        };
        let text = samples::for_people(|output| let_in(output, &doors(), &guest, false));
        assert!(text.contains("sync the door"), "{text}");
    }
}
