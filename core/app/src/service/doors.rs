//! Doors as the service tells them.

use super::{Breach, parse_instant};
use crate::ports::UnixMillis;
use core::fmt;
use serde::Deserialize;

/// Names one door: the service's UUID.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DoorId([u8; 16]);

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
}

/// The service's answer on doors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorList {
    /// The service's time of the answer.
    pub server_time: UnixMillis,
    /// The doors, in the service's order.
    pub doors: Vec<Door>,
}

impl DoorId {
    /// `None` unless `text` is a UUID.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        parse_uuid(text).map(Self)
    }

    /// The UUID's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl From<[u8; 16]> for DoorId {
    fn from(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for DoorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for DoorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Ids reveal an address to whoever holds the service's database: logs get none.
        f.write_str("DoorId(..)")
    }
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
struct WireKeypad {
    digits: u8,
    wake: String,
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
            },
        })
    }
}

/// A UUID in its hyphenated form.
pub(crate) fn parse_uuid(text: &str) -> Option<[u8; 16]> {
    let hyphenated = text.len() == 36
        && text
            .bytes()
            .enumerate()
            .all(|(index, byte)| matches!(index, 8 | 13 | 18 | 23) == (byte == b'-'));
    hyphenated.then(|| hex16(&text.replace('-', ""))).flatten()
}

/// 32 hexadecimal digits.
fn hex16(text: &str) -> Option<[u8; 16]> {
    let digits = text.as_bytes();
    if digits.len() != 32 {
        return None;
    }
    let mut bytes = [0; 16];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let high = char::from(pair[0]).to_digit(16)?;
        let low = char::from(pair[1]).to_digit(16)?;
        *byte = u8::try_from(high * 16 + low).ok()?;
    }
    Some(bytes)
}
