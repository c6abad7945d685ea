//! Doorcodes. Digits stay behind their handle until they are asked for.

use super::{cell, instant};
use crate::args;
use crate::failure::snake;
use crate::output::Output;
use comfy_table::{Cell, Color, Table};
use keyway_app::secret::SecretString;
use keyway_app::service::{CodeStatus, Door};
use keyway_app::{DoorcodeView, Doorcodes, Reveal};
use serde_json::{Value, json};
use zeroize::Zeroizing;

/// Lists doorcodes. With `reveal` the digits too; the core asks for a second word where a code lasts and the phone is borrowed.
pub(crate) fn codes(output: &Output, list: &[(&Door, Doorcodes)], asked: args::Reveal) {
    let mut table = Table::new();
    table.set_header(["Door", "Kind", "Code", "From", "Until", "State"]);
    let mut held_back = false;
    for (door, codes) in list {
        for code in &codes.codes {
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
        list.iter()
            .for_each(|(door, codes)| hints(output, door, codes));
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
        "kind": snake(&format!("{:?}", code.kind)),
        "status": snake(&format!("{:?}", code.status)),
        // The door's own wall clock, and the moment.
        "startsLocal": code.start.to_string(),
        "endsLocal": code.end.map(|end| end.to_string()),
        "starts": instant(code.start.unix_millis()),
        "ends": code.end.and_then(|end| instant(end.unix_millis())),
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
fn hints(output: &Output, door: &Door, codes: &Doorcodes) {
    if let Some(hints) = &codes.hints {
        let deadbolt = if hints.deadbolt_refuses_daily {
            " A thrown deadbolt refuses daily codes."
        } else {
            ""
        };
        output.line(&format!(
            "{}: {}; at most {} s between digits.{deadbolt}",
            door.name,
            hints.wake.trim_end_matches('.'),
            hints.between_digits.as_secs(),
        ));
    }
}
