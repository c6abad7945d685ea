//! The ways to get on when nobody is signed in.

use super::{against, cell};
use crate::failure::snake;
use crate::language::language;
use crate::output::Output;
use comfy_table::{Cell, Color, Table};
use keyway_app::{Availability, SignInOption, WayToSignIn};
use serde_json::{Value, json};

/// Lists them, best first; a dead end says so.
pub(crate) fn ways(output: &Output, ways: &[SignInOption], borrowed: bool) {
    output.event(&json!({
        "event": "ways",
        "borrowed": borrowed,
        "ways": ways.iter().map(event).collect::<Vec<_>>(),
    }));
    let mut table = Table::new();
    table.set_header(["Way", "Here", "Instead"]);
    for option in ways {
        table.add_row(row(option));
    }
    output.table(table);
}

fn event(option: &SignInOption) -> Value {
    let way = snake(&format!("{:?}", option.way));
    against(json!({ "way": way }), option.availability)
}

fn row(option: &SignInOption) -> Vec<Cell> {
    let way = Cell::new(match option.way {
        WayToSignIn::DailyCodeFromSomeone => "a daily code from someone with access",
        WayToSignIn::Password => "e-mail and password",
        WayToSignIn::OneTimeCode => "e-mail and a one-time code",
        WayToSignIn::PasswordReset => "a new password by e-mail",
        WayToSignIn::Property => "the property's office",
    });
    match option.availability {
        Availability::Yes => vec![way, cell("works", Color::Green)],
        Availability::No { why } => {
            let advice = why.text(language());
            vec![
                way,
                cell(advice.happened, Color::Red),
                Cell::new(advice.action),
            ]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ways;
    use crate::samples;
    use keyway_app::{Availability, Error, SignInOption, WayToSignIn};

    #[test]
    fn a_dead_end_says_why_and_what_to_do_instead() {
        let list = [
            SignInOption {
                way: WayToSignIn::Password,
                availability: Availability::Yes,
            },
            SignInOption {
                way: WayToSignIn::OneTimeCode,
                availability: Availability::No {
                    why: Error::MailboxNeeded,
                },
            },
        ];
        let text = samples::for_people(|output| ways(output, &list, true));
        assert!(
            text.contains("works") && text.contains("your own mailbox"),
            "{text}"
        );
        let events = samples::for_scripts(|output| ways(output, &list, true));
        let told = &events[0]["ways"];
        assert_eq!(
            (&told[0]["way"], &told[0]["available"]),
            (&"password".into(), &true.into())
        );
        assert_eq!(told[1]["why"], "mailbox_needed");
        assert!(
            told[1]["action"]
                .as_str()
                .is_some_and(|text| text.ends_with('.'))
        );
    }
}
