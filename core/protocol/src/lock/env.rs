//! What a lock's machine is given with every call: time, randomness, flash, keys, and how its body is.

use alloc::vec::Vec;

use crate::crypto::{Random, Secret32, Signature};
use crate::io::Millis;

/// Everything outside the machine. Fields, not methods, so that a function may write flash while it reads keys.
pub struct Env<'a> {
    /// Milliseconds since this lock booted.
    pub now: Millis,
    /// The lock's generator.
    pub random: &'a mut dyn Random,
    /// What survives a power cut, readable by whoever opens the case.
    pub flash: &'a mut dyn Flash,
    /// What survives a power cut in a place of its own.
    pub keys: &'a mut dyn KeyStore,
    /// The sensors.
    pub body: Body,
}

/// What the lock's sensors say now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Body {
    /// Remaining charge, 0 to 100.
    pub battery_percent: u8,
    /// Thrown from inside; refuses phones and daily codes. The mechanical key and the codes of the table still open: they are a
    /// resident's own way in.
    pub deadbolt_thrown: bool,
}

impl Body {
    /// Below this charge the bolt could stop halfway.
    const LOWEST_BATTERY: u8 = 3;

    /// Whether the charge is enough to move the bolt.
    pub const fn can_move_bolt(&self) -> bool {
        self.battery_percent >= Self::LOWEST_BATTERY
    }
}

/// Flash as numbered regions. Which region means what is `store`'s business.
pub trait Flash {
    /// The region's bytes as last written, perhaps torn; empty if never written.
    fn read(&self, region: u16) -> Vec<u8>;
    /// Replaces the region. After an error or a power cut the region may hold any mixture of old, new and nothing.
    fn write(&mut self, region: u16, bytes: &[u8]) -> Result<(), StorageFault>;
}

/// The key store, apart from flash. Writes are atomic.
pub trait KeyStore {
    /// Signs with the lock's identity key: ES256, low-s.
    fn sign(&mut self, message: &[u8]) -> Signature;
    /// A stored secret, if there is one by this name.
    fn secret(&self, name: SecretName) -> Option<Secret32>;
    /// Stores or (with `None`) erases a secret.
    fn set_secret(
        &mut self,
        name: SecretName,
        secret: Option<&Secret32>,
    ) -> Result<(), StorageFault>;
}

/// The secrets of a lock's key store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SecretName {
    /// The seed of a key epoch: sealing and hint keys come from it.
    Epoch {
        /// The root version.
        root_version: u32,
        /// The epoch.
        epoch: u32,
    },
    /// What the next root version's epochs grow from.
    NextRoot {
        /// The root version that this comes after.
        root_version: u32,
    },
    /// Keys the tags of synced codes.
    Pepper,
    /// Keys daily codes.
    Day,
    /// Hides log entries that wait for room in the log.
    Log,
}

/// Flash or the key store refused a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("storage refused a write")]
pub struct StorageFault;
