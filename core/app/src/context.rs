//! What every journey stands on: the ports, the vault, the service and the live session.

use crate::account::{Account, SessionHandle};
use crate::courier;
use crate::error::{Error, Fault};
use crate::ports::{BoxFuture, Ports};
use crate::service::Client;
use crate::vault::Vault;
use core::future::Future;
use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use futures_util::future::{Either, select};
use std::sync::Arc;

/// A change in the app's surroundings, told by the shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The network came or went.
    Network {
        /// There is a network now.
        available: bool,
    },
    /// Bluetooth power, permission or the location switch changed; the radio port knows how.
    Bluetooth,
    /// The app came to the foreground.
    Foreground,
    /// The app went to the background.
    Background,
    /// The phone was locked.
    PhoneLocked,
    /// The phone was unlocked.
    PhoneUnlocked,
}

/// Shared by all journeys of one app. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Context(Arc<Parts>);

struct Parts {
    ports: Ports,
    vault: Arc<Vault>,
    client: Client,
    account: Account,
    /// As the shell said last; a phone is believed to have network until told otherwise.
    network: AtomicBool,
}

impl Context {
    pub(crate) fn new(ports: Ports) -> Self {
        let vault = Arc::new(Vault::new(&ports));
        let client = Client::new(&ports);
        let account = Account::new(ports.clone(), Arc::clone(&vault), client.clone());
        Self(Arc::new(Parts {
            ports,
            vault,
            client,
            account,
            network: AtomicBool::new(true),
        }))
    }

    /// The world.
    pub(crate) fn ports(&self) -> &Ports {
        &self.0.ports
    }

    /// The one writer to keychain and files.
    pub(crate) fn vault(&self) -> &Vault {
        &self.0.vault
    }

    /// The service, for calls without a session.
    pub(crate) fn client(&self) -> &Client {
        &self.0.client
    }

    /// Who is signed in.
    pub(crate) fn account(&self) -> &Account {
        &self.0.account
    }

    /// Is there network, as far as the shell said?
    pub(crate) fn has_network(&self) -> bool {
        self.0.network.load(Ordering::Relaxed)
    }

    /// The live session, its end checked now. Holding the handle is what makes a journey part of the session: sign-out waits for handles to go.
    pub(crate) fn session(&self) -> Result<SessionHandle, Fault> {
        self.account().session()
    }

    /// Hears of a change. Expiry is checked whenever the app may have slept; an open wipe is tried again when there is network.
    pub(crate) fn surroundings_changed(&self, change: Change) {
        self.account().end_if_time_is_up();
        if let Change::Network { available } = change {
            self.0.network.store(available, Ordering::Relaxed);
        }
        match change {
            Change::Network { available: true } => {
                self.account().finish_open_wipe();
                courier::upload_soon(self);
            }
            // What opens a door without the holder key is not kept behind a locked screen.
            Change::PhoneLocked => {
                if let Ok(session) = self.session() {
                    session.memory().forget_resumptions();
                }
            }
            // The system may freeze the app at any moment: an unlock is nearly done, a sync goes on where it stopped.
            Change::Background => {
                if let Ok(session) = self.session() {
                    session.memory().turns.interrupt_sync();
                }
            }
            Change::Network { available: false }
            | Change::Bluetooth
            | Change::Foreground
            | Change::PhoneUnlocked => {}
        }
    }

    /// Runs a journey to its end on the spawn port, whoever stops waiting for it. Whoever is told that the session has ended is told so when
    /// nothing of it is left.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        journey: impl Future<Output = Result<T, Fault>> + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, waiting) = futures_channel::oneshot::channel();
        let account = self.account().clone();
        let task: BoxFuture<'static, ()> = Box::pin(async move {
            let result = journey.await.map_err(Error::from);
            if let Err(Error::SessionEndedByService | Error::BorrowedTimeUp) = result {
                account.wiped().await;
            }
            // A caller that went away loses the answer, never the work.
            let _ = answer.send(result);
        });
        self.ports().spawn.spawn(task);
        waiting.await.unwrap_or(Err(Error::Internal))
    }
}

/// `work`, or `None` once `limit` has passed on the clock port.
pub(crate) async fn within<T>(
    ports: &Ports,
    limit: Duration,
    work: impl Future<Output = T>,
) -> Option<T> {
    let work = core::pin::pin!(work);
    match select(work, ports.clock.sleep(limit)).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(((), _)) => None,
    }
}
