//! Doors, their codes, and getting through them.

use super::KeywayApp;
use crate::activity::{Activity, PageToken};
use crate::answer;
use crate::attempts::{SyncAllAttempt, SyncAttempt, UnlockAttempt};
use crate::codes::{Doorcode, Doorcodes, NewDoorcode};
use crate::doors::Doors;
use crate::error::KeywayError;
use crate::lockout::LockoutOptions;
use keyway_app::service::{DoorId, DoorcodeId};
use std::sync::Arc;

#[uniffi::export]
impl KeywayApp {
    /// The doors: from the cache when they are there, else from the service.
    ///
    /// # Errors
    /// [`KeywayError::NotSignedIn`], [`KeywayError::ServiceUnreachable`] (only where nothing is cached), and what ends a session.
    pub async fn doors(&self) -> Result<Doors, KeywayError> {
        answer::journey(self.app.doors()).await
    }

    /// The doors, those in range first: listens for three seconds.
    ///
    /// # Errors
    /// As `doors`, and what stands against the radio: [`KeywayError::BluetoothOff`] and its like, [`KeywayError::UnlockUnderWay`],
    /// [`KeywayError::SyncUnderWay`].
    pub async fn doors_in_range(&self) -> Result<Doors, KeywayError> {
        answer::journey(self.app.doors_in_range()).await
    }

    /// Fetches doors and doorcodes, and ahead of need the rights and bundles of each door.
    ///
    /// # Errors
    /// [`KeywayError::NotSignedIn`], [`KeywayError::ServiceUnreachable`] (what is cached stays), and what ends a session.
    pub async fn refresh(&self) -> Result<Doors, KeywayError> {
        answer::journey(self.app.refresh()).await
    }

    /// Every way through a door, those that exist now first, best first; each *no* says what would turn it into a *yes*.
    ///
    /// # Errors
    /// [`KeywayError::DoorUnknown`], [`KeywayError::NotSignedIn`], [`KeywayError::ServiceUnreachable`] (only where nothing is cached).
    pub async fn lockout_options(&self, door: DoorId) -> Result<LockoutOptions, KeywayError> {
        answer::journey(self.app.lockout_options(door)).await
    }

    /// A door's codes: from the cache when they are there, else from the service.
    ///
    /// # Errors
    /// [`KeywayError::DoorUnknown`], [`KeywayError::NotSignedIn`], [`KeywayError::ServiceUnreachable`] (only where nothing is cached).
    pub async fn doorcodes(&self, door: DoorId) -> Result<Doorcodes, KeywayError> {
        answer::journey(self.app.doorcodes(door)).await
    }

    /// Has the service make a daily code for a door. It works at once, without a sync.
    ///
    /// # Errors
    /// [`KeywayError::ServiceUnreachable`], [`KeywayError::SharingNotAllowed`], [`KeywayError::NoDoorcodeLeft`], [`KeywayError::DoorUnknown`],
    /// [`KeywayError::NotSignedIn`].
    pub async fn new_doorcode(
        &self,
        door: DoorId,
        wanted: NewDoorcode,
    ) -> Result<Doorcode, KeywayError> {
        answer::journey(self.app.new_doorcode(door, wanted)).await
    }

    /// Resets one's own code of a residence or shared door. The old one works until the door's next sync, the new one from then on.
    ///
    /// # Errors
    /// [`KeywayError::CodeNotResettable`], [`KeywayError::NoDoorcodeLeft`], [`KeywayError::ServiceUnreachable`], [`KeywayError::NotSignedIn`].
    pub async fn reset_doorcode(&self, code: DoorcodeId) -> Result<Doorcode, KeywayError> {
        answer::journey(self.app.reset_doorcode(code)).await
    }

    /// Unlocks a door over Bluetooth, with or without network. Returns at once; what stands against it is the attempt's outcome.
    ///
    /// # Errors
    /// [`KeywayError::DoorUnknown`] for what is no door's id.
    pub fn unlock(&self, door: DoorId) -> Result<Arc<UnlockAttempt>, KeywayError> {
        answer::now(|| Arc::new(self.app.unlock(door).into()))
    }

    /// Syncs a door: this phone is the courier between service and lock, both ways. Returns at once; what stands against it is the attempt's
    /// outcome.
    ///
    /// # Errors
    /// [`KeywayError::DoorUnknown`] for what is no door's id.
    pub fn sync(&self, door: DoorId) -> Result<Arc<SyncAttempt>, KeywayError> {
        answer::now(|| Arc::new(self.app.sync(door).into()))
    }

    /// Syncs every door in range, one after the other. Returns at once; what stands against it is the attempt's outcome.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub fn sync_all_in_range(&self) -> Result<Arc<SyncAllAttempt>, KeywayError> {
        answer::now(|| Arc::new(self.app.sync_all_in_range().into()))
    }

    /// Who opened a door and when, as far as this account may see it; the newest page where none is named.
    ///
    /// # Errors
    /// [`KeywayError::DoorUnknown`], [`KeywayError::NotPermitted`], [`KeywayError::NotSignedIn`], [`KeywayError::ServiceUnreachable`]: activity is not
    /// kept on the phone.
    pub async fn activity(
        &self,
        door: DoorId,
        page: Option<Arc<PageToken>>,
    ) -> Result<Activity, KeywayError> {
        let page = page.map(|token| token.to_core());
        answer::journey(self.app.activity(door, page)).await
    }
}
