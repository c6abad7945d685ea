//! Signing in: e-mail and password, or a one-time code, for a session that is bound to this phone's keys.

use super::credentials::normal;
use super::session::{BORROWED_LIMIT, Session, TokenSet};
use super::state::{Effect, Event, State, WhosePhone};
use super::transitions::transition;
use super::{Account, stored};
use crate::context::within;
use crate::error::{Error, Fault};
use crate::ports::{Custody, FileKey, KeyPurpose, PublicKey};
use crate::secret::SecretString;
use crate::service::{
    Answer, Authorization, Breach, Call, Credential, ProblemCode, Tokens, base64url, oauth,
};
use crate::vault::{File, Generation, Item};
use core::time::Duration;
use futures_util::future::{Either, select};
use zeroize::Zeroizing;

/// How long a sign-in that was overtaken by a sign-out tries to end what it still received.
const END_LIMIT: Duration = Duration::from_secs(3);
/// What the anchor file holds: nothing about anybody.
const ANCHOR: &[u8] = b"keyway";

impl Account {
    /// See [`crate::App::sign_in`].
    pub(crate) async fn sign_in(
        &self,
        email: String,
        credential: Credential,
        phone: WhosePhone,
    ) -> Result<(), Fault> {
        self.finish_open_wipe_first().await?;
        let generation = self.begin_sign_in(phone)?;
        let _gate = self.0.signing_in.lock().await;
        let email = normal(&email);
        let authorizing = self.authorize(generation, &email, &credential, phone);
        let (code, verifier) = match authorizing.await {
            Ok(authorized) => authorized,
            Err(fault) => return Err(self.refused(fault)),
        };
        drop(credential);
        match self.establish(generation, &code, &verifier, phone).await {
            Ok(()) => Ok(()),
            Err(fault) => Err(self.broken(fault).await),
        }
    }

    /// Nothing was made yet: back to where we were, or to the sign-out that came between.
    fn refused(&self, fault: Fault) -> Fault {
        match self.handle(Event::SignInRefused) {
            Ok(_) => fault,
            Err(_) => Fault::Stale,
        }
    }

    /// Keys were made: wipe, unless a sign-out that came between does so already.
    async fn broken(&self, fault: Fault) -> Fault {
        match self.handle(Event::SignInBroke) {
            Ok(Effect::Wipe(cause)) => {
                self.wipe(cause).await;
                fault
            }
            Ok(_) | Err(_) => Fault::Stale,
        }
    }

    /// The credential for a code. A sign-out cuts this short: nothing was made that would have to be ended.
    async fn authorize(
        &self,
        generation: Generation,
        email: &str,
        credential: &Credential,
        phone: WhosePhone,
    ) -> Result<(SecretString, SecretString), Fault> {
        let mut random = Zeroizing::new([0; 32]);
        self.0.ports.entropy.fill(&mut *random)?;
        let verifier = SecretString::new(base64url(&*random));
        let call = oauth::authorize(email, credential, &verifier, phone);
        let sending = self.0.client.send(&call, Authorization::None);
        let ended = self.0.vault.ended(generation);
        match select(core::pin::pin!(sending), core::pin::pin!(ended)).await {
            Either::Left((answer, _)) => Ok((oauth::authorization_code(&answer?)?, verifier)),
            Either::Right(((), _)) => Err(Fault::Stale),
        }
    }

    /// The code for a session; the session's keys and stores; the phone's key made known. What is received after a sign-out is ended here.
    async fn establish(
        &self,
        generation: Generation,
        code: &SecretString,
        verifier: &SecretString,
        phone: WhosePhone,
    ) -> Result<(), Fault> {
        self.make_key(generation, KeyPurpose::Dpop, custody(phone))
            .await?;
        let asked_at = self.clock().elapsed();
        let call = oauth::exchange_code(code, verifier);
        let tokens = Tokens::parse(&self.token_call(&call).await?)?;
        let ticket = tokens
            .logout_ticket
            .clone()
            .ok_or(Breach::NotTheAgreedBody)?;
        self.machine().abandoned_ticket = Some(ticket.clone());
        let kept = self
            .keep(generation, &tokens, &ticket, phone, asked_at)
            .await;
        if kept.is_err()
            && !matches!(
                self.machine().state,
                State::SigningIn(_) | State::SigningOut(_)
            )
        {
            // A sign-out came between, and did not wait any longer: nobody else knows of this session.
            self.end_overtaken(&ticket).await;
        }
        kept
    }

