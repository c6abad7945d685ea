//! What people find in their mail.
use crate::support::Property;
use keyway_service::{OutgoingMessage, Recipient};

impl Property {
    /// Delivers what waits and gives everything that ever reached `email`.
    pub(crate) fn mail_of(&self, email: &str) -> Vec<OutgoingMessage> {
        self.service.deliver_messages();
        self.mailbox.messages_to(&Recipient::Email(email.into()))
    }

    /// The six digits in the newest mail to `email`.
    pub(crate) fn code_mailed_to(&self, email: &str) -> String {
        let mail = self.mail_of(email).pop().expect("a mail");
        mail.text
            .split(|c: char| !c.is_ascii_digit())
            .find(|digits| digits.len() == 6)
            .expect("a code in the mail")
            .to_owned()
    }

    /// The token of the link in the newest mail to `email`.
    pub(crate) fn reset_token_mailed_to(&self, email: &str) -> String {
        let mail = self.mail_of(email).pop().expect("a mail");
        let (_, rest) = mail
            .text
            .split_once("/account/reset?token=")
            .expect("a link");
        rest.lines().next().unwrap().to_owned()
    }
}
