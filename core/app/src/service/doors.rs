//! Doors as the service tells them.

use super::ids::hex16;
use super::{Breach, DoorId, parse_instant};
use crate::ports::UnixMillis;
use serde::Deserialize;

/// What kind of door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DoorKind {
    /// Shared by residents.
    Communal,
    /// An elevator.
    Elevator,
    /// The way into the building.
    Entrance,
    /// Somebody's home.
    Residence,
    /// Staff only.
    Service,
}

/// What this account is at a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DoorRole {
    /// Lives here.
    Resident,
    /// Has access without living here.
    NonResident,
    /// Invited.
    Guest,
}

/// When a door was last in sync, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastSync {
    /// When.
    pub at: UnixMillis,
    /// Whose phone carried it.
    pub by: String,
}

/// A lock's battery as last heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Battery {
    /// 0 to 100.
    pub percentage: u8,
    /// When the lock said so.
    pub last_updated: UnixMillis,
}

/// How to type at this lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keypad {
    /// Digits of a synced code.
    pub digits: u8,
    /// How to wake the keypad, in words.
    pub wake: String,
    /// It sleeps, and forgets what was typed, after so many seconds without a digit.
    pub sleep_seconds: u8,
    /// A thrown deadbolt refuses daily codes at this lock.
    pub deadbolt_refuses_daily: bool,
}

/// Whom to call when nothing else works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PropertyContact {
    /// The property's name.
    pub name: String,
    /// Telephone number, if there is one.
    pub phone: Option<String>,
    /// E-mail address, if there is one.
    pub email: Option<String>,
}

/// One door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// Its id.
    pub id: DoorId,
    /// Its name.
    pub name: String,
    /// Its building.
    pub building: String,
    /// What kind of door.
    pub kind: DoorKind,
    /// What this account is at it.
    pub role: DoorRole,
    /// IANA name of its timezone.
    pub timezone: String,
    /// The lock has internet of its own.
    pub is_connected: bool,
    /// A phone can unlock it.
    pub has_bluetooth_unlock: bool,
    /// Its lock.
    pub lock: [u8; 16],
    /// Last sync, if ever.
    pub last_sync: Option<LastSync>,
    /// Battery, if it was ever heard.
    pub battery: Option<Battery>,
    /// Changes that wait for a sync.
    pub pending_changes: u32,
    /// How to type at it.
    pub keypad: Keypad,
    /// The kind of lock, in its maker's words.
    pub lock_model: String,
    /// It opens to a keycard.
    pub has_keycard: bool,
    /// It opens to a mechanical key.
    pub has_mechanical_key: bool,
    /// Whom to call.
    pub property: PropertyContact,
    /// Names of others who may let somebody in here.
    pub sharers: Vec<String>,
    /// This account may let others in here.
    pub is_shareable: bool,
    /// When this account's access ends, if it does.
    pub access_ends: Option<UnixMillis>,
}

/// The service's answer on doors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorList {
    /// The service's time of the answer.
    pub server_time: UnixMillis,
    /// The doors, in the service's order.
    pub doors: Vec<Door>,
}

/// Parses the body of `GET /v1/doors`, fresh or from the cache.
pub(crate) fn parse_doors(body: &[u8]) -> Result<DoorList, Breach> {
    let wire: Wire = serde_json::from_slice(body).map_err(|_| Breach::NotTheAgreedBody)?;
    Ok(DoorList {
        server_time: parse_instant(&wire.server_time)?,
        doors: wire
            .doors
            .into_iter()
            .map(Door::try_from)
            .collect::<Result<_, _>>()?,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    server_time: String,
    doors: Vec<WireDoor>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireDoor {
    uuid: String,
    name: String,
    building_name: String,
    r#type: DoorKind,
    role: DoorRole,
    timezone: String,
    is_connected: bool,
    has_bluetooth_unlock: bool,
    lock_id: String,
    last_sync: Option<WireSync>,
    battery: Option<WireBattery>,
    pending_changes: u32,
    keypad: WireKeypad,
    device: WireDevice,
    ways_in: WireWaysIn,
    property: WireProperty,
    sharers: Vec<String>,
    shareable: bool,
    access_ends: Option<String>,
}

#[derive(Deserialize)]
struct WireDevice {
    r#type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireWaysIn {
    keycard: bool,
    mechanical_key: bool,
}

#[derive(Deserialize)]
struct WireProperty {
    name: String,
    phone: Option<String>,
    email: Option<String>,
}

/// What a thrown deadbolt does.
#[derive(PartialEq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum WireDeadbolt {
    RefusesDailyCodes,
    None,
}

#[derive(Deserialize)]
struct WireSync {
    at: String,
    by: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireBattery {
    percentage: u8,
    last_updated: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireKeypad {
    digits: u8,
    wake: String,
    sleep_seconds: u8,
    deadbolt: WireDeadbolt,
}

impl TryFrom<WireDoor> for Door {
    type Error = Breach;

    fn try_from(wire: WireDoor) -> Result<Self, Breach> {
        let last_sync = wire
            .last_sync
            .map(|sync| parse_instant(&sync.at).map(|at| LastSync { at, by: sync.by }));
        let battery = wire.battery.map(|battery| {
            parse_instant(&battery.last_updated).map(|last_updated| Battery {
                percentage: battery.percentage.min(100),
                last_updated,
            })
        });
        Ok(Self {
            id: DoorId::parse(&wire.uuid).ok_or(Breach::NotTheAgreedBody)?,
            name: wire.name,
            building: wire.building_name,
            kind: wire.r#type,
            role: wire.role,
            timezone: wire.timezone,
            is_connected: wire.is_connected,
            has_bluetooth_unlock: wire.has_bluetooth_unlock,
            lock: hex16(&wire.lock_id).ok_or(Breach::NotTheAgreedBody)?,
            last_sync: last_sync.transpose()?,
            battery: battery.transpose()?,
            pending_changes: wire.pending_changes,
            keypad: Keypad {
                digits: wire.keypad.digits,
                wake: wire.keypad.wake,
                sleep_seconds: wire.keypad.sleep_seconds,
                deadbolt_refuses_daily: wire.keypad.deadbolt == WireDeadbolt::RefusesDailyCodes,
            },
            lock_model: wire.device.r#type,
            has_keycard: wire.ways_in.keycard,
            has_mechanical_key: wire.ways_in.mechanical_key,
            property: PropertyContact {
                name: wire.property.name,
                phone: wire.property.phone,
                email: wire.property.email,
            },
            sharers: wire.sharers,
            is_shareable: wire.shareable,
            access_ends: wire.access_ends.as_deref().map(parse_instant).transpose()?,
        })
    }
}