    async fn keep(
        &self,
        generation: Generation,
        tokens: &Tokens,
        ticket: &SecretString,
        phone: WhosePhone,
        asked_at: Duration,
    ) -> Result<(), Fault> {
        if tokens.borrowed != (phone == WhosePhone::Borrowed) {
            return Err(Breach::NotTheAgreedBody.into());
        }
        if phone == WhosePhone::Own {
            // First of all: a kill from here on leaves what ends the session.
            // EXPOSE: into the keychain.
            let value = Zeroizing::new(ticket.expose().as_bytes().to_vec());
            self.0
                .vault
                .set_item(generation, Item::LogoutTicket, value)
                .await?;
        }
        self.register_phone_key(generation, tokens, phone).await?;
        let now = self.clock().elapsed();
        let mut session = Session::new(
            generation,
            phone,
            tokens.account.clone(),
            TokenSet::fresh(tokens, asked_at),
        );
        session.ticket = Some(ticket.clone());
        match phone {
            WhosePhone::Own => self.store_own(generation, tokens).await?,
            WhosePhone::Borrowed => {
                session.ends = Some(asked_at + borrowed_lifetime(tokens));
                self.0.vault.open(generation, None)?;
            }
        }
        if session.is_over(now) {
            return Err(Error::BorrowedTimeUp.into());
        }
        self.begin(session, Event::SignInDone)
    }

    /// The session item is the last thing written: without it, what stands before is leftovers, and the next start wipes them.
    async fn store_own(&self, generation: Generation, tokens: &Tokens) -> Result<(), Fault> {
        let vault = &self.0.vault;
        let mut key = Zeroizing::new([0; 32]);
        self.0.ports.entropy.fill(&mut *key)?;
        vault
            .set_item(generation, Item::FileKey, Zeroizing::new(key.to_vec()))
            .await?;
        vault.open(generation, Some(FileKey::new(*key)))?;
        vault
            .write(generation, File::Anchor, Zeroizing::new(ANCHOR.to_vec()))
            .await?;
        let session = stored::encode(&tokens.account, tokens.ends_at, &tokens.refresh);
        vault.set_item(generation, Item::Session, session).await
    }

    async fn register_phone_key(
        &self,
        generation: Generation,
        tokens: &Tokens,
        phone: WhosePhone,
    ) -> Result<(), Fault> {
        let public = self
            .make_key(generation, KeyPurpose::Holder, custody(phone))
            .await?;
        let keys = &self.0.ports.keys;
        let statement = oauth::phone_key_statement(&tokens.holder_nonce, &tokens.account.id);
        let signature = keys.sign(KeyPurpose::Holder, statement).await?;
        let call = oauth::register_phone_key(&public, &signature, &tokens.holder_nonce);
        self.0
            .client
            .send(&call, Authorization::Token(&tokens.access))
            .await?;
        Ok(())
    }

    /// Makes a key for the session; one that was made too late is destroyed again.
    async fn make_key(
        &self,
        generation: Generation,
        purpose: KeyPurpose,
        custody: Custody,
    ) -> Result<PublicKey, Fault> {
        let keys = &self.0.ports.keys;
        let public = keys.create(purpose, custody).await?;
        if self.0.vault.is_live(generation) {
            return Ok(public);
        }
        keys.destroy(purpose).await?;
        Err(Fault::Stale)
    }

    /// A refused code is the service contradicting itself, not the end of a session.
    async fn token_call(&self, call: &Call) -> Result<Answer, Fault> {
        match self.0.client.send(call, Authorization::Proof).await {
            Err(Fault::Problem(problem)) if problem.code == ProblemCode::InvalidGrant => {
                Err(Error::ServiceFault.into())
            }
            answer => answer,
        }
    }

    async fn end_overtaken(&self, ticket: &SecretString) {
        let call = oauth::end_session(ticket);
        let sending = self.0.client.send(&call, Authorization::None);
        if let Some(Ok(_)) = within(&self.0.ports, END_LIMIT, sending).await {
            self.machine().abandoned_ticket = None;
        }
    }

    /// Takes the state and the right to store in one step, so that a sign-out comes before both or after both.
    fn begin_sign_in(&self, phone: WhosePhone) -> Result<Generation, Fault> {
        let mut machine = self.machine();
        let (state, _) = transition(machine.state, Event::SignInAsked(phone))?;
        machine.state = state;
        machine.phone = Some(phone);
        Ok(self.0.vault.advance())
    }
}

/// The service's word, but never more than our own limit.
fn borrowed_lifetime(tokens: &Tokens) -> Duration {
    let told = tokens
        .ends_at
        .zip(tokens.answered_at)
        .map(|(end, now)| Duration::from_millis(u64::try_from(end - now).unwrap_or(0)));
    told.map_or(BORROWED_LIMIT, |told| told.min(BORROWED_LIMIT))
}

fn custody(phone: WhosePhone) -> Custody {
    match phone {
        WhosePhone::Own => Custody::Device,
        WhosePhone::Borrowed => Custody::Memory,
    }
}
