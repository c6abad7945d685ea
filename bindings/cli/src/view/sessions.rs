//! The account's sessions.

use super::{cell, instant};
use crate::output::Output;
use comfy_table::{Cell, Color, Table};
use keyway_app::service::SessionFacts;
use serde_json::{Value, json};

/// Lists sessions. Times are in UTC: a session has no door whose wall would show another.
pub(crate) fn sessions(output: &Output, sessions: &[SessionFacts]) {
    let mut table = Table::new();
    table.set_header(["Session", "Phone", "Began", "Last heard of", "Ends"]);
    for session in sessions {
        output.event(&event(session));
        table.add_row(row(session));
    }
    output.table(table);
}

fn event(session: &SessionFacts) -> Value {
    json!({
        "event": "session",
        "id": session.id.to_string(),
        "borrowed": session.borrowed,
        "current": session.current,
        "startedAt": instant(session.started_at),
        "lastSeenAt": instant(session.last_seen_at),
        "endsAt": instant(session.ends_at),
    })
}

fn row(session: &SessionFacts) -> Vec<Cell> {
    let phone = match (session.current, session.borrowed) {
        (true, false) => cell("this one", Color::Green),
        (true, true) => cell("this one, borrowed", Color::Green),
        (false, true) => cell("borrowed", Color::Yellow),
        (false, false) => Cell::new("own"),
    };
    let at = |at| Cell::new(instant(at).unwrap_or_default());
    vec![
        Cell::new(session.id.to_string()),
        phone,
        at(session.started_at),
        at(session.last_seen_at),
        at(session.ends_at),
    ]
}

#[cfg(test)]
mod tests {
    use super::sessions;
    use crate::samples;
    use keyway_app::service::SessionFacts;

    #[test]
    fn this_phones_session_and_borrowed_ones_are_told_apart() {
        let list = [
            SessionFacts {
                current: true,
                ..samples::session(1)
            },
            SessionFacts {
                borrowed: true,
                ..samples::session(2)
            },
        ];
        let text = samples::for_people(|output| sessions(output, &list));
        assert!(
            text.contains("this one") && text.contains("borrowed"),
            "{text}"
        );
        assert!(text.contains("2026-11-24T11:30:00Z"), "{text}");
        let events = samples::for_scripts(|output| sessions(output, &list));
        assert_eq!(events.len(), 2);
        assert_eq!(events[0]["id"], list[0].id.to_string());
        assert_eq!(
            (&events[0]["current"], &events[1]["borrowed"]),
            (&true.into(), &true.into())
        );
    }
}
