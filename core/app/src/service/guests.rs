//! Letting in, in the words of the OpenDOOR partner API: people, their accesses, and how far a revocation has come.

use super::{
    Answer, Breach, Call, CodeDay, DoorId, DoorRole, PageToken, PasscodeType, PersonId,
    ProblemCode, format_instant, parse_instant,
};
use crate::account::WhosePhone;
use crate::codes::CodeDigits;
use crate::error::Error;
use crate::ports::UnixMillis;
use crate::secret::{Digits, SecretString};
use core::fmt;
use serde::Deserialize;
use serde_json::json;

/// Where a person is reached.
#[derive(Clone, PartialEq, Eq)]
pub enum Recipient {
    /// An e-mail address.
    Email(String),
    /// A telephone number with its country, such as `+1 555 0100`.
    Phone(String),
}

/// Somebody who was let in.
#[derive(Clone)]
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

/// One person's access to one door.
#[derive(Clone, Debug)]
pub struct PersonAccess {
    /// The door.
    pub door: DoorId,
    /// How the lock knows the code.
    pub passcode_type: PasscodeType,
    /// As what.
    pub role: DoorRole,
    /// They may let others in.
    pub is_shareable: bool,
    /// From when, service time.
    pub start: UnixMillis,
    /// Until when, if it ends; service time.
    pub end: Option<UnixMillis>,
    /// The code, where the resident may see it.
    pub digits: Option<CodeDigits>,
    /// They had access there already: nothing new was made.
    pub had_access: bool,
    /// How far it is.
    pub state: AccessState,
}

/// How far an access is, or its revocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessState {
    /// It holds.
    Active,
    /// It was taken back.
    Revoked(Revocation),
}

/// How far a revocation has come. A moment is service time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// The service was asked.
    pub requested_at: UnixMillis,
    /// A phone has it with it.
    pub carried: Option<(UnixMillis, String)>,
    /// The lock has it, by its own signature.
    pub confirmed_at: Option<UnixMillis>,
}

/// What came of letting somebody in at several doors.
#[derive(Clone, Debug)]
pub struct LetIn {
    /// The person, with what was made.
    pub person: Person,
    /// Doors where it did not work, and why.
    pub failures: Vec<(DoorId, Error)>,
}

/// What to make.
pub(crate) struct NewAccess<'a> {
    pub(crate) first_name: &'a str,
    pub(crate) last_name: &'a str,
    pub(crate) recipient: &'a Recipient,
    pub(crate) doors: &'a [DoorId],
    pub(crate) passcode_type: PasscodeType,
    pub(crate) start: UnixMillis,
    pub(crate) end: Option<UnixMillis>,
    /// For daily codes: on each door's own calendar.
    pub(crate) day: Option<CodeDay>,
    pub(crate) notify: bool,
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Email(_) => "Email(..)",
            Self::Phone(_) => "Phone(..)",
        })
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Person({} accesses)", self.accesses.len())
    }
}

impl NewAccess<'_> {
    /// `POST /v2/users`.
    pub(crate) fn call(&self) -> Call {
        let doors: Vec<String> = self.doors.iter().map(DoorId::to_string).collect();
        let mut body = json!({
            "firstName": self.first_name,
            "lastName": self.last_name,
            "doorUuids": doors,
            "passcodeType": self.passcode_type.as_str(),
            "role": "GUEST",
            "shareable": false,
            "shouldNotify": self.notify,
            "startTime": format_instant(self.start),
        });
        match self.recipient {
            Recipient::Email(email) => body["email"] = json!(email.trim().to_lowercase()),
            Recipient::Phone(phone) => body["phone"] = json!(phone.trim()),
        }
        if let Some(end) = self.end {
            body["endTime"] = json!(format_instant(end));
        }
        if let Some(day) = self.day {
            body["day"] = json!(day.as_str());
        }
        Call::post_json("/v2/users", &body)
    }
}

/// The people whom this account let in; the first page where no `page` is named.
pub(crate) fn list_people(page: Option<&PageToken>) -> Call {
    Call::get(PageToken::after("/v1/users", page))
}

/// Takes one access back.
pub(crate) fn revoke(person: PersonId, door: DoorId) -> Call {
    Call::delete(format!("/v1/users/{person}/doors/{door}"))
}

/// Moves the end of one access; `None`: it has none.
pub(crate) fn change_end(person: PersonId, door: DoorId, end: Option<UnixMillis>) -> Call {
    let body = json!({ "endTime": end.map(format_instant) });
    Call::patch_json(format!("/v1/users/{person}/doors/{door}"), &body)
}

