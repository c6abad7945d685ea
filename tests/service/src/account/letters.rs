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

/// The link that resets the password.
pub(super) fn reset_link(email: &str, link: &str) -> OutgoingMessage {
    letter(
        email,
        "Reset your password",
        format!(
            "Set a new password for Keyway here:\n\n{link}\n\n\
             The link holds for 30 minutes and works once. A new password ends every session on \
             every phone, and the doors refuse those phones until you sign in on them again.\n\n\
             If you did not ask for this, somebody else typed your address. Your password stays \
             as it is.\n"
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
