//! The keys of a key epoch: lock and service step them forward alike, neither can step them back.
//!
//! A root version has a seed. From it come the base of its epochs and the next root version's seed, after which it is erased. An epoch's
//! seed comes from the one before. So a flash and key store read in one epoch open nothing sealed in an earlier one, and a policy key
//! thief who rolls epochs cannot keep a new root version from starting at epochs of its own.

use crate::crypto::{AgreementKey, Secret32, derive};

const BASE: &[u8] = b"keyway/1 epoch base";
const STEP: &[u8] = b"keyway/1 epoch step";
const NEXT_ROOT: &[u8] = b"keyway/1 next root";
const HINT: &[u8] = b"keyway/1 epoch hint";
const SEALING: &[u8] = b"keyway/1 epoch sealing";

/// Most epochs (or root versions) one lane may step over.
pub const MOST_STEPS: u32 = 1_024;

/// The secrets of one key epoch, and what the next root version grows from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpochKeys {
    /// The root version it belongs to.
    pub root_version: u32,
    /// The epoch, from 0 in each root version.
    pub epoch: u32,
    seed: Secret32,
    next_root: Secret32,
}

impl EpochKeys {
    /// Root version 1, epoch 0.
    pub fn first(origin: &Secret32) -> Self {
        Self::of_root(1, origin)
    }

    fn of_root(root_version: u32, root_seed: &Secret32) -> Self {
        Self {
            root_version,
            epoch: 0,
            seed: derive(root_seed, BASE, &[]),
            next_root: derive(root_seed, NEXT_ROOT, &[]),
        }
    }

    /// What a key store holds: the epoch's seed and the next root version's.
    pub const fn from_parts(
        (root_version, epoch): (u32, u32),
        seed: Secret32,
        next_root: Secret32,
    ) -> Self {
        Self {
            root_version,
            epoch,
            seed,
            next_root,
        }
    }

    /// The epoch's seed and the next root version's.
    pub const fn parts(&self) -> (&Secret32, &Secret32) {
        (&self.seed, &self.next_root)
    }

    /// Steps forward to an epoch of this or a later root version; `None` if that is back, or further than [`MOST_STEPS`].
    pub fn roll(&self, root_version: u32, epoch: u32) -> Option<Self> {
        let mut keys = self.clone();
        if root_version.checked_sub(keys.root_version)? > MOST_STEPS {
            return None;
        }
        while keys.root_version < root_version {
            keys = Self::of_root(keys.root_version + 1, &keys.next_root);
        }
        if epoch.checked_sub(keys.epoch)? > MOST_STEPS {
            return None;
        }
        while keys.epoch < epoch {
            keys.seed = derive(&keys.seed, STEP, &[]);
            keys.epoch += 1;
        }
        Some(keys)
    }

    /// Makes hints and masks in this epoch; the descriptor carries it.
    pub fn hint_key(&self) -> Secret32 {
        derive(&self.seed, HINT, &[])
    }

    /// Opens sections sealed in this epoch.
    pub fn sealing_key(&self) -> AgreementKey {
        AgreementKey::from_secret(&derive(&self.seed, SEALING, &[]))
    }
}
