//! How a phone is put together for a shell.

use crate::answer;
use crate::error::{Advice, ErrorClass, KeywayError, Language};
use crate::shell::{Board, DeviceOwner, HardwareKeys, Notices, Owner, Places, ShellPlaces, Store};
use keyway_app::ports::{DeviceAuthentication, KeychainError, PhoneKeys};
use keyway_app::{App, Config};
use keyway_platform::assemble::{
    AssembleError, KeychainChoice, Options, Phone, RadioChoice, assemble_on,
};
use keyway_platform::building::Building;
use keyway_platform::keys::DeviceKeys;
use keyway_platform::log::install_panic_hook;
use keyway_platform::no_lock_screen::NoLockScreen;
use keyway_platform::radio::told::ToldRadio;
use keyway_platform::runtime::Runtime;
use std::path::PathBuf;
use std::sync::{Arc, Once};

/// Which service, and where on this phone.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SetUp {
    /// A folder for this app alone, left out of backups and device transfer; made when something is first stored.
    pub home: String,
    /// The service: `https://host[:port]`.
    pub origin: String,
    /// The certificate authorities to trust, PEM. No other is, whatever the phone's own store says.
    pub roots: String,
}

/// Why a phone could not be put together. Nothing was stored then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum OpenError {
    /// Another process, or another `KeywayApp`, uses this home.
    #[error("another app uses this home")]
    HomeInUse,
    /// The home folder cannot be made or opened.
    #[error("the home folder cannot be used")]
    Home,
    /// The service's address or certificate authorities cannot be used.
    #[error("the service's address or certificate authorities cannot be used")]
    Service,
    /// The phone's keychain is not available, or did not pass its test.
    #[error("the keychain is not available")]
    KeychainUnavailable,
    /// The phone has been locked since it started: unlock it once.
    #[error("the phone is locked")]
    PhoneLocked,
    /// The description of a building cannot be read (tests alone).
    #[error("the building's description cannot be read")]
    Building,
    /// The system gives no threads, or a fault of the library itself.
    #[error("an internal error")]
    Internal,
}

impl OpenError {
    fn told(self) -> KeywayError {
        match self {
            Self::Home => KeywayError::FolderUnavailable,
            Self::KeychainUnavailable => KeywayError::KeychainUnavailable,
            Self::PhoneLocked => KeywayError::PhoneLocked,
            Self::HomeInUse | Self::Service | Self::Building | Self::Internal => {
                KeywayError::Internal
            }
        }
    }
}

#[uniffi::export]
impl OpenError {
    /// The words for this error in a language, as a resident may read them.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub fn advice(&self, language: Language) -> Result<Advice, KeywayError> {
        self.told().advice(language)
    }

    /// The class, for logs and exit codes.
    ///
    /// # Errors
    /// [`KeywayError::Internal`] alone.
    pub fn class(&self) -> Result<ErrorClass, KeywayError> {
        self.told().class()
    }
}

impl From<AssembleError> for OpenError {
    fn from(error: AssembleError) -> Self {
        match error {
            AssembleError::HomeInUse => Self::HomeInUse,
            AssembleError::Home => Self::Home,
            AssembleError::Threads => Self::Internal,
            AssembleError::Service(_) => Self::Service,
            AssembleError::Keychain(KeychainError::Locked) => Self::PhoneLocked,
            AssembleError::Keychain(
                KeychainError::Unavailable | KeychainError::Refused | KeychainError::Corrupt,
            ) => Self::KeychainUnavailable,
        }
    }
}

/// What the shell brings.
pub(crate) struct Shell {
    pub(crate) places: Arc<dyn ShellPlaces>,
    pub(crate) owner: Option<Arc<dyn DeviceOwner>>,
    pub(crate) keys: Option<Arc<dyn HardwareKeys>>,
}

/// A phone that is put together, and the ends by which the shell holds it.
pub(crate) struct Opened {
    pub(crate) app: App,
    pub(crate) phone: Phone,
    pub(crate) radio: Arc<ToldRadio>,
    pub(crate) board: Arc<Board>,
    pub(crate) notices: Arc<Notices>,
}

/// Puts a phone together on a thread of its own: it takes up to a few seconds, and a foreign caller polls on a thread that may not block.
pub(crate) async fn open(
    home: PathBuf,
    building: Building,
    keychain: KeychainChoice,
    shell: Shell,
) -> Result<Opened, OpenError> {
    let (answer, waiting) = futures_channel::oneshot::channel();
    let opening = move || {
        let opened = answer::now(|| put_together(home, building, keychain, shell));
        // A caller that went away lets go of the phone.
        let _ = answer.send(opened);
    };
    let thread = std::thread::Builder::new().name("keyway-open".to_owned());
    thread.spawn(opening).map_err(|_| OpenError::Internal)?;
    match waiting.await {
        Ok(Ok(opened)) => opened,
        Ok(Err(_)) | Err(futures_channel::oneshot::Canceled) => Err(OpenError::Internal),
    }
}

/// A panic's text may quote what was worked on, and an app's standard error is read by others. Tests read it too, and are to.
fn silence_panics() {
    static ONCE: Once = Once::new();
    if cfg!(not(feature = "testing")) {
        ONCE.call_once(|| install_panic_hook(|_place| {}));
    }
}

#[cfg(feature = "bluetooth")]
fn told(phone: &Phone) -> ToldRadio {
    #[cfg(target_os = "android")]
    if let Some(radio) = &phone.bluetooth
        && crate::android::is_started()
    {
        radio.set_initialised();
    }
    ToldRadio::over(Arc::clone(&phone.ports.radio), phone.bluetooth.clone())
}

#[cfg(not(feature = "bluetooth"))]
fn told(phone: &Phone) -> ToldRadio {
    ToldRadio::new(Arc::clone(&phone.ports.radio))
}

fn put_together(
    home: PathBuf,
    building: Building,
    keychain: KeychainChoice,
    shell: Shell,
) -> Result<Opened, OpenError> {
    silence_panics();
    let runtime = Runtime::new().map_err(|_| OpenError::Internal)?;
    let blocking = runtime.blocking();
    let (board, notices) = Board::new();
    let board = Arc::new(board);
    let device: Arc<dyn DeviceAuthentication> = match shell.owner {
        Some(shell) => Arc::new(Owner {
            shell,
            blocking: blocking.clone(),
        }),
        None => Arc::new(NoLockScreen),
    };
    let options = Options {
        home,
        building,
        keychain,
        radio: RadioChoice::Usual,
        device,
        places: Arc::new(Places {
            shell: shell.places,
            blocking: blocking.clone(),
        }),
        observer: board.clone(),
    };
    let mut phone = assemble_on(runtime, options)?;
    let radio = Arc::new(told(&phone));
    phone.ports.radio = radio.clone();
    if let Some(keys) = shell.keys {
        let keys: Arc<dyn PhoneKeys> = Arc::new(DeviceKeys::new(
            Arc::new(Store(keys)),
            Arc::clone(&phone.ports.entropy),
            blocking,
        ));
        phone.ports.keys = keys;
    }
    Ok(Opened {
        app: App::new(phone.ports.clone(), Config::default()),
        phone,
        radio,
        board,
        notices: Arc::new(notices),
    })
}
