//! One link's life on the phone: drives the states of [`super::opening`] over framing, with every wait bounded.

mod greeting;

use alloc::boxed::Box;
use alloc::collections::VecDeque;

use super::opening::{AwaitAnswer, NeedSignature};
use super::tasks::{PATIENCE, Step, Tasks};
use super::{
    Certainty, ConversationConfig, Credentials, Ending, Event, Input, Intent, Output, Reason,
    Resumption, Task,
};
use crate::crypto::SeededRandom;
use crate::error::{ApiMisuse, Error, Failure, PeerMisbehaved};
use crate::hello::Assembly;
use crate::ids::CommandId;
use crate::io::Millis;
use crate::wire::frame::Framing;
use crate::wire::message::{Command, Message};
use crate::wire::reply::CommandOutcome;

/// Notified hellos usually come at once; after this the characteristic is read.
const READ_AFTER: u64 = 300;
/// A read that was not answered is asked for again after this.
const READ_AGAIN: u64 = 2_000;
/// Without a hello by then the conversation ends.
const HELLO_PATIENCE: u64 = 8_000;

/// One link's life on the phone. See the module's documentation for how it is driven.
#[derive(Debug)]
pub struct Conversation {
    credentials: Credentials,
    intent: Intent,
    resumption: Option<Resumption>,
    random: SeededRandom,
    framing: Framing,
    stage: Stage,
    outputs: VecDeque<Output>,
    /// Tasks given before there was a session.
    early: VecDeque<Task>,
    /// How often a hello had to be answered anew.
    renewals: u8,
    /// The last tap that was asked for, and what is known of it.
    tap: Option<CommandId>,
    certainty: Certainty,
}

#[derive(Debug)]
enum Stage {
    Hello(Waiting),
    Signing(NeedSignature),
    /// Message 1 is queued; `sent` is when its last byte was handed out.
    Answer {
        state: AwaitAnswer,
        sent: Option<Millis>,
    },
    Open(Box<Tasks>),
    Over,
}

#[derive(Debug)]
struct Waiting {
    assembly: Assembly,
    read_at: Millis,
    give_up_at: Millis,
}

impl Waiting {
    fn new(read_at: Millis, now: Millis) -> Self {
        Self {
            assembly: Assembly::default(),
            read_at,
            give_up_at: now + HELLO_PATIENCE,
        }
    }
}

impl Conversation {
    /// Begins when the link is up and both notifications are subscribed.
    pub fn new(config: ConversationConfig, intent: Intent, now: Millis) -> Self {
        let ConversationConfig {
            credentials,
            mtu,
            resumption,
            seed,
        } = config;
        let (tap, certainty) = match intent {
            Intent::Unlock { command, .. } => (Some(command), Certainty::NotUnlocked),
            Intent::Status { command } => (Some(command), Certainty::MayHaveUnlocked),
            Intent::Session => (None, Certainty::NotUnlocked),
        };
        Self {
            resumption: resumption.filter(|held| held.is_usable(&credentials.grant_id, now)),
            credentials,
            intent,
            random: SeededRandom::new(&seed),
            framing: Framing::new(mtu),
            stage: Stage::Hello(Waiting::new(now + READ_AFTER, now)),
            outputs: VecDeque::new(),
            early: VecDeque::new(),
            renewals: 0,
            tap,
            certainty,
        }
    }

    /// What is known of the last command that would move the bolt. Also right when the link is lost without a word.
    pub const fn certainty(&self) -> Certainty {
        self.certainty
    }

    /// Takes what happened outside. What the peer does wrong ends the conversation with an event; an error here means that the caller
    /// gave something that does not fit ([`ApiMisuse`]).
    pub fn handle_input(&mut self, input: Input<'_>, now: Millis) -> Result<(), Failure> {
        self.expire(now);
        match input {
            Input::HelloFrame(fragment) => self.hello_fragment(fragment, now),
            Input::HelloRead(bytes) => self.hello_read(bytes, now),
            Input::DownFrame(frame) => self.down_frame(frame, now),
            Input::Signed(signature) => return self.signed(signature, now),
            Input::Do(task) => return self.accept(task, now),
            Input::Cancel => self.end(Reason::Cancelled),
            Input::Tick => {}
        }
        Ok(())
    }

    /// What to do next.
    pub fn poll_output(&mut self, now: Millis) -> Output {
        self.expire(now);
        if let Some(output) = self.outputs.pop_front() {
            return output;
        }
        if let Stage::Hello(waiting) = &mut self.stage
            && waiting.read_at <= now
        {
            waiting.read_at = now + READ_AGAIN;
            return Output::ReadHello;
        }
        self.pump();
        if !matches!(self.stage, Stage::Over)
            && let Some(frame) = self.framing.poll_frame(now)
        {
            self.outputs.push_back(Output::WriteUp(frame));
            self.note_sent(now);
        }
        let next = self.outputs.pop_front();
        next.unwrap_or_else(|| Output::Wait(self.deadline()))
    }

    fn deadline(&self) -> Option<Millis> {
        let own = match &self.stage {
            Stage::Hello(waiting) => Some(waiting.read_at.min(waiting.give_up_at)),
            Stage::Signing(_) => None,
            Stage::Answer { sent, .. } => sent.map(|sent| sent + PATIENCE),
            Stage::Open(tasks) => tasks.deadline(),
            Stage::Over => return None,
        };
        Millis::earliest(own, self.framing.deadline())
    }

