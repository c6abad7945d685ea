//! One tap: as many links as it takes to know what became of it, and one command.

use super::access::{Access, fetch_access};
use super::reach::Way;
use super::unlock::{UnlockOutcome, UnlockPhase, UnlockReporter};
use crate::account::SessionHandle;
use crate::attempt::Stopper;
use crate::context::Context;
use crate::courier;
use crate::error::{Error, Fault};
use crate::link::driver::{DriveEnd, Driver};
use crate::link::finder::FindError;
use crate::link::told_refusal;
use crate::service::DoorId;
use core::time::Duration;
use keyway_protocol::error::{Code, Error as Refusal, Failure};
use keyway_protocol::ids::CommandId;
use keyway_protocol::phone::{Certainty, Event, Intent, Reason, Task};
use keyway_protocol::wire::reply::CommandOutcome;

/// No new link is made for a tap after this.
const PATIENCE: Duration = Duration::from_secs(30);
/// So many links at most: one, one more after a break, one more to ask.
const LINKS: u8 = 3;
/// A busy lock is asked again after this.
const BUSY_PAUSE: Duration = Duration::from_secs(1);

/// What a link is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Aim {
    /// To unlock.
    Open,
    /// To ask what became of the command. Never to repeat it.
    Settle,
}

pub(super) struct Tap<'a> {
    context: &'a Context,
    session: &'a SessionHandle,
    stopper: &'a Stopper,
    door: DoorId,
    access: Access,
    command: CommandId,
    aim: Aim,
    driver: Option<Driver>,
    links: u8,
    until: Duration,
    /// The lock's time was attested for this tap.
    attested: bool,
    /// The documents were fetched anew for this tap.
    fetched: bool,
    /// The lock said that nothing happened and will not; the resident still stands there.
    repeated: bool,
}

impl<'a> Tap<'a> {
    pub(super) fn new(
        context: &'a Context,
        session: &'a SessionHandle,
        door: DoorId,
        access: Access,
        stopper: &'a Stopper,
    ) -> Result<Self, Fault> {
        Ok(Self {
            context,
            session,
            stopper,
            door,
            access,
            command: new_command(context)?,
            aim: Aim::Open,
            driver: None,
            links: 0,
            until: context.ports().clock.elapsed() + PATIENCE,
            attested: false,
            fetched: false,
            repeated: false,
        })
    }

    /// The link, with an open session after an unlock; to be closed in any case.
    pub(super) fn into_driver(self) -> Option<Driver> {
        self.driver
    }

    /// Runs until the outcome is certain, or cannot become so.
    pub(super) async fn run(&mut self, reporter: &UnlockReporter) -> UnlockOutcome {
        loop {
            if let Err(error) = self.connect(reporter).await {
                return self.without_answer(error.into());
            }
            let end = match self.converse(reporter).await {
                Ok(outcome) => return outcome,
                Err(end) => end,
            };
            if self.may_have_unlocked() {
                self.aim = Aim::Settle;
            }
            if !self.is_worth_another_link(end) {
                return self.without_answer(end.into());
            }
            if let Some(driver) = self.driver.take() {
                driver.close().await;
            }
            if let Err(why) = self.prepare_again(end).await {
                return self.without_answer(why);
            }
        }
    }

    async fn connect(&mut self, reporter: &UnlockReporter) -> Result<(), FindError> {
        self.links += 1;
        reporter.phase(UnlockPhase::Scanning);
        let connecting = || reporter.phase(UnlockPhase::Connecting);
        let driver = self.way().reach(&self.access, &connecting).await?;
        self.driver = Some(driver);
        Ok(())
    }

    async fn converse(&mut self, reporter: &UnlockReporter) -> Result<UnlockOutcome, DriveEnd> {
        reporter.phase(UnlockPhase::Authenticating);
        let memory = self.session.memory();
        let grant = self.access.grant_id();
        let (way, intent) = (self.way(), self.intent());
        let driver = self.driver.as_mut().ok_or(DriveEnd::Lost)?;
        way.open(driver, &self.access, intent).await?;
        loop {
            let event = self.driver()?.next().await?;
            courier::remember(memory, self.door, grant, &event);
            let settled = match event {
                Event::Accepted if self.aim == Aim::Open => {
                    reporter.phase(UnlockPhase::Unlocking);
                    None
                }
                Event::Refused { error, session } => self.refused(error, session).await?,
                Event::Outcome { command, outcome } if command == self.command => {
                    self.settled(outcome)?
                }
                // The question itself was refused.
                Event::TaskDone(Err(_)) if self.aim == Aim::Settle => {
                    Some(UnlockOutcome::MayHaveUnlocked)
                }
                _ => None,
            };
            if let Some(outcome) = settled {
                return Ok(outcome);
            }
        }
    }

