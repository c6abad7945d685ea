//! Grants and resumption slots that a lock holds in RAM.

use alloc::vec::Vec;

use super::keeper::GrantView;
use crate::crypto::{Random, Secret32, VerifyingKey};
use crate::ids::{Digest, GrantId, HolderHash, SlotId};
use crate::io::Millis;
use crate::wire::message::Slot;

/// How many slots, and how many grants, a lock holds.
pub const CAPACITY: usize = 32;
/// A slot dies so many milliseconds after it was last given; using it gives a successor, not more time.
pub const LIFETIME: u64 = 15 * 60 * 1_000;

/// A grant that was verified, with what is needed to verify its holder again.
#[derive(Debug, Clone)]
pub(super) struct Held<G> {
    pub(super) grant: G,
    /// SHA-256 of the grant's bytes, which the holder signs.
    pub(super) digest: Digest,
    pub(super) holder: VerifyingKey,
}

/// Slots and grants, least recently used first. Nothing of it survives a power cut; a lost slot costs a full handshake.
#[derive(Debug)]
pub(super) struct Slots<G> {
    slots: Vec<Entry<G>>,
    grants: Vec<Held<G>>,
}

#[derive(Debug)]
struct Entry<G> {
    slot: Slot,
    held: Held<G>,
    /// The slot this one was handed out for; it dies when this one is used.
    predecessor: Option<SlotId>,
    /// When it was last given.
    since: Millis,
}

impl<G> Entry<G> {
    fn is_over(&self, now: Millis) -> bool {
        now.since(self.since) > LIFETIME
    }
}

impl<G: GrantView + Clone> Slots<G> {
    pub(super) const fn new() -> Self {
        Self {
            slots: Vec::new(),
            grants: Vec::new(),
        }
    }

    /// The psk of a slot that may be resumed.
    pub(super) fn psk(&self, id: &SlotId, now: Millis) -> Option<Secret32> {
        let entry = self.slots.iter().find(|entry| entry.slot.id == *id)?;
        (!entry.is_over(now)).then(|| entry.slot.psk.clone())
    }

    /// Erases the psks of slots whose time is over.
    pub(super) fn expire(&mut self, now: Millis) {
        self.slots.retain(|entry| !entry.is_over(now));
    }

    /// Message 1 proved the psk of this slot: whoever it was handed out for is over.
    pub(super) fn used(&mut self, id: &SlotId) -> Option<Held<G>> {
        let index = self.slots.iter().position(|entry| entry.slot.id == *id)?;
        let mut entry = self.slots.remove(index);
        let held = entry.held.clone();
        if let Some(predecessor) = entry.predecessor.take() {
            self.slots.retain(|other| other.slot.id != predecessor);
        }
        self.slots.push(entry);
        Some(held)
    }

    /// The successor of a used slot. The same one again until it is used itself: its first copy may have been lost on the way.
    pub(super) fn successor(
        &mut self,
        of: &SlotId,
        held: &Held<G>,
        random: &mut dyn Random,
        now: Millis,
    ) -> Slot {
        let handed_out = self
            .slots
            .iter_mut()
            .find(|entry| entry.predecessor == Some(*of));
        if let Some(entry) = handed_out {
            entry.since = now;
            return entry.slot.clone();
        }
        self.insert(held, Some(*of), random, now)
    }

    /// Ends all slots of a holder. A phone has one chain only, so nobody can crowd the others out.
    pub(super) fn end(&mut self, holder: &HolderHash) {
        self.slots
            .retain(|entry| entry.held.grant.holder() != *holder);
    }

    /// The first slot after a full handshake.
    pub(super) fn first(&mut self, held: &Held<G>, random: &mut dyn Random, now: Millis) -> Slot {
        self.insert(held, None, random, now)
    }

