//! The tasks of an open session: which request is next, and what a reply means for it.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec;
use alloc::vec::Vec;

use super::opening::Session;
use super::sync::Push;
use super::{Event, Task};
use crate::crypto::{Signature, VerifyingKey};
use crate::error::{ApiMisuse, Code, Error, Failure, PeerMisbehaved};
use crate::ids::CommandId;
use crate::io::Millis;
use crate::session::signed_request;
use crate::wire::message::Command;
use crate::wire::reply::{Reply, Request};

/// How long a lock may take for any answer, in milliseconds.
pub(super) const PATIENCE: u64 = 10_000;

/// What an open session wants next.
pub(super) enum Step {
    /// Send this message; it carries a command that moves the bolt.
    Send(Vec<u8>, Option<CommandId>),
    /// Have this signed.
    Sign(Vec<u8>),
    /// Nothing.
    Nothing,
}

/// An open session and everything asked of it.
#[derive(Debug)]
pub(super) struct Tasks {
    session: Session,
    /// Commands overtake every other task.
    commands: VecDeque<Command>,
    signing: Option<(u32, Command)>,
    signed: Option<(u32, Command, Signature)>,
    /// Commands without an outcome, and whether they move the bolt; number 0 is message 1's.
    outstanding: BTreeMap<u32, (CommandId, bool)>,
    queue: VecDeque<Task>,
    active: Option<Active>,
    /// Replies up to this number belong to tasks that are over.
    retired: u32,
    last_heard: Millis,
}

#[derive(Debug)]
enum Active {
    /// One request, and replies up to the last.
    Single,
    Push(Push),
}

impl Tasks {
    /// A fresh session. `command` is message 1's, if its outcome is still to come.
    pub(super) fn new(session: Session, command: Option<(CommandId, bool)>, now: Millis) -> Self {
        Self {
            session,
            commands: VecDeque::new(),
            signing: None,
            signed: None,
            outstanding: command.map(|command| (0, command)).into_iter().collect(),
            queue: VecDeque::new(),
            active: None,
            retired: 0,
            last_heard: now,
        }
    }

    pub(super) fn push(&mut self, task: Task, now: Millis) {
        if self.deadline().is_none() {
            self.last_heard = now;
        }
        match task {
            Task::Unlock { command, presence } => {
                self.commands
                    .push_back(Command::Unlock { command, presence });
            }
            Task::Status { command } => self.commands.push_back(Command::Status { command }),
            task => self.queue.push_back(task),
        }
    }

    /// When the lock has been silent for too long, if it owes an answer.
    pub(super) fn deadline(&self) -> Option<Millis> {
        let owed = !self.outstanding.is_empty() || self.active.is_some();
        owed.then(|| self.last_heard + PATIENCE)
    }

    /// What to do next. Called when everything before is on its way, so that a command waits for one message at most.
    pub(super) fn step(&mut self) -> Result<Step, Failure> {
        if let Some((number, command, signature)) = self.signed.take() {
            return self.send_command(number, command, Some(signature));
        }
        if self.signing.is_none()
            && let Some(command) = self.commands.pop_front()
        {
            let number = self.session.next_number();
            if matches!(command, Command::Unlock { .. }) {
                self.signing = Some((number, command));
                return Ok(Step::Sign(self.session.to_sign(number, &command)));
            }
            return self.send_command(number, command, None);
        }
        if self.active.is_none()
            && let Some(task) = self.queue.pop_front()
        {
            return self.start(task);
        }
        if let Some(Active::Push(push)) = &mut self.active
            && push.is_ready()
        {
            let number = self.session.next_number();
            if let Some(request) = push.next(number) {
                return Ok(Step::Send(self.session.request(number, &request)?, None));
            }
        }
        Ok(Step::Nothing)
    }

    fn send_command(
        &mut self,
        number: u32,
        command: Command,
        signature: Option<Signature>,
    ) -> Result<Step, Failure> {
        let moves = match command {
            Command::Unlock { command, .. } => Some(command),
            Command::Status { .. } | Command::Session => None,
        };
        if let Command::Unlock { command, .. } | Command::Status { command } = command {
            self.outstanding.insert(number, (command, moves.is_some()));
        }
        let request = Request::Command(command, signature);
        Ok(Step::Send(self.session.request(number, &request)?, moves))
    }

