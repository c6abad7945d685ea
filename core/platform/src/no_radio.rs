//! A device without Bluetooth.

use core::time::Duration;
use keyway_app::ports::{
    AdapterState, BoxFuture, Link, Location, PeripheralId, Permission, Power, Radio, RadioError,
    Scan,
};

/// Says that there is no Bluetooth Low Energy here, and does nothing else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoRadio;

impl Radio for NoRadio {
    fn state(&self) -> AdapterState {
        AdapterState {
            power: Power::Unsupported,
            permission: Permission::NotAsked,
            location: Location::NotNeeded,
        }
    }

    fn scan(&self) -> BoxFuture<'static, Result<Box<dyn Scan>, RadioError>> {
        Box::pin(async { Err(RadioError::Unsupported) })
    }

    fn connect(
        &self,
        _id: PeripheralId,
        _deadline: Duration,
    ) -> BoxFuture<'static, Result<Box<dyn Link>, RadioError>> {
        Box::pin(async { Err(RadioError::Unsupported) })
    }
}
