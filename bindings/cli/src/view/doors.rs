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

/// Lists doors.
pub(crate) fn doors(output: &Output, doors: &Doors) {
    for door in &doors.doors {
        output.event(&event(door, doors));
    }
    if doors.doors.is_empty() {
        output.line("You have no doors.");
        return;
    }
    let mut table = Table::new();
    table.set_header([
        "Door",
        "Building",
        "You are",
        "Unlock",
        "Last sync",
        "Battery",
        "Waiting",
    ]);
    for door in &doors.doors {
        table.add_row(row(door));
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
