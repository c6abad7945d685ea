//! Applies lanes: verify everything, then persist.

use super::memory::{Bulk, Trust, change};
use super::store::Kept;
use super::{Env, SecretName};
use crate::bundle::{CodeEntry, Manifest, Section, section_context};
use crate::code::{daily_codes_live, within_guessing_bound};
use crate::critical::CriticalLane;
use crate::crypto::{AgreementKey, open_with, sha256};
use crate::document::DocumentError;
use crate::epoch::EpochKeys;
use crate::error::{Code, Error};
use crate::record::LaneSection;
use crate::time::{AHEAD, Now, UtcSeconds};

/// Most rows of one table.
const MOST_ROWS: usize = 4_096;

/// What a lane section changes, fully verified; nothing is written yet.
#[derive(Debug)]
pub(super) struct CriticalChange {
    pub(super) trust: Trust,
    pub(super) lane: CriticalLane,
    pub(super) new_root: bool,
}

/// Verifies root chain and critical lane against what the lock stands on. `None` if it already stands there.
pub(super) fn verify_critical(
    bytes: &[u8],
    trust: &Trust,
    now: Now,
) -> Result<Option<CriticalChange>, Error> {
    let section = LaneSection::decode(bytes)?;
    let climbed = section.chain.climb(&trust.root)?;
    let new_root = climbed.is_some();
    let root = climbed.unwrap_or_else(|| trust.root.clone());
    let lane = CriticalLane::verify(section.lane(), &root, &trust.lock)?;
    if !new_root && (lane.key_epoch, lane.seq) == (trust.key_epoch, trust.crit_seq) {
        return Ok(None);
    }
    // Under a new root everything starts over, but for what that root itself says.
    let rises = new_root || (lane.seq > trust.crit_seq && lane.key_epoch >= trust.key_epoch);
    if !rises {
        return Err(Code::Rollback.into());
    }
    // The time was learnt under the old root: its keys may be the very reason for the new one.
    let now = if new_root {
        Now::NotBefore(UtcSeconds(0))
    } else {
        now
    };
    let obsolete = judge_age(
        now,
        lane.issued.max(lane.time_floor).max(lane.issue_floor),
        lane.expires,
    )?;
    let trust = Trust {
        lock: trust.lock,
        identity: trust.identity,
        root,
        key_epoch: lane.key_epoch,
        crit_seq: lane.seq,
        time_floor: lane.time_floor,
        issue_floor: lane.issue_floor,
        revocations: lane.revocations.clone(),
        obsolete,
    };
    Ok(Some(CriticalChange {
        trust,
        lane,
        new_root,
    }))
}

/// Refuses what lies ahead of trusted time or behind its own expiry; says whether that could only not be known.
fn judge_age(now: Now, newest: UtcSeconds, expires: UtcSeconds) -> Result<bool, Error> {
    match now {
        Now::Trusted(interval) if newest > interval.latest.plus(AHEAD) => {
            Err(Code::BadDocument.into())
        }
        Now::Trusted(interval) if interval.earliest >= expires => Err(Code::Expired.into()),
        Now::Trusted(_) => Ok(false),
        Now::NotBefore(floor) => Ok(floor >= expires),
    }
}

/// Rolls the key store forward to the lane's epoch. The old epoch's keys stay until [`forget_epoch`]: power may go in between.
pub(super) fn roll_keys(from: &Trust, to: &Trust, env: &mut Env<'_>) -> Result<(), Error> {
    let target = (to.root.version, to.key_epoch);
    if target == (from.root.version, from.key_epoch) {
        return Ok(());
    }
    let keys = epoch_keys(from, env).ok_or(Code::Storage)?;
    let rolled = keys.roll(target.0, target.1).ok_or(Code::BadDocument)?;
    let (seed, next_root) = rolled.parts();
    let (epoch, next) = names(target);
    env.keys
        .set_secret(next, Some(next_root))
        .map_err(|_| Code::Storage)?;
    env.keys
        .set_secret(epoch, Some(seed))
        .map_err(|_| Code::Storage)?;
    Ok(())
}

/// Erases the keys of an epoch that ended. Best effort: it is repeated at boot.
pub(super) fn forget_epoch(ended: &Trust, current: &Trust, env: &mut Env<'_>) {
    let (epoch, next) = names((ended.root.version, ended.key_epoch));
    let (now_epoch, now_next) = names((current.root.version, current.key_epoch));
    if epoch != now_epoch {
        let _ = env.keys.set_secret(epoch, None);
    }
    if next != now_next {
        let _ = env.keys.set_secret(next, None);
    }
}

