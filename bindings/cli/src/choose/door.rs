//! Which door a resident means.

use super::named;
use crate::failure::Failure;
use keyway_app::Error;
use keyway_app::service::{Door, DoorId};

/// By id, by whole name, or by the only name that begins like that; capitals do not matter.
pub(crate) fn door<'a>(doors: &'a [Door], said: &str) -> Result<&'a Door, Failure> {
    if let Some(id) = DoorId::parse(&said.to_ascii_lowercase()) {
        let found = doors.iter().find(|door| door.id == id);
        return found.ok_or(Failure::Core(Error::DoorUnknown));
    }
    let found = named(doors, said, |door| door.name.clone());
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
    use crate::samples;
    use keyway_app::Error;

    #[test]
    fn a_door_is_found_by_id_name_or_unique_beginning() {
        let doors = [
            samples::door("Front", 1),
            samples::door("Front yard", 2),
            samples::door("Garage", 3),
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