    fn insert(
        &mut self,
        held: &Held<G>,
        predecessor: Option<SlotId>,
        random: &mut dyn Random,
        now: Millis,
    ) -> Slot {
        let mut id = SlotId([0; SlotId::LENGTH]);
        random.fill(&mut id.0);
        let slot = Slot {
            id,
            psk: Secret32::generate(random),
        };
        if self.slots.len() >= CAPACITY {
            self.slots.remove(0);
        }
        self.slots.push(Entry {
            slot: slot.clone(),
            held: held.clone(),
            predecessor,
            since: now,
        });
        slot
    }

    /// Remembers a verified grant, so that a phone may send its name only.
    pub(super) fn hold(&mut self, held: &Held<G>) {
        let id = held.grant.id();
        self.grants.retain(|other| other.grant.id() != id);
        if self.grants.len() >= CAPACITY {
            self.grants.remove(0);
        }
        self.grants.push(held.clone());
    }

    /// A grant the lock holds.
    pub(super) fn held(&self, id: &GrantId) -> Option<Held<G>> {
        self.grants
            .iter()
            .find(|held| held.grant.id() == *id)
            .cloned()
    }

    /// Forgets every slot and grant that no longer stands.
    pub(super) fn retain(&mut self, mut stands: impl FnMut(&G) -> bool) {
        self.slots.retain(|entry| stands(&entry.held.grant));
        self.grants.retain(|held| stands(&held.grant));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{SeededRandom, SigningKey};

    #[derive(Debug, Clone)]
    struct Right(HolderHash);

    impl GrantView for Right {
        fn id(&self) -> GrantId {
            GrantId([0; 16])
        }

        fn holder(&self) -> HolderHash {
            self.0
        }

        fn is_resumable(&self) -> bool {
            true
        }
    }

    fn held(number: u8) -> Held<Right> {
        let secret = Secret32::new([number; 32]);
        let holder = SigningKey::from_secret(&secret).unwrap().verifying_key();
        Held {
            grant: Right(holder.holder_hash()),
            digest: Digest([number; 32]),
            holder,
        }
    }

    fn random() -> SeededRandom {
        SeededRandom::new(&Secret32::new([9; 32]))
    }

    #[test]
    fn a_slot_ends_a_quarter_hour_after_it_was_given_and_use_does_not_prolong_it() {
        let (mut slots, mut random, held) = (Slots::new(), random(), held(1));
        let first = slots.first(&held, &mut random, Millis(0));
        let late = Millis(LIFETIME);
        assert!(slots.psk(&first.id, late).is_some());
        assert!(slots.used(&first.id).is_some());
        let next = slots.successor(&first.id, &held, &mut random, late);
        assert!(slots.psk(&first.id, late + 1).is_none());
        assert!(slots.psk(&next.id, late + LIFETIME).is_some());
        assert!(slots.psk(&next.id, late + LIFETIME + 1).is_none());
    }

    #[test]
    fn a_successor_counts_from_when_it_was_handed_out_last() {
        let (mut slots, mut random, held) = (Slots::new(), random(), held(1));
        let first = slots.first(&held, &mut random, Millis(0));
        let one = slots.successor(&first.id, &held, &mut random, Millis(1_000));
        let again = slots.successor(&first.id, &held, &mut random, Millis(90_000));
        assert_eq!(one, again);
        assert!(slots.psk(&again.id, Millis(90_000 + LIFETIME)).is_some());
    }

    #[test]
    fn what_is_over_is_erased_and_a_holder_ends_alone() {
        let (mut slots, mut random) = (Slots::new(), random());
        slots.first(&held(1), &mut random, Millis(0));
        let other = slots.first(&held(2), &mut random, Millis(1));
        slots.expire(Millis(LIFETIME + 1));
        assert_eq!(slots.slots.len(), 1);
        slots.end(&held(1).grant.holder());
        assert!(slots.psk(&other.id, Millis(2)).is_some());
        slots.end(&held(2).grant.holder());
        assert!(slots.slots.is_empty());
    }
}
