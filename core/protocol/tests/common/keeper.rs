//! A lock's documents half reduced to what the session half can tell apart: grants that say yes or no, a journal in RAM.

use std::collections::{BTreeMap, BTreeSet};

use keyway_protocol::crypto::{Secret32, SigningKey, VerifyingKey};
use keyway_protocol::error::{Code, Error};
use keyway_protocol::grant::{Flags, Grant, GrantClaims, Operations};
use keyway_protocol::hello::{ClockQuality, ClockState};
use keyway_protocol::ids::{CommandId, GrantId, HolderHash, LockId, SubjectId};
use keyway_protocol::lock::{Env, GrantView, Intake, Keeper, LogPart, Operation, Standing};
use keyway_protocol::root::{ES256, LeaseCaps, PolicyKey, RootDocument};
use keyway_protocol::service::issue;
use keyway_protocol::time::UtcSeconds;
use keyway_protocol::wire::reply::CommandOutcome;

/// The property's key in these tests.
pub fn property() -> SigningKey {
    SigningKey::from_secret(&Secret32::new([0x77; 32])).unwrap()
}

/// The property's root in these tests.
pub fn root() -> RootDocument {
    let key = property().verifying_key();
    RootDocument {
        version: 1,
        property: [0x70; 16],
        algorithm: ES256,
        root_key: key,
        policy_keys: vec![PolicyKey { key, roles: 0x1f }],
        caps: LeaseCaps::default(),
        log_key: [9; 32],
        residents_without_clock: true,
    }
}

/// The time at these locks never changes.
pub const NOW: UtcSeconds = UtcSeconds(1_800_000_000);

#[derive(Clone, Debug)]
pub struct TestGrant(Grant);

pub const BORROWED: u8 = 1;
pub const MAY_NOT_UNLOCK: u8 = 2;
pub const EXPIRED: u8 = 4;
pub const MAY_NOT_SYNC: u8 = 8;

/// A real grant for the lock whose id is this byte sixteen times.
pub fn issue(id: [u8; 16], lock: u8, holder: &VerifyingKey, flags: u8) -> Vec<u8> {
    let (from, to) = match flags & EXPIRED {
        0 => (NOW, NOW.plus(900)),
        _ => (NOW.minus(900), NOW),
    };
    let mut claims = GrantClaims::new(
        (GrantId(id), SubjectId([0x5b; 16]), LockId([lock; 16])),
        holder,
        from,
        (from, to),
        (1, 1),
    );
    if flags & MAY_NOT_UNLOCK != 0 {
        claims.operations = Operations::SYNC;
    }
    if flags & MAY_NOT_SYNC != 0 {
        claims.operations = Operations::UNLOCK;
    }
    if flags & BORROWED != 0 {
        claims.flags = Flags::BORROWED;
    }
    issue::grant(&claims, &property())
}

impl GrantView for TestGrant {
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

#[derive(Debug)]
pub struct TestKeeper {
    pub lock: LockId,
    pub hint_key: Secret32,
    pub crit_seq: u64,
    pub revoked: BTreeSet<HolderHash>,
    /// What survives a power cut: started taps and what came of them.
    pub journal: BTreeMap<(HolderHash, CommandId), Option<CommandOutcome>>,
    pub chunks: Vec<Option<Vec<u8>>>,
    pub bulk: Vec<u8>,
    pub storage_fails: bool,
}

impl TestKeeper {
    pub fn new(lock: LockId, hint_key: Secret32) -> Self {
        Self {
            lock,
            hint_key,
            crit_seq: 1,
            revoked: BTreeSet::new(),
            journal: BTreeMap::new(),
            chunks: Vec::new(),
            bulk: Vec::new(),
            storage_fails: false,
        }
    }
}

/// A lane in these tests: its number, and the holder it revokes.
pub fn lane(seq: u64, revoked: Option<HolderHash>) -> Vec<u8> {
    [
        &seq.to_be_bytes()[..],
        revoked.as_ref().map_or(&[], |holder| holder.as_ref()),
    ]
    .concat()
}

impl Keeper for TestKeeper {
    type Grant = TestGrant;

    fn lock_id(&self) -> LockId {
        self.lock
    }

    fn standing(&self, _: &Env<'_>) -> Standing {
        Standing {
            root_version: 1,
            key_epoch: 1,
            crit_seq: self.crit_seq,
            bulk_seq: self.bulk.len() as u64,
            clock: ClockState {
                quality: ClockQuality::Attested,
                width: 2,
            },
        }
    }

    fn hint_key(&self, _: &Env<'_>) -> Option<Secret32> {
        Some(self.hint_key.clone())
    }

