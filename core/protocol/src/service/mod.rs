//! What the property service does with the protocol: issue, sign, seal, open. Never in a phone build.

pub mod issue;
mod seal;
mod secrets;

pub use seal::{BundleHead, bundle};
pub use secrets::PropertySecrets;
