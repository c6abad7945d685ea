//! `GET /v1/doors`: the caller's doors, in the property's order.
use crate::clock::UnixMillis;
use crate::extract::Caller;
use crate::problem::Problem;
use crate::state::Service;
use crate::store::accesses::{self, Access};
use crate::store::doors::{self, Door};
use crate::store::{doorcodes, revocations};
use crate::time::rfc3339;
use crate::words::{DoorType, Role};
use axum::Json;
use axum::extract::State;
use rusqlite::Connection;
use serde::Serialize;
use uuid::Uuid;

/// The answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DoorList {
    server_time: String,
    doors: Vec<DoorView>,
}

/// One door as its resident or guest sees it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DoorView {
    uuid: Uuid,
    name: String,
    building_name: String,
    r#type: DoorType,
    role: Role,
    /// IANA name.
    timezone: String,
    /// The lock has internet of its own.
    is_connected: bool,
    has_bluetooth_unlock: bool,
    /// 32 hexadecimal digits.
    lock_id: String,
    last_sync: Option<SyncView>,
    battery: Option<BatteryView>,
    /// Changes that wait for a sync.
    pending_changes: u32,
    keypad: KeypadView,
}

/// When the lock last confirmed what it holds, and whose phone brought that.
#[derive(Debug, Serialize)]
struct SyncView {
    at: String,
    by: String,
}

/// As the lock last told.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BatteryView {
    percentage: u8,
    last_updated: String,
}

/// How to type at this door.
#[derive(Debug, Serialize)]
struct KeypadView {
    digits: u8,
    wake: String,
}

/// See the module.
pub(crate) async fn list(
    State(service): State<Service>,
    Caller(session): Caller,
) -> Result<Json<DoorList>, Problem> {
    let now = service.now();
    let doors = service.store().read(|on| {
        doors::of_account(on, session.account_id, now)?
            .into_iter()
            .map(|(door, role)| view(on, door, role))
            .collect::<Result<_, Problem>>()
    })?;
    Ok(Json(DoorList {
        server_time: rfc3339(now)?,
        doors,
    }))
}

fn view(on: &Connection, door: Door, role: Role) -> Result<DoorView, Problem> {
    let last_sync = match &door.last_sync {
        None => None,
        Some((at, by)) => Some(SyncView {
            at: rfc3339(*at)?,
            by: by.clone(),
        }),
    };
    let battery = match door.battery {
        None => None,
        Some((percentage, at)) => Some(BatteryView {
            percentage,
            last_updated: rfc3339(at)?,
        }),
    };
    Ok(DoorView {
        pending_changes: pending_changes(on, &door)?,
        uuid: door.id,
        name: door.name,
        building_name: door.building_name,
        r#type: door.door_type,
        role,
        timezone: door.timezone,
        is_connected: door.connected,
        has_bluetooth_unlock: door.bluetooth_unlock,
        lock_id: hex(&door.lock_id),
        last_sync,
        battery,
        keypad: KeypadView {
            digits: door.keypad_digits,
            wake: door.keypad_wake,
        },
    })
}

/// Codes and revocations that no receipt has confirmed.
fn pending_changes(on: &Connection, door: &Door) -> Result<u32, Problem> {
    let codes = doorcodes::changed_since(on, door.id, door.confirmed_bulk_seq)?.len();
    let revocations = revocations::of_door(on, door.id)?
        .iter()
        .filter(|entry| entry.crit_seq > door.confirmed_crit_seq)
        .count();
    Ok(u32::try_from(codes + revocations).unwrap_or(u32::MAX))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The door and the account's access to it. A door that somebody has no access to does not exist for them.
pub(crate) fn accessible(
    on: &Connection,
    door: Uuid,
    account: Uuid,
    now: UnixMillis,
) -> Result<(Door, Access), Problem> {
    let access = accesses::find(on, door, account, now)?.ok_or(Problem::NotFound)?;
    let door = doors::by_id(on, door)?.ok_or(Problem::NotFound)?;
    Ok((door, access))
}
