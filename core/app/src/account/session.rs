//! The live session: tokens in memory, one refresh at a time, calls to the service in its name.

use super::state::{Effect, Event, WhosePhone};
use super::{Account, Resident, stored};
use crate::doors::Memory;
use crate::error::{Error, Fault};
use crate::ports::UnixMillis;
use crate::secret::SecretString;
use crate::service::{
    AccountFacts, Answer, Authorization, Call, Problem, ProblemCode, Tokens, oauth,
};
use crate::vault::{Generation, Item};
use core::future::Future;
use core::time::Duration;
use futures_channel::oneshot;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A borrowed session ends after this, whatever else is said.
pub(super) const BORROWED_LIMIT: Duration = Duration::from_secs(15 * 60);
/// Tokens are renewed this long before they end, so that a call does not arrive with a dead one.
const RENEW_AHEAD: Duration = Duration::from_secs(10);

/// One session. Shared by the account and by the journeys that run in it.
pub(super) struct Session {
    pub(super) generation: Generation,
    pub(super) phone: WhosePhone,
    pub(super) facts: AccountFacts,
    /// On the clock port's `elapsed`.
    pub(super) ends: Option<Duration>,
    /// The logout ticket; on an own phone the keychain has it too.
    pub(super) ticket: Option<SecretString>,
    tokens: Mutex<TokenSet>,
    refreshing: futures_util::lock::Mutex<()>,
    memory: Arc<Memory>,
    /// Completes when the last handle is dropped; the account takes it.
    pub(super) gone: Option<oneshot::Receiver<()>>,
    _alive: oneshot::Sender<()>,
}

/// Tokens and the order in which they may be used.
pub(super) struct TokenSet {
    access: Option<SecretString>,
    /// On the clock port's `elapsed`.
    access_until: Duration,
    /// What a refresh is asked with. On an own phone it is the one in the keychain: the service hands the same successor out again until that is
    /// used, so neither a lost reply nor a kill before the successor is stored signs anybody out.
    refresh: SecretString,
    /// Received, not yet in the keychain.
    unstored: Option<SecretString>,
    /// When the session ends by itself, on the service's clock: absolute if borrowed, otherwise unless it is refreshed before.
    ends_at: Option<UnixMillis>,
    /// Rises with each refresh, so that a journey which waited for one does not ask for another.
    round: u64,
}

/// A journey's hold on the live session. Sign-out waits for handles to go, so none is kept beyond its journey.
#[derive(Clone)]
pub(crate) struct SessionHandle {
    account: Account,
    session: Arc<Session>,
}

impl TokenSet {
    pub(super) fn fresh(tokens: &Tokens, now: Duration) -> Self {
        Self {
            access: Some(tokens.access.clone()),
            access_until: now + tokens.access_lifetime,
            refresh: tokens.refresh.clone(),
            unstored: None,
            ends_at: tokens.ends_at,
            round: 0,
        }
    }

    /// After a restart there is no access token.
    pub(super) fn restored(refresh: SecretString, ends_at: Option<UnixMillis>) -> Self {
        Self {
            access: None,
            access_until: Duration::ZERO,
            refresh,
            unstored: None,
            ends_at,
            round: 0,
        }
    }
}

impl Session {
    pub(super) fn new(
        generation: Generation,
        phone: WhosePhone,
        facts: AccountFacts,
        tokens: TokenSet,
    ) -> Self {
        let (alive, gone) = oneshot::channel();
        Self {
            generation,
            phone,
            facts,
            ends: None,
            ticket: None,
            tokens: Mutex::new(tokens),
            refreshing: futures_util::lock::Mutex::new(()),
            memory: Arc::default(),
            gone: Some(gone),
            _alive: alive,
        }
    }

    pub(super) fn resident(&self) -> Resident {
        Resident {
            email: self.facts.email.clone(),
            name: self.facts.name.clone(),
        }
    }

    pub(super) fn ends_at(&self) -> Option<UnixMillis> {
        self.tokens().ends_at
    }

    pub(super) fn is_over(&self, now: Duration) -> bool {
        self.ends.is_some_and(|ends| now >= ends)
    }

    /// The access token for requests that are made ready before the keys go, if there is one that still holds.
    pub(super) fn access_now(&self, now: Duration) -> Option<SecretString> {
        let tokens = self.tokens();
        (now < tokens.access_until)
            .then(|| tokens.access.clone())
            .flatten()
    }

    pub(super) fn refresh_token(&self) -> SecretString {
        self.tokens().refresh.clone()
    }

    fn tokens(&self) -> MutexGuard<'_, TokenSet> {
        // Tokens are replaced whole: a panic elsewhere leaves the old or the new.
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SessionHandle {
    pub(super) fn new(account: Account, session: Arc<Session>) -> Self {
        Self { account, session }
    }

    /// The right to store.
    pub(crate) fn generation(&self) -> Generation {
        self.session.generation
    }

    /// Whose phone this is.
    pub(crate) fn phone(&self) -> WhosePhone {
        self.session.phone
    }

    /// What journeys of this session remember until it ends.
    pub(crate) fn memory(&self) -> &Memory {
        &self.session.memory
    }

    /// Completes when the session ends, for whatever reason: every long journey selects on it.
    pub(crate) fn ended(&self) -> impl Future<Output = ()> + Send + 'static {
        self.account.0.vault.ended(self.session.generation)
    }

