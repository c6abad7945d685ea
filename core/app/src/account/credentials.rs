//! Ways to prove who one is, besides signing in: the one-time code, the reset, a new password; and the account's sessions.

use super::{Account, PasswordRules, SignOutReport};
use crate::error::{Error, Fault};
use crate::secret::SecretString;
use crate::service::{self, Authorization, SessionFacts, SessionId};

/// An e-mail address as the service compares it.
pub(super) fn normal(email: &str) -> zeroize::Zeroizing<String> {
    zeroize::Zeroizing::new(email.trim().to_lowercase())
}

impl Account {
    /// See [`crate::App::send_one_time_code`].
    pub(crate) async fn send_one_time_code(&self, email: &str) -> Result<(), Fault> {
        let call = service::send_one_time_code(&normal(email));
        self.0.client.send(&call, Authorization::None).await?;
        Ok(())
    }

    /// See [`crate::App::send_password_reset`].
    pub(crate) async fn send_password_reset(&self, email: &str) -> Result<(), Fault> {
        let call = service::send_password_reset(&normal(email));
        self.0.client.send(&call, Authorization::None).await?;
        Ok(())
    }

    /// See [`crate::App::change_password`].
    pub(crate) async fn change_password(
        &self,
        current: SecretString,
        new: SecretString,
    ) -> Result<(), Fault> {
        let lacks = PasswordRules::lacked_by(&new);
        if !lacks.is_empty() {
            return Err(Error::PasswordTooWeak { lacks }.into());
        }
        let session = self.session()?;
        session
            .send(service::change_password(&current, &new))
            .await?;
        Ok(())
    }

    /// See [`crate::App::sessions`].
    pub(crate) async fn sessions(&self) -> Result<Vec<SessionFacts>, Fault> {
        let session = self.session()?;
        let answer = session.send(service::list_sessions()).await?;
        Ok(service::parse_sessions(&answer)?)
    }

    /// See [`crate::App::end_session`].
    pub(crate) async fn end_session_of(&self, id: SessionId) -> Result<(), Fault> {
        let session = self.session()?;
        let ended = session.send(service::end_session(id)).await;
        ended.map_err(|fault| fault.or_unknown(Error::SessionUnknown))?;
        Ok(())
    }

    /// See [`crate::App::end_all_sessions`]. The service first: this phone's own end must not come before the others'.
    pub(crate) async fn end_all_sessions(&self) -> Result<SignOutReport, Fault> {
        let session = self.session()?;
        session.send(service::end_sessions()).await?;
        drop(session);
        self.sign_out().await
    }
}
