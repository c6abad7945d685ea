//! For tests on a desktop: a phone on a served building, whose locks are in the air over loopback. Not in what ships.

use crate::app::KeywayApp;
use crate::error::KeywayError;
use crate::open::{OpenError, Shell, open};
use crate::shell::{DeviceOwner, HardwareKeys, ShellPlaces};
use keyway_platform::assemble::KeychainChoice;
use keyway_platform::building::Building;
use std::sync::Arc;

#[uniffi::export]
impl KeywayApp {
    /// Puts a phone together on a served building. `building` is the JSON that `keyway-building` and its stage give, `home` a folder of its
    /// own; its keychain is a file there, unencrypted.
    ///
    /// # Errors
    /// See [`OpenError`].
    #[uniffi::constructor]
    pub async fn open_on_building(
        building: String,
        home: String,
        places: Arc<dyn ShellPlaces>,
        owner: Option<Arc<dyn DeviceOwner>>,
        keys: Option<Arc<dyn HardwareKeys>>,
    ) -> Result<Arc<Self>, OpenError> {
        let building = Building::parse(building.as_bytes()).map_err(|_| OpenError::Building)?;
        let shell = Shell {
            places,
            owner,
            keys,
        };
        let opened = open(home.into(), building, KeychainChoice::Development, shell).await?;
        Ok(Arc::new(opened.into()))
    }
}

/// Panics inside, as no export of the library should: for tests of what arrives then.
///
/// # Errors
/// [`KeywayError::Internal`], always.
#[uniffi::export]
#[expect(clippy::panic, reason = "its one purpose")]
pub fn panic_inside() -> Result<(), KeywayError> {
    crate::answer::now(|| panic!("a panic's text, which must not cross"))
}

/// Panics inside a journey.
///
/// # Errors
/// [`KeywayError::Internal`], always.
#[uniffi::export]
#[expect(clippy::panic, reason = "its one purpose")]
pub async fn panic_inside_later() -> Result<(), KeywayError> {
    crate::answer::later(async { panic!("a panic's text, which must not cross") }).await
}