    /// Sends `call` in the session's name, with fresh tokens where the old ones have ended. An answer that arrives after the session's end is
    /// dropped as stale.
    pub(crate) async fn send(&self, call: Call) -> Result<Answer, Fault> {
        self.check()?;
        let (token, round) = self.access().await?;
        let client = &self.account.0.client;
        let answer = match client.send(&call, Authorization::Token(&token)).await {
            Err(Fault::Problem(problem)) if problem.code == ProblemCode::Unauthorized => {
                self.renew(round).await?;
                let (token, _) = self.access().await?;
                client.send(&call, Authorization::Token(&token)).await
            }
            answer => answer,
        };
        self.check()?;
        answer
    }

    /// Is the session still there, and its time not up?
    pub(crate) fn check(&self) -> Result<(), Fault> {
        self.account.end_if_time_is_up();
        if self.session.is_over(self.account.clock().elapsed()) {
            return Err(Error::BorrowedTimeUp.into());
        }
        if self.account.0.vault.is_live(self.session.generation) {
            Ok(())
        } else {
            Err(Fault::Stale)
        }
    }

    async fn access(&self) -> Result<(SecretString, u64), Fault> {
        let now = self.account.clock().elapsed();
        let round = {
            let tokens = self.session.tokens();
            match &tokens.access {
                Some(access) if now + RENEW_AHEAD < tokens.access_until => {
                    return Ok((access.clone(), tokens.round));
                }
                _ => tokens.round,
            }
        };
        self.renew(round).await?;
        let tokens = self.session.tokens();
        let access = tokens.access.clone().ok_or(Fault::Stale)?;
        Ok((access, tokens.round))
    }

    /// Gets fresh tokens unless somebody has since `round`. Runs on the spawn port: a journey that is dropped here must not cut it.
    async fn renew(&self, round: u64) -> Result<(), Fault> {
        let (answer, waiting) = oneshot::channel();
        let handle = self.clone();
        self.account.spawn(Box::pin(async move {
            let _ = answer.send(handle.renew_alone(round).await);
        }));
        waiting.await.unwrap_or(Err(Fault::Stale))
    }

    async fn renew_alone(&self, round: u64) -> Result<(), Fault> {
        let _single = self.session.refreshing.lock().await;
        if self.session.tokens().round != round {
            return Ok(());
        }
        self.account.handle(Event::RefreshAsked)?;
        let received = self.ask().await;
        let event = match &received {
            Ok(()) => Event::RefreshDone,
            Err(Fault::Problem(problem)) if is_refusal(problem) => Event::RefreshRefused,
            Err(_) => Event::RefreshUnreachable,
        };
        match self.account.handle(event) {
            Ok(Effect::Wipe(cause)) => {
                self.account.spawn_wipe(cause);
                Err(Error::SessionEndedByService.into())
            }
            Ok(_) => received,
            // A sign-out came between: what was received belongs to nobody.
            Err(_) => Err(Fault::Stale),
        }
    }

    async fn ask(&self) -> Result<(), Fault> {
        self.store_successor().await;
        let asked_with = self.session.tokens().refresh.clone();
        let call = oauth::refresh(&asked_with);
        let answer = self
            .account
            .0
            .client
            .send(&call, Authorization::Proof)
            .await?;
        let tokens = Tokens::parse(&answer)?;
        let now = self.account.clock().elapsed();
        {
            let mut held = self.session.tokens();
            held.access = Some(tokens.access.clone());
            held.access_until = now + tokens.access_lifetime;
            held.unstored = Some(tokens.refresh.clone());
            held.ends_at = tokens.ends_at;
            held.round += 1;
        }
        self.store_successor().await;
        Ok(())
    }

    /// Stores the successor, then lets it be used. A keychain that does not store it now is asked again before the next refresh; until then the
    /// predecessor is what we ask with.
    async fn store_successor(&self) {
        let Some(successor) = self.session.tokens().unstored.clone() else {
            return;
        };
        let stored = match self.session.phone {
            WhosePhone::Borrowed => Ok(()),
            WhosePhone::Own => {
                let item = stored::encode(&self.session.facts, self.session.ends_at(), &successor);
                let vault = &self.account.0.vault;
                vault
                    .set_item(self.session.generation, Item::Session, item)
                    .await
            }
        };
        if stored.is_ok() {
            let mut held = self.session.tokens();
            held.refresh = successor;
            held.unstored = None;
        }
    }
}

/// Only these end a session: the service knows the token's family and says no, or the account is closed. Everything else keeps it.
fn is_refusal(problem: &Problem) -> bool {
    matches!(
        problem.code,
        ProblemCode::InvalidGrant | ProblemCode::AccountNotActive
    )
}
