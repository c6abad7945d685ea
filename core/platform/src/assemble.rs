//! All ports of one phone, put together from real parts.

use crate::building::Building;
use crate::clock::SystemClock;
use crate::durable;
use crate::entropy::SystemEntropy;
use crate::files::SealedFiles;
use crate::http::{ServiceHttp, ServiceHttpError};
use crate::keychain::AbsentKeychain;
use crate::keys::SoftwareKeys;
#[cfg(feature = "bluetooth")]
use crate::radio::bluetooth::BluetoothRadio;
use crate::runtime::Runtime;
use core::time::Duration;
use keyway_app::ports::{
    DeviceAuthentication, Entropy, Keychain, KeychainError, Observer, Ports, Radio, ShellPlaces,
};
use rustix::fs::{FlockOperation, flock};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::runtime::Handle;

/// Sealed files, below the home folder.
const CACHE: &str = "cache";
/// The development keychain, below the home folder.
#[cfg(feature = "development-store")]
const DEVELOPMENT_KEYCHAIN: &str = "keychain";

/// Where this phone keeps its secrets.
#[derive(Clone)]
pub enum KeychainChoice {
    /// The device's own: the Secret Service of the session bus on Linux, the data protection keychain on iOS, the Android keystore.
    Device,
    /// An unencrypted 0600 file below the home folder. For development, when the operator asks for it.
    #[cfg(feature = "development-store")]
    Development,
    /// Nowhere: a borrowed phone.
    Absent,
    /// In a keychain of the caller's own.
    Given(Arc<dyn Keychain>),
}

/// What tells one phone from another.
pub struct Options {
    /// The phone's folder; made when something is first stored.
    pub home: PathBuf,
    /// The building it talks to.
    pub building: Building,
    /// Where it keeps its secrets.
    pub keychain: KeychainChoice,
    /// How it reaches locks.
    pub radio: RadioChoice,
    /// The phone's owner: [`crate::no_lock_screen::NoLockScreen`] where nobody can be asked.
    pub device: Arc<dyn DeviceAuthentication>,
    /// The places that only the shell can empty.
    pub places: Arc<dyn ShellPlaces>,
    /// Who hears the core's notices.
    pub observer: Arc<dyn Observer>,
}

/// Which radio a phone has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RadioChoice {
    /// The loopback radio where it is compiled in; else the system's Bluetooth; else none.
    #[default]
    Usual,
    /// The system's Bluetooth.
    #[cfg(feature = "bluetooth")]
    Bluetooth,
}

/// Why a phone cannot be put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssembleError {
    /// Another process uses this home.
    #[error("another process uses this phone's folder")]
    HomeInUse,
    /// The home folder cannot be made or opened.
    #[error("the phone's folder cannot be used")]
    Home,
    /// The system gives no threads.
    #[error("the system gives no threads")]
    Threads,
    /// The service's address or certificate authority.
    #[error(transparent)]
    Service(#[from] ServiceHttpError),
    /// The keychain asked for is not there or not working.
    #[error(transparent)]
    Keychain(#[from] KeychainError),
}

/// One phone: its ports, the runtime they stand on, and the right to its home.
pub struct Phone {
    /// What the core is made with.
    pub ports: Ports,
    /// Where it runs.
    pub runtime: Runtime,
    /// The system's Bluetooth, if that is its radio: the shell tells it of power, permission and, on Android, that the classes are initialised.
    #[cfg(feature = "bluetooth")]
    pub bluetooth: Option<Arc<BluetoothRadio>>,
    /// Held while the process lives: two writers would each hold half of a session.
    _lease: Option<File>,
}

impl Phone {
    /// Ends the runtime; writes under way have `grace` to finish.
    pub fn shut_down(self, grace: Duration) {
        drop(self.ports);
        self.runtime.shut_down(grace);
    }
}

/// Puts a phone together. Blocks while the keychain is proven, at most a few seconds.
///
/// # Errors
/// See [`AssembleError`]; nothing was stored then.
pub fn assemble(options: Options) -> Result<Phone, AssembleError> {
    let runtime = Runtime::new().map_err(|_| AssembleError::Threads)?;
    assemble_on(runtime, options)
}

/// Puts a phone together on a runtime that some of its ports stand on already. Blocks as [`assemble`] does.
///
/// # Errors
/// See [`AssembleError`]; nothing was stored then.
pub fn assemble_on(runtime: Runtime, options: Options) -> Result<Phone, AssembleError> {
    let handle = runtime.handle();
    let lease = lease(&options)?;
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy::new());
    let http = ServiceHttp::new(
        &options.building.origin,
        &options.building.roots,
        handle.clone(),
    )?;
    let keychain = runtime.block_on(keychain(&options, entropy.as_ref(), handle.clone()))?;
    let files = SealedFiles::new(
        options.home.join(CACHE),
        Arc::clone(&entropy),
        handle.clone(),
    );
    let radio = radio(options.radio, &options.building, handle.clone());
    let ports = Ports {
        clock: Arc::new(SystemClock::new(handle)),
        spawn: runtime.spawner(),
        http: Arc::new(http),
        keys: Arc::new(SoftwareKeys::new(
            Arc::clone(&keychain),
            Arc::clone(&entropy),
        )),
        keychain,
        files: Arc::new(files),
        device: options.device,
        places: options.places,
        radio: radio.port,
        observer: options.observer,
        entropy,
    };
    Ok(Phone {
        ports,
        runtime,
        #[cfg(feature = "bluetooth")]
        bluetooth: radio.bluetooth,
        _lease: lease,
    })
}

