//! Commands: the motor moves at most once per tap, and what came of a tap is told to its holder alone.

use alloc::vec::Vec;

use super::keeper::{GrantView, Keeper, Operation};
use super::node::{MotorResult, Output};
use super::resume::Held;
use super::{Env, Node};
use crate::error::{Code, Error};
use crate::ids::{CommandId, HolderHash};
use crate::io::{LinkId, Millis};
use crate::wire::message::{Command, Message};
use crate::wire::reply::{CommandOutcome, Reply};

/// A motor that says nothing for this many milliseconds is given up: the bolt may have moved.
pub(super) const MOTOR_PATIENCE: u64 = 8_000;

/// The motor and what it moves for.
#[derive(Debug)]
pub(super) struct Motor<G> {
    job: Option<Job<G>>,
    /// Moves since boot.
    pub(super) moves: u32,
}

#[derive(Debug)]
struct Job<G> {
    source: Source<G>,
    until: Millis,
    /// Who asked, and under which request number.
    waiting: Vec<(LinkId, u32)>,
}

#[derive(Debug)]
enum Source<G> {
    Phone { grant: G, command: CommandId },
    Keypad,
}

impl<G: GrantView> Motor<G> {
    pub(super) const fn new() -> Self {
        Self {
            job: None,
            moves: 0,
        }
    }

    pub(super) fn deadline(&self) -> Option<Millis> {
        self.job.as_ref().map(|job| job.until)
    }

    /// The tap under way; `None` when idle or when the keypad opened.
    pub(super) fn tap(&self) -> Option<CommandId> {
        match &self.job.as_ref()?.source {
            Source::Phone { command, .. } => Some(*command),
            Source::Keypad => None,
        }
    }

    /// The job for a tap of this holder, if it is under way.
    fn running(&mut self, holder: &HolderHash, command: CommandId) -> Option<&mut Job<G>> {
        self.job.as_mut().filter(|job| match &job.source {
            Source::Phone {
                grant,
                command: running,
            } => *running == command && grant.holder() == *holder,
            Source::Keypad => false,
        })
    }
}

impl<K: Keeper> Node<K> {
    /// Judges an unlock and, if the tap is new, begins it: noted in the journal, then the motor.
    pub(super) fn begin_unlock(
        &mut self,
        held: &Held<K::Grant>,
        command: CommandId,
        presence: bool,
        env: &mut Env<'_>,
    ) -> Result<(), Error> {
        let holder = held.grant.holder();
        let known = self.motor.running(&holder, command).is_some()
            || self.keeper.recall(&holder, command).is_some();
        if known {
            // The same tap again: `carry_out` tells what came of it.
            return Ok(());
        }
        self.keeper
            .judge(&held.grant, Operation::Unlock { presence }, env)?;
        self.check_body(env)?;
        self.keeper.begin(&held.grant, command, env)?;
        self.start(
            Source::Phone {
                grant: held.grant.clone(),
                command,
            },
            env.now,
        );
        Ok(())
    }

    fn check_body(&self, env: &Env<'_>) -> Result<(), Error> {
        if self.motor.job.is_some() {
            return Err(Code::Busy.into());
        }
        if env.body.deadbolt_thrown {
            return Err(Code::Deadbolt.into());
        }
        if !env.body.can_move_bolt() {
            return Err(Code::BatteryLow.into());
        }
        Ok(())
    }

    fn start(&mut self, source: Source<K::Grant>, now: Millis) {
        self.motor.moves += 1;
        self.motor.job = Some(Job {
            source,
            until: now + MOTOR_PATIENCE,
            waiting: Vec::new(),
        });
        self.output(Output::Withdraw);
    }

    /// Answers an admitted command, now or when the motor has stopped.
    pub(super) fn carry_out(&mut self, link: LinkId, number: u32, command: Command) {
        let Some(session) = self
            .links
            .find(link)
            .and_then(|state| state.session.as_ref())
        else {
            return;
        };
        let holder = session.held.grant.holder();
        let command = match command {
            Command::Unlock { command, .. } | Command::Status { command } => command,
            Command::Session => return self.send_held_receipt(link),
        };
        if let Some(job) = self.motor.running(&holder, command) {
            return job.waiting.push((link, number));
        }
        let outcome = self.keeper.recall(&holder, command);
        let outcome = outcome.unwrap_or(CommandOutcome::NotExecuted(None));
        self.reply(link, number, &Reply::Outcome { command, outcome });
        self.send_held_receipt(link);
    }

    /// The motor stopped: note it, then tell.
    pub(super) fn motor_stopped(&mut self, result: MotorResult, env: &mut Env<'_>) {
        let outcome = match result {
            MotorResult::Withdrawn => CommandOutcome::Executed,
            MotorResult::Stuck => {
                let fault = Error::new(Code::MechanicalFault).may_have_executed();
                CommandOutcome::NotExecuted(Some(fault))
            }
        };
        self.conclude(outcome, env);
    }

    /// Gives up on a motor that does not report.
    pub(super) fn motor_overdue(&mut self, env: &mut Env<'_>) {
        if self.motor.deadline().is_some_and(|until| until <= env.now) {
            self.conclude(CommandOutcome::Unknown, env);
        }
    }

    fn conclude(&mut self, outcome: CommandOutcome, env: &mut Env<'_>) {
        let Some(job) = self.motor.job.take() else {
            return;
        };
        match job.source {
            Source::Keypad => self.keeper.keypad_finished(outcome, env),
            Source::Phone { grant, command } => {
                self.keeper.finish(&grant, command, outcome, env);
                for (link, number) in job.waiting {
                    self.reply(link, number, &Reply::Outcome { command, outcome });
                    self.send_held_receipt(link);
                }
            }
        }
    }

    /// A digit on the keypad.
    pub(super) fn digit(&mut self, digit: u8, env: &mut Env<'_>) {
        if self.motor.job.is_some() {
            return;
        }
        match self.keeper.digit(digit, env) {
            None => {}
            Some(Ok(())) => self.start(Source::Keypad, env.now),
            Some(Err(error)) => self.output(Output::KeypadRefused(error)),
        }
    }

    /// Sends an encrypted reply in a link's session.
    pub(super) fn reply(&mut self, link: LinkId, number: u32, reply: &Reply) {
        let Some(session) = self
            .links
            .find(link)
            .and_then(|state| state.session.as_mut())
        else {
            return;
        };
        match session.transport.encrypt(&reply.encode(number)) {
            Some(noise) => self.send(link, &Message::Reply(noise)),
            None => self.close(link),
        }
    }

    /// The receipt of message 1's lane comes after its command's outcome: the bolt does not wait for it.
    pub(super) fn send_held_receipt(&mut self, link: LinkId) {
        let session = self
            .links
            .find(link)
            .and_then(|state| state.session.as_mut());
        if let Some(receipt) = session.and_then(|session| session.receipt.take()) {
            self.reply(link, 0, &Reply::Receipt(receipt));
        }
    }
}
