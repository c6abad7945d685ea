//! `GET /v1/users` and `GET /v1/users/{userUuid}`: who was let in, as far as it is the caller's to know.
use super::known_as::Names;
use super::recipient;
use super::view::{AccessView, UserView};
use crate::clock::UnixMillis;
use crate::document::problems;
use crate::document::shapes::PageToken;
use crate::extract::{Caller, UserId};
use crate::limits;
use crate::paging::PageQuery;
use crate::paging::PageRequest;
use crate::problem::Problem;
use crate::standing::{self, Standing};
use crate::state::Service;
use crate::store::accesses::{self, Access};
use crate::store::doorcodes::{self, Doorcode};
use crate::store::doors::{self, Door};
use crate::store::{accounts, revoked, staff};
use crate::words::{DoorType, DoorcodeKind, Role};
use axum::Json;
use axum::extract::State;
use rusqlite::Connection;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// The answer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = UsersResponse)]
pub(crate) struct UserList {
    users: Vec<UserView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PageToken>, nullable = false)]
    next_page_token: Option<String>,
}

/// `GET /v1/users`: for a resident whom they and their household let in, for staff everybody at the doors of their buildings.
#[utoipa::path(
    get,
    path = "/v1/users",
    tag = "people",
    operation_id = "listUsers",
    params(PageQuery),
    responses(
        (status = 200, body = UserList, description = "By last name"),
        problems::BadRequest,
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn list(
    State(service): State<Service>,
    Caller(session): Caller,
    page: PageRequest,
) -> Result<Json<UserList>, Problem> {
    let now = service.now();
    let caller = session.account_id;
    service.store().read(|on| {
        let is_staff = !staff::buildings(on, caller, now)?.is_empty();
        let mut seen = seen(&service, on, caller, now)?;
        if !is_staff {
            seen.remove(&caller);
        }
        let mut users = Vec::with_capacity(seen.len());
        for (user, accesses) in seen {
            users.extend(described(&service, on, (user, accesses), caller, now)?);
        }
        let page = page.cut(users, UserView::key);
        Ok(Json(UserList {
            users: page.items,
            next_page_token: page.next_page_token,
        }))
    })
}

/// `GET /v1/users/{userUuid}`: one of those, or the caller.
#[utoipa::path(
    get,
    path = "/v1/users/{userUuid}",
    tag = "people",
    operation_id = "getUser",
    params(UserId),
    responses(
        (status = 200, body = UserView, description = "One of those, or the caller"),
        problems::NotFound,
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn show(
    State(service): State<Service>,
    Caller(session): Caller,
    UserId(user): UserId,
) -> Result<Json<UserView>, Problem> {
    let now = service.now();
    service
        .store()
        .read(|on| one(&service, on, user, session.account_id, now))
        .map(Json)
}

/// The user as `caller` sees them.
pub(super) fn one(
    service: &Service,
    on: &Connection,
    user: Uuid,
    caller: Uuid,
    now: UnixMillis,
) -> Result<UserView, Problem> {
    let accesses = seen(service, on, caller, now)?.remove(&user);
    let accesses = accesses.ok_or(Problem::NotFound)?;
    described(service, on, (user, accesses), caller, now)?.ok_or(Problem::NotFound)
}

/// One look of an account at a door.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) door: &'a Door,
    pub(super) standing: Standing,
    pub(super) caller: Uuid,
    pub(super) now: UnixMillis,
}

impl Look<'_> {
    /// Whether an access is the caller's to know of: one's own, whom one let in, who may enter one's home, and for staff all.
    pub(super) fn shows(&self, access: &Access) -> bool {
        self.standing.staff
            || access.account_id == self.caller
            || access.granted_by == Some(self.caller)
            || (self.is_home() && access.role != Role::Resident)
    }

    /// The same of a daily code that was sent to somebody outside.
    pub(super) fn shows_sent(&self, code: &Doorcode) -> bool {
        self.standing.staff || code.account_id == self.caller || self.is_home()
    }

    fn is_home(&self) -> bool {
        self.door.door_type == DoorType::Residence && self.standing.is_resident(self.now)
    }
}

/// Everything the caller may know of, by user. At a door that is closed to the caller there is nothing of it.
fn seen(
    service: &Service,
    on: &Connection,
    caller: Uuid,
    now: UnixMillis,
) -> Result<BTreeMap<Uuid, Vec<AccessView>>, Problem> {
    let mut seen: BTreeMap<Uuid, Vec<AccessView>> = BTreeMap::new();
    let staffed = staff::buildings(on, caller, now)?;
    let mut doors = doors::of_account(on, caller, &staffed, now)?;
    doors.sort_by_key(|door| door.position);
    for door in &doors {
        let look = Look {
            door,
            standing: standing::of_account(on, door, caller, now)?,
            caller,
            now,
        };
        for access in accesses::of_door(on, door.id, now)? {
            if look.shows(&access) {
                let code = guest_code(on, &access, caller)?;
                let view = AccessView::of_access(service, &access, code.as_ref())?;
                seen.entry(access.account_id).or_default().push(view);
            }
        }
        for code in doorcodes::sent_at(on, door.id, now)? {
            let recipient = code.recipient_id;
            if let (Some(user), true) = (recipient, look.shows_sent(&code)) {
                let view = AccessView::of_sent(service, &code, code.account_id == caller)?;
                seen.entry(user).or_default().push(view);
            }
        }
        for row in revoked::of_door(on, door.id, now - limits::REVOKED_LISTED)? {
            if look.shows(&row.access) {
                let view = AccessView::of_revoked(service, &row)?;
                seen.entry(row.access.account_id).or_default().push(view);
            }
        }
    }
    Ok(seen)
}

/// A guest's code, for whoever let the guest in.
fn guest_code(on: &Connection, access: &Access, caller: Uuid) -> Result<Option<Doorcode>, Problem> {
    if access.role != Role::Guest || access.granted_by != Some(caller) {
        return Ok(None);
    }
    Ok(doorcodes::table_codes(on, access.door_id)?
        .into_iter()
        .find(|code| code.account_id == access.account_id && code.kind == DoorcodeKind::Permanent))
}

/// The person as `caller` may know them, who may be forgotten already.
fn described(
    service: &Service,
    on: &Connection,
    (user, accesses): (Uuid, Vec<AccessView>),
    caller: Uuid,
    now: UnixMillis,
) -> Result<Option<UserView>, Problem> {
    if let Some(account) = accounts::by_id(on, user)? {
        let names = Names::known_to(caller, service, on, &account, &accesses, now)?;
        return Ok(Some(UserView::of_account(account, names, accesses)));
    }
    let person = recipient::described(service, on, user)?;
    Ok(person.map(|person| UserView::of_recipient(user, person, accesses)))
}
