//! A messenger without a wire: everything sent stays in memory, in order.
use super::{Messenger, NotSent, OutgoingMessage, Recipient};
use std::sync::{Mutex, PoisonError};

/// Keeps what was sent, for tests and virtual worlds. Can be told to fail, as a relay does.
#[derive(Default)]
pub struct Mailbox(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    messages: Vec<OutgoingMessage>,
    failing: Option<NotSent>,
    tries: usize,
}

impl Mailbox {
    /// Everything that arrived, oldest first.
    #[must_use]
    pub fn messages(&self) -> Vec<OutgoingMessage> {
        self.kept(|kept| kept.messages.clone())
    }

    /// What arrived for `recipient`, oldest first.
    #[must_use]
    pub fn messages_to(&self, recipient: &Recipient) -> Vec<OutgoingMessage> {
        let mut messages = self.messages();
        messages.retain(|message| message.to == *recipient);
        messages
    }

    /// How often somebody tried to send, with or without success.
    #[must_use]
    pub fn tries(&self) -> usize {
        self.kept(|kept| kept.tries)
    }

    /// From now on every message fails like this; `None`: they arrive again.
    pub fn fail_with(&self, failing: Option<NotSent>) {
        self.kept(|kept| kept.failing = failing);
    }

    fn kept<T>(&self, work: impl FnOnce(&mut Kept) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Messenger for Mailbox {
    fn send(&self, message: &OutgoingMessage) -> Result<(), NotSent> {
        self.kept(|kept| {
            kept.tries += 1;
            match kept.failing {
                Some(failure) => Err(failure),
                None => {
                    kept.messages.push(message.clone());
                    Ok(())
                }
            }
        })
    }
}

impl std::fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mailbox(..)")
    }
}
