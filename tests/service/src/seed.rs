//! Fills an empty service with a property to show: every name is the caller's, so that a demo can plant names it will look for afterwards.
use crate::contact::{Address, Contact};
use crate::limits;
use crate::problem::Problem;
use crate::property::{Hardware, NewAccess, NewAccount, NewDoor};
use crate::state::Service;
use crate::words::{DoorType, DoorcodeKind, LockModel, Role};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The property to make.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Demo {
    /// The building's name.
    pub building: String,
    /// Its IANA timezone.
    pub timezone: String,
    /// How it is reached.
    #[serde(default)]
    pub contact: Contact,
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
    /// What kind of door; only staff have access to a `SERVICE` door, and to no other.
    pub door_type: DoorType,
    /// The lock has internet of its own.
    pub connected: bool,
    /// A phone can unlock it.
    pub bluetooth_unlock: bool,
    /// Digits of a synced code: more digits, more codes within the bound on guessing.
    #[serde(default = "usual_digits")]
    pub keypad_digits: u8,
    /// What hangs on it.
    #[serde(default = "usual_model")]
    pub lock_model: LockModel,
    /// A keycard opens it.
    #[serde(default)]
    pub keycard: bool,
    /// A mechanical key opens it.
    #[serde(default)]
    pub mechanical_key: bool,
}

impl DemoDoor {
    /// A door as most are: a phone and seven digits open it.
    #[must_use]
    pub fn new(name: &str, door_type: DoorType, connected: bool) -> Self {
        Self {
            name: name.to_owned(),
            door_type,
            connected,
            bluetooth_unlock: true,
            keypad_digits: usual_digits(),
            lock_model: usual_model(),
            keycard: false,
            mechanical_key: false,
        }
    }
}

fn usual_digits() -> u8 {
    7
}

fn usual_model() -> LockModel {
    LockModel::Cylindrical
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
    /// One of the property's staff, who may open its service doors.
    #[serde(default)]
    pub staff: bool,
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
    /// Elm Court in New York: an entrance, a home whose lock has no internet, a laundry, a boiler room; two residents, a guest, somebody
    /// whose account is not active, and a member of the staff.
    #[must_use]
    pub fn elm_court() -> Self {
        let person = |email: &str, name: &str, role, active| DemoPerson {
            email: email.into(),
            name: name.into(),
            password: "Correct-Horse-7".into(),
            role,
            active,
            staff: false,
        };
        Self {
            building: "Elm Court".into(),
            timezone: "America/New_York".into(),
            contact: Contact {
                phone: Some("+1 212 555 0142".into()),
                email: Some("office@example.org".into()),
                address: Address {
                    address_line1: "4 Elm Street".into(),
                    city: "New York".into(),
                    state: "NY".into(),
                    postal_code: "10001".into(),
                    country: "US".into(),
                    ..Address::default()
                },
            },
            doors: vec![
                DemoDoor {
                    lock_model: LockModel::Mortise,
                    mechanical_key: true,
                    ..DemoDoor::new("Home 4B", DoorType::Residence, false)
                },
                DemoDoor {
                    lock_model: LockModel::Reader,
                    keycard: true,
                    ..DemoDoor::new("Main entrance", DoorType::Entrance, true)
                },
                DemoDoor {
                    keycard: true,
                    ..DemoDoor::new("Laundry", DoorType::Communal, false)
                },
                DemoDoor {
                    mechanical_key: true,
                    ..DemoDoor::new("Boiler room", DoorType::Service, false)
                },
            ],
            people: vec![
                person("rosa@example.org", "Rosa Ortiz", Role::Resident, true),
                person("sam@example.org", "Sam Ortiz", Role::Resident, true),
                person("gina@example.org", "Gina Guest", Role::Guest, true),
                person("idle@example.org", "Ida Idle", Role::Resident, false),
                DemoPerson {
                    staff: true,
                    ..person(
                        "stella@example.org",
                        "Stella Staff",
                        Role::NonResident,
                        true,
                    )
                },
            ],
        }
    }
}

impl Service {
    /// Makes the property of `demo`. Everybody has a code for each of their doors, and every code waits for the door's first sync.
    pub fn seed(&self, demo: &Demo) -> Result<Seeded, Problem> {
        let building = self.add_building(&demo.building, &demo.timezone)?;
        self.set_contact(building, &demo.contact)?;
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
            if person.staff {
                self.make_staff(account)?;
            }
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
            hardware: Hardware {
                model: door.lock_model,
                serial_number: None,
                keycard: door.keycard,
                mechanical_key: door.mechanical_key,
            },
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
            (DoorType::Service, _) if person.staff => (DoorcodeKind::Communal, None),
            (DoorType::Service, _) => return Ok(()),
            _ if person.staff => return Ok(()),
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
