//! Finds one door's lock on the air and connects to it.

use super::wait::within;
use crate::attempt::{Stop, Stopper};
use crate::log;
use crate::ports::{
    Clock, Link, Location, PeripheralId, Permission, Power, Radio, RadioError, Scan, Sighting,
};
use core::time::Duration;
use std::collections::BTreeMap;

/// After this a lock counts as not found: longer, and the resident is better served by the next way in.
pub(crate) const FIND_LIMIT: Duration = Duration::from_secs(20);
/// A failed connect is repeated within this: the first connect of a phone fails often, a later one seldom.
const CONNECT_LIMIT: Duration = Duration::from_secs(9);
/// One connect may take this.
const ONE_CONNECT: Duration = Duration::from_secs(4);
/// Pause between two connects, for the controller to come to rest.
const CONNECT_PAUSE: Duration = Duration::from_millis(250);
/// A weak first sighting waits this long for a stronger one.
const SETTLE: Duration = Duration::from_millis(120);
/// From here on a sighting is taken at once, dBm.
const STRONG: i16 = -70;
/// Below this a link would only fail later, dBm.
const WEAKEST: i16 = -92;
/// How the radio says that it does not know the strength.
const UNKNOWN: i16 = -127;

/// Why there is no link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FindError {
    /// Something stands between the core and the air.
    Radio(RadioError),
    /// The lock was not heard, or did not take a connection.
    NotFound,
    /// The journey was told to stop.
    Stopped(Stop),
}

impl From<Stop> for FindError {
    fn from(why: Stop) -> Self {
        Self::Stopped(why)
    }
}

/// A lock that answered, and what to try first the next time.
pub(crate) struct Found {
    /// The link.
    pub(crate) link: Box<dyn Link>,
    /// The platform's name of the peripheral.
    pub(crate) id: PeripheralId,
}

/// Typed answer before any scan: is the radio usable at all?
pub(crate) fn usable(radio: &dyn Radio) -> Result<(), RadioError> {
    let state = radio.state();
    match state.power {
        Power::Unsupported => return Err(RadioError::Unsupported),
        Power::Off => return Err(RadioError::Off),
        Power::On => {}
    }
    match state.permission {
        Permission::Denied => return Err(RadioError::NotPermitted),
        // The system asks at the first use; its answer arrives as an error of the scan.
        Permission::NotAsked | Permission::Granted => {}
    }
    match state.location {
        Location::Off => Err(RadioError::LocationOff),
        Location::NotNeeded | Location::On => Ok(()),
    }
}

/// Looks for the lock whose advertisements `matches` recognises.
pub(crate) struct Finder<'a> {
    /// The radio.
    pub(crate) radio: &'a dyn Radio,
    /// The clock.
    pub(crate) clock: &'a dyn Clock,
    /// Ends the search early.
    pub(crate) stopper: &'a Stopper,
    /// Does this service data belong to the wanted lock?
    pub(crate) matches: &'a (dyn Fn(&[u8]) -> bool + Sync),
    /// Hears when a connect begins.
    pub(crate) connecting: &'a (dyn Fn() + Sync),
}

