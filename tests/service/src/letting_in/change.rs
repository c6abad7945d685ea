//! `PATCH` and `DELETE` of `/v1/users/{userUuid}/doors/{doorUuid}`: for whoever let the person in, and for staff.
use super::invitation::end_after;
use super::users::{Look, one};
use super::view::UserView;
use super::{SharingFault, withdrawal};
use crate::clock::UnixMillis;
use crate::document::problems;
use crate::document::shapes::Moment;
use crate::extract::{Body, Caller, UserAtDoor};
use crate::lanes::revoke;
use crate::limits;
use crate::problem::Problem;
use crate::standing::standing_at;
use crate::state::Service;
use crate::store::accesses::{self, Access};
use crate::store::doors::{self, Door};
use crate::store::revocations::Revoked;
use crate::store::revoked::{self, RevokedAccess};
use crate::store::{doorcodes, grants};
use crate::words::Role;
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use rusqlite::Connection;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;
use uuid::Uuid;

/// OpenDOOR's `UpdateUserDoorRequest`. What is not there stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = UpdateUserDoorRequest)]
pub(crate) struct UpdateRequest {
    /// `null`: for good.
    #[serde(default, deserialize_with = "told")]
    #[schema(value_type = Option<Moment>)]
    end_time: Option<Option<String>>,
    shareable: Option<bool>,
}

/// A member that is there, be it `null`.
fn told<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// What the path names.
enum Found {
    Access(Access),
    /// A daily code that was sent to somebody outside.
    Sent,
    /// An access that was taken away already.
    Revoked,
}

/// Changes until when an access lasts and whether it may be shared.
#[utoipa::path(
    patch,
    path = "/v1/users/{userUuid}/doors/{doorUuid}",
    tag = "people",
    operation_id = "updateUserAccess",
    params(UserAtDoor),
    request_body(content = UpdateRequest, content_type = "application/json"),
    responses(
        (status = 200, body = UserView, description = "As it is now"),
        problems::InvalidEndTime,
        problems::EndTimeNotSupported,
        problems::CannotShare,
        problems::Forbidden,
        problems::NotFound,
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn update(
    State(service): State<Service>,
    Caller(session): Caller,
    UserAtDoor { user, door }: UserAtDoor,
    Body(request): Body<UpdateRequest>,
) -> Result<Json<UserView>, Problem> {
    let now = service.now();
    let caller = session.account_id;
    service.store().write(|on| {
        let (door, standing) = standing_at(on, door, caller, now)?;
        let look = Look {
            door: &door,
            standing,
            caller,
            now,
        };
        let access = match find(on, &look, user)? {
            Found::Access(access) => access,
            Found::Sent if request.end_time.is_some() => {
                return Err(SharingFault::EndTimeNotSupported.into());
            }
            Found::Sent => return Err(Problem::CannotShare),
            Found::Revoked => return Err(Problem::NotFound),
        };
        if !standing.may_share(now) {
            return Err(Problem::CannotShare);
        }
        let shareable = request.shareable.unwrap_or(access.shareable);
        if shareable && access.role == Role::Guest {
            return Err(Problem::CannotShare);
        }
        let ends_at = match &request.end_time {
            None => access.ends_at,
            Some(None) => None,
            Some(Some(end)) => Some(end_after(end, access.starts_at, now)?),
        };
        accesses::change(on, access.id, ends_at, shareable)?;
        if ends_at != access.ends_at {
            move_end(on, &door, &access, ends_at, now)?;
        }
        one(&service, on, user, caller, now).map(Json)
    })
}

/// Takes the access away. Doing it again changes nothing.
#[utoipa::path(
    delete,
    path = "/v1/users/{userUuid}/doors/{doorUuid}",
    tag = "people",
    operation_id = "revokeUserAccess",
    params(UserAtDoor),
    responses(
        (status = 204, description = "Requested; the lock confirms it"),
        problems::PasscodeTypeCantBeRevoked,
        problems::Forbidden,
        problems::NotFound,
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn withdraw(
    State(service): State<Service>,
    Caller(session): Caller,
    UserAtDoor { user, door }: UserAtDoor,
) -> Result<StatusCode, Problem> {
    let now = service.now();
    let caller = session.account_id;
    service.store().write(|on| {
        let (door, standing) = standing_at(on, door, caller, now)?;
        let look = Look {
            door: &door,
            standing,
            caller,
            now,
        };
        match find(on, &look, user)? {
            Found::Access(_) => withdrawal::withdraw(on, &door, user, now)?,
            Found::Sent => return Err(SharingFault::PasscodeTypeCantBeRevoked.into()),
            Found::Revoked => {}
        }
        Ok(StatusCode::NO_CONTENT)
    })
}

/// What the person has at the door, if the caller may change it. What the caller may not even know of does not exist.
fn find(on: &Connection, look: &Look<'_>, user: Uuid) -> Result<Found, Problem> {
    let (door, now) = (look.door.id, look.now);
    let since = now - limits::REVOKED_LISTED;
    let sent = |code: &doorcodes::Doorcode| code.recipient_id == Some(user);
    let taken = |row: &RevokedAccess| row.access.account_id == user;
    let (found, granted_by) = if let Some(access) = accesses::find(on, door, user, now)? {
        let shown = look.shows(&access).then_some(access);
        let access = shown.ok_or(Problem::NotFound)?;
        (Found::Access(access), access.granted_by)
    } else if let Some(code) = doorcodes::sent_at(on, door, now)?.into_iter().find(sent) {
        let shown = look.shows_sent(&code).then_some(code.account_id);
        (Found::Sent, Some(shown.ok_or(Problem::NotFound)?))
    } else {
        let row = revoked::of_door(on, door, since)?.into_iter().find(taken);
        let row = row.filter(|row| look.shows(&row.access));
        let access = row.ok_or(Problem::NotFound)?.access;
        (Found::Revoked, access.granted_by)
    };
    if look.standing.staff || granted_by == Some(look.caller) {
        Ok(found)
    } else {
        Err(Problem::Forbidden)
    }
}

/// The lock learns the new end of the code at its next sync. Grants that reach beyond it are refused from its next critical lane on: the
/// phone fetches shorter ones.
fn move_end(
    on: &Connection,
    door: &Door,
    access: &Access,
    ends_at: Option<UnixMillis>,
    now: UnixMillis,
) -> Result<(), Problem> {
    for code in doorcodes::table_codes(on, door.id)? {
        if code.account_id == access.account_id {
            let seq = doors::next_bulk_seq(on, door.id)?;
            doorcodes::set_end(on, code.id, ends_at, seq, now)?;
        }
    }
    let account = access.account_id;
    if let Some(end) = ends_at
        && grants::reach_beyond(on, door.id, account, end)?
    {
        revoke(on, door.id, Revoked::Subject(*account.as_bytes()), now)?;
    }
    Ok(())
}
