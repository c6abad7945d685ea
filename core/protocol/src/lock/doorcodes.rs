//! Compares what was typed with what opens: the synced table and the codes of the day.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::memory::{Bulk, Row};
use super::store::{Kept, Record};
use super::{Env, Flash, SecretName};
use crate::bundle::{CodeEntry, CodeKind};
use crate::code::{
    CivilDay, CodeTag, DailyKind, Digits, OffsetTable, SINGLE_USE_SECONDS, daily_code,
};
use crate::error::{Code, Error};
use crate::ids::LockId;
use crate::io::Millis;
use crate::log::Actor;
use crate::schedule::days_over;
use crate::time::{Now, UtcSeconds};

/// First uses that are remembered: both neighbours of today, every slot.
const MOST_USES: usize = 40;

/// The first use of a single-use code.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(super) struct Use {
    #[n(0)]
    slot: u8,
    #[n(1)]
    day: CivilDay,
    /// The boot and uptime of the first use: exact while power lasts.
    #[n(2)]
    boot: u32,
    #[n(3)]
    uptime: u64,
    /// It was not earlier than this: what counts after a power cut.
    #[n(4)]
    earliest: UtcSeconds,
}

/// What a lock knows when it compares.
pub(super) struct Comparison<'a> {
    pub(super) lock: LockId,
    pub(super) bulk: &'a Bulk,
    pub(super) now: Now,
    pub(super) boot: u32,
}

/// A code that opens now.
pub(super) struct Opening {
    pub(super) actor: Actor,
    /// To be in flash before the motor moves.
    first_use: Option<Use>,
}

/// Single-use codes in use.
#[derive(Debug)]
pub(super) struct Uses(Kept<Vec<Use>>);

impl Uses {
    pub(super) fn load(flash: &dyn Flash) -> Self {
        Self(Kept::load(flash, Record::SingleUse, Vec::new()))
    }

    /// Whose code it is, if it opens now.
    ///
    /// # Errors
    /// [`Code::NotPermitted`] for a code that is none; else why a right one does not open now.
    pub(super) fn find(
        &self,
        digits: &Digits,
        with: &Comparison<'_>,
        env: &Env<'_>,
    ) -> Result<Opening, Error> {
        let synced = find_synced(digits, with, env)?;
        let daily = self.find_daily(digits, with, env)?;
        match (synced, daily) {
            (Some(row), _) => {
                judge_synced(&row.entry, with)?;
                Ok(Opening {
                    actor: Actor::Code(row.id),
                    first_use: None,
                })
            }
            (None, Some((kind, slot, day))) => {
                if env.body.deadbolt_thrown {
                    return Err(Code::Deadbolt.into());
                }
                let first_use = match kind {
                    DailyKind::Daily => None,
                    DailyKind::SingleUse => self.first_use(slot, day, with, env)?,
                };
                let day = u32::try_from(day.0).unwrap_or_default();
                Ok(Opening {
                    actor: Actor::Daily(kind, slot, day),
                    first_use,
                })
            }
            (None, None) if may_be_daily(digits, with) && !matches!(with.now, Now::Trusted(_)) => {
                Err(Code::ClockUnsure.into())
            }
            (None, None) => Err(Code::NotPermitted.into()),
        }
    }

    fn find_daily(
        &self,
        digits: &Digits,
        with: &Comparison<'_>,
        env: &Env<'_>,
    ) -> Result<Option<(DailyKind, u8, CivilDay)>, Error> {
        let Now::Trusted(interval) = with.now else {
            return Ok(None);
        };
        if !may_be_daily(digits, with) {
            return Ok(None);
        }
        let key = env.keys.secret(SecretName::Day).ok_or(Code::Storage)?;
        // EXPOSE: the slot, which says whose code it claims to be.
        let slot = digits.expose()[0];
        let utc = OffsetTable::utc();
        let local = with.bulk.config.local_time.as_ref().unwrap_or(&utc);
        let today = days_over(&interval, local);
        let used = self.0.value().iter().filter(|one| one.slot == slot);
        let used: Vec<CivilDay> = used.map(|one| one.day).collect();
        let candidates = DailyKind::ALL.into_iter().flat_map(|kind| {
            let past = if kind == DailyKind::SingleUse {
                used.as_slice()
            } else {
                &[]
            };
            today.iter().chain(past).map(move |day| (kind, *day))
        });
        let mut found = None;
        for (kind, day) in candidates {
            let code = daily_code(
                &key,
                with.lock,
                kind,
                slot,
                day,
                with.bulk.config.daily_digits,
            );
            // No early end: how long it takes tells nothing of the code.
            if code.is_some_and(|code| code == *digits) {
                found = Some((kind, slot, day));
            }
        }
        Ok(found)
    }

