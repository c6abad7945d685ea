//! Letting others in.

use super::App;
use crate::error::Error;
use crate::guests::{self, CodeForSomeone, Invitation};
use crate::ports::UnixMillis;
use crate::service::{DoorId, LetIn, Person, PersonId};

impl App {
    /// Sends a daily or single-use code to an e-mail address or a telephone. It works at once, without a sync, also at a lock that was never
    /// synced since it was set up.
    ///
    /// # Errors
    /// [`Error::RecipientInvalid`], [`Error::SharingNotAllowed`], [`Error::NoDoorcodeLeft`], [`Error::DoorUnknown`], [`Error::NotSignedIn`],
    /// [`Error::ServiceUnreachable`]. Where it worked at some doors only, the answer lists the others.
    pub async fn send_doorcode(&self, code: CodeForSomeone) -> Result<LetIn, Error> {
        self.journey(|context| async move { guests::send_doorcode(&context, code).await })
            .await
    }

    /// Invites a guest, with a start and, if wanted, an end. Their code works after each door's next sync.
    ///
    /// # Errors
    /// As [`App::send_doorcode`], and [`Error::PeriodInvalid`].
    pub async fn invite_guest(&self, invitation: Invitation) -> Result<LetIn, Error> {
        self.journey(|context| async move { guests::invite(&context, invitation).await })
            .await
    }

    /// The people whom this account let in, and how far each revocation has come.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], [`Error::ServiceUnreachable`].
    pub async fn people_let_in(&self) -> Result<Vec<Person>, Error> {
        self.journey(|context| async move { guests::people(&context).await })
            .await
    }

    /// Takes a person's access to a door back: requested now, carried by the next phone that goes there, confirmed by the lock's signature.
    ///
    /// # Errors
    /// [`Error::CodeCannotBeRevoked`] (daily codes), [`Error::DoorUnknown`], [`Error::NotSignedIn`], [`Error::ServiceUnreachable`].
    pub async fn revoke(&self, person: PersonId, door: DoorId) -> Result<(), Error> {
        self.journey(|context| async move { guests::revoke(&context, person, door).await })
            .await
    }

    /// Moves the end of a person's access to a door; `None`: it has none.
    ///
    /// # Errors
    /// [`Error::PeriodInvalid`], [`Error::DoorUnknown`], [`Error::NotSignedIn`], [`Error::ServiceUnreachable`].
    pub async fn change_end(
        &self,
        person: PersonId,
        door: DoorId,
        end: Option<UnixMillis>,
    ) -> Result<Person, Error> {
        self.journey(|context| async move { guests::change_end(&context, person, door, end).await })
            .await
    }
}
