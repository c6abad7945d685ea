//! Values as the core gives them, for tests of what is shown.

use crate::output::Output;
use keyway_app::account::WhosePhone;
use keyway_app::secret::Digits;
use keyway_app::service::{
    AccessState, CodeKind, CodeStatus, Door, DoorId, DoorKind, DoorRole, DoorcodeId, Keypad,
    LocalTime, PasscodeType, Person, PersonAccess, PersonId, PropertyContact, Recipient,
    SessionFacts, SessionId,
};
use keyway_app::{CodeDigits, DoorcodeView};
use serde_json::Value;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// 2026-11-24T11:30:00Z: half past twelve on a wall in Berlin.
pub(crate) const NOON: i64 = 1_795_519_800_000;
/// One minute.
pub(crate) const MINUTE: i64 = 60_000;

/// A door in Berlin, all of whose bytes are `id`.
pub(crate) fn door(name: &str, id: u8) -> Door {
    Door {
        id: DoorId::from([id; 16]),
        name: name.to_owned(),
        building: "Building".to_owned(),
        kind: DoorKind::Residence,
        role: DoorRole::Resident,
        timezone: "Europe/Berlin".to_owned(),
        is_connected: false,
        has_bluetooth_unlock: true,
        lock: [id; 16],
        last_sync: None,
        battery: None,
        pending_changes: 0,
        keypad: Keypad {
            digits: 7,
            wake: "touch the keypad".to_owned(),
            sleep_seconds: 5,
            deadbolt_refuses_daily: true,
        },
        lock_model: "C".to_owned(),
        has_keycard: true,
        has_mechanical_key: false,
        property: PropertyContact::default(),
        sharers: Vec::new(),
        is_shareable: true,
        access_ends: None,
    }
}

/// The digits of every code here.
pub(crate) const DIGITS: &str = "00421378";

/// An active code of that kind, as a borrowed phone has it: without an end if it lasts.
pub(crate) fn code(id: u8, kind: CodeKind) -> DoorcodeView {
    let passcode_type = match kind {
        CodeKind::Residence | CodeKind::Communal | CodeKind::Permanent => PasscodeType::Permanent,
        CodeKind::Daily => PasscodeType::Daily,
        CodeKind::DailySingleUse => PasscodeType::DailySingleUse,
    };
    let start = LocalTime {
        year: 2026,
        month: 11,
        day: 24,
        hour: 0,
        minute: 0,
        second: 0,
        offset_minutes: 60,
    };
    let digits = Digits::new(DIGITS).expect("digits");
    DoorcodeView {
        id: DoorcodeId::from([id; 16]),
        kind,
        passcode_type,
        digits: CodeDigits::new(digits, passcode_type, WhosePhone::Borrowed),
        start,
        end: (passcode_type != PasscodeType::Permanent).then_some(LocalTime { day: 25, ..start }),
        status: CodeStatus::Active,
        replaced_by: None,
    }
}

/// Somebody who was let in.
pub(crate) fn person(name: &str, email: &str, id: u8, accesses: Vec<PersonAccess>) -> Person {
    Person {
        id: PersonId::from([id; 16]),
        name: name.to_owned(),
        recipient: Recipient::Email(email.to_owned()),
        accesses,
    }
}

/// A guest's access to the door whose bytes are `door`, without an end.
pub(crate) fn access(door: u8) -> PersonAccess {
    PersonAccess {
        door: DoorId::from([door; 16]),
        passcode_type: PasscodeType::Permanent,
        role: DoorRole::Guest,
        is_shareable: false,
        start: NOON,
        end: None,
        digits: Digits::new(DIGITS)
            .map(|digits| CodeDigits::new(digits, PasscodeType::Permanent, WhosePhone::Own)),
        had_access: false,
        state: AccessState::Active,
    }
}

/// A session on an own phone that is not this one.
pub(crate) fn session(id: u8) -> SessionFacts {
    SessionFacts {
        id: SessionId::from([id; 16]),
        borrowed: false,
        started_at: NOON,
        last_seen_at: NOON + MINUTE,
        ends_at: NOON + 90 * 24 * 60 * MINUTE,
        current: false,
    }
}

/// What a person reads of what `say` says.
pub(crate) fn for_people(say: impl FnOnce(&Output)) -> String {
    spoken(false, say)
}

/// What a script reads of it.
pub(crate) fn for_scripts(say: impl FnOnce(&Output)) -> Vec<Value> {
    let text = spoken(true, say);
    let events = text.lines().map(serde_json::from_str);
    events.collect::<Result<_, _>>().expect("JSON lines")
}

fn spoken(json: bool, say: impl FnOnce(&Output)) -> String {
    let heard = Heard::default();
    say(&Output::to_writer(Box::new(heard.clone()), json));
    let heard = heard.0.lock().unwrap_or_else(PoisonError::into_inner);
    String::from_utf8(heard.clone()).expect("text")
}

#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
