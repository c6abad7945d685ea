//! What the generated classes print of a record that names somebody comes from here.

use keyway::account::{Phase, Resident, Status, WhosePhone};
use keyway::codes::CodeDay;
use keyway::guests::{CodeForSomeone, Invitation, Recipient};

const CANARY: &str = "canary";

#[test]
fn the_text_form_of_who_somebody_is_does_not_say() {
    let resident = Resident {
        email: CANARY.to_owned(),
        name: CANARY.to_owned(),
    };
    let whose = WhosePhone::Own;
    let status = Status {
        phase: Phase::SignedIn { whose },
        resident: Some(resident.clone()),
        ends_at: None,
        clock_error_minutes: None,
    };
    let recipient = Recipient::Email {
        address: CANARY.to_owned(),
    };
    let invitation = Invitation {
        first_name: CANARY.to_owned(),
        last_name: CANARY.to_owned(),
        recipient: recipient.clone(),
        doors: Vec::new(),
        start: None,
        end: None,
    };
    let code = CodeForSomeone {
        first_name: CANARY.to_owned(),
        last_name: CANARY.to_owned(),
        recipient: recipient.clone(),
        doors: Vec::new(),
        single_use: true,
        day: CodeDay::Today,
    };
    let printed = format!("{resident:?} {status:?} {recipient:?} {invitation:?} {code:?}");
    assert!(!printed.contains(CANARY), "{printed}");
    assert!(printed.contains("SignedIn"), "{printed}");
}
