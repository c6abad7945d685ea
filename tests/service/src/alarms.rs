//! `GET /v1/alarms`: doors whose locks keep silent about what they were to forget, and locks of which there are two. For staff.
//!
//! A courier can withhold what it fetched (threat R4). Leases bound what that is worth; the alarm names who had it.
use crate::clock::UnixMillis;
use crate::document::problems;
use crate::document::shapes::Moment;
use crate::doors::pending_changes;
use crate::extract::Caller;
use crate::limits;
use crate::problem::Problem;
use crate::standing::staffed_buildings;
use crate::state::Service;
use crate::store::carriers;
use crate::store::doors::{self, Door};
use crate::store::{doorcodes, forks, revocations, revoked};
use crate::time::rfc3339;
use axum::Json;
use axum::extract::State;
use rusqlite::Connection;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The answer, the longest silence first.
#[derive(Serialize, ToSchema)]
pub(crate) struct AlarmList {
    alarms: Vec<AlarmView>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Alarm)]
struct AlarmView {
    door_uuid: Uuid,
    door_name: String,
    kind: AlarmKind,
    /// Since when there is something that the lock has not confirmed; for a lock of which there are two, since that is known.
    #[schema(value_type = Moment)]
    since: String,
    pending_changes: u32,
    /// Whose phones fetched something for the door since then: one of them may have dropped it.
    couriers: Vec<CourierView>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum AlarmKind {
    /// No receipt confirms a revocation or the end of a code that was asked for a day ago.
    ReceiptOverdue,
    /// The lock signed two receipts of one number.
    LockForked,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Courier)]
struct CourierView {
    name: String,
    #[schema(value_type = Moment)]
    fetched_at: String,
}

/// See the module.
#[utoipa::path(
    get,
    path = "/v1/alarms",
    tag = "property",
    operation_id = "listAlarms",
    responses(
        (status = 200, body = AlarmList, description = "The longest silence first"),
        problems::Forbidden,
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn list(
    State(service): State<Service>,
    Caller(session): Caller,
) -> Result<Json<AlarmList>, Problem> {
    let now = service.now();
    service.store().read(|on| {
        let mut alarms = Vec::new();
        for building in staffed_buildings(on, session.account_id, now)? {
            for door in doors::of_building(on, building)? {
                if let Some(since) = forks::found_at(on, door.id)? {
                    alarms.push((since, view(on, &door, AlarmKind::LockForked, since)?));
                }
                if let Some(since) = silent_since(on, &door)?
                    && since <= now - limits::RECEIPT_DEADLINE
                {
                    alarms.push((since, view(on, &door, AlarmKind::ReceiptOverdue, since)?));
                }
            }
        }
        alarms.sort_by_key(|(since, _)| *since);
        let alarms = alarms.into_iter().map(|(_, alarm)| alarm).collect();
        Ok(Json(AlarmList { alarms }))
    })
}

/// The oldest request to forget somebody or a code that no receipt of the lock confirms.
fn silent_since(on: &Connection, door: &Door) -> Result<Option<UnixMillis>, Problem> {
    let revocations = revocations::of_door(on, door.id)?;
    let revocation = revocations
        .iter()
        .filter(|entry| entry.crit_seq > door.confirmed_crit_seq)
        .map(|entry| entry.min_iat)
        .min();
    // Entries of the lane are pruned once every grant they speak of is over; an access that was taken away is not forgotten so.
    let access = revoked::oldest_unconfirmed(on, door.id)?;
    let code = doorcodes::oldest_unconfirmed_end(on, door.id, door.confirmed_bulk_seq)?;
    Ok([revocation, access, code].into_iter().flatten().min())
}

fn view(
    on: &Connection,
    door: &Door,
    kind: AlarmKind,
    since: UnixMillis,
) -> Result<AlarmView, Problem> {
    let couriers = match kind {
        AlarmKind::ReceiptOverdue => carriers::since(on, door.id, since)?,
        // A clone is nobody's who carried for it.
        AlarmKind::LockForked => Vec::new(),
    };
    let couriers = couriers.into_iter().map(|(name, fetched_at)| {
        Ok(CourierView {
            name,
            fetched_at: rfc3339(fetched_at)?,
        })
    });
    Ok(AlarmView {
        door_uuid: door.id,
        door_name: door.name.clone(),
        kind,
        since: rfc3339(since)?,
        pending_changes: pending_changes(on, door)?,
        couriers: couriers.collect::<Result<_, Problem>>()?,
    })
}
