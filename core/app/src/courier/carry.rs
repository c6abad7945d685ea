//! One sync's way to the lock and back: as many links as it takes, each going on where the last one broke.

use super::sync::{SyncOutcome, SyncPhase};
use super::visit::{Cut, Visit};
use super::{parcel, remember};
use crate::account::SessionHandle;
use crate::attempt::{Reporter, Stopper};
use crate::context::Context;
use crate::doors::{Access, Way, cached_door, current_access, fetch_access};
use crate::error::{Error, Fault};
use crate::link::driver::{DriveEnd, Driver};
use crate::link::finder::usable;
use crate::link::told_refusal;
use crate::link::turn::Turn;
use crate::service::DoorId;
use keyway_protocol::phone::{Event, Intent, Reason};

/// So many links at most.
const LINKS: u8 = 4;

pub(super) struct Carry<'a> {
    way: Way<'a>,
    driver: Option<Driver>,
    /// There was a session with the lock: what follows is an interruption, not a failure.
    begun: bool,
}

impl<'a> Carry<'a> {
    pub(super) fn new(
        context: &'a Context,
        session: &'a SessionHandle,
        door: DoorId,
        stopper: &'a Stopper,
    ) -> Self {
        Self {
            way: Way {
                context,
                session,
                stopper,
                door,
            },
            driver: None,
            begun: false,
        }
    }

    pub(super) fn has_begun(&self) -> bool {
        self.begun
    }

    /// What is left to close.
    pub(super) fn into_driver(self) -> Option<Driver> {
        self.driver
    }

    /// Fetches, then visits the lock until the visit is whole.
    pub(super) async fn run(
        &mut self,
        turn: &mut Turn,
        reporter: &Reporter<SyncPhase, SyncOutcome>,
    ) -> Result<(), Error> {
        reporter.phase(SyncPhase::Fetching);
        let fetching = self.way.stopper.guard(fetch(self.way));
        let access = fetching.await?.map_err(Error::from)?;
        let clock = &*self.way.context.ports().clock;
        self.way.stopper.guard(turn.ready(clock)).await?;
        let mut links = 0;
        loop {
            links += 1;
            let end = match self.visit(&access, reporter).await {
                Ok(done) => return done,
                Err(end) => end,
            };
            if links >= LINKS || !is_break(end) {
                return Err(end.into());
            }
            if let Some(driver) = self.driver.take() {
                driver.close().await;
            }
        }
    }

    /// One link. The outer error may be worth another one; the inner one is final.
    async fn visit(
        &mut self,
        access: &Access,
        reporter: &Reporter<SyncPhase, SyncOutcome>,
    ) -> Result<Result<(), Error>, DriveEnd> {
        let way = self.way;
        reporter.phase(SyncPhase::Scanning);
        let connecting = || reporter.phase(SyncPhase::Connecting);
        let driver = match way.reach(access, &connecting).await {
            Ok(driver) => self.driver.insert(driver),
            Err(error) => return Ok(Err(error.into())),
        };
        reporter.phase(SyncPhase::Authenticating);
        way.open(driver, access, Intent::Session).await?;
        loop {
            let event = driver.next().await?;
            remember(way.session.memory(), way.door, access.grant_id(), &event);
            match event {
                Event::SessionReady => break,
                Event::Refused {
                    error,
                    session: true,
                } => return Ok(Err(told_refusal(error))),
                _ => {}
            }
        }
        self.begun = true;
        let visit = Visit {
            context: way.context,
            session: way.session,
            door: way.door,
            phase: &|phase| reporter.phase(phase),
        };
        match visit.run(driver).await {
            Ok(delivered) => Ok(delivered.map_err(told_refusal)),
            Err(Cut::Link(end)) => Err(end),
            Err(Cut::Phone(fault)) => Ok(Err(fault.into())),
        }
    }
}

/// The newest documents where there is network, the cached ones where there is none.
async fn fetch(way: Way<'_>) -> Result<Access, Fault> {
    let Way {
        context,
        session,
        door,
        ..
    } = way;
    if let Some(known) = cached_door(context, session, door).await?
        && !known.has_bluetooth_unlock
    {
        return Err(Error::NoBluetoothUnlock.into());
    }
    usable(&*context.ports().radio)?;
    let (access, fetched) = match fetch_access(context, session, door).await {
        Ok(access) => {
            let fetched = parcel::fetch_bundle(context, session, door).await;
            (Some(access), fetched)
        }
        Err(fault) => (None, Err(fault)),
    };
    match fetched {
        Ok(()) => {}
        Err(Fault::Http(_)) => {
            if parcel::stored(context, session, door).await?.is_none() {
                return Err(Error::BundleNotAvailableOffline.into());
            }
        }
        Err(fault) => return Err(fault),
    }
    match access {
        Some(access) => Ok(access),
        None => current_access(context, session, door).await,
    }
}

/// The link broke; nobody said no.
fn is_break(end: DriveEnd) -> bool {
    match end {
        DriveEnd::Lost => true,
        DriveEnd::Ended(ending) => matches!(ending.reason, Reason::NoHello | Reason::Silent),
        DriveEnd::Stopped(_) | DriveEnd::Key(_) | DriveEnd::Entropy(_) | DriveEnd::Misuse(_) => {
            false
        }
    }
}
