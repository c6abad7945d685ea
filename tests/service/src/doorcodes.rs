//! `GET /v1/doorcodes`, `POST /v1/doors/{doorUuid}/doorcodes` and `POST /v1/doorcodes/{doorcodeUuid}/reset`: the caller's codes, each with its window on
//! the door's own clock.
use crate::civil;
use crate::clock::UnixMillis;
use crate::crypto;
use crate::document::problems;
use crate::document::shapes::{DailyPasscodeType, Digits, Moment};
use crate::doorcode_table::{self, NewCode};
use crate::extract::{Body, Caller, DoorId, DoorcodeId};
use crate::issuing;
use crate::keys::Purpose;
use crate::limits;
use crate::problem::Problem;
use crate::standing::accessible;
use crate::state::Service;
use crate::store::carriers;
use crate::store::doorcodes::{self, Doorcode, Place};
use crate::store::doors::{self, Door};
use crate::time::rfc3339;
use crate::words::{DoorcodeKind, DoorcodeStatus, PasscodeType};
use axum::Json;
use axum::extract::State;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use zeroize::Zeroizing;

/// The answer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DoorcodeList {
    #[schema(value_type = Moment)]
    server_time: String,
    doorcodes: Vec<DoorcodeView>,
}

/// One doorcode, digits in the clear: the answer is for the person whose code it is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OwnDoorcode)]
pub(crate) struct DoorcodeView {
    uuid: Uuid,
    door_uuid: Uuid,
    kind: DoorcodeKind,
    passcode_type: PasscodeType,
    /// Opaque digits; leading zeros matter.
    #[schema(value_type = Digits)]
    code: String,
    #[schema(value_type = Moment)]
    start_time: String,
    #[schema(value_type = Option<Moment>, required)]
    end_time: Option<String>,
    /// The same moments with the door's offset.
    #[schema(value_type = Moment)]
    start_local: String,
    #[schema(value_type = Option<Moment>, required)]
    end_local: Option<String>,
    status: DoorcodeStatus,
    /// The code that opens instead from the next sync on.
    #[schema(required)]
    replaced_by: Option<Uuid>,
}

/// What the app asks for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewDoorcode {
    #[schema(value_type = DailyPasscodeType)]
    passcode_type: PasscodeType,
    day: RequestedDay,
}

/// On the door's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum RequestedDay {
    Today,
    Tomorrow,
}

impl RequestedDay {
    /// How many days after today.
    pub(crate) fn ahead(self) -> i64 {
        match self {
            Self::Today => 0,
            Self::Tomorrow => 1,
        }
    }
}

