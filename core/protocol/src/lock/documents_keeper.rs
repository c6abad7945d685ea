//! What the session half asks, answered from the documents.

use alloc::vec::Vec;

use super::apply::{self, CriticalChange};
use super::documents::Documents;
use super::doorcodes::{Comparison, Opening};
use super::journal::result;
use super::keypad::Key;
use super::memory::Bulk;
use super::{Env, Intake, Keeper, LogPart, Operation, Standing, judge, logbook};
use crate::bundle::Manifest;
use crate::code::Digits;
use crate::crypto::Secret32;
use crate::error::{Code, Error, Retry};
use crate::grant::Grant;
use crate::ids::{CommandId, HolderHash, LockId};
use crate::log::{Actor, EventKind};
use crate::receipt::Occasion;
use crate::time::{Now, TimeAttest};
use crate::wire::reply::CommandOutcome;

impl Keeper for Documents {
    type Grant = Grant;

    fn lock_id(&self) -> LockId {
        self.trust().lock
    }

    fn standing(&self, env: &Env<'_>) -> Standing {
        let trust = self.trust();
        Standing {
            root_version: trust.root.version,
            key_epoch: trust.key_epoch,
            crit_seq: trust.crit_seq,
            bulk_seq: self.bulk_seq(),
            clock: self.time.state(env.now),
        }
    }

    fn hint_key(&self, env: &Env<'_>) -> Option<Secret32> {
        Some(apply::epoch_keys(self.trust(), env)?.hint_key())
    }

    fn read_grant(&self, bytes: &[u8]) -> Result<Grant, Error> {
        Ok(Grant::decode(bytes)?)
    }

    fn check_grant(&self, grant: &Grant) -> Result<(), Error> {
        let trust = self.trust();
        if grant.claims().root_version != trust.root.version {
            return Err(Code::SyncRequired.into());
        }
        Ok(grant.verify(&trust.root, &trust.lock)?)
    }

    fn judge(&self, grant: &Grant, operation: Operation, env: &mut Env<'_>) -> Result<(), Error> {
        let now = self.time.now(env.now);
        let local = self
            .scoped_bulk()
            .and_then(|bulk| bulk.config.local_time.as_ref());
        judge::judge(grant.claims(), operation, self.trust(), (now, local))
    }

    fn apply_lane(&mut self, lane: &[u8], env: &mut Env<'_>) -> Result<Option<Vec<u8>>, Error> {
        let now = self.time.now(env.now);
        let Some(change) = apply::verify_critical(lane, self.trust(), now)? else {
            return Ok(None);
        };
        self.commit_critical(change, env)?;
        self.note(EventKind::Critical, Actor::Lock, env, |_| {});
        // The lane counts even where no receipt can be counted.
        Ok(self.receipt(Occasion::Critical, env).ok())
    }

    fn begin(&mut self, grant: &Grant, command: CommandId, env: &mut Env<'_>) -> Result<(), Error> {
        let holder = grant.claims().holder();
        let begun = self.journal.begin(holder, command, env.flash);
        Ok(begun.map_err(|_| Code::Storage)?)
    }

    fn finish(
        &mut self,
        grant: &Grant,
        command: CommandId,
        outcome: CommandOutcome,
        env: &mut Env<'_>,
    ) {
        let (claims, ended) = (grant.claims(), result(outcome));
        let holder = claims.holder();
        self.journal.finish(&holder, command, ended, env.flash);
        self.note(self.unlock_kind(env), Actor::Phone(holder), env, |entry| {
            entry.subject = Some(claims.subject);
            entry.grant = Some(claims.id);
            entry.command = Some(command);
            entry.result = Some(ended);
        });
        // Kept for whoever asks; the bolt has moved with or without it.
        let _ = self.receipt(Occasion::Command(holder, command, ended), env);
    }

    fn recall(&self, holder: &HolderHash, command: CommandId) -> Option<CommandOutcome> {
        self.journal.recall(holder, command)
    }