    fn start(&mut self, task: Task) -> Result<Step, Failure> {
        let number = self.session.next_number();
        let (active, request) = match task {
            Task::PushBundle(transfer) => {
                let mut push = Push::new(transfer);
                let request = push.next(number).ok_or(ApiMisuse::WrongState)?;
                (Active::Push(push), request)
            }
            Task::PullReceipts => (Active::Single, Request::Receipts),
            Task::PullLog { from } => (Active::Single, Request::Log { from }),
            Task::TimeNonce => (Active::Single, Request::TimeNonce),
            Task::Attest(attest) => (Active::Single, Request::Attest(attest)),
            Task::Condition => (Active::Single, Request::Condition),
            // `push` puts these elsewhere.
            Task::Unlock { .. } | Task::Status { .. } => return Err(ApiMisuse::WrongState.into()),
        };
        self.active = Some(active);
        Ok(Step::Send(self.session.request(number, &request)?, None))
    }

    /// The holder key answered.
    pub(super) fn signed(
        &mut self,
        signature: Signature,
        holder: &VerifyingKey,
    ) -> Result<(), Failure> {
        let (number, command) = self.signing.take().ok_or(ApiMisuse::WrongState)?;
        let bytes = signed_request(&self.session.hash(), number, &command);
        if !holder.verify(&[&bytes], &signature) {
            return Err(ApiMisuse::BadSignature.into());
        }
        self.signed = Some((number, command, signature));
        Ok(())
    }

    /// Reads a reply and says what it means.
    pub(super) fn reply(&mut self, noise: &[u8], now: Millis) -> Result<Vec<Event>, Failure> {
        let (number, reply) = self.session.reply(noise)?;
        self.last_heard = now;
        match reply {
            Reply::Outcome { command, outcome } => {
                let asked = self.outstanding.remove(&number);
                if asked.is_none_or(|(asked, _)| asked != command) {
                    return Err(PeerMisbehaved::UnexpectedMessage.into());
                }
                Ok(vec![Event::Outcome { command, outcome }])
            }
            Reply::Refused(error) if self.outstanding.contains_key(&number) => {
                let asked = self.outstanding.remove(&number);
                // A refused question says nothing of the bolt.
                let moves = asked.is_some_and(|(_, moves)| moves);
                let refused = Event::Refused {
                    error,
                    session: true,
                };
                Ok(vec![if moves {
                    refused
                } else {
                    Event::TaskDone(Err(error))
                }])
            }
            Reply::Receipt(receipt) if number == 0 => Ok(vec![Event::Receipt(receipt)]),
            // The lock was already sending when the task ended.
            _ if number <= self.retired => Ok(Vec::new()),
            reply => self.task_reply(number, reply),
        }
    }

    fn task_reply(&mut self, number: u32, reply: Reply) -> Result<Vec<Event>, Failure> {
        let active = self
            .active
            .as_mut()
            .ok_or(PeerMisbehaved::UnexpectedMessage)?;
        match (active, reply) {
            (Active::Push(push), Reply::Missing(bitmap)) => {
                push.missing(&bitmap);
                let progress = Event::Progress {
                    sent: push.sent(),
                    total: push.total(),
                };
                if push.is_ready() {
                    return Ok(vec![progress]);
                }
                Ok(vec![progress, self.done(Err(Code::BadTransfer.into()))])
            }
            (Active::Push(push), Reply::Done) => {
                push.taken(number);
                Ok(vec![Event::Progress {
                    sent: push.sent(),
                    total: push.total(),
                }])
            }
            (Active::Push(push), Reply::Receipt(receipt)) => {
                let total = push.total();
                let progress = Event::Progress { sent: total, total };
                Ok(vec![progress, Event::Receipt(receipt), self.done(Ok(()))])
            }
            (_, Reply::Refused(error)) => Ok(vec![self.done(Err(error))]),
            (Active::Single, Reply::Receipt(receipt)) => Ok(vec![Event::Receipt(receipt)]),
            (Active::Single, Reply::Done) => Ok(vec![self.done(Ok(()))]),
            (
                Active::Single,
                Reply::Log {
                    next,
                    more,
                    segment,
                },
            ) => Ok(vec![
                Event::Log {
                    next,
                    more,
                    segment,
                },
                self.done(Ok(())),
            ]),
            (Active::Single, Reply::TimeNonce(nonce)) => {
                Ok(vec![Event::TimeNonce(nonce), self.done(Ok(()))])
            }
            (Active::Single, Reply::Condition(condition)) => {
                Ok(vec![Event::Condition(condition), self.done(Ok(()))])
            }
            _ => Err(PeerMisbehaved::UnexpectedMessage.into()),
        }
    }

    fn done(&mut self, result: Result<(), Error>) -> Event {
        self.active = None;
        self.retired = self.session.last_number();
        Event::TaskDone(result)
    }
}