/// `GET /v1/doorcodes`. Codes that ended are told for another day, so that nobody wonders where theirs went.
#[utoipa::path(
    get,
    path = "/v1/doorcodes",
    tag = "doorcodes",
    operation_id = "listDoorcodes",
    responses(
        (status = 200, body = DoorcodeList, description = "Those that ended within a day too"),
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn list(
    State(service): State<Service>,
    Caller(session): Caller,
) -> Result<Json<DoorcodeList>, Problem> {
    let now = service.now();
    let doorcodes = service.store().read(|on| {
        doorcodes::of_account(on, session.account_id, now - limits::DAY)?
            .iter()
            .filter_map(|code| listed(&service, on, code, now).transpose())
            .collect::<Result<_, Problem>>()
    })?;
    Ok(Json(DoorcodeList {
        server_time: rfc3339(now)?,
        doorcodes,
    }))
}

/// `POST /v1/doors/{doorUuid}/doorcodes`: a daily code, computed by service and lock alike, so it needs no sync.
#[utoipa::path(
    post,
    path = "/v1/doors/{doorUuid}/doorcodes",
    tag = "doorcodes",
    operation_id = "createDailyDoorcode",
    params(DoorId),
    request_body(content = NewDoorcode, content_type = "application/json"),
    responses(
        (status = 200, body = DoorcodeView, description = "It opens on that day"),
        problems::CannotShare,
        problems::NotFound,
        problems::DailyCodesExhausted,
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn create(
    State(service): State<Service>,
    Caller(session): Caller,
    DoorId(door): DoorId,
    Body(request): Body<NewDoorcode>,
) -> Result<Json<DoorcodeView>, Problem> {
    let kind = match request.passcode_type {
        PasscodeType::Daily => DoorcodeKind::Daily,
        PasscodeType::DailySingleUse => DoorcodeKind::DailySingleUse,
        PasscodeType::Permanent => {
            return Err(Problem::BadRequest(
                "passcodeType must be DAILY or DAILY_SINGLE_USE",
            ));
        }
    };
    let now = service.now();
    service.store().write(|on| {
        let (door, access) = accessible(on, door, session.account_id, now)?;
        if !access.may_share(now) {
            return Err(Problem::CannotShare);
        }
        let zone = civil::zone(&door.timezone)?;
        let day = civil::day(&zone, now, request.day.ahead())?;
        let daily = Daily {
            account: session.account_id,
            recipient: None,
            kind,
            day,
        };
        let code = daily_code(&service, on, &door, &daily, now)?;
        view(&service, &door, &code, now).map(Json)
    })
}

/// `POST /v1/doorcodes/{doorcodeUuid}/reset`: another code in the place of the caller's own lasting one. The new one opens, and the old one does not
/// any more, from the door's next sync on.
#[utoipa::path(
    post,
    path = "/v1/doorcodes/{doorcodeUuid}/reset",
    tag = "doorcodes",
    operation_id = "resetDoorcode",
    params(DoorcodeId),
    responses(
        (status = 200, body = DoorcodeView, description = "The new code"),
        problems::NotFound,
        problems::DoorcodeNotResettable,
        problems::TooManyDoorcodes,
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn reset(
    State(service): State<Service>,
    Caller(session): Caller,
    DoorcodeId(code): DoorcodeId,
) -> Result<Json<DoorcodeView>, Problem> {
    let now = service.now();
    service.store().write(|on| {
        let old = doorcodes::by_id(on, code)?
            .filter(|code| code.account_id == session.account_id)
            .ok_or(Problem::NotFound)?;
        let (door, _) = accessible(on, old.door_id, session.account_id, now)?;
        if !is_resettable(&old, now) {
            return Err(Problem::DoorcodeNotResettable);
        }
        let new = NewCode {
            account: session.account_id,
            kind: old.kind,
            starts_at: now,
            ends_at: old.ends_at,
            granted_by: old.granted_by,
        };
        let new = doorcode_table::set(&service, on, &door, &new, now)?;
        view(&service, &door, &new, now).map(Json)
    })
}

/// A resident's own, unless another already stands in its place or its time is over.
fn is_resettable(code: &Doorcode, now: UnixMillis) -> bool {
    let lasting = matches!(code.kind, DoorcodeKind::Residence | DoorcodeKind::Communal);
    let deleted = matches!(code.place, Place::Table { deleted: true, .. });
    lasting && !deleted && code.ends_at.is_none_or(|end| now < end)
}

/// A daily code to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Daily {
    /// Whose it is, or who sends it.
    pub(crate) account: Uuid,
    /// Somebody outside whom it is sent to.
    pub(crate) recipient: Option<Uuid>,
    pub(crate) kind: DoorcodeKind,
    pub(crate) day: civil::Day,
}

/// The person's code of that kind and day: a daily one again, a single-use one always new.
pub(crate) fn daily_code(
    service: &Service,
    on: &Connection,
    door: &Door,
    daily: &Daily,
    now: UnixMillis,
) -> Result<Doorcode, Problem> {
    let Daily {
        account,
        recipient,
        kind,
        day,
    } = *daily;
    let taken = doorcodes::slots(on, door.id, kind, day.number)?;
    let same = |code: &&Doorcode| code.account_id == account && code.recipient_id == recipient;
    if let (DoorcodeKind::Daily, Some(code)) = (kind, taken.iter().find(same)) {
        return Ok(code.clone());
    }
    let free = |slot: &u8| {
        !taken
            .iter()
            .any(|code| matches!(code.place, Place::Slot { slot: used, .. } if used == *slot))
    };
    let slot = (0..issuing::DAILY_SLOTS)
        .find(free)
        .ok_or(Problem::DailyCodesExhausted)?;
    let digits = service.issuer().daily_code(door, kind, slot, day.number)?;
    let id = service.fresh_id()?;
    let code = Doorcode {
        id,
        door_id: door.id,
        account_id: account,
        number: doorcodes::next_number(on, door.id)?,
        kind,
        sealed_code: sealed(service, id, &digits)?,
        starts_at: day.starts_at,
        ends_at: Some(day.ends_at),
        place: Place::Slot {
            day: day.number,
            slot,
        },
        replaced_by: None,
        recipient_id: recipient,
        granted_by: recipient.map(|_| account),
    };
    doorcodes::insert(on, &code, now)?;
    Ok(code)
}

/// Digits as they rest in the row of code `id`.
pub(crate) fn sealed(service: &Service, id: Uuid, digits: &str) -> Result<Vec<u8>, Problem> {
    let key = service.keys().key(Purpose::Doorcode);
    crypto::seal(&key, service.entropy(), id.as_bytes(), digits.as_bytes())
}

/// The digits of a row.
pub(crate) fn digits(service: &Service, code: &Doorcode) -> Result<Zeroizing<String>, Problem> {
    let key = service.keys().key(Purpose::Doorcode);
    let plain = crypto::open(&key, code.id.as_bytes(), &code.sealed_code)?;
    std::str::from_utf8(&plain)
        .map(|digits| Zeroizing::new(digits.to_owned()))
        .map_err(|_| Problem::Internal("a sealed code is not text"))
}

fn listed(
    service: &Service,
    on: &Connection,
    code: &Doorcode,
    now: UnixMillis,
) -> Result<Option<DoorcodeView>, Problem> {
    let door = doors::by_id(on, code.door_id)?.ok_or(Problem::NotFound)?;
    if is_forgotten(on, &door, code)? {
        return Ok(None);
    }
    view(service, &door, code, now).map(Some)
}

/// A deleted code is told for as long as it may open the door: until the lock confirmed that it forgot it. One that was deleted before
/// anybody carried it there never opens.
fn is_forgotten(on: &Connection, door: &Door, code: &Doorcode) -> Result<bool, Problem> {
    let Place::Table {
        added_seq,
        changed_seq,
        deleted: true,
    } = code.place
    else {
        return Ok(false);
    };
    let carried = carriers::newest_bundle(on, door.id)?.max(door.confirmed_bulk_seq);
    Ok(changed_seq <= door.confirmed_bulk_seq || added_seq > carried)
}

fn view(
    service: &Service,
    door: &Door,
    code: &Doorcode,
    now: UnixMillis,
) -> Result<DoorcodeView, Problem> {
    let zone = civil::zone(&door.timezone)?;
    Ok(DoorcodeView {
        uuid: code.id,
        door_uuid: code.door_id,
        kind: code.kind,
        passcode_type: code.kind.passcode_type(),
        code: digits(service, code)?.to_string(),
        start_time: rfc3339(code.starts_at)?,
        end_time: code.ends_at.map(rfc3339).transpose()?,
        start_local: civil::local(&zone, code.starts_at)?,
        end_local: code
            .ends_at
            .map(|end| civil::local(&zone, end))
            .transpose()?,
        status: status(door, code, now),
        replaced_by: code.replaced_by,
    })
}

fn status(door: &Door, code: &Doorcode, now: UnixMillis) -> DoorcodeStatus {
    // A code that is to go opens as it did, if the lock had it; one that is to come, or to change, waits.
    let counts_from = match code.place {
        Place::Table {
            added_seq,
            deleted: true,
            ..
        } => added_seq,
        Place::Table { changed_seq, .. } => changed_seq,
        Place::Slot { .. } => 0,
    };
    if code.ends_at.is_some_and(|end| end <= now) {
        DoorcodeStatus::Expired
    } else if counts_from > door.confirmed_bulk_seq {
        DoorcodeStatus::PendingSync
    } else if now < code.starts_at {
        DoorcodeStatus::NotYet
    } else {
        DoorcodeStatus::Active
    }
}
