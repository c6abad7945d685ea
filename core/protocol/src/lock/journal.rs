//! What was started and what came of it, written before and after the motor (R18).

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::store::{Kept, Record};
use super::{Flash, StorageFault};
use crate::ids::{CommandId, HolderHash};
use crate::receipt::CommandResult;
use crate::wire::reply::CommandOutcome;

/// Taps that are remembered. What is asked about an older one is answered as unknown to the lock.
pub const REMEMBERED: usize = 64;

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct Tap {
    #[n(0)]
    holder: HolderHash,
    #[n(1)]
    command: CommandId,
    /// Absent while the motor may be moving. Found absent at boot, nobody knows.
    #[n(2)]
    result: Option<CommandResult>,
}

/// Taps, oldest first.
#[derive(Debug)]
pub(super) struct Journal(Kept<Vec<Tap>>);

impl Journal {
    /// Reads it; what was under way when power was lost stays unknown for ever.
    pub(super) fn load(flash: &dyn Flash) -> Self {
        Self(Kept::load(flash, Record::Journal, Vec::new()))
    }

    /// Notes that the motor is about to move. Nothing moves if this fails.
    pub(super) fn begin(
        &mut self,
        holder: HolderHash,
        command: CommandId,
        flash: &mut dyn Flash,
    ) -> Result<(), StorageFault> {
        self.0.update(flash, |taps| {
            if taps.len() >= REMEMBERED {
                taps.remove(0);
            }
            taps.push(Tap {
                holder,
                command,
                result: None,
            });
        })
    }

    /// Notes the end, in RAM at least.
    pub(super) fn finish(
        &mut self,
        holder: &HolderHash,
        command: CommandId,
        result: CommandResult,
        flash: &mut dyn Flash,
    ) {
        self.0.update_anyway(flash, |taps| {
            let tap = taps
                .iter_mut()
                .rev()
                .find(|tap| tap.command == command && tap.holder == *holder);
            if let Some(tap) = tap {
                tap.result = Some(result);
            }
        });
    }

    /// What became of a tap; only its holder is told.
    pub(super) fn recall(&self, holder: &HolderHash, command: CommandId) -> Option<CommandOutcome> {
        let taps = self.0.value().iter().rev();
        let tap = taps
            .into_iter()
            .find(|tap| tap.command == command && tap.holder == *holder)?;
        Some(match tap.result {
            Some(CommandResult::Executed) => CommandOutcome::Executed,
            Some(CommandResult::NotExecuted) => CommandOutcome::NotExecuted(None),
            Some(CommandResult::Unknown) | None => CommandOutcome::Unknown,
        })
    }
}

/// The outcome without its reason, as journal, log and receipt keep it.
pub(super) const fn result(outcome: CommandOutcome) -> CommandResult {
    match outcome {
        CommandOutcome::Executed => CommandResult::Executed,
        CommandOutcome::NotExecuted(_) => CommandResult::NotExecuted,
        CommandOutcome::Unknown => CommandResult::Unknown,
    }
}
