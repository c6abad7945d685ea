//! A request to let somebody in, parsed once: what comes out of here is sound, whatever the doors say to it.
use super::fault::SharingFault;
use crate::clock::UnixMillis;
use crate::document::shapes::{Mailbox, Moment, PersonName};
use crate::doorcodes::RequestedDay;
use crate::limits;
use crate::messages::Recipient;
use crate::problem::Problem;
use crate::store::accounts::normal_email;
use crate::time::parse_rfc3339;
use crate::words::{DoorcodeKind, PasscodeType, Role};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// OpenDOOR's `PostUserRequest`.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PostUserRequest {
    #[schema(value_type = PersonName)]
    first_name: String,
    #[schema(value_type = PersonName)]
    last_name: String,
    /// Exactly one of `email` and `phone`; a permanent passcode needs an e-mail.
    #[schema(value_type = Option<Mailbox>)]
    email: Option<String>,
    /// E.164; blanks, dashes, dots and parentheses between the digits do not count.
    #[schema(pattern = "^[\\s.()-]*\\+[\\s.()-]*[1-9]([\\s.()-]*[0-9]){6,14}[\\s.()-]*$")]
    phone: Option<String>,
    #[schema(min_items = 1, max_items = 20)]
    door_uuids: Vec<Uuid>,
    passcode_type: PasscodeType,
    role: Option<Role>,
    shareable: bool,
    should_notify: Option<bool>,
    #[schema(value_type = Moment)]
    start_time: Option<String>,
    /// For a daily kind: today or tomorrow on each door's own calendar, whatever day the start falls on there.
    day: Option<RequestedDay>,
    /// Only for a permanent passcode, and not needed there.
    #[schema(value_type = Option<Moment>)]
    end_time: Option<String>,
}

/// Whom to let in, where and for how long.
pub(super) struct Invitation {
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) to: Recipient,
    /// Each once, in the order given.
    pub(super) doors: Vec<Uuid>,
    pub(super) terms: Terms,
    pub(super) role: Role,
    pub(super) shareable: bool,
    pub(super) notify: bool,
}

/// For how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Terms {
    /// With an account, an access and a code in the table.
    Permanent {
        starts_at: UnixMillis,
        ends_at: Option<UnixMillis>,
    },
    /// With a code of that kind for one day of the door's calendar.
    Daily { kind: DoorcodeKind, day: WhichDay },
}

/// One day at a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WhichDay {
    /// By name.
    Named(RequestedDay),
    /// The one on which this moment falls.
    Of(UnixMillis),
}

impl Invitation {
    pub(super) fn parse(request: PostUserRequest, now: UnixMillis) -> Result<Self, Problem> {
        let to = recipient(&request)?;
        let terms = terms(&request, now)?;
        let role = request.role.unwrap_or(Role::Guest);
        if matches!(terms, Terms::Daily { .. }) && role != Role::Guest {
            return Err(Problem::BadRequest("a daily passcode is a guest's"));
        }
        Ok(Self {
            first_name: name(&request.first_name)?,
            last_name: name(&request.last_name)?,
            to,
            doors: doors(request.door_uuids)?,
            terms,
            role,
            shareable: request.shareable && role != Role::Guest,
            notify: request.should_notify.unwrap_or(true),
        })
    }

    /// As the person is shown.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

fn recipient(request: &PostUserRequest) -> Result<Recipient, Problem> {
    let permanent = request.passcode_type == PasscodeType::Permanent;
    match (&request.email, &request.phone) {
        (Some(_), Some(_)) => Err(SharingFault::EmailAndPhoneProvided.into()),
        (None, None) => Err(SharingFault::EmailOrPhoneRequired.into()),
        (Some(text), None) => email(text).map(Recipient::Email),
        (None, Some(_)) if permanent => Err(SharingFault::EmailRequiredForPermanent.into()),
        (None, Some(text)) => phone(text).map(Recipient::Phone),
    }
}

/// No more than it takes to be sure that one mail goes to one mailbox.
fn email(text: &str) -> Result<String, Problem> {
    let email = normal_email(text);
    if email.is_empty() {
        return Err(SharingFault::EmailCanNotBeEmpty.into());
    }
    let written = |part: &str| {
        !part.is_empty()
            && !part
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || "@,;:<>()[]\\\"".contains(c))
    };
    email
        .split_once('@')
        .filter(|(mailbox, host)| written(mailbox) && written(host))
        .filter(|_| email.len() <= limits::EMAIL)
        .ok_or(SharingFault::InvalidEmail)?;
    Ok(email)
}

