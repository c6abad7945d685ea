//! Hiding: the data stays in keychain and folder, nothing of it stays in memory, and only the phone's owner brings it back.

use super::state::{Effect, Event, State, WhosePhone};
use super::{Account, Status};
use crate::error::{Error, Fault};
use crate::vault::Item;
use zeroize::Zeroizing;

impl Account {
    /// See [`crate::App::hide`].
    pub(crate) async fn hide(&self) -> Result<(), Fault> {
        if self.machine().state == State::Hidden {
            return Ok(());
        }
        let session = self.session()?;
        if session.phone() == WhosePhone::Borrowed {
            return Err(Error::NotOnBorrowedPhone.into());
        }
        if !self.0.ports.device.is_set_up() {
            return Err(Error::DeviceAuthenticationMissing.into());
        }
        // First what a restart finds: from here on a kill leaves the app hidden.
        let generation = session.generation();
        drop(session);
        let mark = Zeroizing::new(Vec::from(*b"hidden"));
        self.0
            .vault
            .set_item(generation, Item::Hidden, mark)
            .await?;
        self.handle(Event::HideAsked)?;
        let (session, gone) = {
            let mut machine = self.machine();
            (machine.session.take(), machine.gone.take())
        };
        self.0.vault.advance();
        drop(session);
        self.0.client.forget();
        // Journeys see the end at their next wait; one that does not is reported by a later sign-out.
        let _ = self.journeys_ended(gone).await;
        Ok(())
    }

    /// See [`crate::App::show`].
    pub(crate) async fn show(&self) -> Result<Status, Fault> {
        // Read first: the answer below looks at the machine again.
        let state = self.machine().state;
        match state {
            State::Hidden => {}
            State::SignedIn(_) | State::Refreshing(_) => return Ok(self.status()),
            _ => return Err(Error::NotSignedIn.into()),
        }
        self.0.ports.device.confirm().await?;
        let Some(session) = self.restore().await? else {
            if let Effect::Wipe(cause) = self.handle(Event::ShownNothing)? {
                self.wipe(cause).await;
            }
            return Err(Error::NotSignedIn.into());
        };
        let generation = session.generation;
        self.begin(session, Event::Shown)?;
        // The mark last: killed before, the app asks once more.
        self.0.vault.erase_item(generation, Item::Hidden).await?;
        Ok(self.status())
    }
}
