//! Words about letting others in.

use super::{DailyCode, DoorArgument};
use clap::Args;
use keyway_app::service::Recipient;

/// A daily code for somebody.
#[derive(Debug, Args)]
pub struct LetIn {
    /// The doors.
    #[command(flatten)]
    pub doors: SeveralDoors,
    /// Where to send the code.
    #[command(flatten)]
    pub recipient: RecipientArgument,
    /// Whom it is for.
    #[command(flatten)]
    pub name: NameArgument,
    /// What code.
    #[command(flatten)]
    pub code: DailyCode,
    /// Show the digits here too, to tell them by voice.
    #[arg(long)]
    pub reveal: bool,
}

/// A guest.
#[derive(Debug, Args)]
pub struct Invite {
    /// The doors.
    #[command(flatten)]
    pub doors: SeveralDoors,
    /// E-mail address, where the invitation goes and with which the guest signs in.
    #[arg(long, value_name = "ADDRESS")]
    pub email: String,
    /// Who it is.
    #[command(flatten)]
    pub name: NameArgument,
    /// From when: RFC 3339, or `YYYY-MM-DD HH:MM` on the first door's wall; at once when left out.
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// Until when, written alike; until you take it back when left out.
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
}

/// Doors, a word each.
#[derive(Debug, Args)]
pub struct SeveralDoors {
    /// Names of doors, their beginnings, or ids; a name of several words in quotes.
    #[arg(value_name = "DOOR", required = true, num_args = 1..)]
    pub said: Vec<String>,
}

/// Who somebody is.
#[derive(Debug, Args)]
pub struct NameArgument {
    /// First name.
    #[arg(long, value_name = "NAME")]
    pub first: String,
    /// Last name.
    #[arg(long, value_name = "NAME")]
    pub last: String,
}

/// Where somebody is reached.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct RecipientArgument {
    /// E-mail address.
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Telephone number with its country, such as `+1 555 0100`.
    #[arg(long, value_name = "NUMBER")]
    phone: Option<String>,
}

impl From<RecipientArgument> for Recipient {
    fn from(said: RecipientArgument) -> Self {
        match said.phone {
            Some(phone) => Self::Phone(phone),
            // One of the two is required; an empty address is refused by the core.
            None => Self::Email(said.email.unwrap_or_default()),
        }
    }
}

/// Somebody's access to a door.
#[derive(Debug, Args)]
pub struct AccessArgument {
    /// Whose: name, beginning of the name, e-mail address, telephone number or id; a name of several words in quotes.
    pub person: String,
    /// To which door.
    #[command(flatten)]
    pub door: DoorArgument,
}

/// Until when an access holds from now on.
#[derive(Debug, Args)]
pub struct ChangeEnd {
    /// Whose, and where.
    #[command(flatten)]
    pub access: AccessArgument,
    /// The new end.
    #[command(flatten)]
    pub end: EndArgument,
}

/// An end, or none.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct EndArgument {
    /// Until then: RFC 3339, or `YYYY-MM-DD HH:MM` on the door's wall.
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// Until you take it back.
    #[arg(long)]
    never: bool,
}

#[cfg(test)]
mod tests {
    use crate::args::{PromptLine, SignedCommand};
    use clap::Parser as _;
    use keyway_app::service::Recipient;

    fn parsed(line: &[&str]) -> Option<SignedCommand> {
        Some(PromptLine::try_parse_from(line).ok()?.command)
    }

    #[test]
    fn a_code_goes_to_a_mailbox_or_a_telephone() {
        let recipient = |options: &[&str]| {
            let line = [
                "let-in", "Front", "Garage", "--first", "Bo", "--last", "Lee",
            ];
            match parsed(&[&line, options].concat())? {
                SignedCommand::LetIn(asked) => {
                    assert_eq!(asked.doors.said, ["Front", "Garage"]);
                    Some(Recipient::from(asked.recipient))
                }
                _ => None,
            }
        };
        let email = Recipient::Email("bo@b.test".to_owned());
        assert!(recipient(&["--email", "bo@b.test"]) == Some(email));
        let phone = Recipient::Phone("+1 555 0100".to_owned());
        assert!(recipient(&["--phone", "+1 555 0100"]) == Some(phone));
        assert!(recipient(&[]).is_none());
        assert!(recipient(&["--email", "bo@b.test", "--phone", "+1 555 0100"]).is_none());
    }

    #[test]
    fn an_end_is_a_time_or_never() {
        let end = |options: &[&str]| {
            let line = ["change-end", "Bo Lee", "Front", "Door"];
            match parsed(&[&line, options].concat())? {
                SignedCommand::ChangeEnd(asked) => {
                    assert_eq!(asked.access.person, "Bo Lee");
                    assert_eq!(asked.access.door.name(), "Front Door");
                    Some(asked.end.until)
                }
                _ => None,
            }
        };
        let until = Some("2026-12-01 18:00".to_owned());
        assert_eq!(end(&["--until", "2026-12-01 18:00"]), Some(until));
        assert_eq!(end(&["--never"]), Some(None));
        assert_eq!(end(&[]), None);
        assert_eq!(end(&["--never", "--until", "2026-12-01 18:00"]), None);
    }

    #[test]
    fn a_guest_needs_a_mailbox_and_a_name() {
        let whole = [
            "invite", "Front", "--email", "b@b.test", "--first", "Bo", "--last", "Lee",
        ];
        assert!(parsed(&whole).is_some());
        assert!(parsed(&whole[..6]).is_none());
        assert!(parsed(&[&whole[..2], &whole[4..]].concat()).is_none());
    }
}
