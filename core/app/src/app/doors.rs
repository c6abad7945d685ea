//! Doors, their codes, and getting through them.

use super::App;
use crate::codes::{self, DoorcodeView, Doorcodes, NewDoorcode};
use crate::courier::{self, SyncAllAttempt, SyncAttempt};
use crate::doors::{self, Doors, UnlockAttempt};
use crate::error::Error;
use crate::lockout::{self, LockoutOptions};
use crate::service::{self, Activity, DoorId, DoorcodeId, PageToken};

impl App {
    /// The doors: from the cache when they are there, else from the service.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], [`Error::ServiceUnreachable`] (only where nothing is cached), and what ends a session.
    pub async fn doors(&self) -> Result<Doors, Error> {
        self.journey(|context| async move { doors::doors(&context).await })
            .await
    }

    /// The doors, those in range first: listens for three seconds.
    ///
    /// # Errors
    /// As [`App::doors`], and what stands against the radio: [`Error::BluetoothOff`] and its like, [`Error::UnlockUnderWay`],
    /// [`Error::SyncUnderWay`].
    pub async fn doors_in_range(&self) -> Result<Doors, Error> {
        self.journey(|context| async move { doors::doors_in_range(&context).await })
            .await
    }

    /// Fetches doors and doorcodes, and ahead of need the rights and bundles of each door.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], [`Error::ServiceUnreachable`] (what is cached stays), and what ends a session.
    pub async fn refresh(&self) -> Result<Doors, Error> {
        self.journey(|context| async move { doors::refresh(&context).await })
            .await
    }

    /// Every way through a door, those that exist now first, best first; each *no* says what would turn it into a *yes*.
    ///
    /// # Errors
    /// [`Error::DoorUnknown`], [`Error::NotSignedIn`], [`Error::ServiceUnreachable`] (only where nothing is cached).
    pub async fn lockout_options(&self, door: DoorId) -> Result<LockoutOptions, Error> {
        self.journey(|context| async move { lockout::lockout_options(&context, door).await })
            .await
    }

    /// A door's codes: from the cache when they are there, else from the service.
    ///
    /// # Errors
    /// [`Error::DoorUnknown`], [`Error::NotSignedIn`], [`Error::ServiceUnreachable`] (only where nothing is cached).
    pub async fn doorcodes(&self, door: DoorId) -> Result<Doorcodes, Error> {
        self.journey(|context| async move { codes::doorcodes(&context, door).await })
            .await
    }

    /// Has the service make a daily code for a door. It works at once, without a sync.
    ///
    /// # Errors
    /// [`Error::ServiceUnreachable`], [`Error::SharingNotAllowed`], [`Error::NoDoorcodeLeft`], [`Error::DoorUnknown`], [`Error::NotSignedIn`].
    pub async fn new_doorcode(
        &self,
        door: DoorId,
        wanted: NewDoorcode,
    ) -> Result<DoorcodeView, Error> {
        self.journey(|context| async move { codes::new_doorcode(&context, door, wanted).await })
            .await
    }

    /// Resets one's own code of a residence or shared door. The old one works until the door's next sync, the new one from then on.
    ///
    /// # Errors
    /// [`Error::CodeNotResettable`], [`Error::NoDoorcodeLeft`], [`Error::ServiceUnreachable`], [`Error::NotSignedIn`].
    pub async fn reset_doorcode(&self, code: DoorcodeId) -> Result<DoorcodeView, Error> {
        self.journey(|context| async move { codes::reset_doorcode(&context, code).await })
            .await
    }

    /// Unlocks a door over Bluetooth, with or without network. What stands against it is the attempt's outcome.
    #[must_use]
    pub fn unlock(&self, door: DoorId) -> UnlockAttempt {
        doors::unlock(&self.context, door)
    }

    /// Syncs a door: this phone is the courier between service and lock, both ways. What stands against it is the attempt's outcome.
    #[must_use]
    pub fn sync(&self, door: DoorId) -> SyncAttempt {
        courier::sync(&self.context, door)
    }

    /// Syncs every door in range, one after the other. What stands against it is the attempt's outcome.
    #[must_use]
    pub fn sync_all_in_range(&self) -> SyncAllAttempt {
        courier::sync_all_in_range(&self.context)
    }

    /// Who opened a door and when, as far as this account may see it; the newest page where none is named.
    ///
    /// # Errors
    /// [`Error::DoorUnknown`], [`Error::NotPermitted`], [`Error::NotSignedIn`], [`Error::ServiceUnreachable`]: activity is not kept on the phone.
    pub async fn activity(&self, door: DoorId, page: Option<PageToken>) -> Result<Activity, Error> {
        self.journey(|context| async move {
            let session = context.session()?;
            let answer = session
                .send(service::show_activity(door, page.as_ref()))
                .await?;
            Ok(service::parse_activity(&answer)?)
        })
        .await
    }
}