pub(super) const fn names((root_version, epoch): (u32, u32)) -> (SecretName, SecretName) {
    (
        SecretName::Epoch {
            root_version,
            epoch,
        },
        SecretName::NextRoot { root_version },
    )
}

pub(super) fn epoch_keys(trust: &Trust, env: &Env<'_>) -> Option<EpochKeys> {
    let position = (trust.root.version, trust.key_epoch);
    let (epoch, next) = names(position);
    let (seed, next_root) = (env.keys.secret(epoch)?, env.keys.secret(next)?);
    Some(EpochKeys::from_parts(position, seed, next_root))
}

/// Checks a manifest before a byte of its body is taken: its signer, its place in the order, its age.
pub(super) fn check_manifest(
    bytes: &[u8],
    (trust, bulk): (&Trust, &Bulk),
    now: Now,
) -> Result<(Manifest, bool), Error> {
    let manifest = Manifest::verify(bytes, &trust.root, &trust.lock)?;
    if manifest.key_epoch != trust.key_epoch {
        return Err(if manifest.key_epoch > trust.key_epoch {
            Code::SyncRequired.into()
        } else {
            Code::Rollback.into()
        });
    }
    if manifest.seq <= bulk.seq {
        return Err(Code::Rollback.into());
    }
    if manifest.base.is_some_and(|base| base > bulk.seq) {
        return Err(Code::SyncRequired.into());
    }
    let obsolete = judge_age(now, manifest.issued, manifest.expires)?;
    Ok((manifest, obsolete))
}

/// Opens a complete body and gives the state after it; nothing is written yet.
pub(super) fn apply_body(
    manifest: &Manifest,
    body: &[u8],
    bulk: &Bulk,
    key: &AgreementKey,
) -> Result<Bulk, Error> {
    let mut after = match manifest.base {
        Some(_) => bulk.clone(),
        None => Bulk::default(),
    };
    let position = (manifest.root_version, manifest.key_epoch, manifest.seq);
    let mut rest = body;
    for entry in &manifest.sections {
        let (sealed, following) = rest
            .split_at_checked(entry.length as usize)
            .ok_or(Code::BadTransfer)?;
        rest = following;
        if sha256(&[sealed]) != entry.digest {
            return Err(Code::BadTransfer.into());
        }
        let context = section_context(&manifest.lock, position, entry.kind);
        let plain = open_with(key, &context, sealed).ok_or(DocumentError::Forged)?;
        match Section::decode(entry.kind, &plain)? {
            Section::Codes(changes) => changes
                .into_iter()
                .for_each(|one| change(&mut after.codes, one)),
            Section::Schedules(changes) => {
                changes
                    .into_iter()
                    .for_each(|one| change(&mut after.schedules, one));
            }
            Section::Config(config) => after.config = config,
        }
    }
    after.root_version = manifest.root_version;
    after.key_epoch = manifest.key_epoch;
    after.seq = manifest.seq;
    sound(&after)
        .then_some(after)
        .ok_or(Code::BadDocument.into())
}

/// Whether tables are bounded and the codes together keep a guesser out (R15): a stolen policy key may not open a door to guessing.
fn sound(bulk: &Bulk) -> bool {
    let daily = bulk.config.daily_digits;
    let live = |digits: u8| {
        let synced = bulk
            .codes
            .iter()
            .filter(|row| row.entry.digits == digits)
            .count();
        u32::try_from(synced)
            .unwrap_or(u32::MAX)
            .saturating_add(daily_codes_live(digits, daily))
    };
    let code_is_sound = |code: &CodeEntry| within_guessing_bound(live(code.digits), code.digits);
    let schedules = bulk.schedules.iter();
    bulk.config.is_sound()
        && (daily == 0 || within_guessing_bound(live(daily), daily))
        && bulk.codes.len() <= MOST_ROWS
        && bulk.schedules.len() <= MOST_ROWS
        && schedules
            .map(|row| &row.entry)
            .all(crate::schedule::Schedule::is_sound)
        && bulk.codes.iter().all(|row| code_is_sound(&row.entry))
}

/// The bulk state that counts: none, if it was said under another root version.
pub(super) fn current(bulk: &Kept<Bulk>, trust: &Trust) -> Bulk {
    if bulk.value().root_version == trust.root.version {
        bulk.value().clone()
    } else {
        Bulk::default()
    }
}
