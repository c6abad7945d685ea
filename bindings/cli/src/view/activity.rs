//! A door's log, and who may see each entry of it.

use super::{cell, instant, on_the_wall};
use crate::failure::snake;
use crate::output::Output;
use comfy_table::{Cell, Color, Table};
use keyway_app::service::{
    ActivityBy, ActivityEntry, ActivityEvent, ActivityResult, Audience, Door,
};
use serde_json::{Value, json};

/// Lists entries, newest first; `more`: there are older ones.
pub(crate) fn activity(output: &Output, door: &Door, entries: &[ActivityEntry], more: bool) {
    let mut table = Table::new();
    table.set_header(["When", "What", "With", "Who", "Who may see it"]);
    for entry in entries {
        output.event(&event(entry, door));
        table.add_row(row(entry, door));
    }
    if entries.is_empty() {
        output.line("There is nothing here that you may see.");
    } else {
        output.table(table);
    }
    if more {
        output.event(&json!({ "event": "older", "door": door.name }));
        output.line("There are older entries. Add --more to see them.");
    }
}

fn event(entry: &ActivityEntry, door: &Door) -> Value {
    let word = |debug: String| snake(&debug);
    json!({
        "event": "activity",
        "door": door.name,
        "doorId": door.id.to_string(),
        "at": entry.at.and_then(instant),
        "uncertainSeconds": entry.uncertain_seconds,
        "what": word(format!("{:?}", entry.event)),
        "by": word(format!("{:?}", entry.by)),
        "name": entry.name,
        "isYou": entry.is_you,
        "result": entry.result.map(|result| word(format!("{result:?}"))),
        "count": entry.count,
        "visibleTo": entry
            .visible_to
            .iter()
            .map(|audience| word(format!("{audience:?}")))
            .collect::<Vec<_>>(),
    })
}

fn row(entry: &ActivityEntry, door: &Door) -> Vec<Cell> {
    let when = match (entry.at, entry.uncertain_seconds) {
        (None, _) => "the lock did not know".to_owned(),
        (Some(at), 0) => on_the_wall(at, &door.timezone),
        (Some(at), unsure) => format!("{} ± {unsure} s", on_the_wall(at, &door.timezone)),
    };
    let with = match entry.by {
        ActivityBy::Phone => "phone",
        ActivityBy::Doorcode => "doorcode",
        ActivityBy::DailyCode => "daily code",
        ActivityBy::Keypad => "keypad",
        ActivityBy::Lock => "the lock itself",
    };
    let who = match (entry.is_you, &entry.name) {
        (true, _) => "you",
        (false, Some(name)) => name,
        (false, None) => "-",
    };
    let audience = entry.visible_to.iter().map(|audience| match audience {
        Audience::Residents => "residents",
        Audience::Guests => "the guest",
        Audience::Staff => "staff",
    });
    vec![
        Cell::new(when),
        what(entry),
        Cell::new(with),
        Cell::new(who),
        Cell::new(audience.collect::<Vec<_>>().join(", ")),
    ]
}

fn what(entry: &ActivityEntry) -> Cell {
    let (words, colour) = match (entry.event, entry.result) {
        (ActivityEvent::Unlock, Some(ActivityResult::Executed) | None) => {
            ("unlocked", Color::Green)
        }
        (ActivityEvent::Unlock, Some(ActivityResult::NotExecuted)) => {
            ("did not unlock", Color::Red)
        }
        (ActivityEvent::Unlock, Some(ActivityResult::Unknown)) => {
            ("may have unlocked: the power went", Color::Yellow)
        }
        (ActivityEvent::DoorcodeRefused, _) => ("refused a code", Color::Yellow),
        (ActivityEvent::Sync, _) => ("synced", Color::Reset),
        (ActivityEvent::Restart, _) => ("restarted", Color::Yellow),
    };
    match entry.count {
        0 | 1 => cell(words, colour),
        count => cell(format!("{words}, {count} times"), colour),
    }
}

#[cfg(test)]
mod tests {
    use super::activity;
    use crate::samples::{self, NOON};
    use keyway_app::service::{ActivityBy, ActivityEntry, ActivityEvent, ActivityResult, Audience};

    fn entries() -> Vec<ActivityEntry> {
        let unlock = ActivityEntry {
            at: Some(NOON),
            uncertain_seconds: 0,
            event: ActivityEvent::Unlock,
            by: ActivityBy::Phone,
            name: Some("Ada".to_owned()),
            is_you: false,
            result: Some(ActivityResult::Executed),
            count: 1,
            visible_to: vec![Audience::Residents],
        };
        let refused = ActivityEntry {
            at: None,
            event: ActivityEvent::DoorcodeRefused,
            by: ActivityBy::Keypad,
            name: None,
            result: None,
            count: 3,
            visible_to: vec![Audience::Residents, Audience::Staff],
            ..unlock.clone()
        };
        let unsure = ActivityEntry {
            uncertain_seconds: 40,
            is_you: true,
            result: Some(ActivityResult::Unknown),
            ..unlock.clone()
        };
        vec![unlock, refused, unsure]
    }

    #[test]
    fn each_entry_says_who_may_see_it() {
        let door = samples::door("Front", 1);
        let text = samples::for_people(|output| activity(output, &door, &entries(), true));
        for words in [
            "2026-11-24 12:30 ± 40 s",
            "the lock did not know",
            "refused a code, 3 times",
            "residents, staff",
            "may have unlocked",
            "you",
            "--more",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        let events = samples::for_scripts(|output| activity(output, &door, &entries(), true));
        assert_eq!(events[0]["result"], "executed");
        assert_eq!(events[1]["at"], serde_json::Value::Null);
        assert_eq!(events[1]["what"], "doorcode_refused");
        assert_eq!(events[1]["visibleTo"][1], "staff");
        assert_eq!(events[3]["event"], "older");
    }

    #[test]
    fn an_empty_log_says_so() {
        let door = samples::door("Front", 1);
        let text = samples::for_people(|output| activity(output, &door, &[], false));
        assert!(text.starts_with("There is nothing here"), "{text}");
        assert!(samples::for_scripts(|output| activity(output, &door, &[], false)).is_empty());
    }
}
