//! The sign-out report, place by place.

use super::{cell, instant};
use crate::output::Output;
use comfy_table::{Cell, Color, Table};
use keyway_app::account::{PlaceLine, PlaceResult, ServerEnd, SignOutReport};
use serde_json::{Value, json};

/// Tells the whole report.
pub(crate) fn report(output: &Output, report: &SignOutReport) {
    output.event(&event(report));
    let mut table = Table::new();
    table.set_header(["Place", "Result", "What to do"]);
    let mut unused = 0;
    for line in &report.places {
        match &line.result {
            // Three dozen places that Keyway does not use: counted for people, listed for scripts.
            PlaceResult::NotUsed { .. } => unused += 1,
            PlaceResult::Gone => add(&mut table, line, cell("gone", Color::Green), ""),
            PlaceResult::WasEmpty => add(&mut table, line, cell("was empty", Color::Green), ""),
            PlaceResult::Remains(remains) => {
                let text = format!("remains: {}", remains.why());
                add(&mut table, line, cell(text, Color::Red), remains.action());
            }
        }
    }
    output.table(table);
    output.line(&format!(
        "{unused} more places are not used by Keyway; a test watches each."
    ));
    output.line(&service(report.server));
    if report.undelivered > 0 {
        output.line(&format!(
            "{} receipts or log parts were not handed over; another phone carries them again.",
            report.undelivered
        ));
    }
    output.line(if report.complete {
        "Signed out: every place was read back empty, and the service confirmed."
    } else {
        "Signed out, but not everything is settled: see above."
    });
}

fn add(table: &mut Table, line: &PlaceLine, result: Cell, action: &str) {
    table.add_row([Cell::new(line.place.name()), result, Cell::new(action)]);
}

fn service(server: ServerEnd) -> String {
    match server {
        ServerEnd::Ended => "The service ended the session.".to_owned(),
        ServerEnd::NoSession => "The service had no session to end.".to_owned(),
        ServerEnd::EndedByService => "The service had ended the session before.".to_owned(),
        ServerEnd::NotTold { ends_at } => match ends_at.and_then(instant) {
            Some(at) => {
                format!("The service could not be told; it ends the session by itself at {at}.")
            }
            None => "The service could not be told; it ends the session by itself.".to_owned(),
        },
    }
}

fn event(report: &SignOutReport) -> Value {
    json!({
        "event": "signed_out",
        "complete": report.complete,
        "server": match report.server {
            ServerEnd::Ended => "ended",
            ServerEnd::NoSession => "no_session",
            ServerEnd::EndedByService => "ended_by_service",
            ServerEnd::NotTold { .. } => "not_told",
        },
        "serverEndsAt": match report.server {
            ServerEnd::NotTold { ends_at } => ends_at.and_then(instant),
            _ => None,
        },
        "undelivered": report.undelivered,
        "leftovers": report.leftovers(),
        "places": report.places.iter().map(place).collect::<Vec<_>>(),
    })
}

fn place(line: &PlaceLine) -> Value {
    let (result, why, action, guard) = match &line.result {
        PlaceResult::Gone => ("gone", None, None, None),
        PlaceResult::WasEmpty => ("was_empty", None, None, None),
        PlaceResult::Remains(remains) => {
            ("remains", Some(remains.why()), Some(remains.action()), None)
        }
        PlaceResult::NotUsed { guard } => ("not_used", None, None, Some(guard.as_ref())),
    };
    let mut place =
        json!({ "number": line.place.number(), "place": line.place.name(), "result": result });
    for (key, value) in [("why", why), ("action", action), ("guard", guard)] {
        if let Some(value) = value {
            place[key] = value.into();
        }
    }
    place
}
