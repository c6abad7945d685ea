//! The one object a shell holds.

mod account;
mod doors;
mod guests;

use crate::answer;
use crate::error::KeywayError;
use crate::open::{OpenError, Opened, SetUp, Shell, open};
use crate::shell::{Board, DeviceOwner, HardwareKeys, Notices, ShellPlaces};
use crate::surroundings::{AdapterState, Change};
use core::fmt;
use core::time::Duration;
use keyway_app::App;
use keyway_platform::assemble::{KeychainChoice, Phone};
use keyway_platform::building::Building;
use keyway_platform::radio::told::ToldRadio;
use std::sync::{Arc, Mutex, PoisonError};

/// Journeys under way have so long to end: a wipe takes at most 6 s.
const GRACE: Duration = Duration::from_secs(8);

/// A resident's door app.
///
/// One per process and home. Calls may come from any thread, and at once. A call whose caller went away is carried to its end all the same; long journeys
/// (unlock, sync) are objects with a `cancel`. `shut_down` ends it in order; an object that is only let go of ends in the background.
#[derive(uniffi::Object)]
#[uniffi::export(Debug)]
pub struct KeywayApp {
    app: App,
    radio: Arc<ToldRadio>,
    board: Arc<Board>,
    notices: Arc<Notices>,
    /// `None` once it was shut down.
    phone: Mutex<Option<Phone>>,
}

#[uniffi::export]
impl KeywayApp {
    /// Puts the phone together: its keychain is proven, its home is taken. Takes up to a few seconds where the keychain does not answer. `start`
    /// comes next.
    ///
    /// `owner` is left out where the phone has no lock screen to ask for: then nothing can be hidden. `keys` is left out where there is no key
    /// hardware: then keys are kept in the keychain.
    ///
    /// # Errors
    /// See [`OpenError`]; nothing was stored then.
    #[uniffi::constructor]
    pub async fn open(
        set_up: SetUp,
        places: Arc<dyn ShellPlaces>,
        owner: Option<Arc<dyn DeviceOwner>>,
        keys: Option<Arc<dyn HardwareKeys>>,
    ) -> Result<Arc<Self>, OpenError> {
        let SetUp {
            home,
            origin,
            roots,
        } = set_up;
        let building = Building {
            origin,
            roots,
            // In the air are whichever locks the radio hears.
            locks: Vec::new(),
        };
        let shell = Shell {
            places,
            owner,
            keys,
        };
        let opened = open(home.into(), building, KeychainChoice::Device, shell).await?;
        Ok(Arc::new(opened.into()))
    }

    /// Tells the app that its surroundings changed. Returns at once.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub fn surroundings_changed(&self, change: Change) -> Result<(), KeywayError> {
        answer::now(|| self.app.surroundings_changed(change))
    }

    /// Tells the app how Bluetooth stands now: power, permission, location switch. Until it is told, Bluetooth is taken to be on and permitted. Returns
    /// at once.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub fn bluetooth_changed(&self, state: AdapterState) -> Result<(), KeywayError> {
        answer::now(|| {
            self.radio.told(state);
            self.app.surroundings_changed(Change::Bluetooth);
        })
    }

    /// A report for the property's support, as JSON: states, counts and ages. It holds no name, address, id, code or key.
    ///
    /// # Errors
    /// [`KeywayError::FolderUnavailable`].
    pub async fn diagnostics(&self) -> Result<String, KeywayError> {
        answer::journey(self.app.diagnostics()).await
    }

    /// What the app has to say by itself, such as that a borrowed session's time was up. The same object at each call.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub fn notices(&self) -> Result<Arc<Notices>, KeywayError> {
        answer::now(|| Arc::clone(&self.notices))
    }

    /// Ends the app: journeys under way have 8 s to finish, then its home is free for another. Every later call is answered with
    /// [`KeywayError::Internal`]; a second `shut_down` with success.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub async fn shut_down(&self) -> Result<(), KeywayError> {
        if let Some(phone) = self.take_phone() {
            let (ended, waiting) = futures_channel::oneshot::channel();
            apart(move || {
                phone.shut_down(GRACE);
                // Nobody waiting is no error.
                let _ = ended.send(());
            });
            waiting.await.map_err(|_| KeywayError::Internal)?;
        }
        Ok(())
    }
}

impl KeywayApp {
    fn take_phone(&self) -> Option<Phone> {
        self.board.close();
        let mut phone = self.phone.lock().unwrap_or_else(PoisonError::into_inner);
        phone.take()
    }
}

impl From<Opened> for KeywayApp {
    fn from(opened: Opened) -> Self {
        let Opened {
            app,
            phone,
            radio,
            board,
            notices,
        } = opened;
        Self {
            app,
            radio,
            board,
            notices,
            phone: Mutex::new(Some(phone)),
        }
    }
}

impl fmt::Debug for KeywayApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeywayApp(..)")
    }
}

/// The last to let go may be a foreign collector's thread, or one of the runtime's own: neither may wait for the runtime's end.
impl Drop for KeywayApp {
    fn drop(&mut self) {
        if let Some(phone) = self.take_phone() {
            apart(move || phone.shut_down(GRACE));
        }
    }
}

/// Runs `end` on a thread of its own; without one the system is past helping, and `end`'s values are dropped here.
fn apart(end: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().name("keyway-end".to_owned());
    drop(thread.spawn(end));
}