/// E.164, once what people put between the digits is gone.
fn phone(text: &str) -> Result<String, Problem> {
    let number: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !"-.()".contains(*c))
        .collect();
    let digits = number.strip_prefix('+').unwrap_or_default();
    let sound = (7..=15).contains(&digits.len())
        && digits.bytes().all(|digit| digit.is_ascii_digit())
        && !digits.starts_with('0');
    sound
        .then_some(number)
        .ok_or(SharingFault::InvalidPhone.into())
}

fn terms(request: &PostUserRequest, now: UnixMillis) -> Result<Terms, Problem> {
    let starts_at = request
        .start_time
        .as_deref()
        .and_then(parse_rfc3339)
        .ok_or(SharingFault::InvalidStartTime)?;
    let kind = match request.passcode_type {
        PasscodeType::Permanent => {
            let ends_at = request.end_time.as_deref();
            let ends_at = ends_at.map(|end| end_after(end, starts_at, now));
            return Ok(Terms::Permanent {
                starts_at,
                ends_at: ends_at.transpose()?,
            });
        }
        PasscodeType::Daily => DoorcodeKind::Daily,
        PasscodeType::DailySingleUse => DoorcodeKind::DailySingleUse,
    };
    if request.end_time.is_some() {
        return Err(SharingFault::EndTimeNotSupported.into());
    }
    let day = request.day.map_or(WhichDay::Of(starts_at), WhichDay::Named);
    Ok(Terms::Daily { kind, day })
}

/// An end that lies after the start, and ahead.
pub(super) fn end_after(
    text: &str,
    starts_at: UnixMillis,
    now: UnixMillis,
) -> Result<UnixMillis, Problem> {
    parse_rfc3339(text)
        .filter(|end| *end > starts_at && *end > now)
        .ok_or(SharingFault::InvalidEndTime.into())
}

fn name(text: &str) -> Result<String, Problem> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > limits::NAME || name.contains(char::is_control) {
        return Err(Problem::BadRequest("a name is empty or too long"));
    }
    Ok(name.to_owned())
}

fn doors(told: Vec<Uuid>) -> Result<Vec<Uuid>, Problem> {
    if !(1..=limits::DOORS_AT_ONCE).contains(&told.len()) {
        return Err(Problem::BadRequest("doorUuids must be 1 to 20"));
    }
    let mut doors = Vec::with_capacity(told.len());
    for door in told {
        if !doors.contains(&door) {
            doors.push(door);
        }
    }
    Ok(doors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_is_e164_whatever_stands_between_its_digits() {
        for text in ["+12125550142", "+1 (212) 555-0142", "+1.212.555.0142"] {
            assert_eq!(phone(text).unwrap(), "+12125550142");
        }
        for text in [
            "",
            "2125550142",
            "+0125550142",
            "+1234567890123456",
            "+1212x550142",
            "+1+2125550142",
            "+123456",
        ] {
            let told = phone(text).unwrap_err();
            assert_eq!(told.code(), "INVALID_PHONE", "{text}");
        }
    }

    #[test]
    fn an_email_is_one_address() {
        assert_eq!(email("  Tom@Example.org ").unwrap(), "tom@example.org");
        for text in ["tom", "@example.org", "tom@", "a@b@c", "a b@c", "a@b,c@d"] {
            assert_eq!(email(text).unwrap_err().code(), "INVALID_EMAIL", "{text}");
        }
        assert_eq!(email(" ").unwrap_err().code(), "EMAIL_CAN_NOT_BE_EMPTY");
        assert!(email("tom@example.org\r\nBcc: all@example.org").is_err());
    }
}
