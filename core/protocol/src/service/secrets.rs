//! Every secret of a property and its locks, derived from one seed that never leaves the service's key file.

use core::fmt;

use crate::crypto::{AgreementKey, Secret32, SigningKey, derive};
use crate::ids::LockId;
use crate::provision::LockSecrets;

/// Label of the property's own secrets.
const PROPERTY_LABEL: &[u8] = b"keyway/1 property secret";
/// Label of one lock's secrets.
const LOCK_LABEL: &[u8] = b"keyway/1 lock secret";

/// The seed of a property's secrets, and what is derived from it.
///
/// A property with hardware for its keys would keep each of them apart; one seed keeps a reference service and its locks in agreement.
#[derive(Clone)]
pub struct PropertySecrets(Secret32);

impl PropertySecrets {
    /// The secrets that belong to this seed.
    pub const fn new(seed: Secret32) -> Self {
        Self(seed)
    }

    /// Signs the root document of `version`'s successor, and version 1 itself.
    pub fn root_key(&self, version: u32) -> SigningKey {
        signing_key(&self.0, PROPERTY_LABEL, &[b"root", &version.to_be_bytes()])
    }

    /// Signs descriptors, grants, lanes and attests under the root of `version`.
    pub fn policy_key(&self, version: u32) -> SigningKey {
        signing_key(
            &self.0,
            PROPERTY_LABEL,
            &[b"policy", &version.to_be_bytes()],
        )
    }

    /// Opens receipts and log entries.
    pub fn log_key(&self) -> AgreementKey {
        AgreementKey::from_secret(&derive(&self.0, PROPERTY_LABEL, &[b"log"]))
    }

    /// The secrets of one lock, as it was provisioned with.
    pub fn lock(&self, lock: LockId) -> LockSecrets {
        let of = |name: &[u8]| derive(&self.0, LOCK_LABEL, &[lock.as_bytes(), name]);
        LockSecrets {
            identity: signing_secret(&self.0, LOCK_LABEL, &[lock.as_bytes(), b"identity"]).0,
            origin: of(b"origin"),
            pepper: of(b"pepper"),
            day: of(b"day"),
        }
    }
}

impl fmt::Debug for PropertySecrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PropertySecrets(..)")
    }
}

fn signing_key(seed: &Secret32, label: &[u8], context: &[&[u8]]) -> SigningKey {
    signing_secret(seed, label, context).1
}

/// The first derived secret that is a scalar of the curve; all but one in 2^32 are.
fn signing_secret(seed: &Secret32, label: &[u8], context: &[&[u8]]) -> (Secret32, SigningKey) {
    let mut secret = derive(seed, label, context);
    loop {
        if let Some(key) = SigningKey::from_secret(&secret) {
            return (secret, key);
        }
        secret = derive(&secret, label, context);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_names_or_locks_share_a_secret() {
        let property = PropertySecrets::new(Secret32::new([1; 32]));
        let (one, other) = (
            property.lock(LockId([1; 16])),
            property.lock(LockId([2; 16])),
        );
        let secrets = [
            one.identity.clone(),
            one.origin,
            one.pepper,
            one.day,
            other.identity,
            other.day,
        ];
        for (index, secret) in secrets.iter().enumerate() {
            assert!(!secrets[..index].contains(secret), "secret {index} repeats");
        }
        assert!(one.identity == property.lock(LockId([1; 16])).identity);
    }
}
