//! The primitives, each behind one narrow door. No other module names a cryptographic crate.

pub mod agree;
pub mod kdf;
pub mod labels;
pub mod mask;
pub mod noise;
pub mod random;
pub mod seal;
pub mod secret;
pub mod sign;

pub use agree::{AgreementKey, AgreementPublic};
pub use kdf::{derive, hmac, sha256};
pub use random::{Random, SeededRandom};
pub use seal::{open_with, seal_to};
pub use secret::Secret32;
pub use sign::{Signature, SigningKey, VerifyingKey};
