//! `POST /v1/doors/{doorUuid}/receipts`: what a lock has done and where it stands, in its own signature, by whichever courier.
use crate::clock::UnixMillis;
use crate::document::problems;
use crate::document::shapes::Octets;
use crate::extract::{Caller, DoorId, body_of};
use crate::issuing::ROOT_VERSION;
use crate::limits;
use crate::problem::Problem;
use crate::standing::standing_at;
use crate::state::Service;
use crate::store::doors::{self, Door};
use crate::store::receipts::{self, ReceiptRow};
use crate::store::sessions::Session;
use crate::store::{accounts, forks, revoked};
use axum::Json;
use axum::extract::{Request, State};
use keyway_protocol::ids::LockId;
use keyway_protocol::receipt::{Occasion, Receipt, Stamp};
use rusqlite::Connection;
use serde::Serialize;
use utoipa::ToSchema;

/// The media type of a sealed receipt.
const MEDIA_TYPE: &str = "application/vnd.keyway.receipt";

/// What the receipt proved.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReceiptAnswer {
    receipt_verified: bool,
    /// Where the lock stood when it wrote the receipt.
    crit_seq: u64,
    bulk_seq: u64,
}

/// The same receipt may come again and by other couriers; a forged one changes nothing.
#[utoipa::path(
    post,
    path = "/v1/doors/{doorUuid}/receipts",
    tag = "couriers",
    operation_id = "handInReceipt",
    params(DoorId),
    request_body(content = Octets, content_type = "application/vnd.keyway.receipt", description = "A sealed receipt"),
    responses(
        (status = 200, body = ReceiptAnswer, description = "It is the lock's"),
        problems::NotFound,
        problems::ReceiptForged,
        problems::LockForked,
    ),
    security(("accessToken" = [], "dpopProof" = [])),
)]
pub(crate) async fn take(
    State(service): State<Service>,
    Caller(session): Caller,
    DoorId(door): DoorId,
    request: Request,
) -> Result<Json<ReceiptAnswer>, Problem> {
    let sealed = body_of(request, &service, MEDIA_TYPE).await?;
    let now = service.now();
    service.store().write(|on| {
        let (door, _) = standing_at(on, door, session.account_id, now)?;
        let receipt = open(&service, &door, &sealed)?;
        match receipts::sealed(on, door.id, receipt.counter)? {
            Some(known) if open(&service, &door, &known)? == receipt => {}
            Some(_) => {
                // The refusal leaves a trace: the alarm.
                forks::note(on, door.id, receipt.counter, now)?;
                return Ok(Err(forked(&door)));
            }
            None => keep(on, &door, &receipt, &sealed, &session, now)?,
        }
        Ok(Ok(Json(ReceiptAnswer {
            receipt_verified: true,
            crit_seq: receipt.crit_seq,
            bulk_seq: receipt.bulk_seq,
        })))
    })?
}

fn open(service: &Service, door: &Door, sealed: &[u8]) -> Result<Receipt, Problem> {
    let issuer = service.issuer();
    Receipt::open(
        sealed,
        &LockId(door.lock_id),
        &issuer.identity(door)?,
        &issuer.log_key(),
    )
    .map_err(|_| Problem::ReceiptForged)
}

/// One number, two receipts, both in the lock's signature: somebody has a copy of the lock (threat R13).
fn forked(door: &Door) -> Problem {
    tracing::error!(door = %door.id, "a lock signed two receipts of one number: it was cloned");
    Problem::LockForked
}

fn keep(
    on: &Connection,
    door: &Door,
    receipt: &Receipt,
    sealed: &[u8],
    session: &Session,
    now: UnixMillis,
) -> Result<(), Problem> {
    let is_newest = receipt.counter > receipts::newest(on, door.id)?;
    let row = ReceiptRow {
        counter: receipt.counter,
        sealed,
        log_entries: receipt.log_entries,
        log_head: receipt.log_head.0,
        courier: session.account_id,
    };
    receipts::keep(on, door.id, &row, now)?;
    let counter = receipts::without_gap(on, door.id, door.receipt_counter)?;
    doors::set_receipt_counter(on, door.id, counter)?;
    // Sequences begin anew under another root: what was confirmed under one says nothing of another.
    if receipt.root_version == ROOT_VERSION {
        let (crit_seq, bulk_seq) = (receipt.crit_seq, receipt.bulk_seq);
        doors::confirm(on, door.id, crit_seq, bulk_seq)?;
        revoked::confirm(on, door.id, crit_seq, bulk_seq, written_at(receipt, now))?;
    }
    if is_newest {
        let at = written_at(receipt, now);
        doors::set_battery(on, door.id, receipt.battery_percent, at)?;
        if matches!(receipt.occasion, Occasion::Critical | Occasion::Bulk) {
            let courier = accounts::by_id(on, session.account_id)?;
            let name = courier.map_or_else(String::new, |account| account.name);
            doors::synced(on, door.id, &name, at)?;
        }
    }
    Ok(())
}

/// When the lock wrote it, as far as the lock knew; never later than now.
fn written_at(receipt: &Receipt, now: UnixMillis) -> UnixMillis {
    match receipt.at {
        Stamp::Trusted(interval) => i64::try_from(interval.latest.0)
            .ok()
            .and_then(|seconds| seconds.checked_mul(limits::SECOND))
            .map_or(now, |at| at.min(now)),
        Stamp::NotBefore(_) => now,
    }
}
