//! What locks said, handed to the service.

use super::outbox::{self, Item, Outbox};
use crate::account::SessionHandle;
use crate::attempt::{Stopper, bound_to};
use crate::context::Context;
use crate::error::{Error, Fault};
use crate::service::{Call, DoorId, Problem, ProblemCode};
use crate::vault::Vault;
use serde::Deserialize;

/// What the service said to an upload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Uploaded {
    /// The service found a lock's signature under a receipt good, and none bad.
    pub(super) receipt_verified: bool,
    /// A receipt was not signed by the lock.
    pub(super) forged: bool,
    /// Log entries that the service has taken.
    pub(super) entries: u32,
    /// Something waits for the next network.
    pub(super) pending: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReceiptAnswer {
    receipt_verified: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LogAnswer {
    entries: u32,
    acked_index: u64,
}

/// Hands in one door's outbox. What the service has taken is forgotten; what it could not be told stays.
pub(super) async fn upload(
    context: &Context,
    session: &SessionHandle,
    door: DoorId,
) -> Result<Uploaded, Fault> {
    let mut uploaded = Uploaded::default();
    let mut acked = 0;
    let mut taken = Vec::new();
    for item in in_order(outbox::load(context.vault(), session, door).await?) {
        match hand_in(session, door, &item, &mut uploaded, &mut acked).await {
            Ok(()) => taken.push(item),
            // Refused for good: keeping it would only have it refused again.
            Err(Fault::Problem(problem)) if is_final(&problem) => taken.push(item),
            Err(Fault::Http(_) | Fault::Problem(_) | Fault::Breach(_)) => {
                uploaded.pending = true;
                break;
            }
            Err(fault) => return Err(fault),
        }
    }
    outbox::change(context, session, door, |outbox| {
        outbox.items.retain(|item| !taken.contains(item));
        outbox.acked = outbox.acked.max(acked);
    })
    .await?;
    uploaded.receipt_verified &= !uploaded.forged;
    Ok(uploaded)
}

async fn hand_in(
    session: &SessionHandle,
    door: DoorId,
    item: &Item,
    uploaded: &mut Uploaded,
    acked: &mut u64,
) -> Result<(), Fault> {
    let answer = session.send(call(door, item)).await;
    if let Err(Fault::Problem(problem)) = &answer {
        uploaded.forged |= problem.code == ProblemCode::ReceiptForged;
    }
    let answer = answer?;
    match item {
        Item::Receipt(_) => {
            let said: ReceiptAnswer = answer.json()?;
            uploaded.receipt_verified |= said.receipt_verified;
            uploaded.forged |= !said.receipt_verified;
        }
        Item::Segment(_) => {
            let said: LogAnswer = answer.json()?;
            uploaded.entries = uploaded.entries.saturating_add(said.entries);
            *acked = (*acked).max(said.acked_index);
        }
    }
    Ok(())
}

/// Copies of everything that waits, as calls: sign-out hands them in on its way. No network here.
pub(crate) async fn take_uploads(vault: &Vault, session: &SessionHandle) -> Vec<Call> {
    let mut calls = Vec::new();
    // What cannot be read cannot be handed in; the locks keep it for the next courier.
    for door in doors(vault, session).await.unwrap_or_default() {
        if let Ok(outbox) = outbox::load(vault, session, door).await {
            calls.extend(in_order(outbox).iter().map(|item| call(door, item)));
        }
    }
    calls
}

/// Hands in every door's outbox: the network is back.
pub(crate) async fn upload_all(context: &Context, session: &SessionHandle) -> Result<(), Fault> {
    for door in doors(context.vault(), session).await? {
        if upload(context, session, door).await?.pending {
            return Err(Error::UploadPending.into());
        }
    }
    Ok(())
}

/// The network came: hands in what waits, on a task of its own.
pub(crate) fn upload_soon(context: &Context) {
    let Ok(session) = context.session() else {
        return;
    };
    let context = context.clone();
    let spawn = context.ports().spawn.clone();
    spawn.spawn(Box::pin(async move {
        let stopper = Stopper::new();
        let ended = session.ended();
        let uploading = stopper.guard(upload_all(&context, &session));
        let _ = bound_to(ended, &stopper, uploading).await;
    }));
}

async fn doors(vault: &Vault, session: &SessionHandle) -> Result<Vec<DoorId>, Fault> {
    let list = crate::doors::cached_list(vault, session).await?;
    Ok(list.map_or_else(Vec::new, |list| {
        list.doors.into_iter().map(|door| door.id).collect()
    }))
}

/// Receipts first: the service takes a log as far as a receipt vouches for it.
fn in_order(outbox: Outbox) -> Vec<Item> {
    let mut items = outbox.items;
    items.sort_by_key(|item| matches!(item, Item::Segment(_)));
    items
}

fn call(door: DoorId, item: &Item) -> Call {
    match item {
        Item::Receipt(receipt) => Call::receipt(door, receipt.clone()),
        Item::Segment(segment) => Call::log(door, segment.clone()),
    }
}

fn is_final(problem: &Problem) -> bool {
    matches!(
        problem.code,
        ProblemCode::ReceiptForged | ProblemCode::NotFound | ProblemCode::Forbidden
    ) || problem.status == 422
}
