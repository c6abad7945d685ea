//! From hello to session within a conversation: who speaks, what is signed, what message 2 said.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::super::opening::{Answered, AwaitAnswer, AwaitHello, HelloVerified, ephemeral};
use super::super::tasks::Tasks;
use super::{Conversation, Stage, Waiting};
use crate::error::{ApiMisuse, Code, Error, Failure};
use crate::hello::{LIFETIME, RENEWALS};
use crate::io::Millis;
use crate::phone::{Event, Intent, Output, Resumption};

/// The lock had no hello ready; it makes two a second.
const READ_EMPTY: u64 = 250;
/// A hello older than this is renewed rather than answered: the answer needs time to arrive.
const HELLO_MARGIN: u64 = 1_500;

impl Conversation {
    pub(super) fn hello_fragment(&mut self, fragment: &[u8], now: Millis) {
        let Stage::Hello(waiting) = &mut self.stage else {
            return;
        };
        let Some(hello) = waiting.assembly.take(fragment) else {
            return;
        };
        let state = AwaitHello::new(self.intent.command());
        match state.hello(&hello, &self.credentials.known, now) {
            Ok(verified) => self.greeted(verified),
            // Fragments of two hellos, perhaps: the read decides who this is.
            Err(_) => waiting.read_at = now,
        }
    }

    pub(super) fn hello_read(&mut self, bytes: &[u8], now: Millis) {
        let Stage::Hello(waiting) = &mut self.stage else {
            return;
        };
        if bytes.is_empty() {
            waiting.read_at = now + READ_EMPTY;
        } else {
            self.hello(bytes, now);
        }
    }

    pub(super) fn hello(&mut self, bytes: &[u8], now: Millis) {
        let state = AwaitHello::new(self.intent.command());
        match state.hello(bytes, &self.credentials.known, now) {
            Ok(verified) => self.greeted(verified),
            Err(failure) => self.fail(failure),
        }
    }

    pub(super) fn greeted(&mut self, verified: HelloVerified) {
        self.event(Event::HelloVerified(*verified.facts()));
        let ephemeral = ephemeral(&mut self.random);
        let Some(resumption) = &self.resumption else {
            let state = verified.full(&self.credentials, ephemeral);
            self.outputs
                .push_back(Output::NeedSignature(state.to_sign().into()));
            self.stage = Stage::Signing(state);
            return;
        };
        match verified.resumed(&self.credentials, resumption, &ephemeral) {
            Ok((state, message)) => self.send_message_one(state, message),
            Err(failure) => self.fail(failure),
        }
    }

    pub(super) fn signed(&mut self, signature: [u8; 64], now: Millis) -> Result<(), Failure> {
        match core::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Signing(state)
                if now.since(state.hello_received()) + HELLO_MARGIN > LIFETIME =>
            {
                self.renew(Code::StaleHello.into(), &[], now);
                Ok(())
            }
            Stage::Signing(state) => match state.signed(&self.credentials, signature) {
                Ok((state, message)) => {
                    self.send_message_one(state, message);
                    Ok(())
                }
                Err(failure) => {
                    // The state is spent: end as any failure does.
                    self.stage = Stage::Hello(Waiting::new(now, now));
                    self.fail(failure);
                    Err(failure)
                }
            },
            Stage::Open(mut tasks) => {
                let result = tasks.signed(signature, &self.credentials.holder);
                self.stage = Stage::Open(tasks);
                result
            }
            stage => {
                self.stage = stage;
                Err(ApiMisuse::WrongState.into())
            }
        }
    }

    pub(super) fn send_message_one(&mut self, state: AwaitAnswer, message: Vec<u8>) {
        match self.framing.send(message) {
            Ok(()) => self.stage = Stage::Answer { state, sent: None },
            Err(misuse) => self.fail(misuse),
        }
    }

    /// Answers the next hello: the one at hand, or one to be read.
    pub(super) fn renew(&mut self, error: Error, hello: &[u8], now: Millis) {
        if self.renewals >= RENEWALS {
            return self.fail(error);
        }
        self.renewals += 1;
        self.stage = Stage::Hello(Waiting::new(now, now));
        if !hello.is_empty() {
            self.hello(hello, now);
        }
    }

    /// Ends after a state was consumed by its own failure.
    pub(super) fn fail_from_spent(&mut self, failure: Failure, now: Millis) {
        self.stage = Stage::Hello(Waiting::new(now, now));
        self.fail(failure);
    }

    /// An alert is not authenticated, so it says nothing certain of the bolt. Another try with the same command id is safe.
    pub(super) fn alert(&mut self, error: Error, hello: &[u8], now: Millis) {
        match error.code {
            Code::UnknownSlot if self.resumption.take().is_some() => {
                self.event(Event::ResumptionLost);
                self.renew(error, hello, now);
            }
            Code::StaleHello | Code::BadMessage => self.renew(error, hello, now),
            _ => {
                self.event(Event::Refused {
                    error,
                    session: false,
                });
                self.fail(error);
            }
        }
    }

    pub(super) fn answered(&mut self, answered: Answered, now: Millis) {
        match answered {
            Answered::Refused { error, hello }
                if error.code == Code::UnknownGrant && self.credentials.held_by_lock =>
            {
                self.credentials.held_by_lock = false;
                self.stage = Stage::Hello(Waiting::new(now, now));
                self.event(Event::GrantNotHeld);
                self.renew(error, &hello, now);
            }
            Answered::Refused { error, .. } => {
                self.stage = Stage::Hello(Waiting::new(now, now));
                self.opening_refused(error, false);
                self.fail(error);
            }
            Answered::Admitted {
                session,
                refused,
                slot,
            } => {
                let command = match self.intent {
                    Intent::Unlock { command, .. } => Some((command, true)),
                    Intent::Status { command } => Some((command, false)),
                    Intent::Session => None,
                };
                let command = command.filter(|_| refused.is_none());
                let mut tasks = Box::new(Tasks::new(session, command, now));
                self.early.drain(..).for_each(|task| tasks.push(task, now));
                self.stage = Stage::Open(tasks);
                if let Some(slot) = slot.filter(|_| self.credentials.resumable) {
                    let grant = self.credentials.grant_id;
                    self.event(Event::Resumption(Resumption::new(slot, grant, now)));
                }
                match refused {
                    Some(error) => self.opening_refused(error, true),
                    None => self.event(Event::Accepted),
                }
                self.event(Event::SessionReady);
            }
        }
    }

    pub(super) fn opening_refused(&mut self, error: Error, session: bool) {
        match self.intent {
            Intent::Unlock { .. } => self.refused(error, session),
            // A refused question says nothing of the bolt.
            Intent::Status { .. } | Intent::Session => {
                self.event(Event::Refused { error, session });
            }
        }
    }
}
