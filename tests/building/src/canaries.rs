//! What the demo plants: a resident whose every name is random, so that finding one anywhere can mean only one thing.

use crate::scan::Canary;
use rand::Rng as _;
use serde::{Deserialize, Serialize};

/// Syllables that make names a person can read and nothing else contains.
const SYLLABLES: [&str; 16] = [
    "bra", "dun", "fel", "gor", "hul", "jen", "kip", "lom", "mur", "nev", "pol", "quin", "ros",
    "tav", "vex", "wyn",
];

/// The people and places of one run.
#[derive(Clone, Debug, Serialize, Deserialize)]
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

    /// A fixed cast for a building that a person uses by hand.
    pub(crate) fn friendly() -> Self {
        Self {
            resident: "Ada Marlow".into(),
            email: "ada@keyway.example".into(),
            password: "Correct-Horse-7!".into(),
            guest: "Ben Okoro".into(),
            guest_email: "ben@keyway.example".into(),
            guest_password: "Battery-Staple-8!".into(),
            building: "Magpie House".into(),
            front_door: "Front door".into(),
            flat_door: "Flat 12".into(),
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
