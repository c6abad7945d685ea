//! Who may see an entry. The rules stand in the module above; each has a test.
use super::who::{Who, WhoseKind};
use crate::clock::UnixMillis;
use crate::issuing::seconds;
use crate::store::doors::Door;
use crate::words::DoorType;
use keyway_protocol::log::LogEntry;
use keyway_protocol::receipt::Stamp;
use keyway_protocol::time::UtcSeconds;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Whom an entry is told to, beside the person whose entry it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Audience {
    /// The residents of the door.
    Residents,
    /// The guest whose entry it is.
    Guests,
    /// The property's staff.
    Staff,
}

/// Who looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Viewer {
    pub(super) account: Uuid,
    pub(super) address_mac: [u8; 32],
    /// Lives behind the door, since then.
    pub(super) resident_since: Option<UnixMillis>,
    pub(super) staff: bool,
}

/// Whom the entry is told to.
pub(super) fn audience(door: &Door, who: &Who) -> Vec<Audience> {
    use Audience::{Guests, Residents, Staff};
    let is_home = door.door_type == DoorType::Residence;
    let mut audience = Vec::new();
    if is_home {
        audience.push(Residents);
    }
    if let WhoseKind::Visitor {
        has_account: true, ..
    } = who.kind
    {
        audience.push(Guests);
    }
    let property_may = match who.kind {
        WhoseKind::Resident | WhoseKind::Unknown => !is_home,
        WhoseKind::Visitor { by_property, .. } => !is_home || by_property,
        WhoseKind::Nobody => true,
    };
    if property_may {
        audience.push(Staff);
    }
    audience
}

impl Viewer {
    /// Whether it is the viewer's own entry.
    pub(super) fn is(&self, who: &Who) -> bool {
        who.account == Some(self.account) || who.address_mac == Some(self.address_mac)
    }

    pub(super) fn sees(&self, entry: &LogEntry, who: &Who, audience: &[Audience]) -> bool {
        let lived_there = self
            .resident_since
            .is_some_and(|since| not_before(entry) >= seconds(since));
        self.is(who)
            || (self.staff && audience.contains(&Audience::Staff))
            || (lived_there && audience.contains(&Audience::Residents))
    }
}

/// The entry is at least this young.
fn not_before(entry: &LogEntry) -> UtcSeconds {
    match entry.at {
        Stamp::Trusted(interval) => interval.earliest,
        Stamp::NotBefore(floor) => floor,
    }
}
