//! Which door a resident means.

use crate::failure::Failure;
use keyway_app::Error;
use keyway_app::service::{Door, DoorId};

/// By id, by whole name, or by the only name that begins like that; capitals do not matter.
pub(crate) fn door<'a>(doors: &'a [Door], said: &str) -> Result<&'a Door, Failure> {
    if let Some(id) = DoorId::parse(&said.to_ascii_lowercase()) {
        let found = doors.iter().find(|door| door.id == id);
        return found.ok_or(Failure::Core(Error::DoorUnknown));
    }
    let said = said.trim().to_lowercase();
    let named = |wanted: &dyn Fn(&str) -> bool| -> Vec<&'a Door> {
        let wanted = |door: &&Door| wanted(&door.name.to_lowercase());
        doors.iter().filter(wanted).collect()
    };
    let whole = named(&|name| name == said);
    let found = if whole.is_empty() && !said.is_empty() {
        named(&|name| name.starts_with(&said))
    } else {
        whole
    };
    match found.as_slice() {
        [] => Err(Failure::Core(Error::DoorUnknown)),
        [door] => Ok(door),
        several => Err(Failure::SeveralDoors(
            several
                .iter()
                .map(|door| format!("{} ({})", door.name, door.id))
                .collect(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::door;
    use crate::failure::Failure;
    use keyway_app::Error;
    use keyway_app::service::{Door, DoorId, DoorKind, DoorRole, Keypad, PropertyContact};

    fn named(name: &str, id: u8) -> Door {
        Door {
            id: DoorId::from([id; 16]),
            name: name.to_owned(),
            building: "Building".to_owned(),
            kind: DoorKind::Residence,
            role: DoorRole::Resident,
            timezone: "Europe/Berlin".to_owned(),
            is_connected: false,
            has_bluetooth_unlock: true,
            lock: [id; 16],
            last_sync: None,
            battery: None,
            pending_changes: 0,
            keypad: Keypad {
                digits: 7,
                wake: "touch the keypad".to_owned(),
                sleep_seconds: 5,
                deadbolt_refuses_daily: true,
            },
            lock_model: "C".to_owned(),
            has_keycard: true,
            has_mechanical_key: false,
            property: PropertyContact::default(),
            sharers: Vec::new(),
            is_shareable: true,
            access_ends: None,
        }
    }

    #[test]
    fn a_door_is_found_by_id_name_or_unique_beginning() {
        let doors = [
            named("Front", 1),
            named("Front yard", 2),
            named("Garage", 3),
        ];
        let chosen = |said: &str| door(&doors, said).map(|door| door.name.as_str());
        assert_eq!(chosen("front"), Ok("Front"));
        assert_eq!(chosen("FRONT Y"), Ok("Front yard"));
        assert_eq!(chosen("g"), Ok("Garage"));
        assert_eq!(chosen(&doors[1].id.to_string()), Ok("Front yard"));
        assert!(matches!(chosen("fr"), Err(Failure::SeveralDoors(names)) if names.len() == 2));
        let unknown = Err(Failure::Core(Error::DoorUnknown));
        for said in ["cellar", "", "00000000-0000-0000-0000-000000000000"] {
            assert_eq!(chosen(said), unknown, "{said}");
        }
    }
}
