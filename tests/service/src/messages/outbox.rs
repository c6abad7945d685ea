//! The queue between a decision and its message: sealed at rest, sent when due, tried again with longer and longer waits.
use super::{NotSent, OutgoingMessage, Recipient};
use crate::crypto;
use crate::keys::Purpose;
use crate::limits;
use crate::problem::Problem;
use crate::state::Service;
use crate::store::outbox::{self, Waiting};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Queues a message inside the transaction that decided it; it is sent for a day.
pub(crate) fn queue(
    service: &Service,
    on: &Connection,
    message: &OutgoingMessage,
) -> Result<(), Problem> {
    let now = service.now();
    let id = service.fresh_id()?;
    let sealed = crypto::seal(
        &service.keys().key(Purpose::Outbox),
        service.entropy(),
        id.as_bytes(),
        &encode(message)?,
    )?;
    let ends_at = now + limits::MESSAGE_KEPT;
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
            // What cannot be read now is never read: its key file is gone.
            let outcome = self
                .opened(&waiting)
                .map_or(Err(NotSent::Refused), |message| {
                    self.messenger().send(&message)
                });
            sent += usize::from(outcome.is_ok());
            if let Err(reason) = outcome {
                tracing::warn!(%reason, tries = waiting.tries + 1, "a message was not sent");
            }
            let is_over = matches!(outcome, Ok(()) | Err(NotSent::Refused));
            if is_over && self.forget_message(&waiting).is_err() {
                break;
            }
        }
        sent
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

    fn opened(&self, waiting: &Waiting) -> Result<OutgoingMessage, Problem> {
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
    address: std::borrow::Cow<'a, str>,
    subject: std::borrow::Cow<'a, str>,
    text: std::borrow::Cow<'a, str>,
}

fn encode(message: &OutgoingMessage) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let (email, address) = match &message.to {
        Recipient::Email(address) => (true, address),
        Recipient::Phone(address) => (false, address),
    };
    let plain = Sealed {
        email,
        address: address.into(),
        subject: (&message.subject).into(),
        text: (&message.text).into(),
    };
    serde_json::to_vec(&plain)
        .map(Zeroizing::new)
        .map_err(|_| Problem::Internal("a message cannot be written"))
}

fn decode(plain: &[u8]) -> Result<OutgoingMessage, Problem> {
    let plain: Sealed<'_> = serde_json::from_slice(plain)
        .map_err(|_| Problem::Internal("a queued message cannot be read"))?;
    let address = plain.address.into_owned();
    Ok(OutgoingMessage {
        to: if plain.email {
            Recipient::Email(address)
        } else {
            Recipient::Phone(address)
        },
        subject: plain.subject.into_owned(),
        text: plain.text.into_owned(),
    })
}
