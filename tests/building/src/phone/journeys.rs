//! Orders about doors: each is one call of the facade, and its answer in words.

use super::Shell;
use super::wire::{Code, Door, Said};
use keyway_app::service::DoorId;
use keyway_app::{CodeDigits, Error, Reveal, SyncOutcome, SyncPhase, UnlockOutcome};

impl Shell {
    pub(super) fn doors(&mut self) -> Result<Said, Error> {
        let doors = self.phone.runtime.block_on(self.app.refresh())?;
        let shown = doors.doors.into_iter().map(|view| Door {
            uuid: view.door.id.to_string(),
            name: view.door.name,
            connected: view.door.is_connected,
            pending: view.door.pending_changes,
        });
        Ok(Said::Doors {
            doors: shown.collect(),
        })
    }

    pub(super) fn codes(&mut self, door: &str) -> Result<Said, Error> {
        let codes = self.app.doorcodes(door_id(door)?);
        let codes = self.phone.runtime.block_on(codes)?;
        let shown = codes.codes.into_iter().map(|code| Code {
            kind: format!("{:?}", code.kind).to_lowercase(),
            digits: shown_twice(&code.digits),
            asked_twice: code.digits.asks_twice(),
            status: format!("{:?}", code.status),
        });
        Ok(Said::Codes {
            codes: shown.collect(),
        })
    }

    pub(super) fn sync(&mut self, door: &str) -> Result<Said, Error> {
        let attempt = self.app.sync(door_id(door)?);
        while let Some(phase) = self.phone.runtime.block_on(attempt.next()) {
            self.phase(shown(phase));
        }
        match self.phone.runtime.block_on(attempt.outcome()) {
            SyncOutcome::Synced {
                receipt_verified,
                log_entries_carried,
                upload_pending,
            } => Ok(Said::Synced {
                log_entries: usize::try_from(log_entries_carried).unwrap_or(usize::MAX),
                receipt_verified,
                pending: upload_pending,
            }),
            SyncOutcome::Interrupted { .. } => Err(Error::SyncInterrupted),
            SyncOutcome::NotSynced { error } => Err(error),
        }
    }

    pub(super) fn unlock(&mut self, door: &str) -> Result<Said, Error> {
        let attempt = self.app.unlock(door_id(door)?);
        while let Some(phase) = self.phone.runtime.block_on(attempt.next()) {
            self.phase(format!("{phase:?}").to_lowercase());
        }
        match self.phone.runtime.block_on(attempt.outcome()) {
            UnlockOutcome::Unlocked => Ok(Said::Unlocked),
            UnlockOutcome::NotUnlocked { error } => Err(error),
            UnlockOutcome::MayHaveUnlocked => Ok(Said::MayHaveUnlocked),
        }
    }

    fn phase(&mut self, phase: String) {
        self.answers.say(&Said::Phase { phase });
    }
}

fn shown(phase: SyncPhase) -> String {
    match phase {
        SyncPhase::Sending { sent, total } => format!("sending: {sent} of {total} bytes"),
        other => format!("{other:?}").to_lowercase(),
    }
}

fn door_id(text: &str) -> Result<DoorId, Error> {
    DoorId::parse(text).ok_or(Error::DoorUnknown)
}

/// The digits, with the second yes that a lasting code takes on somebody else's phone.
fn shown_twice(digits: &CodeDigits) -> String {
    match digits.reveal(true) {
        // EXPOSE: the resident asked for it twice; the line that carries it is wiped once it is written.
        Reveal::Digits(text) => text.expose().to_owned(),
        Reveal::AsksTwice => String::new(),
    }
}
