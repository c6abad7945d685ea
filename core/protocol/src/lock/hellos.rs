//! Hellos made while the lock is idle, and the hint that rotates: a pool of three, two a second at most.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use super::Env;
use super::keeper::{Keeper, Standing};
use crate::crypto::mask::{self, HINT_LENGTH};
use crate::crypto::{AgreementKey, sha256};
use crate::hello::{self, Facts};
use crate::ids::Digest;
use crate::io::Millis;
use crate::wire::gatt;

/// Hellos kept ready.
pub const POOL: usize = 3;
/// The lock makes one hello in this many milliseconds at most: a signature costs charge, and anyone may ask.
pub const INTERVAL: u64 = 500;
/// A hint is shown for this many milliseconds.
pub const HINT_LIFETIME: u64 = 15 * 60 * 1_000;

/// A hello nobody has seen.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) bytes: Vec<u8>,
    pub(super) hash: Digest,
    /// Erased with this value: message 1 is forward secret from then on.
    pub(super) one_time: AgreementKey,
}

#[derive(Debug)]
pub(super) struct Hellos {
    pool: VecDeque<Prepared>,
    /// What the pool's hellos say.
    standing: Option<Standing>,
    next_at: Millis,
    hint: Option<[u8; HINT_LENGTH]>,
    hint_until: Millis,
}

impl Hellos {
    pub(super) const fn new() -> Self {
        Self {
            pool: VecDeque::new(),
            standing: None,
            next_at: Millis(0),
            hint: None,
            hint_until: Millis(0),
        }
    }

    /// Takes a hello out of the pool.
    pub(super) fn take(&mut self) -> Option<Prepared> {
        self.pool.pop_front()
    }

    /// Rotates the hint and fills the pool by one if it is time. Gives new service data to advertise.
    pub(super) fn tend<K: Keeper>(&mut self, keeper: &K, env: &mut Env<'_>) -> Option<Vec<u8>> {
        let standing = keeper.standing(env);
        let hint_key = keeper.hint_key(env)?;
        let epoch_rolled = self
            .standing
            .is_some_and(|old| old.key_epoch != standing.key_epoch);
        let mut advertise = None;
        if self.hint.is_none() || self.hint_until <= env.now || epoch_rolled {
            let hint = mask::new_hint(&hint_key, env.random);
            advertise = Some(gatt::service_data(&hint));
            self.hint = Some(hint);
            self.hint_until = env.now + HINT_LIFETIME;
            self.pool.clear();
        }
        if self
            .standing
            .is_none_or(|old| !says_the_same(&old, &standing))
        {
            self.standing = Some(standing);
            self.pool.clear();
        }
        let hint = self.hint?;
        if self.pool.len() < POOL && self.next_at <= env.now {
            self.next_at = env.now + INTERVAL;
            let one_time = AgreementKey::generate(env.random);
            let facts = Facts {
                one_time: one_time.public(),
                root_version: standing.root_version,
                key_epoch: standing.key_epoch,
                crit_seq: standing.crit_seq,
                bulk_seq: standing.bulk_seq,
                clock: standing.clock,
            };
            let keys = &mut *env.keys;
            let sign = |bytes: &[u8]| keys.sign(bytes);
            let bytes = hello::make(
                &keeper.lock_id(),
                &hint_key,
                &hint,
                &facts,
                env.random,
                sign,
            );
            self.pool.push_back(Prepared {
                hash: sha256(&[&bytes]),
                bytes,
                one_time,
            });
        }
        advertise
    }

    /// When `tend` has something to do.
    pub(super) fn deadline(&self) -> Millis {
        if self.pool.len() < POOL {
            self.next_at.min(self.hint_until)
        } else {
            self.hint_until
        }
    }
}

/// The width of the clock's interval grows all the time; a hello may say a slightly older one.
fn says_the_same(old: &Standing, new: &Standing) -> bool {
    let mut old = *old;
    old.clock.width = new.clock.width;
    old == *new
}
