//! What the service says to people beside its answers: by e-mail, or as a text to a phone.
//!
//! * A message is queued in the transaction that decided it, and sent afterwards: nothing is told that was not decided, and no request waits
//!   for a relay.
//! * [`Messenger`] is the way out. Real ones are [`SmtpMessenger`] and [`WebhookMessenger`], joined by [`Messengers`]; [`Mailbox`] keeps
//!   everything in memory; [`NoMessenger`] stands where nothing was set up.
//! * [`MailSink`] and [`TextSink`] are the other end: they take what the real ones send and show it.
mod mailbox;
mod outbox;
mod sinks;
mod smtp;
mod webhook;

use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroize as _;

pub use mailbox::Mailbox;
pub(crate) use outbox::{queue, queue_decoy, queue_until};
pub use sinks::{MailSink, TextSink};
pub use smtp::{Encryption, SmtpError, SmtpLogin, SmtpMessenger, SmtpRelay};
pub use webhook::{WebhookError, WebhookMessenger};

/// One message takes no longer than this, whatever its relay does.
const DEADLINE: Duration = Duration::from_secs(10);

/// Where a message goes.
#[derive(Clone, PartialEq, Eq)]
pub enum Recipient {
    /// An e-mail address.
    Email(String),
    /// A phone number, E.164.
    Phone(String),
}

impl std::fmt::Debug for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Email(_) => "Email(..)",
            Self::Phone(_) => "Phone(..)",
        })
    }
}

/// One message. Its text may hold a code or a link that is worth as much as a key: wiped on drop, never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingMessage {
    /// To whom.
    pub to: Recipient,
    /// One line. A text to a phone has none: what must be known stands in the text.
    pub subject: String,
    /// Plain text, lines ended by `\n`.
    pub text: String,
}

impl Drop for OutgoingMessage {
    fn drop(&mut self) {
        self.subject.zeroize();
        self.text.zeroize();
    }
}

impl std::fmt::Debug for OutgoingMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OutgoingMessage({:?})", self.to)
    }
}

/// Why a message is not on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// Nothing was set up that reaches such a recipient. Tried again: it may be set up by then.
    #[error("no messenger reaches such a recipient")]
    NoMessenger,
    /// The relay was not reached, did not answer in time or could not take it now. Tried again: it may have been taken all the same, so a
    /// message can arrive twice.
    #[error("the relay cannot take the message now")]
    Unavailable,
    /// The relay will never take this message for this recipient. Not tried again.
    #[error("the relay refuses the message")]
    Refused,
}

/// A way out for messages.
pub trait Messenger: Send + Sync + 'static {
    /// Hands one message over, blocking for 10 seconds at most. Never called inside a transaction.
    fn send(&self, message: &OutgoingMessage) -> Result<(), NotSent>;
}

/// Reaches nobody: a service without mail still runs, and its messages wait.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMessenger;

impl Messenger for NoMessenger {
    fn send(&self, _message: &OutgoingMessage) -> Result<(), NotSent> {
        Err(NotSent::NoMessenger)
    }
}

/// One messenger for each kind of recipient.
#[derive(Clone)]
pub struct Messengers {
    /// Takes what goes to an e-mail address.
    pub email: Arc<dyn Messenger>,
    /// Takes what goes to a phone number.
    pub phone: Arc<dyn Messenger>,
}

impl Messenger for Messengers {
    fn send(&self, message: &OutgoingMessage) -> Result<(), NotSent> {
        match message.to {
            Recipient::Email(_) => self.email.send(message),
            Recipient::Phone(_) => self.phone.send(message),
        }
    }
}

impl std::fmt::Debug for Messengers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Messengers(..)")
    }
}
