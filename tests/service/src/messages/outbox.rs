//! The queue between a decision and its message: sealed at rest, sent when due, tried again with longer and longer waits.
use super::{NotSent, OutgoingMessage, Recipient};
use crate::clock::UnixMillis;
use crate::crypto;
use crate::keys::Purpose;
use crate::limits;
use crate::problem::Problem;
use crate::state::Service;
use crate::store::outbox::{self, Waiting};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use zeroize::Zeroizing;

/// Queues a message inside the transaction that decided it; it is sent for a day.
pub(crate) fn queue(
    service: &Service,
    on: &Connection,
    message: &OutgoingMessage,
) -> Result<(), Problem> {
    queue_until(service, on, message, UnixMillis::MAX)
}

/// Like [`queue`], for a message that is worth nothing from `ends_at` on.
pub(crate) fn queue_until(
    service: &Service,
    on: &Connection,
    message: &OutgoingMessage,
    ends_at: UnixMillis,
) -> Result<(), Problem> {
    insert(service, on, message, ends_at, false)
}

/// As much work as [`queue_until`], and nobody is written to: whoever asks cannot tell by the time it takes whether there is an account.
pub(crate) fn queue_decoy(
    service: &Service,
    on: &Connection,
    message: &OutgoingMessage,
    ends_at: UnixMillis,
) -> Result<(), Problem> {
    insert(service, on, message, ends_at, true)
}

fn insert(
    service: &Service,
    on: &Connection,
    message: &OutgoingMessage,
    ends_at: UnixMillis,
    decoy: bool,
) -> Result<(), Problem> {
    let now = service.now();
    let id = service.fresh_id()?;
    let sealed = crypto::seal(
        &service.keys().key(Purpose::Outbox),
        service.entropy(),
        id.as_bytes(),
        &encode(message, decoy)?,
    )?;
    let ends_at = ends_at.min(now + limits::MESSAGE_KEPT);
    Ok(outbox::insert(on, id, &sealed, now, ends_at)?)
}

impl Service {
    /// Sends what is due now and says how many messages were handed over. Blocks for as long as the messenger does, so that a real process
    /// calls it from a thread of its own, every second and after each request.
    ///
    /// Before a message leaves, its next try is written down: whoever else calls this meanwhile finds nothing due, and a process that dies
    /// here sends it again after that wait.
    pub fn deliver_messages(&self) -> usize {
        let mut sent = 0;
        // A failure was told to the log where it happened; the messages stay and are due again.
        while let Ok(Some(waiting)) = self.next_message() {
            let outcome = self.send(&waiting);
            sent += usize::from(outcome == Ok(true));
            if let Err(reason) = outcome {
                tracing::warn!(%reason, tries = waiting.tries + 1, "a message was not sent");
            }
            let is_over = matches!(outcome, Ok(_) | Err(NotSent::Refused));
            if is_over && self.forget_message(&waiting).is_err() {
                break;
            }
        }
        sent
    }

    /// Says whether there was anything to send.
    fn send(&self, waiting: &Waiting) -> Result<bool, NotSent> {
        match self.opened(waiting) {
            Ok(Some(message)) => self.messenger().send(&message).map(|()| true),
            Ok(None) => Ok(false),
            // What cannot be read now is never read: its key file is gone.
            Err(_) => Err(NotSent::Refused),
        }
    }

    /// The next due message, its next try written down.
    fn next_message(&self) -> Result<Option<Waiting>, Problem> {
        let now = self.now();
        // Asked every second: nothing is locked and nothing written while there is nothing to do.
        if !self.store().read(|on| outbox::has_work(on, now))? {
            return Ok(None);
        }
        self.store().write(|on| {
            outbox::prune(on, now)?;
            let waiting = outbox::next_due(on, now)?;
            if let Some(waiting) = &waiting {
                outbox::tried(on, waiting.id, now + wait_after(waiting.tries))?;
            }
            Ok(waiting)
        })
    }

    /// `None` for a decoy.
    fn opened(&self, waiting: &Waiting) -> Result<Option<OutgoingMessage>, Problem> {
        let key = self.keys().key(Purpose::Outbox);
        let plain = crypto::open(&key, waiting.id.as_bytes(), &waiting.sealed)?;
        decode(&plain)
    }

    fn forget_message(&self, waiting: &Waiting) -> Result<(), Problem> {
        self.store().write(|on| Ok(outbox::erase(on, waiting.id)?))
    }
}

/// How long a message waits after it was tried once more than `tries` times.
fn wait_after(tries: u32) -> i64 {
    let tries = usize::try_from(tries).unwrap_or(usize::MAX);
    let longest = limits::MESSAGE_WAITS.len() - 1;
    limits::MESSAGE_WAITS[tries.min(longest)]
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Sealed<'a> {
    email: bool,
    address: Cow<'a, str>,
    subject: Cow<'a, str>,
    text: Cow<'a, str>,
    decoy: bool,
}

fn encode(message: &OutgoingMessage, decoy: bool) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let (email, address) = match &message.to {
        Recipient::Email(address) => (true, address),
        Recipient::Phone(address) => (false, address),
    };
    let plain = Sealed {
        email,
        address: address.into(),
        subject: (&message.subject).into(),
        text: (&message.text).into(),
        decoy,
    };
    serde_json::to_vec(&plain)
        .map(Zeroizing::new)
        .map_err(|_| Problem::Internal("a message cannot be written"))
}

fn decode(plain: &[u8]) -> Result<Option<OutgoingMessage>, Problem> {
    let plain: Sealed<'_> = serde_json::from_slice(plain)
        .map_err(|_| Problem::Internal("a queued message cannot be read"))?;
    let address = plain.address.into_owned();
    let message = OutgoingMessage {
        to: if plain.email {
            Recipient::Email(address)
        } else {
            Recipient::Phone(address)
        },
        subject: plain.subject.into_owned(),
        text: plain.text.into_owned(),
    };
    Ok((!plain.decoy).then_some(message))
}
