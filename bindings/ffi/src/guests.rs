//! Letting others in. A moment is milliseconds since 1970-01-01T00:00:00Z of the service's clock.

use crate::codes::{CodeDay, CodeDigits, PasscodeType};
use crate::doors::DoorRole;
use crate::error::KeywayError;
use core::fmt;
use keyway_app::service::{DoorId, PersonId};
use std::sync::Arc;

/// Where a person is reached. Its text form does not say.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Debug)]
pub enum Recipient {
    /// By e-mail.
    Email {
        /// The address.
        address: String,
    },
    /// By telephone.
    Phone {
        /// The number with its country, such as `+1 555 0100`.
        number: String,
    },
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Email { .. } => "Email(..)",
            Self::Phone { .. } => "Phone(..)",
        })
    }
}

impl From<keyway_app::service::Recipient> for Recipient {
    fn from(recipient: keyway_app::service::Recipient) -> Self {
        match recipient {
            keyway_app::service::Recipient::Email(address) => Self::Email { address },
            keyway_app::service::Recipient::Phone(number) => Self::Phone { number },
        }
    }
}

impl From<Recipient> for keyway_app::service::Recipient {
    fn from(recipient: Recipient) -> Self {
        match recipient {
            Recipient::Email { address } => Self::Email(address),
            Recipient::Phone { number } => Self::Phone(number),
        }
    }
}

/// A guest to invite. Its text form does not say whom.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug)]
pub struct Invitation {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Where to send the invitation: a guest who signs in needs an e-mail address.
    pub recipient: Recipient,
    /// The doors, at most 20.
    pub doors: Vec<DoorId>,
    /// From when: milliseconds, service time; `None`: at once.
    pub start: Option<i64>,
    /// Until when: milliseconds, service time; `None`: until it is taken back.
    pub end: Option<i64>,
}

impl fmt::Debug for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Invitation({} doors)", self.doors.len())
    }
}

impl From<Invitation> for keyway_app::Invitation {
    fn from(invitation: Invitation) -> Self {
        let Invitation {
            first_name,
            last_name,
            recipient,
            doors,
            start,
            end,
        } = invitation;
        Self {
            first_name,
            last_name,
            recipient: recipient.into(),
            doors,
            start,
            end,
        }
    }
}

/// A daily code for somebody. Its text form does not say for whom.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug)]
pub struct CodeForSomeone {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Where to send the code.
    pub recipient: Recipient,
    /// The doors, at most 20.
    pub doors: Vec<DoorId>,
    /// It ends 15 minutes after its first use.
    pub single_use: bool,
    /// On each door's own calendar.
    pub day: CodeDay,
}

impl fmt::Debug for CodeForSomeone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CodeForSomeone({} doors)", self.doors.len())
    }
}

impl From<CodeForSomeone> for keyway_app::CodeForSomeone {
    fn from(code: CodeForSomeone) -> Self {
        let CodeForSomeone {
            first_name,
            last_name,
            recipient,
            doors,
            single_use,
            day,
        } = code;
        Self {
            first_name,
            last_name,
            recipient: recipient.into(),
            doors,
            single_use,
            day,
        }
    }
}

/// How far a revocation has come. A moment is milliseconds of the service's clock.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Revocation {
    /// The service was asked.
    pub requested_at: i64,
    /// When a phone took it with it.
    pub carried_at: Option<i64>,
    /// Whose phone that was.
    pub carried_by: Option<String>,
    /// The lock has it, by its own signature.
    pub confirmed_at: Option<i64>,
}

impl From<keyway_app::service::Revocation> for Revocation {
    fn from(revocation: keyway_app::service::Revocation) -> Self {
        let keyway_app::service::Revocation {
            requested_at,
            carried,
            confirmed_at,
        } = revocation;
        let (carried_at, carried_by) = carried.unzip();
        Self {
            requested_at,
            carried_at,
            carried_by,
            confirmed_at,
        }
    }
}

/// How far an access is, or its revocation.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum AccessState {
    /// It holds.
    Active,
    /// It was taken back.
    Revoked {
        /// How far that has come.
        revocation: Revocation,
    },
}

impl From<keyway_app::service::AccessState> for AccessState {
    fn from(state: keyway_app::service::AccessState) -> Self {
        match state {
            keyway_app::service::AccessState::Active => Self::Active,
            keyway_app::service::AccessState::Revoked(revocation) => Self::Revoked {
                revocation: revocation.into(),
            },
        }
    }
}

/// One person's access to one door.
#[derive(Clone, Debug, uniffi::Record)]
pub struct PersonAccess {
    /// The door.
    pub door: DoorId,
    /// How the lock knows the code.
    pub passcode_type: PasscodeType,
    /// As what.
    pub role: DoorRole,
    /// They may let others in.
    pub is_shareable: bool,
    /// From when: milliseconds, service time.
    pub start: i64,
    /// Until when, if it ends: milliseconds, service time.
    pub end: Option<i64>,
    /// The code, where the resident may see it.
    pub digits: Option<Arc<CodeDigits>>,
    /// They had access there already: nothing new was made.
    pub had_access: bool,
    /// How far it is.
    pub state: AccessState,
}

impl From<keyway_app::service::PersonAccess> for PersonAccess {
    fn from(access: keyway_app::service::PersonAccess) -> Self {
        let keyway_app::service::PersonAccess {
            door,
            passcode_type,
            role,
            is_shareable,
            start,
            end,
            digits,
            had_access,
            state,
        } = access;
        Self {
            door,
            passcode_type,
            role,
            is_shareable,
            start,
            end,
            digits: digits.map(|digits| Arc::new(digits.into())),
            had_access,
            state: state.into(),
        }
    }
}

/// Somebody who was let in. Its text form does not say who.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Where they are reached.
    pub recipient: Recipient,
    /// Their accesses, those taken back included for 30 days.
    pub accesses: Vec<PersonAccess>,
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Person({} accesses)", self.accesses.len())
    }
}

impl From<keyway_app::service::Person> for Person {
    fn from(person: keyway_app::service::Person) -> Self {
        let keyway_app::service::Person {
            id,
            name,
            recipient,
            accesses,
        } = person;
        Self {
            id,
            name,
            recipient: recipient.into(),
            accesses: accesses.into_iter().map(PersonAccess::from).collect(),
        }
    }
}

/// A door where letting somebody in did not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct DoorFailure {
    /// The door.
    pub door: DoorId,
    /// Why not.
    pub why: KeywayError,
}

/// What came of letting somebody in at several doors.
#[derive(Clone, Debug, uniffi::Record)]
pub struct LetIn {
    /// The person, with what was made.
    pub person: Person,
    /// Doors where it did not work, and why.
    pub failures: Vec<DoorFailure>,
}

impl From<keyway_app::service::LetIn> for LetIn {
    fn from(let_in: keyway_app::service::LetIn) -> Self {
        let keyway_app::service::LetIn { person, failures } = let_in;
        let failure = |(door, why): (DoorId, keyway_app::Error)| DoorFailure {
            door,
            why: why.into(),
        };
        Self {
            person: person.into(),
            failures: failures.into_iter().map(failure).collect(),
        }
    }
}