    fn manifest(&mut self, manifest: &[u8], env: &mut Env<'_>) -> Result<Intake, Error> {
        let bulk = self.bulk();
        if self.has_applied(manifest) {
            return Ok(Intake::Applied(self.receipt(Occasion::Bulk, env)?));
        }
        let now = self.time.now(env.now);
        let (checked, _) = apply::check_manifest(manifest, (self.trust(), &bulk), now)?;
        let announced = self.staging.announce(manifest, checked, env.flash);
        announced.map_err(|_| Code::Storage)?;
        if self.staging.is_complete() {
            return Ok(Intake::Applied(self.commit_bulk(env)?));
        }
        Ok(Intake::Missing(self.staging.missing()))
    }

    fn chunk(
        &mut self,
        index: u16,
        bytes: &[u8],
        env: &mut Env<'_>,
    ) -> Result<Option<Vec<u8>>, Error> {
        self.staging.chunk(index, bytes, env.flash)?;
        if self.staging.is_complete() {
            return Ok(Some(self.commit_bulk(env)?));
        }
        Ok(None)
    }

    fn receipts(&self) -> Vec<Vec<u8>> {
        let kept = self.receipts.value().iter();
        kept.map(|receipt| receipt.sealed.to_vec()).collect()
    }

    fn log_segment(
        &mut self,
        from: u64,
        limit: usize,
        env: &mut Env<'_>,
    ) -> Result<LogPart, Error> {
        let lock = self.trust().lock;
        let counters = self.counters.value();
        Ok(self.logbook.segment(lock, from, limit, counters, env.flash))
    }

    fn log_backlog(&self) -> u32 {
        u32::try_from(logbook::unacknowledged(self.counters.value())).unwrap_or(u32::MAX)
    }

    fn time_nonce(&mut self, env: &mut Env<'_>) -> Vec<u8> {
        self.time.nonce(env.now, env.random).to_vec()
    }

    fn attest(&mut self, attest: &[u8], env: &mut Env<'_>) -> Result<(), Error> {
        let trust = self.trust();
        let attest = TimeAttest::verify(attest, &trust.root, &trust.lock)?;
        self.time.attest(&attest, env.now)?;
        // The floor: best effort, written again with every counter.
        let _ = self.count(env, |_| {});
        Ok(())
    }

    fn digit(&mut self, digit: u8, env: &mut Env<'_>) -> Option<Result<(), Error>> {
        let digits = self.keypad.entry.press(Key::from_number(digit)?, env.now)?;
        let opened = self.try_code(&digits, env);
        if opened.is_err() {
            self.note(EventKind::CodeRefused, Actor::Keypad, env, |_| {});
        }
        Some(opened.map(|actor| self.keypad.actor = actor))
    }

    fn keypad_finished(&mut self, outcome: CommandOutcome, env: &mut Env<'_>) {
        let actor = core::mem::replace(&mut self.keypad.actor, Actor::Keypad);
        self.note(self.unlock_kind(env), actor, env, |entry| {
            entry.result = Some(result(outcome));
        });
    }
}

impl Documents {
    /// Keys first, then the record that names them, then RAM, then what the old epoch leaves behind.
    fn commit_critical(&mut self, change: CriticalChange, env: &mut Env<'_>) -> Result<(), Error> {
        let CriticalChange {
            trust,
            lane,
            new_root,
        } = change;
        let before = self.trust().clone();
        apply::roll_keys(&before, &trust, env)?;
        let written = self
            .trust
            .update_anyway(env.flash, |stored| *stored = trust);
        // A revocation counts even if flash refuses; the receipt says for how long.
        self.volatile = !written;
        if written {
            apply::forget_epoch(&before, self.trust.value(), env);
        }
        if new_root {
            self.time.start_over(lane.time_floor, env.now);
            self.staging.clear();
        } else {
            self.time.raise(lane.time_floor, env.now);
        }
        if let Some(ack) = &lane.ack {
            let to = self.addressee();
            let settled = self.logbook.acknowledge(ack, to, &mut self.counters, env);
            self.volatile |= settled.is_err();
            self.receipts.update_anyway(env.flash, |receipts| {
                receipts.retain(|receipt| receipt.counter > ack.receipt);
            });
        }
        Ok(())
    }

