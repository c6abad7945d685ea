//! A served building's description: which service, which certificate authority, which locks are in the air.

use crate::http::ServiceHttpError;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::Path;

/// What a phone needs to know of a building. What else stands in the file (the demo accounts) is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Building {
    /// The service: `https://host[:port]`.
    pub origin: String,
    /// The certificate authorities to trust, PEM. No other is.
    pub roots: String,
    /// The simulated locks within reach of this phone's radio.
    pub locks: Vec<LockInRange>,
}

/// One simulated lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockInRange {
    /// Where its end of the loopback air listens.
    pub air: SocketAddr,
    /// The ATT MTU to offer, bytes: 23 to 517.
    pub mtu: u16,
}

/// Why a building's file cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildingError {
    /// The file cannot be read.
    #[error("the building's file cannot be read")]
    Unreadable,
    /// It is not a building's description.
    #[error("the building's file is not a building's description")]
    Malformed,
    /// A lock offers an MTU outside 23 to 517.
    #[error("a lock's MTU is outside 23 to 517")]
    Mtu,
    /// The service's address or certificate authority.
    #[error(transparent)]
    Service(#[from] ServiceHttpError),
}

impl Building {
    /// Reads `building.json` as a served building writes it.
    ///
    /// # Errors
    /// The file is not there, or not of that form.
    pub fn read(file: &Path) -> Result<Self, BuildingError> {
        let text = std::fs::read(file).map_err(|_| BuildingError::Unreadable)?;
        Self::parse(&text)
    }

    /// Parses the file's content.
    ///
    /// # Errors
    /// It is not of that form.
    pub fn parse(text: &[u8]) -> Result<Self, BuildingError> {
        let wire: Wire = serde_json::from_slice(text).map_err(|_| BuildingError::Malformed)?;
        if wire
            .locks
            .iter()
            .any(|lock| !(23..=517).contains(&lock.mtu))
        {
            return Err(BuildingError::Mtu);
        }
        Ok(Self {
            origin: wire.service.origin,
            roots: wire.service.ca_pem,
            locks: wire
                .locks
                .into_iter()
                .map(|WireLock { air, mtu }| LockInRange { air, mtu })
                .collect(),
        })
    }
}

#[derive(Deserialize)]
struct Wire {
    service: WireService,
    #[serde(default)]
    locks: Vec<WireLock>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireService {
    origin: String,
    ca_pem: String,
}

#[derive(Deserialize)]
struct WireLock {
    air: SocketAddr,
    #[serde(default = "largest_mtu")]
    mtu: u16,
}

fn largest_mtu() -> u16 {
    517
}

#[cfg(test)]
mod tests {
    use super::{Building, BuildingError};

    #[test]
    fn a_building_is_read_without_its_accounts() {
        let text = br#"{"service":{"origin":"https://localhost:8443","caPem":"PEM"},
            "locks":[{"doorUuid":"x","lockId":"y","name":"Front","air":"127.0.0.1:4001","mtu":23}],
            "accounts":[{"email":"ada@example.test","password":"canary-password"}]}"#;
        let building = Building::parse(text).expect("a building");
        assert_eq!(building.origin, "https://localhost:8443");
        assert_eq!(building.locks[0].mtu, 23);
        assert!(!format!("{building:?}").contains("canary"));
    }

    #[test]
    fn an_mtu_that_no_link_can_have_is_refused() {
        let text =
            br#"{"service":{"origin":"o","caPem":"p"},"locks":[{"air":"127.0.0.1:1","mtu":22}]}"#;
        assert_eq!(Building::parse(text), Err(BuildingError::Mtu));
        assert_eq!(Building::parse(b"{}"), Err(BuildingError::Malformed));
    }
}
