//! Bundles on their way to a lock: fetched ahead, kept sealed, delivered with or without network.

use super::outbox;
use crate::account::SessionHandle;
use crate::context::Context;
use crate::doors::fetch_access;
use crate::error::{Error, Fault};
use crate::service::{Call, DoorId};
use crate::vault::File;
use keyway_protocol::bundle::Bundle;
use keyway_protocol::hello::Facts;

/// How the service says that there is nothing newer.
const NO_CONTENT: u16 = 204;

/// The stored bundle; `None` when there is none that this version can read.
pub(super) async fn stored(
    context: &Context,
    session: &SessionHandle,
    door: DoorId,
) -> Result<Option<Bundle>, Fault> {
    let bytes = context
        .vault()
        .read(session.generation(), File::Bundle(door))
        .await?;
    Ok(bytes.and_then(|bytes| Bundle::decode(&bytes).ok()))
}

/// Fetches what the lock lacks, as far as we know where it stands, and stores it; else what is stored stays.
pub(crate) async fn fetch_bundle(
    context: &Context,
    session: &SessionHandle,
    door: DoorId,
) -> Result<(), Fault> {
    let have = outbox::load(context.vault(), session, door).await?.bulk_seq;
    fetch_from(context, session, door, have).await
}

/// Fetches what a door's lock must learn, rights and revocations as well as codes, so that it can be carried without network.
pub(crate) async fn fetch_ahead(context: &Context, door: DoorId) -> Result<(), Fault> {
    let session = context.session()?;
    fetch_access(context, &session, door).await?;
    fetch_bundle(context, &session, door).await
}

/// Fetches the bundle for a lock at bulk sequence `have`.
pub(super) async fn fetch_from(
    context: &Context,
    session: &SessionHandle,
    door: DoorId,
    have: u64,
) -> Result<(), Fault> {
    let answer = session.send(Call::bundle(door, have)).await?;
    if answer.status == NO_CONTENT {
        return Ok(());
    }
    Bundle::decode(&answer.body).map_err(|_| Error::ServiceNotTrusted)?;
    context
        .vault()
        .write(session.generation(), File::Bundle(door), answer.body)
        .await
}

/// Forgets a bundle that the lock has.
pub(super) async fn delivered(
    context: &Context,
    session: &SessionHandle,
    door: DoorId,
) -> Result<(), Fault> {
    context
        .vault()
        .erase(session.generation(), File::Bundle(door))
        .await
}

/// Would a lock that stands here take this bundle?
pub(super) fn fits(bundle: &Bundle, lock: &Facts) -> bool {
    bundle.seq() > lock.bulk_seq && bundle.base().is_none_or(|base| base <= lock.bulk_seq)
}