    /// Whether this is the bundle that the lock stands on: the courier lost the answer.
    fn has_applied(&self, manifest: &[u8]) -> bool {
        let trust = self.trust();
        Manifest::verify(manifest, &trust.root, &trust.lock)
            .is_ok_and(|manifest| manifest.seq > 0 && manifest.seq == self.bulk_seq())
    }

    /// Opens and checks the complete body, then flips the slot.
    fn commit_bulk(&mut self, env: &mut Env<'_>) -> Result<Vec<u8>, Error> {
        let bulk = self.bulk();
        let manifest = self.staging.manifest().ok_or(Code::BadTransfer)?;
        let now = self.time.now(env.now);
        let keys = apply::epoch_keys(self.trust(), env).ok_or(Code::Storage)?;
        let body = self.staging.body(env.flash);
        let after = apply::apply_body(manifest, &body, &bulk, &keys.sealing_key());
        let expires = manifest.expires;
        let mut after = match after {
            Ok(after) => after,
            Err(error) => {
                self.staging.clear();
                return Err(error);
            }
        };
        after.obsolete = matches!(now, Now::NotBefore(floor) if floor >= expires);
        let replaced = self.bulk.replace(after, env.flash);
        replaced.map_err(|_| Code::Storage)?;
        self.staging.clear();
        self.note(EventKind::Bulk, Actor::Lock, env, |_| {});
        self.receipt(Occasion::Bulk, env)
    }

    fn try_code(&mut self, digits: &Digits, env: &mut Env<'_>) -> Result<Actor, Error> {
        let spent = self.spend_try(env);
        let found = spent.and_then(|()| self.compare(digits, env));
        if !env.body.can_move_bolt() {
            // Every code is told the same. A right one costs no try, and a single-use one is not used.
            if found.is_ok() {
                self.give_try_back(env);
            }
            return Err(Code::BatteryLow.into());
        }
        let opening = found?;
        self.uses.begin(&opening, env)?;
        self.give_try_back(env);
        Ok(opening.actor)
    }

    /// Spends a try. It is in flash before the comparison: a power cut gives none back.
    fn spend_try(&mut self, env: &mut Env<'_>) -> Result<(), Error> {
        let mut bucket = self.keypad.bucket;
        bucket.spend(env.now).map_err(|wait| {
            let wait = u32::try_from(wait).unwrap_or(u32::MAX);
            Error::new(Code::Busy).retry(Retry::After(wait))
        })?;
        let tries = bucket.tries();
        self.count(env, |counters| counters.tries = tries)
            .map_err(|_| Code::Storage)?;
        self.keypad.bucket = bucket;
        Ok(())
    }

    fn give_try_back(&mut self, env: &mut Env<'_>) {
        self.keypad.bucket.give_back();
        let tries = self.keypad.bucket.tries();
        let _ = self.count(env, |counters| counters.tries = tries);
    }

    fn compare(&self, digits: &Digits, env: &Env<'_>) -> Result<Opening, Error> {
        let bulk = self.bulk();
        let with = Comparison {
            lock: self.trust.value().lock,
            bulk: &bulk,
            now: self.time.now(env.now),
            boot: self.counters.value().boot,
        };
        self.uses.find(digits, &with, env)
    }

    fn bulk_seq(&self) -> u64 {
        self.scoped_bulk().map_or(0, |bulk| bulk.seq)
    }

    /// What bulk bundles said under the present root version.
    fn scoped_bulk(&self) -> Option<&Bulk> {
        let bulk = self.bulk.value();
        (bulk.root_version == self.trust().root.version).then_some(bulk)
    }

    fn unlock_kind(&self, env: &Env<'_>) -> EventKind {
        match self.time.now(env.now) {
            Now::Trusted(_) => EventKind::Unlock,
            Now::NotBefore(_) => EventKind::UnlockWithoutClock,
        }
    }
}
