//! What a lock is given before it is mounted: its name, its root, its secrets.

use core::fmt;

use minicbor::{Decode, Encode};

use crate::cbor;
use crate::crypto::Secret32;
use crate::document::DocumentError;
use crate::ids::LockId;
use crate::root::RootChain;

/// A new lock's contents. The service keeps the same secrets outside its database.
#[derive(Clone, Encode, Decode)]
#[cbor(map)]
pub struct Provision {
    /// The lock's name.
    #[n(0)]
    pub lock: LockId,
    /// Root versions from the first one on.
    #[n(1)]
    pub chain: RootChain,
    #[cbor(n(2), with = "minicbor::bytes")]
    identity: [u8; 32],
    #[cbor(n(3), with = "minicbor::bytes")]
    origin: [u8; 32],
    #[cbor(n(4), with = "minicbor::bytes")]
    pepper: [u8; 32],
    #[cbor(n(5), with = "minicbor::bytes")]
    day: [u8; 32],
}

/// The secrets of a lock.
#[derive(Debug, Clone)]
pub struct LockSecrets {
    /// Scalar of the identity key.
    pub identity: Secret32,
    /// What [`EpochKeys::first`](crate::epoch::EpochKeys::first) grows from.
    pub origin: Secret32,
    /// Keys the tags of synced codes.
    pub pepper: Secret32,
    /// Keys daily codes.
    pub day: Secret32,
}

impl Provision {
    /// Puts a new lock's contents together.
    pub fn new(lock: LockId, chain: RootChain, secrets: &LockSecrets) -> Self {
        Self {
            lock,
            chain,
            // EXPOSE: a provision is how a lock gets its secrets, once, in the workshop.
            identity: *secrets.identity.expose(),
            origin: *secrets.origin.expose(),
            pepper: *secrets.pepper.expose(),
            // EXPOSE: the same.
            day: *secrets.day.expose(),
        }
    }

    /// The secrets.
    pub const fn secrets(&self) -> LockSecrets {
        LockSecrets {
            identity: Secret32::new(self.identity),
            origin: Secret32::new(self.origin),
            pepper: Secret32::new(self.pepper),
            day: Secret32::new(self.day),
        }
    }

    /// The bytes for the workshop. As secret as what is in them.
    pub fn encode(&self) -> alloc::vec::Vec<u8> {
        cbor::encode(self)
    }

    /// Reads them.
    ///
    /// # Errors
    /// [`DocumentError::Malformed`].
    pub fn decode(bytes: &[u8]) -> Result<Self, DocumentError> {
        Ok(cbor::decode(bytes, 32_768)?)
    }
}

impl Drop for Provision {
    fn drop(&mut self) {
        for secret in [
            &mut self.identity,
            &mut self.origin,
            &mut self.pepper,
            &mut self.day,
        ] {
            zeroize::Zeroize::zeroize(secret);
        }
    }
}

impl fmt::Debug for Provision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Provision(..)")
    }
}
