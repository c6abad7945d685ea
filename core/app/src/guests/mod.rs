//! Letting others in: codes for somebody's mailbox or telephone, guests, and taking it back.
//!
//! The service makes and sends; what a lock must learn of it (a guest's code, a revocation) is fetched at once, so that this phone can carry it
//! into a dead zone.

mod check;

use crate::context::Context;
use crate::courier;
use crate::error::{Error, Fault};
use crate::ports::UnixMillis;
use crate::service::{
    self, CodeDay, DoorId, LetIn, NewAccess, PasscodeType, Person, PersonId, Recipient,
};

/// A page holds 100 people; a service that never ends its list does not hold the phone.
const MOST_PAGES: usize = 50;

/// A guest to invite.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Where to send the invitation: a guest who signs in needs an e-mail address.
    pub recipient: Recipient,
    /// The doors, at most 20.
    pub doors: Vec<DoorId>,
    /// From when, service time; `None`: at once.
    pub start: Option<UnixMillis>,
    /// Until when, service time; `None`: until it is taken back.
    pub end: Option<UnixMillis>,
}

/// A daily code for somebody.
#[derive(Clone, Debug)]
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

/// See [`crate::App::invite_guest`].
pub(crate) async fn invite(context: &Context, invitation: Invitation) -> Result<LetIn, Fault> {
    let now = context.client().service_time();
    let start = invitation.start.unwrap_or(now);
    if !matches!(invitation.recipient, Recipient::Email(_)) {
        return Err(Error::RecipientInvalid.into());
    }
    if invitation.end.is_some_and(|end| end <= start.max(now)) {
        return Err(Error::PeriodInvalid.into());
    }
    let access = NewAccess {
        first_name: &invitation.first_name,
        last_name: &invitation.last_name,
        recipient: &invitation.recipient,
        doors: &invitation.doors,
        passcode_type: PasscodeType::Permanent,
        start,
        end: invitation.end,
        day: None,
        notify: true,
    };
    let let_in = send(context, &access).await?;
    let doors: Vec<DoorId> = let_in
        .person
        .accesses
        .iter()
        .map(|access| access.door)
        .collect();
    carry_ahead(context, doors).await;
    Ok(let_in)
}

/// See [`crate::App::send_doorcode`].
pub(crate) async fn send_doorcode(context: &Context, code: CodeForSomeone) -> Result<LetIn, Fault> {
    let access = NewAccess {
        first_name: &code.first_name,
        last_name: &code.last_name,
        recipient: &code.recipient,
        doors: &code.doors,
        passcode_type: match code.single_use {
            true => PasscodeType::DailySingleUse,
            false => PasscodeType::Daily,
        },
        start: context.client().service_time(),
        end: None,
        day: Some(code.day),
        notify: true,
    };
    send(context, &access).await
}

async fn send(context: &Context, access: &NewAccess<'_>) -> Result<LetIn, Fault> {
    check::recipient(access.recipient)?;
    let session = context.session()?;
    let answer = session.send(access.call()).await?;
    Ok(service::parse_let_in(&answer, session.phone())?)
}

/// See [`crate::App::people_let_in`].
pub(crate) async fn people(context: &Context) -> Result<Vec<Person>, Fault> {
    let session = context.session()?;
    let (mut people, mut page) = (Vec::new(), None);
    for _ in 0..MOST_PAGES {
        let answer = session.send(service::list_people(page.as_ref())).await?;
        let (more, next) = service::parse_people(&answer, session.phone())?;
        people.extend(more);
        page = next;
        if page.is_none() {
            break;
        }
    }
    Ok(people)
}

/// See [`crate::App::revoke`].
pub(crate) async fn revoke(context: &Context, person: PersonId, door: DoorId) -> Result<(), Fault> {
    let session = context.session()?;
    let revoked = session.send(service::revoke(person, door)).await;
    revoked.map_err(|fault| fault.or_unknown(Error::PersonUnknown))?;
    drop(session);
    carry_ahead(context, vec![door]).await;
    Ok(())
}

/// See [`crate::App::change_end`].
pub(crate) async fn change_end(
    context: &Context,
    person: PersonId,
    door: DoorId,
    end: Option<UnixMillis>,
) -> Result<Person, Fault> {
    let session = context.session()?;
    let changed = session.send(service::change_end(person, door, end)).await;
    let answer = changed.map_err(|fault| fault.or_unknown(Error::PersonUnknown))?;
    let person = service::parse_person(&answer, session.phone())?;
    drop(session);
    carry_ahead(context, vec![door]).await;
    Ok(person)
}

/// What locks must learn of it comes along on the next way to the door. It is done already: a fetch that fails must not hide that.
async fn carry_ahead(context: &Context, doors: Vec<DoorId>) {
    for door in doors {
        let _ = courier::fetch_ahead(context, door).await;
    }
}
