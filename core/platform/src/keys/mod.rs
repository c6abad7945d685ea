//! The phone's P-256 keys: in software ([`SoftwareKeys`]), or in hardware that the shell reaches ([`DeviceKeys`]).

mod device;
mod software;

pub use device::{DeviceKeys, KeyStore};
pub use software::{SoftwareKeys, item_name};