    /// The first use that this would be of a single-use code; `None` if it was used and is not over.
    fn first_use(
        &self,
        slot: u8,
        day: CivilDay,
        with: &Comparison<'_>,
        env: &Env<'_>,
    ) -> Result<Option<Use>, Error> {
        let mut uses = self.0.value().iter();
        match uses.find(|one| one.slot == slot && one.day == day) {
            Some(first) if first.is_over(with, env.now) => Err(Code::Expired.into()),
            Some(_) => Ok(None),
            None => Ok(Some(Use {
                slot,
                day,
                boot: with.boot,
                uptime: env.now.0,
                earliest: with.now.earliest(),
            })),
        }
    }

    /// Writes the first use of a single-use code; nothing is to be written for other codes.
    pub(super) fn begin(&mut self, opening: &Opening, env: &mut Env<'_>) -> Result<(), Error> {
        let Some(first) = &opening.first_use else {
            return Ok(());
        };
        let update = self.0.update(env.flash, |uses| {
            uses.retain(|other| other.day.0 + 1 >= first.day.0);
            if uses.len() >= MOST_USES {
                uses.remove(0);
            }
            uses.push(first.clone());
        });
        Ok(update.map_err(|_| Code::Storage)?)
    }
}

impl Use {
    fn is_over(&self, with: &Comparison<'_>, now: Millis) -> bool {
        let lifetime = SINGLE_USE_SECONDS.unsigned_abs();
        if self.boot == with.boot {
            return now.since(Millis(self.uptime)) >= lifetime * 1_000;
        }
        match with.now {
            Now::Trusted(interval) => interval.latest.since(self.earliest) >= lifetime,
            Now::NotBefore(_) => true,
        }
    }
}

fn may_be_daily(digits: &Digits, with: &Comparison<'_>) -> bool {
    digits.length() == usize::from(with.bulk.config.daily_digits)
}

/// Compares with every tag of the table, whatever is found on the way.
fn find_synced<'a>(
    digits: &Digits,
    with: &Comparison<'a>,
    env: &Env<'_>,
) -> Result<Option<&'a Row<CodeEntry>>, Error> {
    let pepper = env.keys.secret(SecretName::Pepper).ok_or(Code::Storage)?;
    let tag = CodeTag::of(&pepper, with.lock, digits);
    let mut found = None;
    for row in &with.bulk.codes {
        if row.entry.tag.matches(&tag) && usize::from(row.entry.digits) == digits.length() {
            found = Some(row);
        }
    }
    Ok(found)
}

fn judge_synced(code: &CodeEntry, with: &Comparison<'_>) -> Result<(), Error> {
    let schedule = match code.schedule {
        None => None,
        Some(id) => {
            let row = with.bulk.schedules.iter().find(|row| row.id == id);
            Some(&row.ok_or(Code::OutOfSchedule)?.entry)
        }
    };
    match with.now {
        Now::Trusted(interval) => {
            if code.not_before.is_some_and(|from| interval.earliest < from) {
                return Err(Code::NotYet.into());
            }
            if code.expires.is_some_and(|until| interval.latest >= until) {
                return Err(Code::Expired.into());
            }
            let utc = OffsetTable::utc();
            let local = with.bulk.config.local_time.as_ref().unwrap_or(&utc);
            match schedule {
                Some(schedule) if !schedule.includes(&interval, local) => {
                    Err(Code::OutOfSchedule.into())
                }
                _ => Ok(()),
            }
        }
        Now::NotBefore(floor) if code.expires.is_some_and(|until| floor >= until) => {
            Err(Code::Expired.into())
        }
        // A resident's code holds without a clock; a guest's does not.
        Now::NotBefore(_) if code.kind == CodeKind::Guest || schedule.is_some() => {
            Err(Code::ClockUnsure.into())
        }
        Now::NotBefore(_) => Ok(()),
    }
}
