//! Which of the account's doors are in range: one short scan, every lock told by its hint.

use super::access::{Access, cached_access};
use super::list::{Doors, doors};
use crate::account::SessionHandle;
use crate::attempt::Stopper;
use crate::context::{Context, within};
use crate::error::{Error, Fault};
use crate::link::finder::usable;
use crate::link::turn::{Occupied, Purpose};
use crate::log;
use crate::ports::{Scan, UnixMillis};
use crate::service::DoorId;
use core::time::Duration;
use std::collections::BTreeMap;

/// Locks advertise several times a second: who was not heard in this time is not near.
const LOOK: Duration = Duration::from_secs(3);

/// A door heard, and how well: dBm.
pub(crate) type Heard = BTreeMap<DoorId, i16>;

/// The doors, those in range first, the nearest of them first.
pub(crate) async fn doors_in_range(context: &Context) -> Result<Doors, Fault> {
    let mut list = doors(context).await?;
    let session = context.session()?;
    let heard = look_around(context, &session, &Stopper::new()).await?;
    for view in &mut list.doors {
        view.rssi = heard.get(&view.door.id).copied();
    }
    // Stable: within both halves the service's order stays where strength says nothing.
    list.doors
        .sort_by_key(|view| core::cmp::Reverse(view.rssi.unwrap_or(i16::MIN)));
    Ok(list)
}

/// Scans for [`LOOK`]. An unlock need not wait for it.
pub(crate) async fn look_around(
    context: &Context,
    session: &SessionHandle,
    stopper: &Stopper,
) -> Result<Heard, Fault> {
    usable(&*context.ports().radio)?;
    let known = known(context, session).await?;
    let turn = session.memory().turns.take(Purpose::Sync, stopper);
    let mut turn = turn.map_err(|Occupied(purpose)| match purpose {
        Purpose::Unlock => Error::UnlockUnderWay,
        Purpose::Sync => Error::SyncUnderWay,
    })?;
    let clock = &*context.ports().clock;
    let scanning = async {
        turn.ready(clock).await;
        let mut scan = context.ports().radio.scan().await?;
        let mut heard = Heard::new();
        let _ = within(
            context.ports(),
            LOOK,
            listen(&mut *scan, &known, &mut heard),
        )
        .await;
        Ok::<_, Fault>(heard)
    };
    stopper
        .guard(scanning)
        .await
        .unwrap_or_else(|why| Err(Error::from(why).into()))
}

/// Every door with a right that is on this phone: only such a phone can tell its lock from others.
async fn known(context: &Context, session: &SessionHandle) -> Result<Vec<(DoorId, Access)>, Fault> {
    let now: UnixMillis = context.client().service_time();
    let list = doors(context).await?;
    let mut known = Vec::new();
    for view in list.doors {
        if let Some(access) = cached_access(context, session, view.door.id).await?
            && access.is_of_use(now)
        {
            known.push((view.door.id, access));
        }
    }
    Ok(known)
}

async fn listen(scan: &mut dyn Scan, known: &[(DoorId, Access)], heard: &mut Heard) {
    while let Ok(sighting) = scan.next().await {
        let found = known
            .iter()
            .find(|(_, access)| access.is_seen_in(&sighting.service_data));
        log::sighted(found.is_some(), sighting.rssi);
        if let Some((door, _)) = found {
            let strongest = heard.entry(*door).or_insert(sighting.rssi);
            *strongest = sighting.rssi.max(*strongest);
        }
    }
}
