//! Letting others in.

use super::KeywayApp;
use crate::answer;
use crate::error::KeywayError;
use crate::guests::{CodeForSomeone, Invitation, LetIn, Person};
use keyway_app::service::{DoorId, PersonId};

#[uniffi::export]
impl KeywayApp {
    /// Sends a daily or single-use code to an e-mail address or a telephone. It works at once, without a sync, also at a lock that was never
    /// synced since it was set up.
    ///
    /// # Errors
    /// [`KeywayError::RecipientInvalid`], [`KeywayError::SharingNotAllowed`], [`KeywayError::NoDoorcodeLeft`], [`KeywayError::DoorUnknown`],
    /// [`KeywayError::NotSignedIn`], [`KeywayError::ServiceUnreachable`]. Where it worked at some doors only, the answer lists the others.
    pub async fn send_doorcode(&self, code: CodeForSomeone) -> Result<LetIn, KeywayError> {
        answer::journey(self.app.send_doorcode(code.into())).await
    }

    /// Invites a guest, with a start and, if wanted, an end. Their code works after each door's next sync.
    ///
    /// # Errors
    /// As `send_doorcode`, and [`KeywayError::PeriodInvalid`].
    pub async fn invite_guest(&self, invitation: Invitation) -> Result<LetIn, KeywayError> {
        answer::journey(self.app.invite_guest(invitation.into())).await
    }

    /// The people whom this account let in, and how far each revocation has come.
    ///
    /// # Errors
    /// [`KeywayError::NotSignedIn`], [`KeywayError::ServiceUnreachable`].
    pub async fn people_let_in(&self) -> Result<Vec<Person>, KeywayError> {
        let people: Vec<keyway_app::service::Person> =
            answer::journey(self.app.people_let_in()).await?;
        Ok(people.into_iter().map(Person::from).collect())
    }

    /// Takes a person's access to a door back: requested now, carried by the next phone that goes there, confirmed by the lock's signature.
    ///
    /// # Errors
    /// [`KeywayError::PersonUnknown`], [`KeywayError::CodeCannotBeRevoked`] (daily codes), [`KeywayError::DoorUnknown`],
    /// [`KeywayError::NotSignedIn`], [`KeywayError::ServiceUnreachable`].
    pub async fn revoke(&self, person: PersonId, door: DoorId) -> Result<(), KeywayError> {
        answer::journey(self.app.revoke(person, door)).await
    }

    /// Moves the end of a person's access to a door, milliseconds of the service's clock; `None`: it has none.
    ///
    /// # Errors
    /// [`KeywayError::PersonUnknown`], [`KeywayError::PeriodInvalid`], [`KeywayError::DoorUnknown`], [`KeywayError::NotSignedIn`],
    /// [`KeywayError::ServiceUnreachable`].
    pub async fn change_end(
        &self,
        person: PersonId,
        door: DoorId,
        end: Option<i64>,
    ) -> Result<Person, KeywayError> {
        answer::journey(self.app.change_end(person, door, end)).await
    }
}
