//! The one building of a served building: an entrance and a home, neither with internet; a resident and a guest.

use crate::canaries::Cast;
use crate::description::Account;
use crate::roles::PROVISION;
use crate::serve::{LOCKS, ProvisionedLock};
use anyhow::{Result, anyhow};
use keyway_service::{Demo, DemoDoor, DemoPerson, DoorType, Problem, Role, SeededDoor, Service};
use std::path::Path;

/// Furnishes an empty service, and a folder for each lock with what the factory puts into it.
pub(super) fn furnish(
    service: &Service,
    cast: &Cast,
    folder: &Path,
) -> Result<(Vec<Account>, Vec<ProvisionedLock>)> {
    let demo = demo(cast);
    let seeded = service.seed(&demo).map_err(told)?;
    let locks = seeded
        .doors
        .iter()
        .map(|door| workshop(service, door, folder))
        .collect::<Result<Vec<_>>>()?;
    let account = |person: DemoPerson| Account {
        email: person.email,
        password: person.password,
        role: person.role.word().to_owned(),
        name: person.name,
    };
    let accounts = demo.people.into_iter().map(account).collect();
    Ok((accounts, locks))
}

/// Puts what the factory gives a lock into that lock's own folder.
fn workshop(service: &Service, door: &SeededDoor, folder: &Path) -> Result<ProvisionedLock> {
    let lock_id = hex::encode(door.lock_id);
    let lock_folder = Path::new(LOCKS).join(&lock_id);
    let provision = service.provision(door.uuid).map_err(told)?;
    std::fs::create_dir_all(folder.join(&lock_folder))?;
    std::fs::write(folder.join(&lock_folder).join(PROVISION), &*provision)?;
    Ok(ProvisionedLock {
        door_uuid: door.uuid.to_string(),
        lock_id,
        name: door.name.clone(),
        folder: lock_folder,
    })
}

fn demo(cast: &Cast) -> Demo {
    let door = |name: &str, door_type| DemoDoor {
        name: name.to_owned(),
        door_type,
        connected: false,
        bluetooth_unlock: true,
    };
    let person = |name: &str, email: &str, password: &str, role| DemoPerson {
        email: email.to_owned(),
        name: name.to_owned(),
        password: password.to_owned(),
        role,
        active: true,
    };
    Demo {
        building: cast.building.clone(),
        timezone: "Europe/Berlin".to_owned(),
        doors: vec![
            door(&cast.front_door, DoorType::Entrance),
            door(&cast.flat_door, DoorType::Residence),
        ],
        people: vec![
            person(&cast.resident, &cast.email, &cast.password, Role::Resident),
            person(
                &cast.guest,
                &cast.guest_email,
                &cast.guest_password,
                Role::Guest,
            ),
        ],
    }
}

fn told(problem: Problem) -> anyhow::Error {
    anyhow!("the service refused: {problem:?}")
}
