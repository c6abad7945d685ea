//! Fills an empty service with a property to show: every name is the caller's, so that a demo can plant names it will look for afterwards.
use crate::limits;
use crate::problem::Problem;
use crate::property::{NewAccess, NewAccount, NewDoor};
use crate::state::Service;
use crate::words::{DoorType, DoorcodeKind, Role};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The property to make.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Demo {
    /// The building's name.
    pub building: String,
    /// Its IANA timezone.
    pub timezone: String,
    /// Its doors, in the order in which residents see them.
    pub doors: Vec<DemoDoor>,
    /// Its people.
    pub people: Vec<DemoPerson>,
}

/// One door.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DemoDoor {
    /// As residents know it.
    pub name: String,
    /// What kind of door; nobody of [`Demo::people`] has access to a `SERVICE` door.
    pub door_type: DoorType,
    /// The lock has internet of its own.
    pub connected: bool,
    /// A phone can unlock it.
    pub bluetooth_unlock: bool,
    /// Digits of a synced code: more digits, more codes within the bound on guessing.
    #[serde(default = "usual_digits")]
    pub keypad_digits: u8,
}

fn usual_digits() -> u8 {
    7
}

/// One person.
#[derive(Clone, Serialize, Deserialize)]
pub struct DemoPerson {
    /// The e-mail to sign in with.
    pub email: String,
    /// As the property knows the person.
    pub name: String,
    /// The password to sign in with.
    pub password: String,
    /// What the person is to the building's doors.
    pub role: Role,
    /// A person who is not active cannot sign in.
    pub active: bool,
}

impl std::fmt::Debug for DemoPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DemoPerson({:?})", self.role)
    }
}

/// What was made.
#[derive(Clone, Debug)]
pub struct Seeded {
    /// One for each of [`Demo::doors`], in the same order.
    pub doors: Vec<SeededDoor>,
    /// The accounts of [`Demo::people`], in the same order.
    pub accounts: Vec<Uuid>,
}

/// One door that was made.
#[derive(Clone, Debug)]
pub struct SeededDoor {
    /// Names the door in the HTTP contract.
    pub uuid: Uuid,
    /// Names its lock in the protocol.
    pub lock_id: [u8; 16],
    /// As given.
    pub name: String,
    /// As given.
    pub bluetooth_unlock: bool,
}

impl Demo {
    /// Elm Court in New York: an entrance, a home whose lock has no internet, a laundry, a boiler room; two residents, a guest, and
    /// somebody whose account is not active.
    #[must_use]
    pub fn elm_court() -> Self {
        let door = |name: &str, door_type, connected| DemoDoor {
            name: name.into(),
            door_type,
            connected,
            bluetooth_unlock: true,
            keypad_digits: usual_digits(),
        };
        let person = |email: &str, name: &str, role, active| DemoPerson {
            email: email.into(),
            name: name.into(),
            password: "Correct-Horse-7".into(),
            role,
            active,
        };
        Self {
            building: "Elm Court".into(),
            timezone: "America/New_York".into(),
            doors: vec![
                door("Home 4B", DoorType::Residence, false),
                door("Main entrance", DoorType::Entrance, true),
                door("Laundry", DoorType::Communal, false),
                door("Boiler room", DoorType::Service, false),
            ],
            people: vec![
                person("rosa@example.org", "Rosa Ortiz", Role::Resident, true),
                person("sam@example.org", "Sam Ortiz", Role::Resident, true),
                person("gina@example.org", "Gina Guest", Role::Guest, true),
                person("idle@example.org", "Ida Idle", Role::Resident, false),
            ],
        }
    }
}

impl Service {
    /// Makes the property of `demo`. Every resident has a code for each door, and every code waits for the door's first sync.
    pub fn seed(&self, demo: &Demo) -> Result<Seeded, Problem> {
        let building = self.add_building(&demo.building, &demo.timezone)?;
        let doors = demo
            .doors
            .iter()
            .map(|door| self.seed_door(building, door))
            .collect::<Result<Vec<_>, _>>()?;
        let mut accounts = Vec::with_capacity(demo.people.len());
        for person in &demo.people {
            let account = self.add_account(&NewAccount {
                email: &person.email,
                name: &person.name,
                password: &person.password,
                active: person.active,
            })?;
            for (made, door) in doors.iter().zip(&demo.doors) {
                self.seed_access(made, door, account, person)?;
            }
            accounts.push(account);
        }
        Ok(Seeded { doors, accounts })
    }

    fn seed_door(&self, building: Uuid, door: &DemoDoor) -> Result<SeededDoor, Problem> {
        let uuid = self.add_door(&NewDoor {
            building,
            name: &door.name,
            door_type: door.door_type,
            connected: door.connected,
            bluetooth_unlock: door.bluetooth_unlock,
            keypad_digits: door.keypad_digits,
            keypad_wake: "Touch the lens and wait for the light",
        })?;
        Ok(SeededDoor {
            uuid,
            lock_id: self.lock_id(uuid)?,
            name: door.name.clone(),
            bluetooth_unlock: door.bluetooth_unlock,
        })
    }

    fn seed_access(
        &self,
        made: &SeededDoor,
        door: &DemoDoor,
        account: Uuid,
        person: &DemoPerson,
    ) -> Result<(), Problem> {
        let now = self.now();
        let (kind, ends_at) = match (door.door_type, person.role) {
            (DoorType::Service, _) => return Ok(()),
            (_, Role::Guest) => (DoorcodeKind::Permanent, Some(now + 3 * limits::DAY)),
            (DoorType::Residence, _) => (DoorcodeKind::Residence, None),
            _ => (DoorcodeKind::Communal, None),
        };
        self.add_access(&NewAccess {
            door: made.uuid,
            account,
            role: person.role,
            starts_at: now,
            ends_at,
        })?;
        self.set_code(made.uuid, account, kind, ends_at)
    }
}
