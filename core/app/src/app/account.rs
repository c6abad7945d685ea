//! Who is signed in.

use super::App;
use crate::account::{SignOutReport, Started, Status, WhosePhone};
use crate::error::Error;
use crate::lockout::{self, SignInOption};
use crate::secret::SecretString;
use crate::service::{Credential, SessionFacts, SessionId};

impl App {
    /// Finishes a wipe that an earlier process did not, then restores the session, if there is one. Before anything else.
    ///
    /// # Errors
    /// [`Error::KeychainUnavailable`], [`Error::PhoneLocked`], [`Error::FolderUnavailable`]: nothing was read, `start` may be called again.
    pub async fn start(&self) -> Result<Started, Error> {
        self.journey(|context| async move { context.account().start().await })
            .await
    }

    /// Where the account is now.
    #[must_use]
    pub fn status(&self) -> Status {
        self.context.account().status()
    }

    /// What works on this phone before anybody is signed in, best first, and what is a dead end on it.
    #[must_use]
    pub fn ways_to_sign_in(&self, phone: WhosePhone) -> Vec<SignInOption> {
        lockout::ways_to_sign_in(phone)
    }

    /// Signs in with the password. The e-mail is trimmed and lower-cased; the password is sent byte for byte and judged by the service alone.
    ///
    /// # Errors
    /// [`Error::WrongCredentials`], [`Error::AccountNotActive`], [`Error::TooManyTries`], [`Error::ServiceUnreachable`],
    /// [`Error::KeychainUnavailable`] (own phone), [`Error::AlreadySignedIn`], [`Error::Hidden`], [`Error::SignInUnderWay`],
    /// [`Error::SignOutUnderWay`], [`Error::SignedOutMeanwhile`], [`Error::AppTooOld`]. None leaves anything behind.
    pub async fn sign_in(
        &self,
        email: String,
        password: SecretString,
        phone: WhosePhone,
    ) -> Result<Status, Error> {
        self.sign_in_with(email, Credential::Password(password), phone)
            .await
    }

    /// Has a one-time code sent to the account's mailbox. The answer is the same whether or not there is such an account.
    ///
    /// # Errors
    /// [`Error::TooManyTries`], [`Error::ServiceUnreachable`].
    pub async fn send_one_time_code(&self, email: String) -> Result<(), Error> {
        self.journey(|context| async move { context.account().send_one_time_code(&email).await })
            .await
    }

    /// Signs in with the one-time code that [`App::send_one_time_code`] had sent. Valid for 10 minutes and once.
    ///
    /// # Errors
    /// As [`App::sign_in`]; a wrong or old code is [`Error::WrongCredentials`].
    pub async fn sign_in_with_code(
        &self,
        email: String,
        code: SecretString,
        phone: WhosePhone,
    ) -> Result<Status, Error> {
        self.sign_in_with(email, Credential::OneTimeCode(code), phone)
            .await
    }

    async fn sign_in_with(
        &self,
        email: String,
        credential: Credential,
        phone: WhosePhone,
    ) -> Result<Status, Error> {
        self.journey(|context| async move {
            let account = context.account();
            account.sign_in(email, credential, phone).await?;
            Ok(account.status())
        })
        .await
    }

    /// Has a link for a new password sent to the account's mailbox. Using it ends every session.
    ///
    /// # Errors
    /// [`Error::TooManyTries`], [`Error::ServiceUnreachable`].
    pub async fn send_password_reset(&self, email: String) -> Result<(), Error> {
        self.journey(|context| async move { context.account().send_password_reset(&email).await })
            .await
    }

    /// Changes the password and ends every other session. [`crate::account::PasswordRules::lacked_by`] tells what a new one lacks while it is typed.
    ///
    /// # Errors
    /// [`Error::PasswordTooWeak`], [`Error::WrongCredentials`] (the current one), [`Error::TooManyTries`], [`Error::NotSignedIn`],
    /// [`Error::ServiceUnreachable`].
    pub async fn change_password(
        &self,
        current: SecretString,
        new: SecretString,
    ) -> Result<(), Error> {
        self.journey(|context| async move { context.account().change_password(current, new).await })
            .await
    }

    /// The account's sessions, newest first.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], [`Error::ServiceUnreachable`].
    pub async fn sessions(&self) -> Result<Vec<SessionFacts>, Error> {
        self.journey(|context| async move { context.account().sessions().await })
            .await
    }

    /// Ends one session of the account: that phone is wiped at its next contact. For this phone's own, [`App::sign_out`] gives a report.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], [`Error::ServiceUnreachable`].
    pub async fn end_session(&self, session: SessionId) -> Result<(), Error> {
        self.journey(|context| async move { context.account().end_session_of(session).await })
            .await
    }

    /// Ends every session of the account, then signs out here.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], [`Error::ServiceUnreachable`]: then nothing has ended.
    pub async fn end_all_sessions(&self) -> Result<SignOutReport, Error> {
        self.journey(|context| async move { context.account().end_all_sessions().await })
            .await
    }

    /// Hides everything until the phone's owner asks for it: the data stays in keychain and folder, nothing of it in memory. Own phone only.
    ///
    /// # Errors
    /// [`Error::NotOnBorrowedPhone`], [`Error::DeviceAuthenticationMissing`], [`Error::NotSignedIn`], [`Error::KeychainUnavailable`].
    pub async fn hide(&self) -> Result<(), Error> {
        self.journey(|context| async move { context.account().hide().await })
            .await
    }

    /// Shows what is hidden, once the phone has recognised its owner.
    ///
    /// # Errors
    /// [`Error::DeviceAuthenticationFailed`], [`Error::DeviceAuthenticationMissing`], [`Error::NotSignedIn`], [`Error::KeychainUnavailable`].
    pub async fn show(&self) -> Result<Status, Error> {
        self.journey(|context| async move { context.account().show().await })
            .await
    }

    /// Signs out, completely, and reports on every place. Works without network, during anything else, while hidden, and again after a report with
    /// something open.
    ///
    /// # Errors
    /// [`Error::SignOutUnderWay`]. What could not be erased is not an error but a line of the report.
    pub async fn sign_out(&self) -> Result<SignOutReport, Error> {
        self.journey(|context| async move { context.account().sign_out().await })
            .await
    }

    /// The report of the last wipe since somebody signed in: also of one that nobody asked for, because a borrowed session's time was up or the
    /// service ended the session.
    #[must_use]
    pub fn last_report(&self) -> Option<SignOutReport> {
        self.context.account().last_report()
    }
}
