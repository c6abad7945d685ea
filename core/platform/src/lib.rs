//! The core's ports on real parts: network, keychain, files, clock, keys, runtime.
//!
//! | port | here | real part |
//! |---|---|---|
//! | `Http` | [`http::ServiceHttp`] | reqwest over rustls with ring, only the roots given |
//! | `Keychain` | [`keychain::StoreKeychain`] | any keyring-core store, behind one worker thread with a deadline |
//! | `Files` | [`files::SealedFiles`] | a private folder, each file sealed and replaced atomically |
//! | `Clock` | [`clock::SystemClock`] | a clock that counts suspend; tokio's timer |
//! | `Entropy` | [`entropy::SystemEntropy`] | the system's random source |
//! | `PhoneKeys` | [`keys::SoftwareKeys`], [`keys::DeviceKeys`] | P-256 in software, kept in the keychain; or in hardware that the shell reaches |
//! | `Radio` | [`radio`] | btleplug on the system's Bluetooth (feature `bluetooth`), its state as the shell tells it; for the demo, a TCP connection to each simulated lock (feature `loopback`) |
//! | `Spawn` | [`runtime::Runtime`] | our own two-worker tokio runtime |
//!
//! [`assemble::assemble`] puts a whole phone together.
#![forbid(unsafe_code)]

#[cfg(all(
    feature = "development-store",
    any(target_os = "ios", target_os = "android")
))]
compile_error!("a phone build cannot contain the development keychain");

#[cfg(all(feature = "loopback", any(target_os = "ios", target_os = "android")))]
compile_error!("a phone build cannot contain the loopback radio");

pub mod alloc;
#[cfg(all(target_os = "android", feature = "bluetooth"))]
pub mod android;
pub mod assemble;
pub mod building;
pub mod clock;
mod durable;
pub mod entropy;
pub mod files;
pub mod http;
pub mod keychain;
pub mod keys;
pub mod log;
pub mod no_lock_screen;
#[cfg(not(any(feature = "bluetooth", feature = "loopback")))]
mod no_radio;
pub mod radio;
pub mod runtime;
