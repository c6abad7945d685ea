//! A radio whose state the shell tells: on a phone only the shell hears of power, permission and the location switch.

use core::time::Duration;
use keyway_app::ports::{
    AdapterState, BoxFuture, Link, PeripheralId, Power, Radio, RadioError, Scan,
};
use std::sync::{Arc, Mutex, PoisonError};

/// Another radio, with the state that the shell told last. A device without Bluetooth has none, whatever it is told.
pub struct ToldRadio {
    radio: Arc<dyn Radio>,
    told: Mutex<Option<AdapterState>>,
}

impl ToldRadio {
    /// `radio`, whose own state holds until another is told.
    #[must_use]
    pub fn new(radio: Arc<dyn Radio>) -> Self {
        Self {
            radio,
            told: Mutex::new(None),
        }
    }

    /// The state from now on.
    pub fn told(&self, state: AdapterState) {
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = Some(state);
    }
}

impl core::fmt::Debug for ToldRadio {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("ToldRadio(..)")
    }
}

impl Radio for ToldRadio {
    fn state(&self) -> AdapterState {
        let own = self.radio.state();
        match *self.told.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(told) if own.power != Power::Unsupported => told,
            _ => own,
        }
    }

    fn scan(&self) -> BoxFuture<'static, Result<Box<dyn Scan>, RadioError>> {
        self.radio.scan()
    }

    fn connect(
        &self,
        id: PeripheralId,
        deadline: Duration,
    ) -> BoxFuture<'static, Result<Box<dyn Link>, RadioError>> {
        self.radio.connect(id, deadline)
    }
}

#[cfg(test)]
mod tests {
    use super::ToldRadio;
    use crate::no_radio::NoRadio;
    use keyway_app::ports::{AdapterState, Location, Permission, Power, Radio as _};
    use std::sync::Arc;

    #[test]
    fn a_device_without_bluetooth_has_none_whatever_it_is_told() {
        let radio = ToldRadio::new(Arc::new(NoRadio));
        radio.told(AdapterState {
            power: Power::On,
            permission: Permission::Granted,
            location: Location::NotNeeded,
        });
        assert_eq!(radio.state().power, Power::Unsupported);
    }
}
