//! `POST /v2/users`: lets somebody in at up to twenty doors. What cannot be done at one door is told, and done at the others all the same.
use super::SharingFault;
use super::invitation::{Invitation, PostUserRequest, Terms, WhichDay};
use super::known_as::Names;
use super::message::{self, Opening};
use super::recipient::{self, Described};
use super::view::{AccessView, Description, FailureView, UserView};
use crate::civil;
use crate::clock::UnixMillis;
use crate::document::problems;
use crate::doorcode_table::{self, NewCode};
use crate::doorcodes::{Daily, daily_code};
use crate::extract::{Body, Caller};
use crate::messages::Recipient;
use crate::problem::Problem;
use crate::standing::standing_at;
use crate::state::Service;
use crate::store::accesses::{self, Access};
use crate::store::accounts::{self, Account};
use crate::store::doors::Door;
use crate::words::{DoorType, DoorcodeKind, Role};
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use rusqlite::Connection;
use uuid::Uuid;

/// See the module.
#[utoipa::path(
    post,
    path = "/v2/users",
    tag = "people",
    operation_id = "grantAccessToUserV2",
    request_body(content = PostUserRequest, content_type = "application/json"),
    responses(
        (status = 201, body = UserView, description = "Let in at one door at least"),
        problems::EmailAndPhoneProvided,
        problems::EmailOrPhoneRequired,
        problems::EmailCanNotBeEmpty,
        problems::InvalidEmail,
        problems::EmailRequiredForPermanent,
        problems::InvalidPhone,
        problems::InvalidStartTime,
        problems::InvalidEndTime,
        problems::EndTimeNotSupported,
        problems::CannotShare,
        problems::NotFound,
        problems::TooManyDoorcodes,
        problems::DailyCodesExhausted,
        problems::TooManyTries,
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn invite(
    State(service): State<Service>,
    Caller(session): Caller,
    Body(request): Body<PostUserRequest>,
) -> Result<(StatusCode, Json<UserView>), Problem> {
    let now = service.now();
    let invitation = Invitation::parse(request, now)?;
    service.store().write(|on| {
        let host = accounts::by_id(on, session.account_id)?.ok_or(Problem::Unauthorized)?;
        let party = Party {
            service: &service,
            on,
            invitation: &invitation,
            host: &host,
            now,
        };
        let user = party.let_in()?;
        Ok((StatusCode::CREATED, Json(user)))
    })
}

/// One invitation on its way through the doors.
struct Party<'a> {
    service: &'a Service,
    on: &'a Connection,
    invitation: &'a Invitation,
    host: &'a Account,
    now: UnixMillis,
}

/// A door that was asked for, or what forbids to share it.
type Asked = (Uuid, Result<Door, Problem>);

/// What came of it at one door.
enum Outcome {
    Opened(Box<Opening>),
    /// The person can open it already: nothing of what was asked for was made.
    Conflict(Access, Description),
}

/// Who was let in.
enum Person {
    Account(Account),
    Outside(Uuid, Described),
}