    fn way(&self) -> Way<'a> {
        Way {
            context: self.context,
            session: self.session,
            stopper: self.stopper,
            door: self.door,
        }
    }

    fn intent(&self) -> Intent {
        let command = self.command;
        match self.aim {
            Aim::Open => Intent::Unlock {
                command,
                presence: self.access.needs_presence(),
            },
            Aim::Settle => Intent::Status { command },
        }
    }

    /// What the lock said became of the command.
    fn settled(&mut self, outcome: CommandOutcome) -> Result<Option<UnlockOutcome>, DriveEnd> {
        Ok(match outcome {
            CommandOutcome::Executed => Some(UnlockOutcome::Unlocked),
            CommandOutcome::Unknown => Some(UnlockOutcome::MayHaveUnlocked),
            CommandOutcome::NotExecuted(Some(refusal)) => Some(not(told_refusal(refusal))),
            CommandOutcome::NotExecuted(None) if self.aim == Aim::Settle && !self.repeated => {
                self.repeated = true;
                self.command_again()?;
                None
            }
            CommandOutcome::NotExecuted(None) => Some(not(Error::LinkLost)),
        })
    }

    /// A no, and what may turn it into a yes without the resident.
    async fn refused(
        &mut self,
        refusal: Refusal,
        session: bool,
    ) -> Result<Option<UnlockOutcome>, DriveEnd> {
        if refusal.may_have_executed {
            self.aim = Aim::Settle;
            if session {
                let command = self.command;
                self.driver()?.give(Task::Status { command })?;
            }
            return Ok(None);
        }
        if self.aim == Aim::Settle {
            // A refused question says nothing of the bolt.
            let again = !session && self.is_curable(refusal.code);
            return Ok((!again).then_some(UnlockOutcome::MayHaveUnlocked));
        }
        match refusal.code {
            // The lock's idea of the time is wide: the service can narrow it, where there is network.
            Code::ClockUnsure | Code::Expired | Code::NotYet if session && !self.attested => {
                self.attested = true;
                let (service, door) = (self.session, self.door);
                if courier::attest_time(self.driver()?, service, door).await? {
                    self.command_again()?;
                    return Ok(None);
                }
            }
            // The end that follows says so again, and begins another link.
            _ if !session && self.is_curable(refusal.code) => return Ok(None),
            _ => {}
        }
        Ok(Some(not(told_refusal(refusal))))
    }

    /// Says a new command in the same session, after the lock said that the one before did nothing and will not.
    fn command_again(&mut self) -> Result<(), DriveEnd> {
        self.command = new_command(self.context).map_err(|_| DriveEnd::Lost)?;
        self.aim = Aim::Open;
        let task = Task::Unlock {
            command: self.command,
            presence: self.access.needs_presence(),
        };
        self.driver()?.give(task)
    }

    fn may_have_unlocked(&self) -> bool {
        match self.driver.as_ref().and_then(Driver::certainty) {
            Some(certainty) => certainty == Certainty::MayHaveUnlocked,
            None => self.aim == Aim::Settle,
        }
    }

    fn without_answer(&self, error: Error) -> UnlockOutcome {
        match self.may_have_unlocked() || self.aim == Aim::Settle {
            true => UnlockOutcome::MayHaveUnlocked,
            false => not(error),
        }
    }

    fn is_worth_another_link(&self, end: DriveEnd) -> bool {
        let room = self.links < LINKS && self.context.ports().clock.elapsed() < self.until;
        let breaks = match end {
            DriveEnd::Lost => true,
            DriveEnd::Ended(ending) => match ending.reason {
                Reason::NoHello | Reason::Silent => true,
                Reason::Failed(Failure::Refused(refusal)) => self.is_curable(refusal.code),
                // Somebody else's radio under a cached name: the scan will find the lock.
                Reason::Failed(Failure::PeerMisbehaved(_)) => self.links == 1,
                Reason::Failed(_) | Reason::Cancelled => false,
            },
            DriveEnd::Stopped(_)
            | DriveEnd::Key(_)
            | DriveEnd::Entropy(_)
            | DriveEnd::Misuse(_) => false,
        };
        room && (breaks || (self.aim == Aim::Settle && !matches!(end, DriveEnd::Stopped(_))))
    }

    fn is_curable(&self, code: Code) -> bool {
        match code {
            Code::Busy | Code::StaleHello | Code::UnknownSlot | Code::UnknownGrant => true,
            Code::SyncRequired | Code::BadDocument | Code::Rollback => !self.fetched,
            _ => false,
        }
    }

    /// Between two links: what the end asks for.
    async fn prepare_again(&mut self, end: DriveEnd) -> Result<(), Error> {
        let DriveEnd::Ended(ending) = end else {
            return Ok(());
        };
        match ending.reason {
            Reason::Failed(Failure::Refused(refusal)) if refusal.code == Code::Busy => {
                let pause = self.context.ports().clock.sleep(BUSY_PAUSE);
                self.stopper.guard(pause).await?;
            }
            Reason::Failed(Failure::Refused(refusal)) => {
                self.session.memory().set_resumption(self.door, None);
                if told_refusal(refusal) == Error::SyncRequired {
                    self.fetched = true;
                    let fetching = fetch_access(self.context, self.session, self.door);
                    // Without network, the lock's word stands.
                    self.access = match self.stopper.guard(fetching).await? {
                        Err(Fault::Http(_)) => return Err(Error::SyncRequired),
                        fetched => fetched?,
                    };
                }
            }
            Reason::Failed(_) => self.session.memory().set_peripheral(self.door, None),
            Reason::NoHello | Reason::Silent | Reason::Cancelled => {}
        }
        Ok(())
    }

    fn driver(&mut self) -> Result<&mut Driver, DriveEnd> {
        self.driver.as_mut().ok_or(DriveEnd::Lost)
    }
}

fn not(error: Error) -> UnlockOutcome {
    UnlockOutcome::NotUnlocked { error }
}

fn new_command(context: &Context) -> Result<CommandId, Fault> {
    let mut id = [0; 16];
    context.ports().entropy.fill(&mut id)?;
    Ok(CommandId(id))
}
