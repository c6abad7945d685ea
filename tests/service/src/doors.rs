//! `GET /v1/doors`: the caller's doors, in the property's order.
use crate::clock::UnixMillis;
use crate::contact::Contact;
use crate::document::problems;
use crate::document::shapes::{Moment, PageToken};
use crate::extract::Caller;
use crate::limits;
use crate::paging::PageQuery;
use crate::paging::PageRequest;
use crate::problem::Problem;
use crate::standing::{self, Standing};
use crate::state::Service;
use crate::store::doors::{self, Door};
use crate::store::{accesses, buildings, doorcodes, revocations, staff};
use crate::time::rfc3339;
use crate::words::{Accessibility, Deadbolt, DoorType, LockModel, Role};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Which doors.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct DoorFilter {
    /// Of this building only.
    #[param(nullable = false)]
    building_uuid: Option<Uuid>,
}

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DoorsResponse)]
pub(crate) struct DoorList {
    #[schema(value_type = Moment)]
    server_time: String,
    doors: Vec<DoorView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PageToken>, nullable = false)]
    next_page_token: Option<String>,
}

/// One door as its resident or guest sees it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Door)]
struct DoorView {
    uuid: Uuid,
    name: String,
    building_uuid: Uuid,
    building_name: String,
    r#type: DoorType,
    accessibility_type: Accessibility,
    role: Role,
    /// IANA name.
    timezone: String,
    /// The lock has internet of its own.
    is_connected: bool,
    has_bluetooth_unlock: bool,
    /// 32 hexadecimal digits.
    #[schema(pattern = "^[0-9a-f]{32}$")]
    lock_id: String,
    device: DeviceView,
    #[schema(required)]
    last_sync: Option<SyncView>,
    #[schema(required)]
    battery: Option<BatteryView>,
    /// Changes that wait for a sync.
    pending_changes: u32,
    keypad: KeypadView,
    ways_in: WaysInView,
    property: PropertyView,
    /// Who else may let somebody in here, by name; at most ten.
    #[schema(max_items = 10)]
    sharers: Vec<String>,
    /// The caller may let somebody in here.
    shareable: bool,
    #[schema(value_type = Option<Moment>, required)]
    access_ends: Option<String>,
}

/// The lock as it can be looked at.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeviceInfo)]
struct DeviceView {
    r#type: LockModel,
    serial_number: String,
}

/// When the lock last confirmed what it holds, and whose phone brought that.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LastSync)]
struct SyncView {
    #[schema(value_type = Moment)]
    at: String,
    by: String,
}

/// As the lock last told.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Battery)]
struct BatteryView {
    #[schema(maximum = 100)]
    percentage: u8,
    #[schema(value_type = Moment)]
    last_updated: String,
}

/// How to type at this door.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Keypad)]
struct KeypadView {
    #[schema(minimum = 1)]
    digits: u8,
    wake: String,
    /// A longer pause between two digits and it sleeps again.
    sleep_seconds: u32,
    deadbolt: Deadbolt,
}

/// What opens the door beside phone and code.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WaysIn)]
struct WaysInView {
    keycard: bool,
    mechanical_key: bool,
}

/// Whom to call.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PropertyContact)]
struct PropertyView {
    name: String,
    #[schema(required)]
    phone: Option<String>,
    #[schema(required)]
    email: Option<String>,
}

/// See the module.
#[utoipa::path(
    get,
    path = "/v1/doors",
    tag = "doors",
    operation_id = "listDoors",
    params(PageQuery, DoorFilter),
    responses(
        (status = 200, body = DoorList, description = "In the property's order"),
        problems::BadRequest,
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn list(
    State(service): State<Service>,
    Caller(session): Caller,
    page: PageRequest,
    filter: Result<Query<DoorFilter>, QueryRejection>,
) -> Result<Json<DoorList>, Problem> {
    let Query(filter) =
        filter.map_err(|_| Problem::BadRequest("buildingUuid must be a building's UUID"))?;
    let now = service.now();
    let account = session.account_id;
    service.store().read(|on| {
        let staffed = staff::buildings(on, account, now)?;
        let mut doors = doors::of_account(on, account, &staffed, now)?;
        if let Some(building) = filter.building_uuid {
            doors.retain(|door| door.building_id == building);
        }
        let page = page.cut(doors, |door| format!("{:010}", door.position));
        let views = page.items.into_iter().map(|door| {
            let standing = standing::of_account(on, &door, account, now)?;
            view(on, door, &standing, account, now)
        });
        Ok(Json(DoorList {
            server_time: rfc3339(now)?,
            doors: views.collect::<Result<_, Problem>>()?,
            next_page_token: page.next_page_token,
        }))
    })
}

fn view(
    on: &Connection,
    door: Door,
    standing: &Standing,
    account: Uuid,
    now: UnixMillis,
) -> Result<DoorView, Problem> {
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
    let access_ends = standing.access.and_then(|access| access.ends_at);
    Ok(DoorView {
        pending_changes: pending_changes(on, &door)?,
        property: property(on, &door)?,
        sharers: accesses::sharers(on, door.id, account, now)?,
        shareable: standing.may_share(now),
        access_ends: access_ends.map(rfc3339).transpose()?,
        uuid: door.id,
        name: door.name,
        building_uuid: door.building_id,
        building_name: door.building_name,
        r#type: door.door_type,
        accessibility_type: door.door_type.accessibility(),
        role: standing.role(),
        timezone: door.timezone,
        is_connected: door.connected,
        has_bluetooth_unlock: door.bluetooth_unlock,
        lock_id: hex(&door.lock_id),
        device: DeviceView {
            r#type: door.lock_model,
            serial_number: door.serial_number,
        },
        last_sync,
        battery,
        keypad: KeypadView {
            digits: door.keypad_digits,
            wake: door.keypad_wake,
            sleep_seconds: limits::KEYPAD_SLEEP,
            deadbolt: door.lock_model.deadbolt(),
        },
        ways_in: WaysInView {
            keycard: door.keycard,
            mechanical_key: door.mechanical_key,
        },
    })
}

fn property(on: &Connection, door: &Door) -> Result<PropertyView, Problem> {
    let building = buildings::by_id(on, door.building_id)?.ok_or(Problem::NotFound)?;
    let Contact { phone, email, .. } = building.contact;
    Ok(PropertyView {
        name: building.name,
        phone,
        email,
    })
}

/// Codes and revocations that no receipt has confirmed.
pub(crate) fn pending_changes(on: &Connection, door: &Door) -> Result<u32, Problem> {
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