    fn read_grant(&self, bytes: &[u8]) -> Result<TestGrant, Error> {
        Ok(TestGrant(Grant::decode(bytes)?))
    }

    fn check_grant(&self, grant: &TestGrant) -> Result<(), Error> {
        Ok(grant.0.verify(&root(), &self.lock)?)
    }

    fn judge(&self, grant: &TestGrant, operation: Operation, _: &mut Env<'_>) -> Result<(), Error> {
        let claims = grant.0.claims();
        if self.revoked.contains(&claims.holder()) {
            return Err(Code::Revoked.into());
        }
        if claims.expires <= NOW {
            return Err(Code::Expired.into());
        }
        let needed = match operation {
            Operation::Session => return Ok(()),
            Operation::Sync => Operations::SYNC,
            Operation::Unlock { .. } => Operations::UNLOCK,
        };
        if !claims.operations.include(needed) {
            return Err(Code::NotPermitted.into());
        }
        Ok(())
    }

    fn apply_lane(&mut self, lane: &[u8], _: &mut Env<'_>) -> Result<Option<Vec<u8>>, Error> {
        let (seq, revoked) = lane.split_at_checked(8).ok_or(Code::BadDocument)?;
        let seq = u64::from_be_bytes(seq.try_into().unwrap());
        if seq <= self.crit_seq {
            return Ok(None);
        }
        self.crit_seq = seq;
        self.revoked.extend(HolderHash::try_from(revoked));
        Ok(Some(format!("receipt {seq}").into_bytes()))
    }

    fn begin(
        &mut self,
        grant: &TestGrant,
        command: CommandId,
        _: &mut Env<'_>,
    ) -> Result<(), Error> {
        if self.storage_fails {
            return Err(Code::Storage.into());
        }
        self.journal.insert((grant.holder(), command), None);
        Ok(())
    }

    fn finish(
        &mut self,
        grant: &TestGrant,
        command: CommandId,
        outcome: CommandOutcome,
        _: &mut Env<'_>,
    ) {
        self.journal
            .insert((grant.holder(), command), Some(outcome));
    }

    fn recall(&self, holder: &HolderHash, command: CommandId) -> Option<CommandOutcome> {
        let noted = self.journal.get(&(*holder, command))?;
        Some(noted.unwrap_or(CommandOutcome::Unknown))
    }

    fn manifest(&mut self, manifest: &[u8], _: &mut Env<'_>) -> Result<Intake, Error> {
        let count = usize::from(*manifest.first().ok_or(Code::BadTransfer)?);
        self.chunks.resize(count, None);
        let mut bitmap = vec![0; count.div_ceil(8)];
        for (index, _) in self
            .chunks
            .iter()
            .enumerate()
            .filter(|(_, chunk)| chunk.is_none())
        {
            bitmap[index / 8] |= 1 << (index % 8);
        }
        Ok(Intake::Missing(bitmap))
    }

    fn chunk(
        &mut self,
        index: u16,
        bytes: &[u8],
        _: &mut Env<'_>,
    ) -> Result<Option<Vec<u8>>, Error> {
        let chunk = self
            .chunks
            .get_mut(usize::from(index))
            .ok_or(Code::BadTransfer)?;
        *chunk = Some(bytes.into());
        if self.chunks.iter().any(Option::is_none) {
            return Ok(None);
        }
        self.bulk = self.chunks.drain(..).flatten().flatten().collect();
        Ok(Some(b"bulk receipt".into()))
    }

    fn receipts(&self) -> Vec<Vec<u8>> {
        vec![b"first receipt".into(), b"second receipt".into()]
    }

    fn log_segment(&mut self, from: u64, _: usize, _: &mut Env<'_>) -> Result<LogPart, Error> {
        Ok(LogPart {
            next: from + 3,
            more: true,
            segment: vec![0x5a; 300],
        })
    }

    fn log_backlog(&self) -> u32 {
        3
    }

    fn time_nonce(&mut self, _: &mut Env<'_>) -> Vec<u8> {
        vec![0x0e; 16]
    }

    fn attest(&mut self, attest: &[u8], _: &mut Env<'_>) -> Result<(), Error> {
        if attest == [1] {
            Ok(())
        } else {
            Err(Code::BadAttest.into())
        }
    }

    fn digit(&mut self, digit: u8, _: &mut Env<'_>) -> Option<Result<(), Error>> {
        match digit {
            7 => Some(Ok(())),
            9 => Some(Err(Code::Expired.into())),
            _ => None,
        }
    }

    fn keypad_finished(&mut self, _: CommandOutcome, _: &mut Env<'_>) {}
}
