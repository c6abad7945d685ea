//! The access log in flash: kept until the service acknowledges it, whoever would like it gone (R10).

use alloc::vec::Vec;

use minicbor::bytes::ByteVec;

use super::memory::Counters;
use super::store::{Kept, LOG, Record};
use super::{Env, Flash, LogPart, SecretName, StorageFault};
use crate::cbor;
use crate::critical::LogAck;
use crate::crypto::{AgreementKey, AgreementPublic, Secret32, open_with, seal_to};
use crate::ids::{Digest, LockId};
use crate::log::{Actor, LogEntry, LogSegment, Repeated, chain};

/// Entries that flash has room for.
pub const CAPACITY: u64 = 512;
/// From so many unacknowledged entries on, entries of the same actor and kind become one (first, last, count).
pub const CROWDED: u64 = CAPACITY / 4 * 3;
/// Most coalesced entries; more are counted together. Fewer than the room kept for them.
const MOST_WAITING: usize = 96;

/// Where sealed entries go, and to whom they are sealed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Addressee {
    pub(super) lock: LockId,
    pub(super) log_key: AgreementPublic,
}

/// The log beyond its counters: entries that wait for room.
#[derive(Debug)]
pub(super) struct Logbook {
    waiting: Vec<LogEntry>,
    /// The same in flash, encrypted to the lock itself.
    kept: Kept<ByteVec>,
}

impl Logbook {
    pub(super) fn load(env: &Env<'_>) -> Self {
        let kept = Kept::load(env.flash, Record::Waiting, ByteVec::from(Vec::new()));
        let waiting = own_key(env)
            .and_then(|key| open_with(&key, WAITING, kept.value()))
            .and_then(|plain| cbor::decode(&plain, 65_535).ok())
            .unwrap_or_default();
        Self { waiting, kept }
    }

    /// Notes an entry. If flash refuses, it is lost with the next power cut at the latest, and the caller is told.
    pub(super) fn append(
        &mut self,
        entry: LogEntry,
        to: Addressee,
        counters: &mut Kept<Counters>,
        env: &mut Env<'_>,
    ) -> Result<(), StorageFault> {
        if unacknowledged(counters.value()) >= CROWDED || !self.waiting.is_empty() {
            self.wait(entry);
            return self.keep(env);
        }
        write(&entry, to, counters, env)
    }

    /// Deletes what the service has: only if the head it names is the head this lock had after so many entries.
    pub(super) fn acknowledge(
        &mut self,
        ack: &LogAck,
        to: Addressee,
        counters: &mut Kept<Counters>,
        env: &mut Env<'_>,
    ) -> Result<(), StorageFault> {
        let known = counters.value();
        if ack.entries <= known.acked_entries || ack.entries > known.log_entries {
            return Ok(());
        }
        if head_after(known, ack.entries, env.flash) != Some(ack.head) {
            return Ok(());
        }
        counters.update(env.flash, |counters| {
            counters.acked_entries = ack.entries;
            counters.acked_head = ack.head;
        })?;
        self.settle(to, counters, env)
    }

    /// Gives waiting entries the room that an ack made.
    fn settle(
        &mut self,
        to: Addressee,
        counters: &mut Kept<Counters>,
        env: &mut Env<'_>,
    ) -> Result<(), StorageFault> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        while let Some(entry) = self.waiting.first()
            && unacknowledged(counters.value()) < CAPACITY
        {
            write(entry, to, counters, env)?;
            self.waiting.remove(0);
        }
        self.keep(env)
    }

    fn wait(&mut self, mut entry: LogEntry) {
        let same = |waiting: &&mut LogEntry, actor: Actor| {
            waiting.actor == actor && waiting.kind == entry.kind
        };
        let last = entry.at;
        let full = self.waiting.len() >= MOST_WAITING;
        let found = self
            .waiting
            .iter_mut()
            .find(|waiting| same(waiting, entry.actor));
        if let Some(waiting) = found {
            let count = waiting.repeated.map_or(1, |repeated| repeated.count);
            waiting.repeated = Some(Repeated {
                last,
                count: count.saturating_add(1),
            });
            return;
        }
        if full {
            // More actors than room: they are counted as one, and nobody's earlier entry goes.
            if let Some(together) = self.waiting.last_mut() {
                let count = together.repeated.map_or(1, |repeated| repeated.count);
                together.actor = Actor::Lock;
                together.repeated = Some(Repeated {
                    last,
                    count: count.saturating_add(1),
                });
            }
            return;
        }
        entry.repeated = Some(Repeated { last, count: 1 });
        self.waiting.push(entry);
    }

    fn keep(&mut self, env: &mut Env<'_>) -> Result<(), StorageFault> {
        let plain = cbor::encode(&self.waiting);
        let key = own_key(env).ok_or(StorageFault)?;
        let seed = Secret32::generate(env.random);
        let hidden = seal_to(&key.public(), WAITING, &plain, &seed).ok_or(StorageFault)?;
        self.kept.replace(hidden.into(), env.flash)
    }

    /// Entries from `from` on (or from the oldest that is not acknowledged), as many as fit.
    pub(super) fn segment(
        &self,
        lock: LockId,
        from: u64,
        limit: usize,
        counters: &Counters,
        flash: &dyn Flash,
    ) -> LogPart {
        let first = from.clamp(counters.acked_entries, counters.log_entries);
        let mut entries = Vec::new();
        // Keys, lock id, head and the array's length take less than this.
        let mut length = 96;
        for index in first..counters.log_entries {
            let sealed = flash.read(region(index));
            length += sealed.len() + 3;
            if length > limit {
                break;
            }
            entries.push(sealed);
        }
        let next = first + entries.len() as u64;
        let head = head_after(counters, first, flash);
        let segment = match head {
            Some(head) if !entries.is_empty() => {
                LogSegment::new(lock, first, head, entries).encode()
            }
            _ => Vec::new(),
        };
        LogPart {
            next,
            more: next < counters.log_entries,
            segment,
        }
    }
}

const WAITING: &[u8] = b"waiting";

/// Entries that only this lock holds.
pub(super) const fn unacknowledged(counters: &Counters) -> u64 {
    counters.log_entries.saturating_sub(counters.acked_entries)
}

fn write(
    entry: &LogEntry,
    to: Addressee,
    counters: &mut Kept<Counters>,
    env: &mut Env<'_>,
) -> Result<(), StorageFault> {
    let index = counters.value().log_entries;
    let seed = Secret32::generate(env.random);
    let sealed = entry
        .seal(&to.lock, index, &to.log_key, &seed)
        .ok_or(StorageFault)?;
    // The entry first: until it is counted, a cut leaves nothing but a region that is written again.
    env.flash.write(region(index), &sealed)?;
    counters.update(env.flash, |counters| {
        counters.log_head = chain(&counters.log_head, index, &sealed);
        counters.log_entries = index + 1;
    })
}

fn head_after(counters: &Counters, entries: u64, flash: &dyn Flash) -> Option<Digest> {
    let range = counters.acked_entries..entries;
    (entries >= counters.acked_entries && entries <= counters.log_entries).then(|| {
        range.fold(counters.acked_head, |head, index| {
            chain(&head, index, &flash.read(region(index)))
        })
    })
}

const fn region(index: u64) -> u16 {
    LOG + (index % CAPACITY) as u16
}

fn own_key(env: &Env<'_>) -> Option<AgreementKey> {
    let secret = env.keys.secret(SecretName::Log)?;
    Some(AgreementKey::from_secret(&secret))
}
