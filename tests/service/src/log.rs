//! `POST /v1/doors/{doorUuid}/log`: a segment of a lock's log. What is safe here is acked in the next critical lane, and only then may the lock
//! forget it.
use crate::clock::UnixMillis;
use crate::document::problems;
use crate::document::shapes::Octets;
use crate::extract::{Caller, DoorId, body_of};
use crate::problem::Problem;
use crate::standing::standing_at;
use crate::state::Service;
use crate::store::doors::{self, Door};
use crate::store::{log_entries, receipts};
use axum::Json;
use axum::extract::{Request, State};
use keyway_protocol::ids::{Digest, LockId};
use keyway_protocol::log::{LogEntry, LogSegment, chain};
use rusqlite::Connection;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The media type of a segment.
const MEDIA_TYPE: &str = "application/vnd.keyway.log";

/// How far the log is safe.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LogAnswer {
    /// New entries that were taken.
    entries: u64,
    /// Every entry below this index is safe.
    acked_index: u64,
}

/// Takes a segment as far as the lock's own receipts vouch for it: entries are sealed but not signed, and a chain that no signed head
/// confirms could be anybody's. A segment that begins after a gap is left with its courier, and so is one whose receipt has not come yet:
/// receipts go first.
#[utoipa::path(
    post,
    path = "/v1/doors/{doorUuid}/log",
    tag = "couriers",
    operation_id = "handInLog",
    params(DoorId),
    request_body(content = Octets, content_type = "application/vnd.keyway.log", description = "A log segment"),
    responses(
        (status = 200, body = LogAnswer, description = "How far the log is safe"),
        problems::NotFound,
        problems::LogRefused,
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn take(
    State(service): State<Service>,
    Caller(session): Caller,
    DoorId(door): DoorId,
    request: Request,
) -> Result<Json<LogAnswer>, Problem> {
    let bytes = body_of(request, &service, MEDIA_TYPE).await?;
    let segment = LogSegment::decode(&bytes).map_err(|_| Problem::LogRefused)?;
    let now = service.now();
    service.store().write(|on| {
        let (door, _) = standing_at(on, door, session.account_id, now)?;
        if segment.lock != LockId(door.lock_id) {
            return Err(Problem::LogRefused);
        }
        let acked_index = door.acked_index;
        let reaches = receipts::signed_point(on, door.id, acked_index, segment.next())?;
        let Some((until, head)) = reaches.filter(|_| segment.first <= acked_index) else {
            return Ok(Json(LogAnswer {
                entries: 0,
                acked_index,
            }));
        };
        keep(
            &service,
            on,
            &door,
            &segment,
            until,
            session.account_id,
            now,
        )?;
        if chained(&door, &segment, until).0 != head {
            return Err(Problem::LogRefused);
        }
        doors::acknowledge(on, door.id, until, &head)?;
        doors::next_crit_seq(on, door.id)?;
        Ok(Json(LogAnswer {
            entries: until - acked_index,
            acked_index: until,
        }))
    })
}

/// The entries that are new, up to `until`.
fn fresh<'a>(
    door: &Door,
    segment: &'a LogSegment,
    until: u64,
) -> impl Iterator<Item = (u64, &'a [u8])> {
    let from = door.acked_index;
    segment
        .entries()
        .filter(move |(index, _)| (from..until).contains(index))
}

/// The chain's head at `until`, going on from what is already safe.
fn chained(door: &Door, segment: &LogSegment, until: u64) -> Digest {
    fresh(door, segment, until).fold(Digest(door.acked_head), |head, (index, sealed)| {
        chain(&head, index, sealed)
    })
}

fn keep(
    service: &Service,
    on: &Connection,
    door: &Door,
    segment: &LogSegment,
    until: u64,
    courier: Uuid,
    now: UnixMillis,
) -> Result<(), Problem> {
    let key = service.issuer().log_key();
    for (index, sealed) in fresh(door, segment, until) {
        LogEntry::open(sealed, &segment.lock, index, &key).map_err(|_| Problem::LogRefused)?;
        log_entries::keep(on, door.id, index, sealed, courier, now)?;
    }
    Ok(())
}
