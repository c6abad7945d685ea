//! What the core needs of the world, as traits. Every implementation passes the same conformance suite.
//!
//! Ports are object safe, shared as `Arc<dyn Port>`, and their futures are boxed and `Send`: the core has no generics in
//! its public surface and depends on no runtime.

mod clock;
#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
mod device;
mod entropy;
mod files;
mod http;
mod keychain;
mod keys;
mod observer;
mod radio;
mod shell;
mod spawn;

pub use clock::{Clock, UnixMillis};
pub use device::{AuthenticationError, DeviceAuthentication};
pub use entropy::{Entropy, EntropyError};
pub use files::{FileKey, FileName, Files, FilesError, WIPE_MARKER};
pub use http::{Http, HttpError, HttpRequest, HttpResponse, Method};
pub use keychain::{ItemClass, ItemName, Keychain, KeychainError};
pub use keys::{Custody, KeyError, KeyPurpose, PhoneKeys, PublicKey, Signature};
pub use observer::{Notice, Observer};
pub use radio::{
    AdapterState, Link, LinkEvent, Location, PeripheralId, Permission, Power, Radio, RadioError,
    Scan, Sighting,
};
pub use shell::{ShellAnswer, ShellPlace, ShellPlaces, ShellRemains};
pub use spawn::Spawn;

use core::future::Future;
use core::pin::Pin;
use std::sync::Arc;

/// A boxed future that may move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The world, as an app gets it.
#[derive(Clone)]
pub struct Ports {
    /// The phone's clocks.
    pub clock: Arc<dyn Clock>,
    /// The random source.
    pub entropy: Arc<dyn Entropy>,
    /// Where journeys run.
    pub spawn: Arc<dyn Spawn>,
    /// The service.
    pub http: Arc<dyn Http>,
    /// The phone's keychain.
    pub keychain: Arc<dyn Keychain>,
    /// The app's folder.
    pub files: Arc<dyn Files>,
    /// The phone's keys.
    pub keys: Arc<dyn PhoneKeys>,
    /// The phone's owner.
    pub device: Arc<dyn DeviceAuthentication>,
    /// What only the shell can empty.
    pub places: Arc<dyn ShellPlaces>,
    /// Bluetooth.
    pub radio: Arc<dyn Radio>,
    /// Who hears notices.
    pub observer: Arc<dyn Observer>,
}
