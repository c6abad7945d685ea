//! Who is signed in. `README.md` has the state diagram, `transitions.rs` the transitions; the other files do what a transition asks.

mod credentials;
mod hide;
mod lines;
mod password;
mod place;
mod report;
mod session;
mod sign_in;
mod sign_out;
mod start;
mod state;
mod stored;
#[cfg(test)]
mod tests;
mod transitions;
mod wipe;

pub use password::PasswordRules;
pub use place::{Keeper, Place};
pub use report::{PlaceLine, PlaceResult, Remains, ServerEnd, SignOutReport};
pub use start::Started;
pub use state::WhosePhone;

pub(crate) use session::SessionHandle;
pub(crate) use state::{Cause, Forbidden, State};

use crate::context::within;
use crate::error::{Error, Fault};
use crate::log;
use crate::ports::{BoxFuture, Clock, Notice, Ports, UnixMillis};
use crate::secret::SecretString;
use crate::service::Client;
use crate::vault::{Generation, Vault};
use futures_channel::oneshot;
use futures_util::future::{FutureExt as _, Shared};
use session::Session;
use state::{Effect, Event};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use transitions::transition;

/// What a shell shows about the account.
#[derive(Clone, PartialEq, Eq)]
pub struct Status {
    /// Where the account is.
    pub phase: Phase,
    /// The signed-in resident.
    pub resident: Option<Resident>,
    /// When the session ends by itself, by the service's clock: absolute if borrowed, otherwise unless it is refreshed before.
    pub ends_at: Option<UnixMillis>,
    /// By how many minutes the phone's clock is ahead (negative: behind), if it is wrong by more than two.
    pub clock_error_minutes: Option<i32>,
}

/// The signed-in resident, as the service names them.
#[derive(Clone, PartialEq, Eq)]
pub struct Resident {
    /// E-mail address.
    pub email: String,
    /// Name.
    pub name: String,
}

/// Where the account is, as a shell tells it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// `start` has not run yet.
    Starting,
    /// Nobody is signed in.
    SignedOut,
    /// A sign-in is under way.
    SigningIn,
    /// Somebody is signed in.
    SignedIn(WhosePhone),
    /// Somebody is signed in, and nothing of it is shown or held in memory until the phone's owner asks.
    Hidden,
    /// A sign-out is under way.
    SigningOut,
    /// A sign-out left something open; the next start, sign-in or network finishes it.
    WipePending,
}

impl core::fmt::Debug for Status {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // Whose phone is nobody's business in a log.
        write!(f, "Status({:?})", self.phase)
    }
}

impl core::fmt::Debug for Resident {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Resident(..)")
    }
}

/// The account's driver. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Account(Arc<Inner>);

struct Inner {
    ports: Ports,
    vault: Arc<Vault>,
    client: Client,
    machine: Mutex<Machine>,
    /// Held by a sign-in from its first to its last step, so that a sign-out can wait for it to notice.
    signing_in: futures_util::lock::Mutex<()>,
}

struct Machine {
    state: State,
    session: Option<Arc<Session>>,
    /// Whose phone the session, or the sign-in under way, is on.
    phone: Option<WhosePhone>,
    /// Completes when the last journey has let go of the session.
    gone: Option<oneshot::Receiver<()>>,
    /// Of a sign-in that is not complete: whatever stops it ends that session.
    abandoned_ticket: Option<SecretString>,
    last_report: Option<SignOutReport>,
    /// Completes when the wipe that nobody asked for has ended.
    unasked_wipe: Option<Shared<oneshot::Receiver<()>>>,
}

/// A wipe takes at most so long; whoever was told of it waits no longer either.
const WIPE_LIMIT: core::time::Duration = core::time::Duration::from_secs(6);

impl Account {
    pub(crate) fn new(ports: Ports, vault: Arc<Vault>, client: Client) -> Self {
        Self(Arc::new(Inner {
            ports,
            vault,
            client,
            machine: Mutex::new(Machine {
                state: State::Starting,
                session: None,
                phone: None,
                gone: None,
                abandoned_ticket: None,
                last_report: None,
                unasked_wipe: None,
            }),
            signing_in: futures_util::lock::Mutex::new(()),
        }))
    }

    /// The live session; a borrowed one's time is checked now.
    pub(crate) fn session(&self) -> Result<SessionHandle, Fault> {
        self.end_if_time_is_up();
        let machine = self.machine();
        match (machine.state, &machine.session) {
            (State::SignedIn(_) | State::Refreshing(_), Some(session)) => {
                Ok(SessionHandle::new(self.clone(), Arc::clone(session)))
            }
            (State::SigningOut(Cause::TimeUp), _) => Err(Error::BorrowedTimeUp.into()),
            (State::SigningOut(Cause::EndedByService), _) => {
                Err(Error::SessionEndedByService.into())
            }
            (State::SigningOut(_), _) => Err(Forbidden::SignOutUnderWay.into()),
            (State::Hidden, _) => Err(Forbidden::Hidden.into()),
            (State::SigningIn(_), _) => Err(Forbidden::SignInUnderWay.into()),
            (
                State::Starting
                | State::SignedOut
                | State::WipePending
                | State::SignedIn(_)
                | State::Refreshing(_),
                _,
            ) => Err(Forbidden::NotSignedIn.into()),
        }
    }

