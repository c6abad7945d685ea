//! Whose entry it is: what the lock wrote down, laid beside the grants and codes that were issued.
use crate::letting_in::recipient_name;
use crate::problem::Problem;
use crate::state::Service;
use crate::store::doorcodes::{self, Doorcode};
use crate::store::doors::Door;
use crate::store::{accounts, grants, recipients};
use crate::words::{DoorcodeKind, Role};
use keyway_protocol::code::DailyKind;
use keyway_protocol::log::{Actor, EventKind, LogEntry};
use rusqlite::Connection;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who or what did it.
pub(super) struct Who {
    pub(super) means: Means,
    pub(super) name: Option<String>,
    /// An account, or somebody outside.
    pub(super) user: Option<Uuid>,
    pub(super) account: Option<Uuid>,
    /// Somebody outside, by a MAC of their address.
    pub(super) address_mac: Option<[u8; 32]>,
    pub(super) kind: WhoseKind,
}

/// By what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Means {
    Phone,
    Doorcode,
    DailyCode,
    Keypad,
    Lock,
}

/// As what they did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WhoseKind {
    /// A resident, with their own phone or code.
    Resident,
    /// Somebody who was let in.
    Visitor {
        has_account: bool,
        /// By staff, or by the property itself.
        by_property: bool,
    },
    /// It cannot be told any more: treated as if it were a resident's.
    Unknown,
    /// Nobody's: whoever stood at the keypad, or the lock by itself.
    Nobody,
}

impl Who {
    pub(super) fn of(
        service: &Service,
        on: &Connection,
        door: &Door,
        entry: &LogEntry,
    ) -> Result<Self, Problem> {
        let unknown = |means| Self::nameless(means, WhoseKind::Unknown);
        match entry.actor {
            Actor::Phone(holder) => {
                let named = entry
                    .grant
                    .map(|grant| grants::by_id(on, door.id, &grant.0));
                let grant = match named.transpose()?.flatten() {
                    Some(grant) => Some(grant),
                    None => grants::newest_of_holder(on, door.id, &holder.0)?,
                };
                let Some(grant) = grant else {
                    return Ok(unknown(Means::Phone));
                };
                let kind = match grant.role {
                    Role::Resident => WhoseKind::Resident,
                    Role::Guest | Role::NonResident => visitor(on, grant.granted_by)?,
                };
                Self::person(on, Means::Phone, grant.account_id, kind)
            }
            Actor::Code(number) => match doorcodes::by_number(on, door.id, number)? {
                Some(code) => Self::of_code(on, &code),
                None => Ok(unknown(Means::Doorcode)),
            },
            Actor::Daily(kind, slot, day) => {
                let kind = daily_kind(kind);
                match doorcodes::by_slot(on, door.id, kind, day.into(), slot)? {
                    Some(code) => Self::of_daily(service, on, &code),
                    None => Ok(unknown(Means::DailyCode)),
                }
            }
            Actor::Keypad => Ok(Self::nameless(Means::Keypad, nobody_or_unknown(entry))),
            Actor::Lock => Ok(Self::nameless(Means::Lock, nobody_or_unknown(entry))),
        }
    }

    fn of_code(on: &Connection, code: &Doorcode) -> Result<Self, Problem> {
        let kind = match code.kind {
            DoorcodeKind::Permanent => visitor(on, code.granted_by)?,
            _ => WhoseKind::Resident,
        };
        Self::person(on, Means::Doorcode, code.account_id, kind)
    }

    fn of_daily(service: &Service, on: &Connection, code: &Doorcode) -> Result<Self, Problem> {
        let Some(recipient) = code.recipient_id else {
            // A code of one's own: only who may share the door has any.
            return Self::person(on, Means::DailyCode, code.account_id, WhoseKind::Resident);
        };
        let known = recipients::by_id(on, recipient)?;
        Ok(Self {
            means: Means::DailyCode,
            name: recipient_name(service, on, recipient)?,
            user: Some(recipient),
            account: None,
            address_mac: known.map(|known| known.address_mac),
            kind: WhoseKind::Visitor {
                has_account: false,
                by_property: is_property(on, code.granted_by)?,
            },
        })
    }

    fn person(
        on: &Connection,
        means: Means,
        account: Uuid,
        kind: WhoseKind,
    ) -> Result<Self, Problem> {
        Ok(Self {
            means,
            name: accounts::by_id(on, account)?.map(|known| known.name),
            user: Some(account),
            account: Some(account),
            address_mac: None,
            kind,
        })
    }

    fn nameless(means: Means, kind: WhoseKind) -> Self {
        Self {
            means,
            name: None,
            user: None,
            account: None,
            address_mac: None,
            kind,
        }
    }
}

/// Unlocks of several people that the lock put together name none of them.
fn nobody_or_unknown(entry: &LogEntry) -> WhoseKind {
    match entry.kind {
        EventKind::Unlock | EventKind::UnlockWithoutClock => WhoseKind::Unknown,
        EventKind::CodeRefused | EventKind::Critical | EventKind::Bulk | EventKind::Boot => {
            WhoseKind::Nobody
        }
    }
}

fn visitor(on: &Connection, granted_by: Option<Uuid>) -> Result<WhoseKind, Problem> {
    Ok(WhoseKind::Visitor {
        has_account: true,
        by_property: is_property(on, granted_by)?,
    })
}

fn is_property(on: &Connection, granted_by: Option<Uuid>) -> Result<bool, Problem> {
    match granted_by {
        None => Ok(true),
        Some(account) => Ok(accounts::is_staff(on, account)?),
    }
}

fn daily_kind(kind: DailyKind) -> DoorcodeKind {
    match kind {
        DailyKind::SingleUse => DoorcodeKind::DailySingleUse,
        DailyKind::Daily => DoorcodeKind::Daily,
    }
}
