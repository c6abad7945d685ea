//! A lock's documents half, reduced to what a phone can tell apart.

use super::doorway::{LOCK, hint_key};
use keyway_protocol::crypto::Secret32;
use keyway_protocol::error::{Code, Error};
use keyway_protocol::grant::Grant;
use keyway_protocol::hello::{ClockQuality, ClockState};
use keyway_protocol::ids::{CommandId, GrantId, HolderHash, LockId};
use keyway_protocol::lock::{Env, GrantView, Intake, Keeper, LogPart, Operation, Standing};
use keyway_protocol::wire::reply::CommandOutcome;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

#[derive(Clone)]
pub(crate) struct Shown(Grant);

impl GrantView for Shown {
    fn id(&self) -> GrantId {
        self.0.claims().id
    }

    fn holder(&self) -> HolderHash {
        self.0.claims().holder()
    }

    fn is_resumable(&self) -> bool {
        self.0.claims().is_resumable()
    }
}

/// The keeper that the lock's machine owns; tests hold the papers.
pub(crate) struct DoorKeeper(pub(crate) Arc<Mutex<Papers>>);

pub(crate) struct Papers {
    /// What every unlock is refused with.
    pub(crate) refuses: Option<Code>,
    /// The lock's time is attested.
    pub(crate) attested: bool,
    pub(crate) bulk_seq: u64,
    pub(crate) receipts: Vec<Vec<u8>>,
    /// Entries nobody has fetched.
    pub(crate) log_entries: u64,
    journal: BTreeMap<(HolderHash, CommandId), Option<CommandOutcome>>,
    chunks: Vec<Option<Vec<u8>>>,
    /// How often a chunk was taken.
    pub(crate) chunks_taken: usize,
}

impl Papers {
    pub(crate) fn new() -> Self {
        Self {
            refuses: None,
            attested: true,
            bulk_seq: 0,
            receipts: Vec::new(),
            log_entries: 5,
            journal: BTreeMap::new(),
            chunks: Vec::new(),
            chunks_taken: 0,
        }
    }

    /// How many taps stand in the journal.
    pub(crate) fn taps(&self) -> usize {
        self.journal.len()
    }
}

impl DoorKeeper {
    fn papers(&self) -> MutexGuard<'_, Papers> {
        self.0.lock().unwrap()
    }
}

impl Keeper for DoorKeeper {
    type Grant = Shown;

    fn lock_id(&self) -> LockId {
        LOCK
    }

    fn standing(&self, _: &Env<'_>) -> Standing {
        let papers = self.papers();
        let (quality, width) = match papers.attested {
            true => (ClockQuality::Attested, 2),
            false => (ClockQuality::Floor, u32::MAX),
        };
        Standing {
            root_version: 1,
            key_epoch: 1,
            crit_seq: 1,
            bulk_seq: papers.bulk_seq,
            clock: ClockState { quality, width },
        }
    }

    fn hint_key(&self, _: &Env<'_>) -> Option<Secret32> {
        Some(hint_key())
    }

    fn read_grant(&self, bytes: &[u8]) -> Result<Shown, Error> {
        Grant::decode(bytes)
            .map(Shown)
            .map_err(|_| Code::BadDocument.into())
    }

    fn check_grant(&self, _: &Shown) -> Result<(), Error> {
        Ok(())
    }

    fn judge(&self, _: &Shown, operation: Operation, _: &mut Env<'_>) -> Result<(), Error> {
        let papers = self.papers();
        match (papers.refuses, operation) {
            (Some(Code::ClockUnsure), _) if papers.attested => Ok(()),
            (Some(code), Operation::Unlock { .. }) => Err(code.into()),
            _ => Ok(()),
        }
    }

    fn apply_lane(&mut self, _: &[u8], _: &mut Env<'_>) -> Result<Option<Vec<u8>>, Error> {
        Ok(None)
    }

    fn begin(&mut self, grant: &Shown, command: CommandId, _: &mut Env<'_>) -> Result<(), Error> {
        let mut papers = self.papers();
        papers.journal.insert((grant.holder(), command), None);
        Ok(())
    }

    fn finish(
        &mut self,
        grant: &Shown,
        command: CommandId,
        outcome: CommandOutcome,
        _: &mut Env<'_>,
    ) {
        let mut papers = self.papers();
        papers
            .journal
            .insert((grant.holder(), command), Some(outcome));
    }

    fn recall(&self, holder: &HolderHash, command: CommandId) -> Option<CommandOutcome> {
        let papers = self.papers();
        let noted = papers.journal.get(&(*holder, command))?;
        Some(noted.unwrap_or(CommandOutcome::Unknown))
    }

    /// Any manifest of four chunks or fewer will do; what was taken before is not asked for again.
    fn manifest(&mut self, _: &[u8], _: &mut Env<'_>) -> Result<Intake, Error> {
        let mut papers = self.papers();
        papers.chunks.resize(4, None);
        let missing = papers.chunks.iter().enumerate();
        let bitmap = missing
            .filter(|(_, chunk)| chunk.is_none())
            .fold(0, |bitmap, (index, _)| bitmap | 1 << index);
        Ok(Intake::Missing(vec![bitmap]))
    }

    fn chunk(
        &mut self,
        index: u16,
        bytes: &[u8],
        _: &mut Env<'_>,
    ) -> Result<Option<Vec<u8>>, Error> {
        let mut papers = self.papers();
        papers.chunks_taken += 1;
        papers.chunks[usize::from(index)] = Some(bytes.into());
        if papers.chunks.iter().any(Option::is_none) {
            return Ok(None);
        }
        papers.chunks.clear();
        papers.bulk_seq += 1;
        papers.receipts.push(b"bulk receipt".to_vec());
        Ok(Some(b"bulk receipt".to_vec()))
    }

    fn receipts(&self) -> Vec<Vec<u8>> {
        let papers = self.papers();
        papers.receipts.clone()
    }

    fn log_segment(&mut self, from: u64, _: usize, _: &mut Env<'_>) -> Result<LogPart, Error> {
        let papers = self.papers();
        let next = (from + 3).min(papers.log_entries.max(from));
        let segment = match next > from {
            true => format!("entries {from} to {next}").into_bytes(),
            false => Vec::new(),
        };
        Ok(LogPart {
            next,
            more: next < papers.log_entries,
            segment,
        })
    }

    fn log_backlog(&self) -> u32 {
        let papers = self.papers();
        u32::try_from(papers.log_entries).unwrap()
    }

    fn time_nonce(&mut self, _: &mut Env<'_>) -> Vec<u8> {
        vec![0x0e; 16]
    }

    fn attest(&mut self, attest: &[u8], _: &mut Env<'_>) -> Result<(), Error> {
        let mut papers = self.papers();
        papers.attested = attest == b"attest";
        match papers.attested {
            true => Ok(()),
            false => Err(Code::BadAttest.into()),
        }
    }

    fn digit(&mut self, _: u8, _: &mut Env<'_>) -> Option<Result<(), Error>> {
        None
    }

    fn keypad_finished(&mut self, _: CommandOutcome, _: &mut Env<'_>) {}
}