    /// What a shell shows.
    pub(crate) fn status(&self) -> Status {
        self.end_if_time_is_up();
        let machine = self.machine();
        let session = machine.session.as_ref();
        Status {
            phase: match machine.state {
                State::Starting => Phase::Starting,
                State::SignedOut => Phase::SignedOut,
                State::SigningIn(_) => Phase::SigningIn,
                State::SignedIn(phone) | State::Refreshing(phone) => Phase::SignedIn(phone),
                State::Hidden => Phase::Hidden,
                State::SigningOut(_) => Phase::SigningOut,
                State::WipePending => Phase::WipePending,
            },
            resident: session.map(|session| session.resident()),
            ends_at: session.and_then(|session| session.ends_at()),
            clock_error_minutes: self.0.client.clock_error_minutes(),
        }
    }

    /// Ends a borrowed session whose time is up. Called on each use, on coming to the foreground, and by a timer.
    pub(crate) fn end_if_time_is_up(&self) {
        let over = {
            let machine = self.machine();
            let now = self.clock().elapsed();
            machine
                .session
                .as_ref()
                .is_some_and(|session| session.is_over(now))
        };
        if over && let Ok(Effect::Wipe(cause)) = self.handle(Event::TimeUp) {
            self.spawn_wipe(cause);
        }
    }

    /// Moves the machine; an error leaves it where it was.
    fn handle(&self, event: Event) -> Result<Effect, Forbidden> {
        let mut machine = self.machine();
        let before = machine.state;
        let (state, effect) = transition(before, event)?;
        machine.state = state;
        drop(machine);
        log::moved(before, event, state);
        if let Effect::Ended { complete } = effect {
            self.notice(Notice::SignedOut { complete });
        }
        Ok(effect)
    }

    /// Makes `session` the live one, unless its generation has ended. In one step with the state, so that a sign-out comes before or after.
    fn begin(&self, mut session: Session, event: Event) -> Result<(), Fault> {
        let (ends, generation, phone) = (session.ends, session.generation, session.phone);
        let gone = session.gone.take();
        {
            let mut machine = self.machine();
            if !self.0.vault.is_live(generation) {
                return Err(Fault::Stale);
            }
            let before = machine.state;
            machine.state = transition(before, event)?.0;
            log::moved(before, event, machine.state);
            machine.session = Some(Arc::new(session));
            machine.phone = Some(phone);
            machine.gone = gone;
            machine.abandoned_ticket = None;
            machine.last_report = None;
        }
        self.notice(Notice::SignedIn {
            borrowed: phone == WhosePhone::Borrowed,
        });
        if let Some(ends) = ends {
            self.start_timer(generation, ends);
        }
        Ok(())
    }

    fn start_timer(&self, generation: Generation, ends: core::time::Duration) {
        let account = self.clone();
        let left = ends.saturating_sub(self.clock().elapsed());
        let timer = self.clock().sleep(left);
        let ended = self.0.vault.ended(generation);
        self.spawn(Box::pin(async move {
            futures_util::future::select(timer, core::pin::pin!(ended)).await;
            account.end_if_time_is_up();
        }));
    }

    /// Tries an open wipe again, if there is one.
    pub(crate) fn finish_open_wipe(&self) {
        if let Ok(Effect::Wipe(cause)) = self.handle(Event::WipeAgain) {
            self.spawn_wipe(cause);
        }
    }

    fn spawn_wipe(&self, cause: Cause) {
        let account = self.clone();
        let (ended, wiped) = oneshot::channel();
        self.machine().unasked_wipe = Some(wiped.shared());
        self.spawn(Box::pin(async move {
            account.wipe(cause).await;
            // Nobody waiting is no error.
            let _ = ended.send(());
        }));
    }

    /// Completes when no wipe that nobody asked for is under way: only then is it true that nothing is left.
    pub(crate) async fn wiped(&self) {
        let wiped = self.machine().unasked_wipe.clone();
        if let Some(wiped) = wiped {
            let _ = within(&self.0.ports, WIPE_LIMIT, wiped).await;
        }
    }

    fn spawn(&self, task: BoxFuture<'static, ()>) {
        self.0.ports.spawn.spawn(task);
    }

    fn notice(&self, notice: Notice) {
        self.0.ports.observer.notice(notice);
    }

    fn clock(&self) -> &dyn Clock {
        &*self.0.ports.clock
    }

    fn machine(&self) -> MutexGuard<'_, Machine> {
        // Every change below the lock is a plain assignment: a panic elsewhere cannot leave it half done.
        self.0
            .machine
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
