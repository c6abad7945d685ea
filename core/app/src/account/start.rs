//! The start: an unfinished wipe first, then the session of this installation, if there is one and it is not hidden.

use super::session::{Session, TokenSet};
use super::state::{Effect, Event, State, WhosePhone};
use super::{Account, SignOutReport, stored};
use crate::error::Fault;
use crate::ports::FileKey;
use crate::secret::SecretString;
use crate::vault::{File, Item};

/// What the start found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// The report of a wipe that an earlier process did not finish, or of what an earlier installation left.
    pub finished_wipe: Option<SignOutReport>,
}

impl Account {
    /// See [`crate::App::start`].
    pub(crate) async fn start(&self) -> Result<Started, Fault> {
        let nothing = Started {
            finished_wipe: None,
        };
        if self.machine().state != State::Starting {
            return Ok(nothing);
        }
        let event = if self.0.vault.marker().await? {
            Event::StartedWithLeftovers
        } else if self.0.vault.item(Item::Hidden).await?.is_some() {
            self.machine().phone = Some(WhosePhone::Own);
            Event::StartedHidden
        } else if let Some(session) = self.restore().await? {
            return self
                .begin(session, Event::StartedWithSession)
                .map(|()| nothing);
        } else if self.0.vault.is_empty().await? && self.0.ports.keys.list().await?.is_empty() {
            Event::StartedEmpty
        } else {
            Event::StartedWithLeftovers
        };
        match self.handle(event)? {
            Effect::Wipe(cause) => Ok(Started {
                finished_wipe: Some(self.wipe(cause).await),
            }),
            _ => Ok(nothing),
        }
    }

    /// The stored session, if it is whole and of this installation: keychain items outlive an uninstall and come back with a backup, the folder's
    /// anchor does neither.
    pub(super) async fn restore(&self) -> Result<Option<Session>, Fault> {
        let vault = &self.0.vault;
        let Some(item) = vault.item(Item::Session).await? else {
            return Ok(None);
        };
        let Some((facts, ends_at, refresh)) = stored::decode(&item) else {
            return Ok(None);
        };
        let key = vault.item(Item::FileKey).await?;
        let Some(key) = key.and_then(|key| <[u8; 32]>::try_from(key.as_slice()).ok()) else {
            return Ok(None);
        };
        let generation = vault.advance();
        vault.open(generation, Some(FileKey::new(key)))?;
        if vault.read(generation, File::Anchor).await?.is_none() {
            return Ok(None);
        }
        let ticket = vault.item(Item::LogoutTicket).await?;
        let tokens = TokenSet::restored(refresh, ends_at);
        let mut session = Session::new(generation, WhosePhone::Own, facts, tokens);
        session.ticket = ticket.and_then(|ticket| ticket_from(&ticket));
        Ok(Some(session))
    }
}

/// The ticket as it stands in the keychain.
pub(super) fn ticket_from(item: &[u8]) -> Option<SecretString> {
    let text = core::str::from_utf8(item).ok()?;
    Some(SecretString::new(text.to_owned()))
}
