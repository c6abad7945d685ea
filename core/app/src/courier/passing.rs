//! The short sync after an unlock: in the same session, with what is there already.

use super::SyncPhase;
use super::upload::upload;
use super::visit::Visit;
use crate::account::SessionHandle;
use crate::context::{Context, within};
use crate::link::driver::Driver;
use crate::service::DoorId;
use core::time::Duration;

/// The resident walks in; the link will not live much longer.
const LIMIT: Duration = Duration::from_secs(15);

/// Delivers what is stored and takes what the lock has. However it ends, the unlock is over and told.
pub(crate) async fn visit_briefly(
    context: &Context,
    session: &SessionHandle,
    door: DoorId,
    driver: &mut Driver,
) {
    let visit = Visit {
        context,
        session,
        door,
        phase: &|_: SyncPhase| {},
    };
    let _ = within(context.ports(), LIMIT, visit.run(driver)).await;
}

/// Hands in what the visit brought, if there is network. Else it waits.
pub(crate) async fn hand_in(context: &Context, session: &SessionHandle, door: DoorId) {
    let _ = upload(context, session, door).await;
}
