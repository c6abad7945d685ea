//! Who is signed in.

use super::KeywayApp;
use crate::account::{SessionFacts, SignInOption, Started, Status, WhosePhone};
use crate::answer;
use crate::error::KeywayError;
use crate::report::SignOutReport;
use keyway_app::secret::SecretString;
use keyway_app::service::SessionId;

#[uniffi::export]
impl KeywayApp {
    /// Finishes a wipe that an earlier process did not, then restores the session, if there is one. Before anything else.
    ///
    /// # Errors
    /// [`KeywayError::KeychainUnavailable`], [`KeywayError::PhoneLocked`], [`KeywayError::FolderUnavailable`]: nothing was read, `start` may be
    /// called again.
    pub async fn start(&self) -> Result<Started, KeywayError> {
        answer::journey(self.app.start()).await
    }

    /// Where the account is now.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub fn status(&self) -> Result<Status, KeywayError> {
        answer::now(|| self.app.status().into())
    }

    /// What works on this phone before anybody is signed in, best first, and what is a dead end on it.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub fn ways_to_sign_in(&self, phone: WhosePhone) -> Result<Vec<SignInOption>, KeywayError> {
        answer::now(|| {
            let ways = self.app.ways_to_sign_in(phone);
            ways.into_iter().map(SignInOption::from).collect()
        })
    }

    /// Signs in with the password. The e-mail is trimmed and lower-cased; the password is sent byte for byte and judged by the service alone.
    ///
    /// # Errors
    /// [`KeywayError::WrongCredentials`], [`KeywayError::AccountNotActive`], [`KeywayError::TooManyTries`], [`KeywayError::ServiceUnreachable`],
    /// [`KeywayError::KeychainUnavailable`] (own phone), [`KeywayError::AlreadySignedIn`], [`KeywayError::Hidden`],
    /// [`KeywayError::SignInUnderWay`], [`KeywayError::SignOutUnderWay`], [`KeywayError::SignedOutMeanwhile`], [`KeywayError::AppTooOld`]. None leaves
    /// anything behind.
    pub async fn sign_in(
        &self,
        email: String,
        password: String,
        phone: WhosePhone,
    ) -> Result<Status, KeywayError> {
        answer::journey(self.app.sign_in(email, SecretString::new(password), phone)).await
    }

    /// Has a one-time code sent to the account's mailbox. The answer is the same whether or not there is such an account.
    ///
    /// # Errors
    /// [`KeywayError::TooManyTries`], [`KeywayError::ServiceUnreachable`].
    pub async fn send_one_time_code(&self, email: String) -> Result<(), KeywayError> {
        answer::journey(self.app.send_one_time_code(email)).await
    }

    /// Signs in with the one-time code that `send_one_time_code` had sent. Valid for 10 minutes and once.
    ///
    /// # Errors
    /// As `sign_in`; a wrong or old code is [`KeywayError::WrongCredentials`].
    pub async fn sign_in_with_code(
        &self,
        email: String,
        code: String,
        phone: WhosePhone,
    ) -> Result<Status, KeywayError> {
        let code = SecretString::new(code);
        answer::journey(self.app.sign_in_with_code(email, code, phone)).await
    }

    /// Has a link for a new password sent to the account's mailbox. Using it ends every session.
    ///
    /// # Errors
    /// [`KeywayError::TooManyTries`], [`KeywayError::ServiceUnreachable`].
    pub async fn send_password_reset(&self, email: String) -> Result<(), KeywayError> {
        answer::journey(self.app.send_password_reset(email)).await
    }

    /// Changes the password and ends every other session. `rules_lacked_by` tells what a new one lacks while it is typed.
    ///
    /// # Errors
    /// [`KeywayError::PasswordTooWeak`], [`KeywayError::WrongCredentials`] (the current one), [`KeywayError::TooManyTries`],
    /// [`KeywayError::NotSignedIn`], [`KeywayError::ServiceUnreachable`].
    pub async fn change_password(&self, current: String, new: String) -> Result<(), KeywayError> {
        let (current, new) = (SecretString::new(current), SecretString::new(new));
        answer::journey(self.app.change_password(current, new)).await
    }

    /// The account's sessions, newest first.
    ///
    /// # Errors
    /// [`KeywayError::NotSignedIn`], [`KeywayError::ServiceUnreachable`].
    pub async fn sessions(&self) -> Result<Vec<SessionFacts>, KeywayError> {
        answer::journey(self.app.sessions()).await
    }

    /// Ends one session of the account: that phone is wiped at its next contact. For this phone's own, `sign_out` gives a report.
    ///
    /// # Errors
    /// [`KeywayError::SessionUnknown`], [`KeywayError::NotSignedIn`], [`KeywayError::ServiceUnreachable`].
    pub async fn end_session(&self, session: SessionId) -> Result<(), KeywayError> {
        answer::journey(self.app.end_session(session)).await
    }

    /// Ends every session of the account, then signs out here.
    ///
    /// # Errors
    /// [`KeywayError::NotSignedIn`], [`KeywayError::ServiceUnreachable`]: then nothing has ended.
    pub async fn end_all_sessions(&self) -> Result<SignOutReport, KeywayError> {
        answer::journey(self.app.end_all_sessions()).await
    }

    /// Hides everything until the phone's owner asks for it: the data stays in keychain and folder, nothing of it in memory. Own phone only.
    ///
    /// # Errors
    /// [`KeywayError::NotOnBorrowedPhone`], [`KeywayError::DeviceAuthenticationMissing`], [`KeywayError::NotSignedIn`],
    /// [`KeywayError::KeychainUnavailable`].
    pub async fn hide(&self) -> Result<(), KeywayError> {
        answer::journey(self.app.hide()).await
    }

    /// Shows what is hidden, once the phone has recognised its owner.
    ///
    /// # Errors
    /// [`KeywayError::DeviceAuthenticationFailed`], [`KeywayError::DeviceAuthenticationMissing`], [`KeywayError::NotSignedIn`],
    /// [`KeywayError::KeychainUnavailable`].
    pub async fn show(&self) -> Result<Status, KeywayError> {
        answer::journey(self.app.show()).await
    }

    /// Signs out, completely, and reports on every place. Works without network, during anything else, while hidden, and again after a report with
    /// something open.
    ///
    /// # Errors
    /// [`KeywayError::SignOutUnderWay`]. What could not be erased is not an error but a line of the report.
    pub async fn sign_out(&self) -> Result<SignOutReport, KeywayError> {
        answer::journey(self.app.sign_out()).await
    }

    /// The report of the last wipe since somebody signed in: also of one that nobody asked for, because a borrowed session's time was up or the
    /// service ended the session.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub fn last_report(&self) -> Result<Option<SignOutReport>, KeywayError> {
        answer::now(|| self.app.last_report().map(SignOutReport::from))
    }
}
