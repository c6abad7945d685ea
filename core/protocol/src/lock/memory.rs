//! What a lock's records hold.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use crate::bundle::{Change, CodeEntry, DoorConfig};
use crate::critical::Revocation;
use crate::crypto::VerifyingKey;
use crate::ids::{Digest, LockId};
use crate::root::RootDocument;
use crate::schedule::Schedule;
use crate::time::UtcSeconds;

/// Whom the lock believes, and what critical lanes said. Everything but the name and the identity ends with the root version.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(super) struct Trust {
    #[n(0)]
    pub(super) lock: LockId,
    #[n(1)]
    pub(super) identity: VerifyingKey,
    #[n(2)]
    pub(super) root: RootDocument,
    #[n(3)]
    pub(super) key_epoch: u32,
    #[n(4)]
    pub(super) crit_seq: u64,
    #[n(5)]
    pub(super) time_floor: UtcSeconds,
    #[n(6)]
    pub(super) issue_floor: UtcSeconds,
    #[n(7)]
    pub(super) revocations: Vec<Revocation>,
    /// The last lane was past its expiry, and the lock could not know.
    #[n(8)]
    pub(super) obsolete: bool,
}

/// One row of a table that deltas change.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(super) struct Row<T> {
    #[n(0)]
    pub(super) id: u32,
    #[n(1)]
    pub(super) version: u32,
    #[n(2)]
    pub(super) entry: T,
}

/// What bulk bundles said; counts only under the root version it was said under.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(super) struct Bulk {
    #[n(0)]
    pub(super) root_version: u32,
    #[n(1)]
    pub(super) key_epoch: u32,
    #[n(2)]
    pub(super) seq: u64,
    #[n(3)]
    pub(super) codes: Vec<Row<CodeEntry>>,
    #[n(4)]
    pub(super) schedules: Vec<Row<Schedule>>,
    #[n(5)]
    pub(super) config: DoorConfig,
    #[n(6)]
    pub(super) obsolete: bool,
}

/// Sets or deletes by id. A later version that is already there stays.
pub(super) fn change<T>(rows: &mut Vec<Row<T>>, change: Change<T>) {
    let (id, version) = (change.id(), change.version());
    let place = rows.binary_search_by_key(&id, |row| row.id);
    if let Ok(at) = place
        && rows[at].version > version
    {
        return;
    }
    match (place, change) {
        (Ok(at), Change::Set(_, _, entry)) => rows[at] = Row { id, version, entry },
        (Err(at), Change::Set(_, _, entry)) => rows.insert(at, Row { id, version, entry }),
        (Ok(at), Change::Delete(..)) => {
            rows.remove(at);
        }
        (Err(_), Change::Delete(..)) => {}
    }
}

/// What is counted. Written before what it counts is shown to anyone.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(super) struct Counters {
    #[n(0)]
    pub(super) boot: u32,
    /// Receipts ever signed.
    #[n(1)]
    pub(super) receipts: u64,
    /// SHA-256 of the newest receipt's payload.
    #[n(2)]
    pub(super) receipt_digest: Digest,
    /// Log entries ever written.
    #[n(3)]
    pub(super) log_entries: u64,
    /// The chain's head after them.
    #[n(4)]
    pub(super) log_head: Digest,
    /// Log entries the service has.
    #[n(5)]
    pub(super) acked_entries: u64,
    /// The chain's head after those.
    #[n(6)]
    pub(super) acked_head: Digest,
    /// Tries left at the keypad.
    #[n(7)]
    pub(super) tries: u8,
    /// It is not earlier than this.
    #[n(8)]
    pub(super) time_floor: UtcSeconds,
    /// The root version the floor was learnt under.
    #[n(9)]
    pub(super) floor_root: u32,
}

impl Counters {
    pub(super) const fn new() -> Self {
        Self {
            boot: 0,
            receipts: 0,
            receipt_digest: Digest([0; 32]),
            log_entries: 0,
            log_head: Digest([0; 32]),
            acked_entries: 0,
            acked_head: Digest([0; 32]),
            tries: super::keypad::BURST,
            time_floor: UtcSeconds(0),
            floor_root: 0,
        }
    }
}
