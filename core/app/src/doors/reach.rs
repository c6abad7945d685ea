use super::access::Access;
use crate::account::SessionHandle;
use crate::attempt::Stopper;
use crate::context::Context;
use crate::link::driver::{DriveEnd, Driver, Opening};
use crate::link::finder::{FindError, Finder};
use crate::service::DoorId;
use keyway_protocol::phone::Intent;

/// How a journey gets to a door's lock.
#[derive(Clone, Copy)]
pub(crate) struct Way<'a> {
    pub(crate) context: &'a Context,
    pub(crate) session: &'a SessionHandle,
    pub(crate) stopper: &'a Stopper,
    pub(crate) door: DoorId,
}

impl Way<'_> {
    /// Finds the lock and connects. `connecting` hears when it was found.
    pub(crate) async fn reach(
        &self,
        access: &Access,
        connecting: &(dyn Fn() + Sync),
    ) -> Result<Driver, FindError> {
        let ports = self.context.ports();
        let memory = self.session.memory();
        let found = Finder {
            radio: &*ports.radio,
            clock: &*ports.clock,
            stopper: self.stopper,
            matches: &|data| access.is_seen_in(data),
            connecting,
        }
        .find(memory.peripheral(self.door))
        .await?;
        memory.set_peripheral(self.door, Some(found.id));
        let stopper = self.stopper.clone();
        Ok(Driver::new(ports.clone(), stopper, found.link))
    }

    /// Begins the conversation with what this phone remembers of the lock.
    pub(crate) async fn open(
        &self,
        driver: &mut Driver,
        access: &Access,
        intent: Intent,
    ) -> Result<(), DriveEnd> {
        let memory = self.session.memory();
        let opening = Opening {
            credentials: access.credentials(memory.is_held(self.door, access.grant_id())),
            resumption: memory.resumption(self.door),
            intent,
        };
        driver.open(opening).await
    }
}
