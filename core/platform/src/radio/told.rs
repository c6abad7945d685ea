//! A radio whose state the shell tells: on a phone only the shell hears of power, permission and the location switch.

#[cfg(feature = "bluetooth")]
use crate::radio::bluetooth::{BluetoothRadio, policy::Told};
use core::time::Duration;
use keyway_app::ports::{
    AdapterState, BoxFuture, Link, PeripheralId, Power, Radio, RadioError, Scan,
};
use std::sync::{Arc, Mutex, PoisonError};

/// Another radio, with the state that the shell told last. A device without Bluetooth has none, whatever it is told.
pub struct ToldRadio {
    radio: Arc<dyn Radio>,
    told: Mutex<Option<AdapterState>>,
    /// Hears it too: links end when the power does.
    #[cfg(feature = "bluetooth")]
    bluetooth: Option<Arc<BluetoothRadio>>,
}

impl ToldRadio {
    /// `radio`, whose own state holds until another is told.
    #[must_use]
    pub fn new(radio: Arc<dyn Radio>) -> Self {
        Self {
            radio,
            told: Mutex::new(None),
            #[cfg(feature = "bluetooth")]
            bluetooth: None,
        }
    }

    /// The same, and what is told reaches the system's Bluetooth, if `radio` is that.
    #[cfg(feature = "bluetooth")]
    #[must_use]
    pub fn over(radio: Arc<dyn Radio>, bluetooth: Option<Arc<BluetoothRadio>>) -> Self {
        Self {
            bluetooth,
            ..Self::new(radio)
        }
    }

    /// The state from now on.
    pub fn told(&self, state: AdapterState) {
        #[cfg(feature = "bluetooth")]
        if let Some(bluetooth) = &self.bluetooth {
            bluetooth.tell(Told {
                power: Some(state.power),
                permission: Some(state.permission),
                location: Some(state.location),
            });
        }
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
    use core::time::Duration;
    use keyway_app::ports::{
        AdapterState, BoxFuture, Link, Location, PeripheralId, Permission, Power, Radio,
        RadioError, Scan,
    };
    use std::sync::Arc;

    /// A radio with this power of its own.
    struct Powered(Power);

    impl Radio for Powered {
        fn state(&self) -> AdapterState {
            state(self.0, Permission::Granted)
        }

        fn scan(&self) -> BoxFuture<'static, Result<Box<dyn Scan>, RadioError>> {
            Box::pin(async { Err(RadioError::Refused) })
        }

        fn connect(
            &self,
            _id: PeripheralId,
            _deadline: Duration,
        ) -> BoxFuture<'static, Result<Box<dyn Link>, RadioError>> {
            Box::pin(async { Err(RadioError::Refused) })
        }
    }

    fn state(power: Power, permission: Permission) -> AdapterState {
        AdapterState {
            power,
            permission,
            location: Location::NotNeeded,
        }
    }

    #[test]
    fn the_state_is_the_radios_own_until_another_is_told() {
        let radio = ToldRadio::new(Arc::new(Powered(Power::On)));
        assert_eq!(radio.state(), state(Power::On, Permission::Granted));
        for told in [
            state(Power::Off, Permission::Granted),
            state(Power::On, Permission::Denied),
        ] {
            radio.told(told);
            assert_eq!(radio.state(), told);
        }
    }

    #[test]
    fn a_device_without_bluetooth_has_none_whatever_it_is_told() {
        let radio = ToldRadio::new(Arc::new(Powered(Power::Unsupported)));
        radio.told(state(Power::On, Permission::Granted));
        assert_eq!(radio.state().power, Power::Unsupported);
    }
}