/// One process at a time may be this phone. A borrowed phone makes no folder; it only keeps out of one that is in use.
fn lease(options: &Options) -> Result<Option<File>, AssembleError> {
    if !matches!(options.keychain, KeychainChoice::Absent) {
        durable::create_folder(&options.home).map_err(|_| AssembleError::Home)?;
    } else if !options.home.exists() {
        return Ok(None);
    }
    let home = File::open(&options.home).map_err(|_| AssembleError::Home)?;
    match flock(&home, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(home)),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(AssembleError::HomeInUse),
        Err(_) => Err(AssembleError::Home),
    }
}

async fn keychain(
    options: &Options,
    entropy: &dyn Entropy,
    runtime: Handle,
) -> Result<Arc<dyn Keychain>, KeychainError> {
    match &options.keychain {
        KeychainChoice::Absent => Ok(Arc::new(AbsentKeychain)),
        KeychainChoice::Given(keychain) => Ok(Arc::clone(keychain)),
        KeychainChoice::Device => {
            let namespace = namespace(&options.home).ok_or(KeychainError::Unavailable)?;
            let open = crate::keychain::device_store;
            let keychain =
                crate::keychain::StoreKeychain::open(open, namespace, entropy, runtime).await?;
            Ok(Arc::new(keychain))
        }
        #[cfg(feature = "development-store")]
        KeychainChoice::Development => {
            let folder = options.home.join(DEVELOPMENT_KEYCHAIN);
            let open = move || Ok(crate::keychain::DevelopmentStore::shared(folder));
            let keychain =
                crate::keychain::StoreKeychain::open(open, "keyway".to_owned(), entropy, runtime);
            Ok(Arc::new(keychain.await?))
        }
    }
}

/// On a phone the store is the app's alone, and the path of its home may change with an update.
#[cfg(any(target_os = "ios", target_os = "android"))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "on other systems there may be none"
)]
fn namespace(_home: &Path) -> Option<String> {
    Some("keyway".to_owned())
}

/// All homes of one user share the store: each has a namespace of its own, named by a hash of its path.
#[cfg(not(any(target_os = "ios", target_os = "android")))]
fn namespace(home: &Path) -> Option<String> {
    use core::fmt::Write as _;
    use std::os::unix::ffi::OsStrExt as _;

    let path = home.canonicalize().ok()?;
    let hash = ring::digest::digest(&ring::digest::SHA256, path.as_os_str().as_bytes());
    let mut name = "keyway-".to_owned();
    for byte in hash.as_ref().iter().take(8) {
        write!(name, "{byte:02x}").ok()?;
    }
    Some(name)
}

/// A radio, and the same once more for a shell that has something to tell it.
struct Made {
    port: Arc<dyn Radio>,
    #[cfg(feature = "bluetooth")]
    bluetooth: Option<Arc<BluetoothRadio>>,
}

fn radio(choice: RadioChoice, building: &Building, runtime: Handle) -> Made {
    match choice {
        #[cfg(feature = "bluetooth")]
        RadioChoice::Bluetooth => bluetooth(runtime),
        RadioChoice::Usual => usual_radio(building, runtime),
    }
}

#[cfg(feature = "bluetooth")]
fn bluetooth(runtime: Handle) -> Made {
    let radio = Arc::new(BluetoothRadio::new(runtime));
    Made {
        port: Arc::clone(&radio) as Arc<dyn Radio>,
        bluetooth: Some(radio),
    }
}

/// The loopback radio, with the building's simulated locks in range.
#[cfg(feature = "loopback")]
fn usual_radio(building: &Building, runtime: Handle) -> Made {
    use crate::radio::loopback::{LoopbackRadio, Peer};

    let peer = |lock: &crate::building::LockInRange| Peer {
        address: lock.air,
        mtu: lock.mtu,
    };
    let peers = building.locks.iter().map(peer).collect();
    Made {
        port: Arc::new(LoopbackRadio::new(runtime, peers)),
        #[cfg(feature = "bluetooth")]
        bluetooth: None,
    }
}

#[cfg(all(feature = "bluetooth", not(feature = "loopback")))]
fn usual_radio(_building: &Building, runtime: Handle) -> Made {
    bluetooth(runtime)
}

#[cfg(not(any(feature = "bluetooth", feature = "loopback")))]
fn usual_radio(_building: &Building, _runtime: Handle) -> Made {
    Made {
        port: Arc::new(crate::no_radio::NoRadio),
    }
}
