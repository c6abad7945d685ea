//! What somebody who is let in is told: by whom, at which door, with which code, when it holds by the door's own clock, and how to type it.
use super::invitation::{Invitation, Terms};
use super::recipient::address_mac;
use crate::civil;
use crate::doorcodes::digits;
use crate::limits;
use crate::messages::{self, OutgoingMessage, Recipient};
use crate::problem::Problem;
use crate::state::Service;
use crate::store::accesses::Access;
use crate::store::accounts::Account;
use crate::store::doorcodes::Doorcode;
use crate::store::doors::Door;
use crate::store::messages_caused;
use crate::store::tries::Turn;
use crate::words::{Deadbolt, DoorcodeKind, PasscodeType};
use rusqlite::Connection;
use std::fmt::Write as _;
use zeroize::Zeroizing;

/// A door that was opened to somebody.
pub(super) struct Opening {
    pub(super) door: Door,
    /// `None` where a daily code is all there is.
    pub(super) access: Option<Access>,
    pub(super) code: Doorcode,
}

/// Queues one message about all the doors of an invitation. A host who caused too many lately has to wait.
pub(super) fn queue(
    service: &Service,
    on: &Connection,
    host: &Account,
    invitation: &Invitation,
    openings: &[Opening],
) -> Result<(), Problem> {
    let (Recipient::Email(address) | Recipient::Phone(address)) = &invitation.to;
    let recipient = address_mac(service, address);
    let turn = messages_caused::cause(on, host.id, &recipient, service.now())?;
    if let Turn::Wait(retry_after) = turn {
        return Err(Problem::TooManyTries { retry_after });
    }
    let doors: Vec<&str> = openings
        .iter()
        .map(|opening| opening.door.name.as_str())
        .collect();
    let message = OutgoingMessage {
        to: invitation.to.clone(),
        subject: format!("{} lets you in: {}", host.name, doors.join(", ")),
        text: text(service, host, invitation, openings)?,
    };
    messages::queue(service, on, &message)
}

fn text(
    service: &Service,
    host: &Account,
    invitation: &Invitation,
    openings: &[Opening],
) -> Result<String, Problem> {
    let mut text = Zeroizing::new(format!(
        "Hello {},\n\n{} lets you in.\n",
        invitation.first_name, host.name
    ));
    for opening in openings {
        let part = about(service, opening)?;
        text.push_str(&part);
    }
    if let (Terms::Permanent { .. }, Recipient::Email(email)) = (invitation.terms, &invitation.to) {
        let _ = write!(
            text,
            "\nThe codes work after the next sync of their door. With the app you can also open by phone: sign in as {email}, with a one-time code.\n"
        );
    }
    // The message wipes its own text.
    Ok(std::mem::take(&mut *text))
}

fn about(service: &Service, opening: &Opening) -> Result<Zeroizing<String>, Problem> {
    let Opening { door, code, .. } = opening;
    // EXPOSE: the message is for the person whose code it is.
    let digits = digits(service, code)?;
    let mut text = Zeroizing::new(format!(
        "\n{}, {}\nDoorcode: {}\nIt holds {}.\n",
        door.name,
        door.building_name,
        *digits,
        when(door, code)?
    ));
    if code.kind == DoorcodeKind::DailySingleUse {
        text.push_str("It works once: for 15 minutes from its first use on.\n");
    }
    if !door.keypad_wake.is_empty() {
        let _ = writeln!(text, "{}.", door.keypad_wake.trim_end_matches('.'));
    }
    let _ = writeln!(
        text,
        "Then type the code, with at most {} seconds between two digits.",
        limits::KEYPAD_SLEEP
    );
    let daily = opening.access.is_none();
    if daily && door.lock_model.deadbolt() == Deadbolt::RefusesDailyCodes {
        text.push_str("It does not open while the deadbolt is thrown from inside.\n");
    }
    Ok(text)
}

/// On the clock that hangs beside the door.
fn when(door: &Door, code: &Doorcode) -> Result<String, Problem> {
    let zone = civil::zone(&door.timezone)?;
    let place = &door.timezone;
    if code.kind.passcode_type() != PasscodeType::Permanent {
        let day = civil::spoken_day(&zone, code.starts_at)?;
        return Ok(format!("all day on {day} ({place})"));
    }
    let from = civil::spoken(&zone, code.starts_at)?;
    Ok(match code.ends_at {
        None => format!("from {from} on ({place})"),
        Some(end) => format!("from {from} to {} ({place})", civil::spoken(&zone, end)?),
    })
}
