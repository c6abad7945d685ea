//! The list of doors, cached first, with what this phone can do at each.

use super::access::{Standing, cached_access, keep_access_fresh};
use crate::account::SessionHandle;
use crate::codes::refresh_doorcodes;
use crate::context::Context;
use crate::courier;
use crate::error::{Error, Fault};
use crate::link::finder::usable;
use crate::ports::UnixMillis;
use crate::service::{Call, Door, DoorId, DoorList, parse_doors};
use crate::vault::{File, Vault};
use futures_util::stream::{self, StreamExt as _};

/// How many doors' documents are fetched at once: quick, and gentle to the service.
const FETCHES_AT_ONCE: usize = 4;

/// Can this phone unlock a door now?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CanUnlock {
    /// Yes, with or without network.
    Yes {
        /// Until then without network, service time.
        until: UnixMillis,
    },
    /// Once there is network: the cached right has lapsed, or was never fetched.
    WithNetwork,
    /// No.
    No {
        /// Why, and in its text what would change that.
        why: Error,
    },
}

/// One door as a resident sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorView {
    /// What the service says of it.
    pub door: Door,
    /// What this phone can do.
    pub can_unlock: CanUnlock,
    /// How well its lock was heard just now, dBm; `None` where nobody listened, or it is not in range.
    pub rssi: Option<i16>,
    /// Age of the battery's reading, milliseconds of the service's time; `None` without a reading.
    pub battery_age: Option<UnixMillis>,
}

/// The doors of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doors {
    /// In the service's order.
    pub doors: Vec<DoorView>,
    /// When the service said so, its own time.
    pub as_of: UnixMillis,
    /// From the cache; [`crate::App::refresh`] asks the service.
    pub from_cache: bool,
}

/// The doors: from the cache if they are there, else from the service.
pub(crate) async fn doors(context: &Context) -> Result<Doors, Fault> {
    let session = context.session()?;
    match cached_list(context.vault(), &session).await? {
        Some(list) => view(context, &session, list, true).await,
        None => refresh_doors(context, &session).await,
    }
}

/// Doors, doorcodes, rights and bundles from the service.
pub(crate) async fn refresh(context: &Context) -> Result<Doors, Fault> {
    let session = context.session()?;
    let doors = refresh_doors(context, &session).await?;
    refresh_doorcodes(context, &session).await?;
    // What waits for the service has waited for this network.
    let _ = courier::upload_all(context, &session).await;
    Ok(doors)
}

/// The doors from the service; the rights to open them are fetched ahead.
async fn refresh_doors(context: &Context, session: &SessionHandle) -> Result<Doors, Fault> {
    let answer = session.send(Call::get("/v1/doors")).await?;
    let list = parse_doors(&answer.body)?;
    context
        .vault()
        .write(session.generation(), File::Doors, answer.body)
        .await?;
    stream::iter(list.doors.iter().filter(|door| door.has_bluetooth_unlock))
        .for_each_concurrent(FETCHES_AT_ONCE, |door| async move {
            // One door's trouble is that door's; it shows in what the phone can do there.
            let _ = keep_access_fresh(context, session, door.id).await;
            if door.pending_changes > 0 && !door.is_connected {
                let _ = courier::fetch_bundle(context, session, door.id).await;
            }
        })
        .await;
    view(context, session, list, false).await
}

/// A door of the cached list; `Ok(None)` when there is no list yet.
pub(crate) async fn cached_door(
    context: &Context,
    session: &SessionHandle,
    door: DoorId,
) -> Result<Option<Door>, Fault> {
    let Some(list) = cached_list(context.vault(), session).await? else {
        return Ok(None);
    };
    let found = list
        .doors
        .into_iter()
        .find(|candidate| candidate.id == door);
    found.map(Some).ok_or_else(|| Error::DoorUnknown.into())
}

pub(crate) async fn cached_list(
    vault: &Vault,
    session: &SessionHandle,
) -> Result<Option<DoorList>, Fault> {
    let bytes = vault.read(session.generation(), File::Doors).await?;
    // A cache of another version is fetched again.
    Ok(bytes.and_then(|bytes| parse_doors(&bytes).ok()))
}

async fn view(
    context: &Context,
    session: &SessionHandle,
    list: DoorList,
    from_cache: bool,
) -> Result<Doors, Fault> {
    let now = context.client().service_time().max(list.server_time);
    let mut doors = Vec::with_capacity(list.doors.len());
    for door in list.doors {
        let can_unlock = can_unlock(context, session, &door, now).await?;
        let battery_age = door.battery.map(|battery| now - battery.last_updated);
        doors.push(DoorView {
            door,
            can_unlock,
            rssi: None,
            battery_age,
        });
    }
    Ok(Doors {
        doors,
        as_of: list.server_time,
        from_cache,
    })
}

async fn can_unlock(
    context: &Context,
    session: &SessionHandle,
    door: &Door,
    now: UnixMillis,
) -> Result<CanUnlock, Fault> {
    if !door.has_bluetooth_unlock {
        let why = Error::NoBluetoothUnlock;
        return Ok(CanUnlock::No { why });
    }
    if let Err(radio) = usable(&*context.ports().radio) {
        let why = Fault::Radio(radio).into();
        return Ok(CanUnlock::No { why });
    }
    let access = match cached_access(context, session, door.id).await {
        // A lost key is an answer for this door, not a reason to show no doors.
        Err(Fault::Key(key)) => {
            let why = Fault::Key(key).into();
            return Ok(CanUnlock::No { why });
        }
        access => access?,
    };
    Ok(match access.map(|access| access.standing(now)) {
        Some(Standing::Valid { until, .. }) => CanUnlock::Yes { until },
        Some(Standing::NotYet) => CanUnlock::No { why: Error::NotYet },
        Some(Standing::Lapsed) | None => CanUnlock::WithNetwork,
    })
}
