//! Furnishing the service, and the workshop in which each lock gets its provision.

use crate::description::Account;
use crate::roles::PROVISION;
use crate::serve::{LOCKS, ProvisionedLock};
use anyhow::{Result, anyhow};
use keyway_service::{Demo, DemoPerson, Problem, SeededDoor, Service};
use std::path::Path;

/// Furnishes an empty service, and a folder for each lock with what the factory puts into it.
pub(super) fn furnish(
    service: &Service,
    demo: Demo,
    folder: &Path,
) -> Result<(Vec<Account>, Vec<ProvisionedLock>)> {
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

fn told(problem: Problem) -> anyhow::Error {
    anyhow!("the service refused: {problem:?}")
}
