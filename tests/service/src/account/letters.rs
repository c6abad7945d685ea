//! The mails that the service writes to account holders.
use crate::messages::{OutgoingMessage, Recipient};

/// The code to sign in with.
pub(super) fn one_time_code(email: &str, code: &str) -> OutgoingMessage {
    letter(
        email,
        "Your code to sign in",
        format!(
            "Your code to sign in to Keyway is {code}.\n\n\
             It holds for 10 minutes and works once. Type it into the app that asked for it. \
             Nobody from the property will ever ask you for it.\n\n\
             If you did not ask for a code, somebody else typed your address. Nothing has \
             happened, and nothing will unless you tell them the code.\n"
        ),
    )
}

fn letter(email: &str, subject: &str, text: String) -> OutgoingMessage {
    OutgoingMessage {
        to: Recipient::Email(email.to_owned()),
        subject: subject.to_owned(),
        text,
    }
}
