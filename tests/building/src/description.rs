//! `building.json`: what a phone needs to know of a served building, and the demo accounts.

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The name of the file in a served building's folder.
pub const FILE: &str = "building.json";

/// A served building.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Description {
    /// Where the service answers.
    pub service: ServiceAddress,
    /// The locks and where their air is.
    pub locks: Vec<LockAddress>,
    /// Accounts of a demonstration; nothing of a real resident.
    pub accounts: Vec<Account>,
}

/// Where the service answers, and whose certificates to trust.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceAddress {
    /// Scheme, host and port.
    pub origin: String,
    /// The certificate authority, PEM.
    pub ca_pem: String,
}

/// One lock.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LockAddress {
    /// The door it is on.
    pub door_uuid: String,
    /// Its identity, hexadecimal.
    pub lock_id: String,
    /// The door's name.
    pub name: String,
    /// Its end of the loopback air, `address:port`.
    pub air: String,
    /// The ATT MTU to offer, bytes.
    pub mtu: u16,
    /// Where its keypad listens, `address:port`.
    pub keypad: String,
}

/// A demo account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    /// What to sign in with.
    pub email: String,
    /// The password.
    pub password: String,
    /// `RESIDENT`, `NON_RESIDENT` or `GUEST`.
    pub role: String,
    /// The person's name.
    pub name: String,
}

impl Description {
    /// Reads a served building's file.
    pub fn read(file: &Path) -> Result<Self> {
        let text =
            std::fs::read(file).with_context(|| format!("no building at {}", file.display()))?;
        serde_json::from_slice(&text).with_context(|| format!("{} is no building", file.display()))
    }

    /// Writes it into `folder`, whole or not at all: who waits for the file finds it complete.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let temporary = folder.join("building.json.new");
        std::fs::write(&temporary, serde_json::to_vec_pretty(self)?)?;
        std::fs::rename(temporary, folder.join(FILE))?;
        Ok(())
    }
}
