//! The lockout ladder at one door.

use super::{against, cell};
use crate::failure::snake;
use crate::language::language;
use crate::output::Output;
use comfy_table::{Cell, Color, Table};
use keyway_app::service::{Door, PropertyContact};
use keyway_app::{Availability, LockoutOption, LockoutOptions, WayIn};
use serde_json::{Value, json};

/// Lists every way in; a *no* says why, and what would change it.
pub(crate) fn options(output: &Output, door: &Door, options: &LockoutOptions) {
    output.event(&json!({
        "event": "options",
        "door": door.name,
        "doorId": door.id.to_string(),
        "options": options.options.iter().map(event).collect::<Vec<_>>(),
        "sharers": options.sharers,
        "property": {
            "name": options.property.name,
            "phone": options.property.phone,
            "email": options.property.email,
        },
    }));
    let mut table = Table::new();
    table.set_header(["Way in", "Now", "What would change it"]);
    for option in &options.options {
        table.add_row(row(option));
    }
    output.table(table);
    if !options.sharers.is_empty() {
        output.line(&format!(
            "Who can give you a daily code: {}.",
            options.sharers.join(", ")
        ));
    }
    if let Some(contact) = contact(&options.property) {
        output.line(&contact);
    }
}

fn event(option: &LockoutOption) -> Value {
    let way = snake(&format!("{:?}", option.way));
    against(json!({ "way": way }), option.availability)
}

fn row(option: &LockoutOption) -> Vec<Cell> {
    let way = Cell::new(match option.way {
        WayIn::Phone => "unlock from this phone",
        WayIn::Doorcode => "doorcode",
        WayIn::Keycard => "keycard",
        WayIn::MechanicalKey => "mechanical key",
        WayIn::AskSomeone => "ask someone with access",
        WayIn::Property => "call the property",
    });
    match option.availability {
        Availability::Yes => vec![way, cell("yes", Color::Green)],
        Availability::No { why } => {
            let advice = why.text(language());
            let no = format!("no: {}", advice.happened);
            vec![way, cell(no, Color::Yellow), Cell::new(advice.action)]
        }
    }
}

fn contact(property: &PropertyContact) -> Option<String> {
    let ways: Vec<_> = [&property.phone, &property.email]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    (!ways.is_empty()).then(|| format!("{}: {}.", property.name, ways.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::options;
    use crate::samples;
    use keyway_app::service::PropertyContact;
    use keyway_app::{Availability, Error, LockoutOption, LockoutOptions, WayIn};

    fn ladder() -> LockoutOptions {
        let no = |why| Availability::No { why };
        let option = |way, availability| LockoutOption { way, availability };
        LockoutOptions {
            door: samples::door("Front", 1).id,
            options: vec![
                option(WayIn::Doorcode, Availability::Yes),
                option(WayIn::Phone, no(Error::BluetoothOff)),
                option(WayIn::MechanicalKey, no(Error::NoMechanicalKey)),
            ],
            sharers: vec!["Ada".to_owned(), "Bo".to_owned()],
            property: PropertyContact {
                name: "Maple House".to_owned(),
                phone: Some("+1 555 0100".to_owned()),
                email: None,
            },
        }
    }

    #[test]
    fn a_no_says_why_and_what_would_change_it() {
        let door = samples::door("Front", 1);
        let text = samples::for_people(|output| options(output, &door, &ladder()));
        for words in [
            "no: Bluetooth is off.",
            "Turn Bluetooth on and try again.",
            "Who can give you a daily code: Ada, Bo.",
            "Maple House: +1 555 0100.",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        // What exists now stands first.
        let lines: Vec<_> = text
            .lines()
            .filter(|line| line.contains("doorcode"))
            .collect();
        assert!(lines[0].contains("yes"), "{text}");
    }

    #[test]
    fn a_script_gets_the_whole_ladder_in_one_event() {
        let door = samples::door("Front", 1);
        let events = samples::for_scripts(|output| options(output, &door, &ladder()));
        assert_eq!(events.len(), 1);
        let told = &events[0];
        assert_eq!(
            (&told["event"], &told["door"]),
            (&"options".into(), &"Front".into())
        );
        assert_eq!(told["options"][0]["available"], true);
        assert_eq!(told["options"][1]["way"], "phone");
        assert_eq!(told["options"][1]["why"], "bluetooth_off");
        assert_eq!(told["sharers"][1], "Bo");
        assert_eq!(told["property"]["phone"], "+1 555 0100");
    }
}
