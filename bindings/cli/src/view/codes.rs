//! Doorcodes. Digits stay behind their handle until they are asked for.

use super::{cell, instant};
use crate::args;
use crate::failure::snake;
use crate::output::Output;
use comfy_table::{Cell, Color, Table};
use keyway_app::secret::SecretString;
use keyway_app::service::{CodeStatus, Door};
use keyway_app::{DoorcodeView, Doorcodes, EntryHints, Reveal};
use serde_json::{Value, json};
use zeroize::Zeroizing;

/// Codes of one door, and how to type them.
pub(crate) struct CodesAt<'a> {
    pub(crate) door: &'a Door,
    pub(crate) codes: Vec<DoorcodeView>,
    pub(crate) hints: Option<EntryHints>,
}

impl<'a> CodesAt<'a> {
    pub(crate) fn new(door: &'a Door, found: Doorcodes) -> Self {
        Self {
            door,
            codes: found.codes,
            hints: found.hints,
        }
    }
}

/// Lists doorcodes. With `reveal` the digits too; the core asks for a second word where a code lasts and the phone is borrowed.
pub(crate) fn codes(output: &Output, list: &[CodesAt<'_>], asked: args::Reveal) {
    let mut table = Table::new();
    table.set_header(["Door", "Kind", "Code", "From", "Until", "State"]);
    let mut held_back = false;
    for CodesAt { door, codes, .. } in list {
        for code in codes {
            let digits = asked
                .reveal
                .then(|| code.digits.reveal(asked.reveal_lasting));
            held_back |= matches!(digits, Some(Reveal::AsksTwice));
            let digits = digits.and_then(shown);
            output.event(&event(code, door, digits.as_ref()));
            table.add_row(row(code, door, digits.as_ref()));
        }
    }
    if table.row_count() == 0 {
        return output.line("You have no doorcodes here.");
    }
    output.table(table);
    if held_back {
        output.line(
            "Codes that stay valid are hidden on a borrowed phone: a daily code is safer. Add --reveal-lasting to see them, and reset them from your own phone later.",
        );
    }
    if asked.reveal {
        list.iter().for_each(|at| hints(output, at));
    } else {
        output.line("Add --reveal to see the digits.");
    }
}

fn shown(reveal: Reveal) -> Option<SecretString> {
    match reveal {
        Reveal::Digits(digits) => Some(digits),
        Reveal::AsksTwice => None,
    }
}

fn event(code: &DoorcodeView, door: &Door, digits: Option<&SecretString>) -> Value {
    json!({
        "event": "code",
        "door": door.name,
        "doorId": door.id.to_string(),
        "id": code.id.to_string(),
        "kind": snake(&format!("{:?}", code.kind)),
        "status": snake(&format!("{:?}", code.status)),
        // The door's own wall clock, and the moment.
        "startsLocal": code.start.to_string(),
        "endsLocal": code.end.map(|end| end.to_string()),
        "starts": instant(code.start.unix_millis()),
        "ends": code.end.and_then(|end| instant(end.unix_millis())),
        // It works until the door's next sync, the one named here from then on.
        "replacedBy": code.replaced_by.map(|id| id.to_string()),
        "length": code.digits.length(),
        // EXPOSE: the resident asked to see the digits.
        "digits": digits.map(SecretString::expose),
    })
}

fn row(code: &DoorcodeView, door: &Door, digits: Option<&SecretString>) -> Vec<Cell> {
    let shown = Zeroizing::new(match digits {
        // EXPOSE: the resident asked to see the digits.
        Some(digits) => digits.expose().to_owned(),
        None => "•".repeat(code.digits.length()),
    });
    let (state, colour) = match code.status {
        CodeStatus::Active if code.replaced_by.is_some() => {
            ("active until the next sync", Color::Yellow)
        }
        CodeStatus::Active => ("active", Color::Green),
        CodeStatus::PendingSync => ("after the next sync", Color::Yellow),
        CodeStatus::NotYet => ("not yet", Color::Yellow),
        CodeStatus::Expired => ("expired", Color::Red),
    };
    let until = code.end.map(|end| end.to_string());
    vec![
        Cell::new(&door.name),
        Cell::new(snake(&format!("{:?}", code.kind)).replace('_', " ")),
        Cell::new(shown.as_str()),
        Cell::new(code.start.to_string()),
        Cell::new(until.unwrap_or_else(|| "no end".to_owned())),
        cell(state, colour),
    ]
}

/// How to type them.
fn hints(output: &Output, at: &CodesAt<'_>) {
    if let Some(hints) = &at.hints {
        let deadbolt = if hints.deadbolt_refuses_daily {
            " A thrown deadbolt refuses daily codes."
        } else {
            ""
        };
        output.line(&format!(
            "{}: {}; at most {} s between digits.{deadbolt}",
            at.door.name,
            hints.wake.trim_end_matches('.'),
            hints.between_digits.as_secs(),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::{CodesAt, codes};
    use crate::args::Reveal;
    use crate::output::Output;
    use crate::samples::{self, DIGITS};
    use core::time::Duration;
    use keyway_app::service::CodeKind;
    use keyway_app::{DoorcodeView, EntryHints};

    const HIDDEN: Reveal = Reveal {
        reveal: false,
        reveal_lasting: false,
    };
    const SHOWN: Reveal = Reveal {
        reveal: true,
        reveal_lasting: false,
    };
    const TWICE: Reveal = Reveal {
        reveal: true,
        reveal_lasting: true,
    };

    /// A daily code and a lasting one, which was reset, on a borrowed phone.
    fn list(asked: Reveal) -> impl FnOnce(&Output) {
        move |output| {
            let door = samples::door("Front", 1);
            let replaced = DoorcodeView {
                replaced_by: Some(samples::code(3, CodeKind::Residence).id),
                ..samples::code(2, CodeKind::Residence)
            };
            let at = CodesAt {
                door: &door,
                codes: vec![samples::code(1, CodeKind::DailySingleUse), replaced],
                hints: Some(EntryHints {
                    wake: "touch the keypad".to_owned(),
                    between_digits: Duration::from_secs(5),
                    deadbolt_refuses_daily: true,
                }),
            };
            codes(output, &[at], asked);
        }
    }

    #[test]
    fn digits_are_shown_when_asked_for_and_lasting_ones_when_asked_for_twice() {
        let times = |asked| samples::for_people(list(asked)).matches(DIGITS).count();
        assert_eq!([HIDDEN, SHOWN, TWICE].map(times), [0, 1, 2]);
        let digits = |asked| {
            let events = samples::for_scripts(list(asked));
            events
                .iter()
                .filter(|code| code["digits"] == DIGITS)
                .count()
        };
        assert_eq!([HIDDEN, SHOWN, TWICE].map(digits), [0, 1, 2]);
    }

    #[test]
    fn a_code_says_its_window_on_the_doors_wall_and_how_to_type_it() {
        let text = samples::for_people(list(SHOWN));
        for words in [
            "daily single use",
            "2026-11-25 00:00",
            "no end",
            "active until the next sync",
            "touch the keypad; at most 5 s",
            "--reveal-lasting",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        let events = samples::for_scripts(list(HIDDEN));
        assert_eq!(events[0]["starts"], "2026-11-23T23:00:00Z");
        assert_eq!(events[0]["replacedBy"], serde_json::Value::Null);
        assert!(events[1]["replacedBy"].is_string());
    }
}
