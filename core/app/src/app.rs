//! The one handle a shell holds. No logic here: each method is one journey.

use crate::account::{SignOutReport, Started, Status, WhosePhone};
use crate::codes::{self, DoorcodeView, Doorcodes, NewDoorcode};
use crate::context::{Change, Context};
use crate::courier::{self, SyncAttempt};
use crate::doors::{self, Doors, UnlockAttempt};
use crate::error::Error;
use crate::ports::Ports;
use crate::secret::SecretString;
use crate::service::DoorId;

/// How an app is set up. Nothing needs to be chosen yet; later choices get a default here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {}

/// A resident's door app.
///
/// A handle: clones share one account. Methods take and give owned values. A call's future may be dropped at any time: the work it began runs to
/// its end on the spawn port, so that no write is cut in half; long journeys have an explicit cancel.
#[derive(Clone)]
pub struct App {
    context: Context,
}

impl App {
    /// An app on these ports. Reads and writes nothing before [`App::start`].
    #[must_use]
    pub fn new(ports: Ports, _config: Config) -> Self {
        Self {
            context: Context::new(ports),
        }
    }

    /// Finishes a wipe that an earlier process did not, then restores the session, if there is one. Before anything else.
    ///
    /// # Errors
    /// [`Error::KeychainUnavailable`], [`Error::PhoneLocked`], [`Error::FolderUnavailable`]: nothing was read, `start` may be called again.
    pub async fn start(&self) -> Result<Started, Error> {
        let account = self.context.account().clone();
        self.context.run(async move { account.start().await }).await
    }

    /// Where the account is now.
    #[must_use]
    pub fn status(&self) -> Status {
        self.context.account().status()
    }

    /// Signs in. The e-mail is trimmed and lower-cased; the password is sent byte for byte and judged by the service alone.
    ///
    /// # Errors
    /// [`Error::WrongCredentials`], [`Error::AccountNotActive`], [`Error::TooManyTries`], [`Error::ServiceUnreachable`],
    /// [`Error::KeychainUnavailable`] (own phone), [`Error::AlreadySignedIn`], [`Error::SignInUnderWay`], [`Error::SignOutUnderWay`],
    /// [`Error::SignedOutMeanwhile`]. None leaves anything behind.
    pub async fn sign_in(
        &self,
        email: String,
        password: SecretString,
        phone: WhosePhone,
    ) -> Result<Status, Error> {
        let account = self.context.account().clone();
        self.context
            .run(async move {
                account.sign_in(email, password, phone).await?;
                Ok(account.status())
            })
            .await
    }

    /// The doors: from the cache when they are there, else from the service.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], [`Error::ServiceUnreachable`] (only where nothing is cached), and what ends a session.
    pub async fn doors(&self) -> Result<Doors, Error> {
        let context = self.context.clone();
        self.context
            .run(async move { doors::doors(&context).await })
            .await
    }

    /// Fetches doors and doorcodes, and ahead of need the rights and bundles of each door.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], [`Error::ServiceUnreachable`] (what is cached stays), and what ends a session.
    pub async fn refresh(&self) -> Result<Doors, Error> {
        let context = self.context.clone();
        self.context
            .run(async move { doors::refresh(&context).await })
            .await
    }

    /// A door's codes: from the cache when they are there, else from the service.
    ///
    /// # Errors
    /// [`Error::DoorUnknown`], [`Error::NotSignedIn`], [`Error::ServiceUnreachable`] (only where nothing is cached).
    pub async fn doorcodes(&self, door: DoorId) -> Result<Doorcodes, Error> {
        let context = self.context.clone();
        self.context
            .run(async move { codes::doorcodes(&context, door).await })
            .await
    }

    /// Has the service make a daily code for a door. It works at once, without a sync.
    ///
    /// # Errors
    /// [`Error::ServiceUnreachable`], [`Error::NotPermitted`], [`Error::DoorUnknown`], [`Error::NotSignedIn`].
    pub async fn new_doorcode(
        &self,
        door: DoorId,
        wanted: NewDoorcode,
    ) -> Result<DoorcodeView, Error> {
        let context = self.context.clone();
        self.context
            .run(async move { codes::new_doorcode(&context, door, wanted).await })
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

    /// Signs out, completely, and reports on every place. Works without network, during anything else, and again after a report with something open.
    ///
    /// # Errors
    /// [`Error::SignOutUnderWay`]. What could not be erased is not an error but a line of the report.
    pub async fn sign_out(&self) -> Result<SignOutReport, Error> {
        let account = self.context.account().clone();
        self.context
            .run(async move { account.sign_out().await })
            .await
    }

    /// The report of the last wipe since somebody signed in: also of one that nobody asked for, because a borrowed session's time was up or the
    /// service ended the session.
    #[must_use]
    pub fn last_report(&self) -> Option<SignOutReport> {
        self.context.account().last_report()
    }

    #[cfg(test)]
    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    /// Tells the app that its surroundings changed. Returns at once.
    pub fn surroundings_changed(&self, change: Change) {
        self.context.surroundings_changed(change);
    }
}