    fn expire(&mut self, now: Millis) {
        let late = match &self.stage {
            Stage::Hello(waiting) if waiting.give_up_at <= now => Some(Reason::NoHello),
            Stage::Answer {
                sent: Some(sent), ..
            } if now.since(*sent) >= PATIENCE => Some(Reason::Silent),
            Stage::Open(tasks) if tasks.deadline().is_some_and(|at| at <= now) => {
                Some(Reason::Silent)
            }
            Stage::Over => None,
            _ => self.framing.is_lost(now).then_some(Reason::Silent),
        };
        if let Some(reason) = late {
            self.end(reason);
        }
    }

    fn end(&mut self, reason: Reason) {
        if matches!(self.stage, Stage::Over) {
            return;
        }
        self.stage = Stage::Over;
        // What was not handed out yet must not be: the caller may take the end for certain.
        self.outputs
            .retain(|output| matches!(output, Output::Event(_)));
        let ending = Ending {
            reason,
            certainty: self.certainty,
        };
        self.event(Event::Ended(ending));
    }

    fn fail(&mut self, failure: impl Into<Failure>) {
        self.end(Reason::Failed(failure.into()));
    }

    fn event(&mut self, event: Event) {
        self.outputs.push_back(Output::Event(event));
    }

    fn accept(&mut self, task: Task, now: Millis) -> Result<(), Failure> {
        if let Task::Unlock { command, .. } = task {
            (self.tap, self.certainty) = (Some(command), Certainty::NotUnlocked);
        }
        match &mut self.stage {
            Stage::Over => return Err(ApiMisuse::Over.into()),
            Stage::Open(tasks) => tasks.push(task, now),
            _ => self.early.push_back(task),
        }
        Ok(())
    }

    fn down_frame(&mut self, frame: &[u8], now: Millis) {
        if matches!(self.stage, Stage::Over) {
            return;
        }
        if self.framing.handle_frame(frame, now).is_err() {
            return self.fail(PeerMisbehaved::BadFrame);
        }
        while let Some(message) = self.framing.poll_message() {
            match Message::decode(&message) {
                Ok(message) => self.message(message, now),
                Err(_) => self.fail(PeerMisbehaved::UnreadableMessage),
            }
        }
    }

    fn message(&mut self, message: Message, now: Millis) {
        match (core::mem::replace(&mut self.stage, Stage::Over), message) {
            (Stage::Over, _) => {}
            (stage @ Stage::Answer { .. }, Message::Alert(error, hello)) => {
                self.stage = stage;
                self.alert(error, &hello, now);
            }
            (Stage::Answer { state, .. }, Message::Answer(noise)) => match state.answer(&noise) {
                Ok(answered) => self.answered(answered, now),
                Err(failure) => self.fail_from_spent(failure, now),
            },
            (Stage::Open(mut tasks), Message::Reply(noise)) => {
                let events = tasks.reply(&noise, now);
                self.stage = Stage::Open(tasks);
                match events {
                    Ok(events) => events.into_iter().for_each(|event| self.learn(event)),
                    Err(failure) => self.fail(failure),
                }
            }
            (stage, _) => {
                self.stage = stage;
                self.fail(PeerMisbehaved::UnexpectedMessage);
            }
        }
    }

    fn refused(&mut self, error: Error, session: bool) {
        self.certainty = match error.may_have_executed {
            true => Certainty::MayHaveUnlocked,
            false => Certainty::NotUnlocked,
        };
        self.event(Event::Refused { error, session });
    }

    /// Passes an event on after noting what it says of the bolt.
    fn learn(&mut self, event: Event) {
        match event {
            Event::Outcome { command, outcome } if self.tap == Some(command) => {
                self.certainty = match outcome {
                    CommandOutcome::Executed => Certainty::Unlocked,
                    CommandOutcome::NotExecuted(Some(error)) if error.may_have_executed => {
                        Certainty::MayHaveUnlocked
                    }
                    CommandOutcome::NotExecuted(_) => Certainty::NotUnlocked,
                    CommandOutcome::Unknown => Certainty::MayHaveUnlocked,
                };
                self.event(event);
            }
            Event::Refused { error, session } => self.refused(error, session),
            event => self.event(event),
        }
    }

    /// Lets the open session say its next request, one message at a time.
    fn pump(&mut self) {
        if !self.framing.is_all_sent() {
            return;
        }
        let Stage::Open(tasks) = &mut self.stage else {
            return;
        };
        match tasks.step() {
            Ok(Step::Send(message, command)) => {
                if let Some(command) = command {
                    // Before the first byte, which is early enough: certainty may err on this side only.
                    self.certainty = Certainty::MayHaveUnlocked;
                    self.event(Event::CommandSent { command });
                }
                if let Err(misuse) = self.framing.send(message) {
                    self.fail(misuse);
                }
            }
            Ok(Step::Sign(bytes)) => self.outputs.push_back(Output::NeedSignature(bytes)),
            Ok(Step::Nothing) => {}
            Err(failure) => self.fail(failure),
        }
    }

    /// If the frame just taken out completes message 1, says so before the frame leaves.
    fn note_sent(&mut self, now: Millis) {
        let complete = self.framing.is_all_sent();
        let Stage::Answer {
            sent: sent @ None, ..
        } = &mut self.stage
        else {
            return;
        };
        if complete {
            *sent = Some(now);
            if matches!(self.intent.command(), Command::Unlock { .. }) {
                self.certainty = Certainty::MayHaveUnlocked;
            }
            self.outputs
                .push_front(Output::Event(Event::MessageOneSent));
        }
    }
}
