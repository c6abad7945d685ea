//! The descriptor: what a phone must know of a lock before it speaks to it.

use core::fmt;

use minicbor::{Decode, Encode};

use crate::crypto::{Secret32, VerifyingKey};
use crate::document::{Document, DocumentError, Unverified};
use crate::hello::KnownLock;
use crate::ids::LockId;
use crate::root::{Role, RootDocument};

/// One lock as the property describes it in one key epoch. Who holds it can recognise the lock's hellos until the epoch ends.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Descriptor {
    /// The lock's name.
    #[n(0)]
    pub lock: LockId,
    /// The lock's identity key.
    #[n(1)]
    pub identity: VerifyingKey,
    /// The suite this lock speaks; a hello with another is a downgrade.
    #[n(2)]
    pub suite: u8,
    /// Epoch of the hint key.
    #[n(3)]
    pub key_epoch: u32,
    #[cbor(n(4), with = "minicbor::bytes")]
    hint_key: [u8; 32],
    /// The root version that lists the signer.
    #[n(5)]
    pub root_version: u32,
}

impl Document for Descriptor {
    const LABEL: &'static [u8] = b"keyway/1 descriptor";
    const LIMIT: usize = 160;
}

impl Descriptor {
    /// Describes a lock in a key epoch.
    pub fn new(
        lock: LockId,
        identity: VerifyingKey,
        suite: u8,
        (root_version, key_epoch): (u32, u32),
        hint_key: &Secret32,
    ) -> Self {
        Self {
            lock,
            identity,
            suite,
            key_epoch,
            // EXPOSE: the descriptor is how phones learn it.
            hint_key: *hint_key.expose(),
            root_version,
        }
    }

    /// Reads a descriptor and checks that this root's policy signed it.
    pub fn verify(bytes: &[u8], root: &RootDocument) -> Result<Self, DocumentError> {
        let unverified = Unverified::read(bytes, Self::LIMIT)?;
        let key = root.key(unverified.key(), Role::Descriptor)?;
        let descriptor: Self = unverified.verify(key)?;
        (descriptor.root_version == root.version)
            .then_some(descriptor)
            .ok_or(DocumentError::Forged)
    }

    /// Makes and unmasks hellos of this epoch.
    pub const fn hint_key(&self) -> Secret32 {
        Secret32::new(self.hint_key)
    }

    /// What the hello is verified under.
    pub const fn known_lock(&self) -> KnownLock {
        KnownLock {
            lock: self.lock,
            identity: self.identity,
            hint_key: self.hint_key(),
            suite: self.suite,
        }
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.hint_key);
    }
}

impl fmt::Debug for Descriptor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Descriptor")
            .field("key_epoch", &self.key_epoch)
            .field("root_version", &self.root_version)
            .finish_non_exhaustive()
    }
}
