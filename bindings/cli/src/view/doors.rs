//! Doors.

use super::{cell, instant, on_the_wall};
use crate::failure::snake;
use crate::language::language;
use crate::output::Output;
use comfy_table::{Cell, Color, Table};
use keyway_app::service::Battery;
use keyway_app::{CanUnlock, DoorView, Doors};
use serde_json::{Value, json};

/// Below this a battery is worth a colour, percent.
const LOW_BATTERY: u8 = 20;

/// Lists doors; `near`: somebody listened for them.
pub(crate) fn doors(output: &Output, doors: &Doors, near: bool) {
    for door in &doors.doors {
        output.event(&event(door, doors));
    }
    if doors.doors.is_empty() {
        output.line("You have no doors.");
        return;
    }
    let mut table = Table::new();
    let range = near.then_some("In range");
    let columns = [
        "Door",
        "Building",
        "You are",
        "Unlock",
        "Last sync",
        "Battery",
        "Waiting",
    ];
    table.set_header(columns.into_iter().chain(range));
    for door in &doors.doors {
        let range = near.then(|| in_range(door.rssi));
        table.add_row(row(door).into_iter().chain(range));
    }
    output.table(table);
}

fn event(view: &DoorView, doors: &Doors) -> Value {
    let door = &view.door;
    json!({
        "event": "door",
        "id": door.id.to_string(),
        "name": door.name,
        "building": door.building,
        "kind": snake(&format!("{:?}", door.kind)),
        "role": snake(&format!("{:?}", door.role)),
        "timezone": door.timezone,
        "connected": door.is_connected,
        "bluetoothUnlock": door.has_bluetooth_unlock,
        "canUnlock": match view.can_unlock {
            CanUnlock::Yes { .. } => "yes",
            CanUnlock::WithNetwork => "with_network",
            CanUnlock::No { .. } => "no",
        },
        "canUnlockUntil": match view.can_unlock {
            CanUnlock::Yes { until } => instant(until),
            _ => None,
        },
        "whyNot": match view.can_unlock {
            CanUnlock::No { why } => Some(snake(&format!("{why:?}"))),
            _ => None,
        },
        "lastSync": door.last_sync.as_ref().map(|sync| json!({ "at": instant(sync.at), "by": sync.by })),
        "battery": door.battery.map(|battery| json!({
            "percentage": battery.percentage,
            "lastUpdated": instant(battery.last_updated),
        })),
        "pendingChanges": door.pending_changes,
        "shareable": door.is_shareable,
        "accessEnds": door.access_ends.and_then(instant),
        // dBm; null where nobody listened, or nothing was heard.
        "rssi": view.rssi,
        "asOf": instant(doors.as_of),
        "fromCache": doors.from_cache,
    })
}

fn row(view: &DoorView) -> Vec<Cell> {
    let door = &view.door;
    let unlock = match view.can_unlock {
        CanUnlock::Yes { until } => {
            let until = on_the_wall(until, &door.timezone);
            cell(format!("yes, without network until {until}"), Color::Green)
        }
        CanUnlock::WithNetwork => cell("once there is network", Color::Yellow),
        CanUnlock::No { why } => cell(why.text(language()).happened, Color::Yellow),
    };
    let last_sync = door.last_sync.as_ref().map_or_else(
        || "never".to_owned(),
        |sync| format!("{}, {}", on_the_wall(sync.at, &door.timezone), sync.by),
    );
    let waiting = match door.pending_changes {
        0 => Cell::new("-"),
        changes => cell(format!("{changes}, sync"), Color::Yellow),
    };
    vec![
        Cell::new(&door.name),
        Cell::new(&door.building),
        Cell::new(snake(&format!("{:?}", door.role)).replace('_', "-")),
        unlock,
        Cell::new(last_sync),
        door.battery.map_or_else(
            || Cell::new("unknown"),
            |heard| battery(heard, &door.timezone),
        ),
        waiting,
    ]
}

fn in_range(rssi: Option<i16>) -> Cell {
    match rssi {
        Some(rssi) => cell(format!("yes, {rssi} dBm"), Color::Green),
        None => Cell::new("no"),
    }
}

fn battery(battery: Battery, timezone: &str) -> Cell {
    let text = format!(
        "{} %, {}",
        battery.percentage,
        on_the_wall(battery.last_updated, timezone)
    );
    if battery.percentage < LOW_BATTERY {
        cell(text, Color::Red)
    } else {
        Cell::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::doors;
    use crate::samples::{self, NOON};
    use keyway_app::{CanUnlock, DoorView, Doors, Error};

    fn list() -> Doors {
        let view = |name, id, can_unlock, rssi| DoorView {
            door: samples::door(name, id),
            can_unlock,
            rssi,
            battery_age: None,
        };
        let why = Error::BluetoothOff;
        Doors {
            doors: vec![
                view("Garage", 2, CanUnlock::Yes { until: NOON }, Some(-58)),
                view("Front", 1, CanUnlock::No { why }, None),
            ],
            as_of: NOON,
            from_cache: true,
        }
    }

    #[test]
    fn range_is_told_where_somebody_listened() {
        let heard = samples::for_people(|output| doors(output, &list(), true));
        assert!(
            heard.contains("In range") && heard.contains("yes, -58 dBm"),
            "{heard}"
        );
        let unheard = samples::for_people(|output| doors(output, &list(), false));
        assert!(!unheard.contains("In range"), "{unheard}");
        let events = samples::for_scripts(|output| doors(output, &list(), true));
        assert_eq!(
            (&events[0]["name"], &events[0]["rssi"]),
            (&"Garage".into(), &(-58).into())
        );
        assert!(events[1]["rssi"].is_null());
    }

    #[test]
    fn a_door_says_until_when_or_why_not() {
        let text = samples::for_people(|output| doors(output, &list(), false));
        // On the wall in Berlin.
        assert!(text.contains("until 2026-11-24 12:30"), "{text}");
        assert!(text.contains("Bluetooth is off."), "{text}");
        let events = samples::for_scripts(|output| doors(output, &list(), false));
        assert_eq!(events[0]["canUnlockUntil"], "2026-11-24T11:30:00Z");
        assert_eq!(events[1]["whyNot"], "bluetooth_off");
    }
}
