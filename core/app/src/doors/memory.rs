use crate::link::turn::Turns;
use crate::ports::PeripheralId;
use crate::service::DoorId;
use keyway_protocol::hello::Facts;
use keyway_protocol::ids::GrantId;
use keyway_protocol::phone::Resumption;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What journeys remember until their session ends. Dropped, and so wiped, at sign-out.
#[derive(Default)]
pub(crate) struct Memory {
    /// Whose turn it is on the radio.
    pub(crate) turns: Turns,
    /// Held while one of the courier's outboxes is changed.
    pub(crate) outboxes: futures_util::lock::Mutex<()>,
    doors: Mutex<BTreeMap<DoorId, DoorMemory>>,
    history: Mutex<VecDeque<String>>,
}

/// How many ended journeys are remembered for the property's support.
const HISTORY: usize = 40;

/// What is remembered of one door.
#[derive(Default)]
struct DoorMemory {
    /// Spares the next unlock the signature. Never for a borrowed phone or a presence grant: the protocol gives none then.
    resumption: Option<Resumption>,
    /// Under which name its lock was seen last.
    peripheral: Option<PeripheralId>,
    /// What its lock said of itself last.
    facts: Option<Facts>,
    /// The grant that its lock has seen in full.
    held: Option<GrantId>,
}

impl Memory {
    /// A copy of the resumption; it stays until its successor comes.
    pub(crate) fn resumption(&self, door: DoorId) -> Option<Resumption> {
        self.doors().get(&door)?.resumption.clone()
    }

    /// Replaces or forgets the resumption.
    pub(crate) fn set_resumption(&self, door: DoorId, resumption: Option<Resumption>) {
        self.doors().entry(door).or_default().resumption = resumption;
    }

    /// Whom to try first.
    pub(crate) fn peripheral(&self, door: DoorId) -> Option<PeripheralId> {
        self.doors().get(&door)?.peripheral.clone()
    }

    /// Remembers where the lock was reached; `None` when it was not the lock.
    pub(crate) fn set_peripheral(&self, door: DoorId, peripheral: Option<PeripheralId>) {
        self.doors().entry(door).or_default().peripheral = peripheral;
    }

    /// What the lock said of itself last.
    pub(crate) fn facts(&self, door: DoorId) -> Option<Facts> {
        self.doors().get(&door)?.facts
    }

    /// Remembers what the lock said of itself.
    pub(crate) fn set_facts(&self, door: DoorId, facts: Facts) {
        self.doors().entry(door).or_default().facts = Some(facts);
    }

    /// Does the lock hold this grant, as far as we saw?
    pub(crate) fn is_held(&self, door: DoorId, grant: GrantId) -> bool {
        self.doors().get(&door).and_then(|memory| memory.held) == Some(grant)
    }

    /// Remembers which grant the lock holds.
    pub(crate) fn set_held(&self, door: DoorId, grant: Option<GrantId>) {
        self.doors().entry(door).or_default().held = grant;
    }

    /// Hide: what lets a phone in without its holder key goes; the rest stays.
    pub(crate) fn forget_resumptions(&self) {
        for memory in self.doors().values_mut() {
            memory.resumption = None;
        }
    }

    /// Notes how a journey ended: its outcome's variants, nothing else.
    pub(crate) fn note(&self, journey: &'static str, outcome: &dyn core::fmt::Debug) {
        let mut history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
        if history.len() == HISTORY {
            history.pop_front();
        }
        history.push_back(format!("{journey}: {outcome:?}"));
    }

    /// How the last journeys ended, oldest first.
    pub(crate) fn history(&self) -> Vec<String> {
        let history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
        history.iter().cloned().collect()
    }

    fn doors(&self) -> MutexGuard<'_, BTreeMap<DoorId, DoorMemory>> {
        self.doors.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