impl Party<'_> {
    fn let_in(&self) -> Result<UserView, Problem> {
        let doors = self.doors()?;
        self.check_day(&doors)?;
        let person = self.person()?;
        let mut accesses = Vec::new();
        let mut openings = Vec::new();
        let mut failures = Vec::new();
        for (uuid, door) in doors {
            let outcome = match door {
                Ok(door) => doors_own(self.open(door, &person))?,
                Err(problem) => Err(problem),
            };
            match outcome {
                Ok(Outcome::Opened(opening)) => {
                    accesses.push(self.view(&opening)?);
                    openings.push(*opening);
                }
                Ok(Outcome::Conflict(asked, description)) => {
                    accesses.push(AccessView::of_conflict(self.service, &asked, description)?);
                }
                Err(problem) => failures.push((uuid, problem)),
            }
        }
        if let (true, Some((_, first))) = (accesses.is_empty(), failures.first()) {
            return Err(*first);
        }
        if self.invitation.notify && !openings.is_empty() {
            message::queue(self.service, self.on, self.host, self.invitation, &openings)?;
        }
        let failures = failures.iter().map(|(door_uuid, problem)| FailureView {
            door_uuid: *door_uuid,
            code: problem.code(),
        });
        let user = match person {
            Person::Account(account) => {
                let names = Names::written(self.invitation);
                if !openings.is_empty() {
                    names.keep(self.host.id, self.service, self.on, account.id)?;
                }
                UserView::of_account(account, names, accesses)
            }
            Person::Outside(id, described) => UserView::of_recipient(id, described, accesses),
        };
        Ok(user.with_failures(failures.collect()))
    }

    /// The doors asked for, each with what forbids to share it; fails if that is all of them.
    fn doors(&self) -> Result<Vec<Asked>, Problem> {
        let doors: Vec<_> = self
            .invitation
            .doors
            .iter()
            .map(|uuid| Ok((*uuid, doors_own(self.shareable(*uuid))?)))
            .collect::<Result<_, Problem>>()?;
        let refusals: Vec<Problem> = doors
            .iter()
            .filter_map(|(_, door)| door.as_ref().err().copied())
            .collect();
        let unshared = refusals
            .iter()
            .find(|problem| **problem == Problem::CannotShare);
        match unshared.or(refusals.first()) {
            Some(problem) if refusals.len() == doors.len() => Err(*problem),
            _ => Ok(doors),
        }
    }

    /// Residents let guests in; the property's staff also those who live or work here.
    fn shareable(&self, door: Uuid) -> Result<Door, Problem> {
        let (door, standing) = standing_at(self.on, door, self.host.id, self.now)?;
        let role = self.invitation.role;
        if standing.staff || (standing.may_share(self.now) && role == Role::Guest) {
            Ok(door)
        } else {
            Err(Problem::CannotShare)
        }
    }

    /// A daily code is for today or tomorrow at each of the doors.
    fn check_day(&self, doors: &[Asked]) -> Result<(), Problem> {
        let Terms::Daily { day, .. } = self.invitation.terms else {
            return Ok(());
        };
        for door in doors.iter().filter_map(|(_, door)| door.as_ref().ok()) {
            day_at(door, day, self.now)?;
        }
        Ok(())
    }

    /// Who stays longer has an account, or is given one; a guest for a day needs none.
    fn person(&self) -> Result<Person, Problem> {
        let (invitation, on) = (self.invitation, self.on);
        if let (Terms::Permanent { .. }, Recipient::Email(email)) =
            (invitation.terms, &invitation.to)
        {
            if let Some(known) = accounts::by_email(on, email)? {
                return Ok(Person::Account(known));
            }
            let account = Account {
                id: self.service.fresh_id()?,
                email: email.clone(),
                name: invitation.name(),
                first_name: invitation.first_name.clone(),
                last_name: invitation.last_name.clone(),
                password_hash: None,
                active: true,
            };
            accounts::insert(on, &account, self.now)?;
            return Ok(Person::Account(account));
        }
        let described = Described::of(invitation);
        let id = recipient::known(self.service, on, self.host.id, &described, self.now)?;
        Ok(Person::Outside(id, described))
    }

    fn open(&self, door: Door, person: &Person) -> Result<Outcome, Problem> {
        match (self.invitation.terms, person) {
            (Terms::Permanent { starts_at, ends_at }, Person::Account(account)) => {
                self.open_for_good(door, account, starts_at, ends_at)
            }
            (Terms::Daily { kind, day }, Person::Outside(id, _)) => {
                let daily = Daily {
                    account: self.host.id,
                    recipient: Some(*id),
                    kind,
                    day: day_at(&door, day, self.now)?,
                };
                let code = daily_code(self.service, self.on, &door, &daily, self.now)?;
                let (access, code) = (None, code);
                Ok(Outcome::Opened(Box::new(Opening { door, access, code })))
            }
            _ => Err(Problem::Internal("an invitation for nobody")),
        }
    }

    fn open_for_good(
        &self,
        door: Door,
        account: &Account,
        starts_at: UnixMillis,
        ends_at: Option<UnixMillis>,
    ) -> Result<Outcome, Problem> {
        let on = self.on;
        let access = Access {
            id: self.service.fresh_id()?,
            door_id: door.id,
            account_id: account.id,
            role: self.invitation.role,
            starts_at,
            ends_at,
            shareable: self.invitation.shareable,
            granted_by: Some(self.host.id),
        };
        if let Some(known) = accesses::find(on, door.id, account.id, self.now)? {
            return Ok(Outcome::Conflict(access, conflict(&door, &known)));
        }
        let new = NewCode {
            account: account.id,
            kind: code_kind(&door, access.role),
            starts_at,
            ends_at,
            granted_by: access.granted_by,
        };
        // The code first: it is what a door can refuse, and then nothing has changed.
        let code = doorcode_table::set(self.service, on, &door, &new, self.now)?;
        // An earlier access that ended by itself makes room.
        accesses::remove(on, door.id, account.id)?;
        accesses::insert(on, &access)?;
        let access = Some(access);
        Ok(Outcome::Opened(Box::new(Opening { door, access, code })))
    }

    fn view(&self, opening: &Opening) -> Result<AccessView, Problem> {
        match &opening.access {
            Some(access) => {
                let code = (access.role == Role::Guest).then_some(&opening.code);
                AccessView::of_access(self.service, access, code)
            }
            None => AccessView::of_sent(self.service, &opening.code, true),
        }
    }
}

/// What one door cannot do is that door's; what the service cannot do ends the whole request.
pub(crate) const DOORS_OWN: [Problem; 4] = [
    Problem::NotFound,
    Problem::CannotShare,
    Problem::TooManyDoorcodes,
    Problem::DailyCodesExhausted,
];

fn doors_own<T>(outcome: Result<T, Problem>) -> Result<Result<T, Problem>, Problem> {
    match outcome {
        Err(problem) if !DOORS_OWN.contains(&problem) => Err(problem),
        own => Ok(own),
    }
}

/// The day that is meant, which must be today or tomorrow at the door.
fn day_at(door: &Door, day: WhichDay, now: UnixMillis) -> Result<civil::Day, Problem> {
    let zone = civil::zone(&door.timezone)?;
    match day {
        WhichDay::Named(day) => civil::day(&zone, now, day.ahead()),
        WhichDay::Of(moment) => [civil::day(&zone, now, 0)?, civil::day(&zone, now, 1)?]
            .into_iter()
            .find(|day| (day.starts_at..day.ends_at).contains(&moment))
            .ok_or(SharingFault::InvalidStartTime.into()),
    }
}

fn conflict(door: &Door, known: &Access) -> Description {
    match (known.role, door.door_type) {
        (Role::Guest, _) => Description::UserHasGuestAccessConflict,
        (_, DoorType::Residence) => Description::UserHasResidentAccess,
        _ => Description::CommunalDoorcodeConflict,
    }
}

fn code_kind(door: &Door, role: Role) -> DoorcodeKind {
    match (role, door.door_type) {
        (Role::Resident, DoorType::Residence) => DoorcodeKind::Residence,
        (Role::Resident, _) => DoorcodeKind::Communal,
        (Role::Guest | Role::NonResident, _) => DoorcodeKind::Permanent,
    }
}
