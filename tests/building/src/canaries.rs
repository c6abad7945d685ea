//! What the demo plants: a resident whose every name is random, so that finding one anywhere can mean only one thing.

use crate::scan::Canary;
use keyway_service::{Contact, Demo, DemoDoor, DemoPerson, DoorType, Role};
use rand::Rng as _;

/// Syllables that make names a person can read and nothing else contains.
const SYLLABLES: [&str; 16] = [
    "bra", "dun", "fel", "gor", "hul", "jen", "kip", "lom", "mur", "nev", "pol", "quin", "ros",
    "tav", "vex", "wyn",
];

/// The people and places of one run.
#[derive(Clone)]
pub(crate) struct Cast {
    /// The resident's name.
    pub(crate) resident: String,
    /// The resident's e-mail.
    pub(crate) email: String,
    /// The resident's password.
    pub(crate) password: String,
    /// A guest's name.
    pub(crate) guest: String,
    /// The guest's e-mail.
    pub(crate) guest_email: String,
    /// The guest's password.
    pub(crate) guest_password: String,
    /// The building's name.
    pub(crate) building: String,
    /// The front door, which the house shares.
    pub(crate) front_door: String,
    /// The resident's own door.
    pub(crate) flat_door: String,
}

impl Cast {
    /// Names of the canaries that a phone holds while the resident is signed in and looks at the doors.
    pub(crate) const HELD: [&str; 4] = [
        "resident's name",
        "resident's e-mail",
        "building's name",
        "door's name",
    ];

    /// A cast that nobody has seen before.
    pub(crate) fn random() -> Self {
        let resident = format!("{} {}", name(2), name(3));
        let guest = format!("{} {}", name(2), name(3));
        let building = format!("{} House", name(4));
        Self {
            email: email(&resident),
            password: format!("{}-{}-{}!", name(3), name(3), digits(6)),
            guest_email: email(&guest),
            guest_password: format!("{}-{}-{}!", name(3), name(3), digits(6)),
            front_door: format!("{building}, front door"),
            flat_door: format!("Flat {}, {}", digits(4), name(3)),
            resident,
            guest,
            building,
        }
    }

    /// The property they live in: an entrance and a home, neither with internet.
    pub(crate) fn property(&self) -> Demo {
        let door = |name: &str, door_type| DemoDoor::new(name, door_type, false);
        let person = |name: &str, email: &str, password: &str, role| DemoPerson {
            email: email.to_owned(),
            name: name.to_owned(),
            password: password.to_owned(),
            role,
            active: true,
            staff: false,
        };
        let (resident, guest) = (Role::Resident, Role::Guest);
        Demo {
            building: self.building.clone(),
            timezone: "Europe/Berlin".to_owned(),
            contact: Contact::default(),
            doors: vec![
                door(&self.front_door, DoorType::Entrance),
                door(&self.flat_door, DoorType::Residence),
            ],
            people: vec![
                person(&self.resident, &self.email, &self.password, resident),
                person(&self.guest, &self.guest_email, &self.guest_password, guest),
            ],
        }
    }

    /// What must be found while the resident is signed in and must not be found afterwards.
    pub(crate) fn canaries(&self) -> Vec<Canary> {
        vec![
            Canary::text("resident's name", &self.resident),
            Canary::text("resident's e-mail", &self.email),
            Canary::text("password", &self.password),
            Canary::text("building's name", &self.building),
            Canary::text("door's name", &self.flat_door),
        ]
    }
}

fn name(syllables: usize) -> String {
    let mut random = rand::rng();
    let mut name: String = (0..syllables)
        .map(|_| SYLLABLES[random.random_range(0..SYLLABLES.len())])
        .collect();
    if let Some(first) = name.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    name
}

fn digits(count: usize) -> String {
    let mut random = rand::rng();
    (0..count)
        .map(|_| random.random_range(0..10).to_string())
        .collect()
}

fn email(name: &str) -> String {
    format!(
        "{}.{}@keyway.example",
        name.to_lowercase().replace(' ', "."),
        digits(4)
    )
}