/// The answer to [`NewAccess::call`].
pub(crate) fn parse_let_in(answer: &Answer, phone: WhosePhone) -> Result<LetIn, Breach> {
    let wire: WirePerson = answer.json()?;
    let failures = wire.failures.iter().map(|failure| {
        let door = DoorId::parse(&failure.door_uuid).ok_or(Breach::NotTheAgreedBody)?;
        Ok((door, ProblemCode::named(&failure.code).into()))
    });
    let failures = failures.collect::<Result<_, Breach>>()?;
    Ok(LetIn {
        person: wire.read(phone)?,
        failures,
    })
}

/// The answer to [`change_end`].
pub(crate) fn parse_person(answer: &Answer, phone: WhosePhone) -> Result<Person, Breach> {
    answer.json::<WirePerson>()?.read(phone)
}

/// The answer to [`list_people`], and where it goes on.
pub(crate) fn parse_people(
    answer: &Answer,
    phone: WhosePhone,
) -> Result<(Vec<Person>, Option<PageToken>), Breach> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Wire {
        users: Vec<WirePerson>,
        next_page_token: Option<String>,
    }
    let wire: Wire = answer.json()?;
    let people = wire.users.into_iter().map(|person| person.read(phone));
    Ok((
        people.collect::<Result<_, _>>()?,
        wire.next_page_token.and_then(PageToken::parse),
    ))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WirePerson {
    user_uuid: String,
    first_name: String,
    last_name: String,
    email: Option<String>,
    phone: Option<String>,
    #[serde(default)]
    accesses: Vec<WireAccess>,
    #[serde(default)]
    failures: Vec<WireFailure>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireFailure {
    door_uuid: String,
    code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireAccess {
    door_uuid: String,
    passcode_type: PasscodeType,
    role: DoorRole,
    shareable: bool,
    start_time: String,
    end_time: Option<String>,
    doorcode: Option<WireDoorcode>,
    revocation: Option<WireRevocation>,
}

#[derive(Deserialize)]
struct WireDoorcode {
    code: Option<SecretString>,
    description: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireRevocation {
    requested_at: String,
    carried_at: Option<String>,
    carried_by: Option<String>,
    confirmed_at: Option<String>,
}

impl WirePerson {
    fn read(self, phone: WhosePhone) -> Result<Person, Breach> {
        let recipient = match (self.email, self.phone) {
            (Some(email), _) => Recipient::Email(email),
            (None, Some(phone)) => Recipient::Phone(phone),
            (None, None) => return Err(Breach::NotTheAgreedBody),
        };
        let accesses = self.accesses.into_iter();
        let accesses = accesses.map(|access| access.read(phone));
        Ok(Person {
            id: PersonId::parse(&self.user_uuid).ok_or(Breach::NotTheAgreedBody)?,
            name: format!("{} {}", self.first_name, self.last_name)
                .trim()
                .to_owned(),
            recipient,
            accesses: accesses.collect::<Result<_, _>>()?,
        })
    }
}

impl WireAccess {
    fn read(self, phone: WhosePhone) -> Result<PersonAccess, Breach> {
        let wire = self;
        let doorcode = wire.doorcode.as_ref();
        let code = doorcode.and_then(|doorcode| doorcode.code.as_ref());
        // EXPOSE: moved from the answer into its handle.
        let digits = code.and_then(|code| Digits::new(code.expose()));
        Ok(PersonAccess {
            door: DoorId::parse(&wire.door_uuid).ok_or(Breach::NotTheAgreedBody)?,
            passcode_type: wire.passcode_type,
            role: wire.role,
            is_shareable: wire.shareable,
            start: parse_instant(&wire.start_time)?,
            end: wire.end_time.as_deref().map(parse_instant).transpose()?,
            digits: digits.map(|digits| CodeDigits::new(digits, wire.passcode_type, phone)),
            had_access: doorcode.is_some_and(|doorcode| doorcode.description != "VALID"),
            state: match wire.revocation {
                None => AccessState::Active,
                Some(revocation) => AccessState::Revoked(revocation.try_into()?),
            },
        })
    }
}

impl TryFrom<WireRevocation> for Revocation {
    type Error = Breach;

    fn try_from(wire: WireRevocation) -> Result<Self, Breach> {
        let carried_at = wire.carried_at.as_deref().map(parse_instant).transpose()?;
        Ok(Self {
            requested_at: parse_instant(&wire.requested_at)?,
            carried: carried_at.map(|at| (at, wire.carried_by.unwrap_or_default())),
            confirmed_at: wire
                .confirmed_at
                .as_deref()
                .map(parse_instant)
                .transpose()?,
        })
    }
}
