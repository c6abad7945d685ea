//! One visit at a lock, inside an open session: the time, the bundle, then receipts and the sealed log.

use super::outbox::{self, Item};
use super::session::{attest_time, perform};
use super::{SyncPhase, parcel};
use crate::account::SessionHandle;
use crate::context::Context;
use crate::error::{Error, Fault};
use crate::link::driver::{DriveEnd, Driver};
use crate::service::DoorId;
use keyway_protocol::bundle::Bundle;
use keyway_protocol::error::{Code, Error as Refusal};
use keyway_protocol::hello::{ClockQuality, Facts};
use keyway_protocol::phone::{Event, Task};

/// A lock whose time is known this exactly needs no attest, seconds.
const EXACT_ENOUGH: u32 = 5 * 60;

/// What a visit is given.
pub(super) struct Visit<'a> {
    pub(super) context: &'a Context,
    pub(super) session: &'a SessionHandle,
    pub(super) door: DoorId,
    /// Hears how far it is.
    pub(super) phase: &'a (dyn Fn(SyncPhase) + Sync),
}

/// Why a visit was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// The link or the lock.
    Link(DriveEnd),
    /// The phone's own store, or the session is over.
    Phone(Fault),
}

impl From<DriveEnd> for Cut {
    fn from(end: DriveEnd) -> Self {
        Self::Link(end)
    }
}

impl From<Fault> for Cut {
    fn from(fault: Fault) -> Self {
        Self::Phone(fault)
    }
}

impl From<Cut> for Error {
    fn from(cut: Cut) -> Self {
        match cut {
            Cut::Link(end) => end.into(),
            Cut::Phone(fault) => fault.into(),
        }
    }
}

impl Visit<'_> {
    /// Does everything there is to do. The inner result is the lock's answer to the bundle.
    pub(super) async fn run(&self, driver: &mut Driver) -> Result<Result<(), Refusal>, Cut> {
        let facts = self.session.memory().facts(self.door);
        if facts.is_some_and(|facts| needs_time(&facts)) {
            attest_time(driver, self.session, self.door).await?;
        }
        let delivered = match facts {
            Some(facts) => self.deliver(driver, &facts).await?,
            None => Ok(()),
        };
        (self.phase)(SyncPhase::Collecting);
        let mut collected = Vec::new();
        let ended = self.collect(driver, &mut collected).await;
        // What came before a cut is worth keeping.
        outbox::change(self.context, self.session, self.door, |outbox| {
            collected.into_iter().for_each(|item| outbox.add(item));
        })
        .await?;
        ended?;
        Ok(delivered)
    }

    async fn deliver(
        &self,
        driver: &mut Driver,
        facts: &Facts,
    ) -> Result<Result<(), Refusal>, Cut> {
        self.note_position(facts.bulk_seq).await?;
        let Some(bundle) = self.fitting(driver, facts).await? else {
            return Ok(Ok(()));
        };
        let transfer = bundle.transfer().map_err(|_| Error::ServiceNotTrusted);
        let transfer = transfer.map_err(Fault::from)?;
        let mut receipts = Vec::new();
        let pushed = perform(driver, Task::PushBundle(transfer), |event| match event {
            Event::Progress { sent, total } => {
                (self.phase)(SyncPhase::Sending {
                    sent: bytes(sent),
                    total: bytes(total),
                });
                if sent >= total {
                    (self.phase)(SyncPhase::Applying);
                }
            }
            Event::Receipt(receipt) => receipts.push(Item::Receipt(receipt)),
            _ => {}
        })
        .await?;
        outbox::change(self.context, self.session, self.door, |outbox| {
            receipts.into_iter().for_each(|item| outbox.add(item));
        })
        .await?;
        match pushed {
            Ok(()) => self.note_position(bundle.seq()).await?,
            // Another courier was faster.
            Err(refusal) if refusal.code == Code::Rollback => {}
            Err(refusal) => return Ok(Err(refusal)),
        }
        parcel::delivered(self.context, self.session, self.door).await?;
        Ok(Ok(()))
    }

    /// The stored bundle if the lock can take it, else one made for where the lock stands, if there is network.
    async fn fitting(&self, driver: &mut Driver, facts: &Facts) -> Result<Option<Bundle>, Cut> {
        let stored = parcel::stored(self.context, self.session, self.door).await?;
        let Some(bundle) = stored else {
            return Ok(None);
        };
        if parcel::fits(&bundle, facts) {
            return Ok(Some(bundle));
        }
        parcel::delivered(self.context, self.session, self.door).await?;
        if bundle.seq() <= facts.bulk_seq {
            return Ok(None);
        }
        let fetching = parcel::fetch_from(self.context, self.session, self.door, facts.bulk_seq);
        match driver.beside(fetching).await? {
            Ok(()) => {}
            Err(Fault::Http(_)) => return Ok(None),
            Err(fault) => return Err(fault.into()),
        }
        let fetched = parcel::stored(self.context, self.session, self.door).await?;
        Ok(fetched.filter(|bundle| parcel::fits(bundle, facts)))
    }

    async fn note_position(&self, bulk_seq: u64) -> Result<(), Fault> {
        outbox::change(self.context, self.session, self.door, |outbox| {
            outbox.bulk_seq = bulk_seq;
        })
        .await
    }

    /// Receipts, then the whole log that the service is not known to have: for others too.
    async fn collect(&self, driver: &mut Driver, items: &mut Vec<Item>) -> Result<(), Cut> {
        let _ = perform(driver, Task::PullReceipts, |event| {
            if let Event::Receipt(receipt) = event {
                items.push(Item::Receipt(receipt));
            }
        })
        .await?;
        let known = outbox::load(self.context.vault(), self.session, self.door).await?;
        let mut from = Some(known.acked);
        while let Some(start) = from.take()
            && items.len() < outbox::MOST_ITEMS
        {
            let answered = perform(driver, Task::PullLog { from: start }, |event| {
                if let Event::Log {
                    next,
                    more,
                    segment,
                } = event
                {
                    if !segment.is_empty() {
                        items.push(Item::Segment(segment));
                    }
                    // A lock that does not get ahead would be asked for ever.
                    from = (more && next > start).then_some(next);
                }
            })
            .await?;
            if answered.is_err() {
                break;
            }
        }
        Ok(())
    }
}

fn needs_time(facts: &Facts) -> bool {
    facts.clock.quality != ClockQuality::Attested || facts.clock.width > EXACT_ENOUGH
}

fn bytes(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