impl Finder<'_> {
    /// Connects to `known` if that answers, else scans, strongest first. Gives up after [`FIND_LIMIT`].
    pub(crate) async fn find(&self, known: Option<PeripheralId>) -> Result<Found, FindError> {
        usable(self.radio).map_err(FindError::Radio)?;
        let give_up = self.clock.elapsed() + FIND_LIMIT;
        if let Some(id) = known
            && let Some(found) = self.connect_once(id, give_up).await?
        {
            return Ok(found);
        }
        let mut refused: Vec<PeripheralId> = Vec::new();
        loop {
            let id = self.sight(give_up, &refused).await?;
            if let Some(found) = self.connect(id.clone(), give_up).await? {
                return Ok(found);
            }
            refused.push(id);
        }
    }

    /// Scans until a sighting is good enough to connect to.
    async fn sight(
        &self,
        give_up: Duration,
        refused: &[PeripheralId],
    ) -> Result<PeripheralId, FindError> {
        let limit = self.left(give_up)?;
        let mut scan = self
            .stopper
            .guard(within(self.clock, limit, self.radio.scan()))
            .await?
            .map_err(|_| FindError::NotFound)?
            .map_err(FindError::Radio)?;
        let mut heard: BTreeMap<PeripheralId, i16> = BTreeMap::new();
        let mut until = give_up;
        loop {
            let Some(sighting) = self.next_sighting(scan.as_mut(), until).await? else {
                return strongest(&heard).ok_or(FindError::NotFound);
            };
            let wanted = !refused.contains(&sighting.id) && self.is_wanted(&sighting);
            log::sighted(wanted, sighting.rssi);
            if !wanted {
                continue;
            }
            if sighting.rssi >= STRONG || sighting.rssi == UNKNOWN {
                return Ok(sighting.id);
            }
            if heard.is_empty() {
                until = (self.clock.elapsed() + SETTLE).min(give_up);
            }
            heard.insert(sighting.id, sighting.rssi);
        }
    }

    /// The next sighting, or `None` at `until`.
    async fn next_sighting(
        &self,
        scan: &mut dyn Scan,
        until: Duration,
    ) -> Result<Option<Sighting>, FindError> {
        let limit = until.saturating_sub(self.clock.elapsed());
        match self
            .stopper
            .guard(within(self.clock, limit, scan.next()))
            .await?
        {
            Ok(Ok(sighting)) => Ok(Some(sighting)),
            Ok(Err(error)) => Err(FindError::Radio(error)),
            Err(_) => Ok(None),
        }
    }

    fn is_wanted(&self, sighting: &Sighting) -> bool {
        (sighting.rssi >= WEAKEST || sighting.rssi == UNKNOWN)
            && (self.matches)(&sighting.service_data)
    }

    /// Connects, again and again within [`CONNECT_LIMIT`]; `None` when that was not enough.
    async fn connect(
        &self,
        id: PeripheralId,
        give_up: Duration,
    ) -> Result<Option<Found>, FindError> {
        let until = (self.clock.elapsed() + CONNECT_LIMIT).min(give_up);
        loop {
            if let Some(found) = self.connect_once(id.clone(), until).await? {
                return Ok(Some(found));
            }
            if self.clock.elapsed() + CONNECT_PAUSE >= until {
                return Ok(None);
            }
            self.stopper.guard(self.clock.sleep(CONNECT_PAUSE)).await?;
        }
    }

    /// One connect; `None` when the lock did not take it.
    async fn connect_once(
        &self,
        id: PeripheralId,
        until: Duration,
    ) -> Result<Option<Found>, FindError> {
        let limit = ONE_CONNECT.min(until.saturating_sub(self.clock.elapsed()));
        (self.connecting)();
        let connecting = self.radio.connect(id.clone(), limit);
        // The port has the deadline too; this one holds where a system's connect hangs.
        match self
            .stopper
            .guard(within(self.clock, limit, connecting))
            .await?
        {
            Ok(Ok(link)) => Ok(Some(Found { link, id })),
            Ok(Err(RadioError::TimedOut | RadioError::Lost | RadioError::Refused)) | Err(_) => {
                Ok(None)
            }
            Ok(Err(error)) => Err(FindError::Radio(error)),
        }
    }

    fn left(&self, give_up: Duration) -> Result<Duration, FindError> {
        let left = give_up.saturating_sub(self.clock.elapsed());
        if left.is_zero() {
            return Err(FindError::NotFound);
        }
        Ok(left)
    }
}

fn strongest(heard: &BTreeMap<PeripheralId, i16>) -> Option<PeripheralId> {
    heard
        .iter()
        .max_by_key(|(_, rssi)| **rssi)
        .map(|(id, _)| id.clone())
}
