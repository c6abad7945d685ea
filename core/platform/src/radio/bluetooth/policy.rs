//! How each system's stack behaves, and what the radio does about it: values, and decisions without input or output.
//!
//! The behaviour is btleplug 0.13.5's on each system, read in its source; the scripted fakes of the tests behave as it does.

use core::time::Duration;
use keyway_app::ports::{AdapterState, Location, Permission, Power, RadioError};

/// What differs between systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Opening the stack before the shell said that it is initialised crashes the app (Android: the Java classes are not there yet).
    pub waits_for_initialisation: bool,
    /// Looking for the adapter again is harmless. Where it is not (Apple: a new central each time), it is opened once for ever.
    pub reopens: bool,
    /// The stack says whether the adapter is on. Where it does not, the shell does.
    pub says_power: bool,
    /// A power that is not said means that the app may not use Bluetooth (Apple, after the resident refused the prompt).
    pub silence_is_refusal: bool,
    /// The system is asked to filter by the service's UUID. `BlueZ` matches lists of UUIDs only and mixes all programs' filters, so it is not.
    pub filters_by_service: bool,
    /// A peripheral without a signal strength was not heard in this scan, only remembered (`BlueZ`).
    pub strength_means_heard: bool,
    /// At most so many starts of a scan in half a minute; one more and the system goes silent without a word (Android).
    pub scan_starts: Option<usize>,
    /// Writes that may be on their way at once. One where a stack has a queue of one operation.
    pub write_window: usize,
    /// An object for a peripheral is used again for its next link. Elsewhere (Apple) it is worthless after a disconnect.
    pub keeps_devices: bool,
    /// A disconnect waits behind a connect that does not end (Android): the object is given up, and the disconnect is left to happen.
    pub disconnect_waits: bool,
    /// A notification may be taken for the value of a read (Apple: both arrive at one callback).
    pub mixes_reads: bool,
}

impl Policy {
    /// Linux.
    pub const BLUEZ: Self = Self {
        waits_for_initialisation: false,
        reopens: true,
        says_power: true,
        silence_is_refusal: false,
        filters_by_service: false,
        strength_means_heard: true,
        scan_starts: None,
        write_window: 8,
        keeps_devices: true,
        disconnect_waits: false,
        mixes_reads: false,
    };
    /// Android.
    pub const ANDROID: Self = Self {
        waits_for_initialisation: true,
        reopens: true,
        says_power: false,
        silence_is_refusal: false,
        filters_by_service: true,
        strength_means_heard: false,
        scan_starts: Some(5),
        write_window: 1,
        keeps_devices: true,
        disconnect_waits: true,
        mixes_reads: false,
    };
    /// iOS and macOS.
    pub const APPLE: Self = Self {
        waits_for_initialisation: false,
        reopens: false,
        says_power: true,
        silence_is_refusal: true,
        filters_by_service: true,
        strength_means_heard: false,
        scan_starts: None,
        write_window: 4,
        keeps_devices: false,
        disconnect_waits: false,
        mixes_reads: true,
    };

    /// The policy of the system that this is compiled for.
    #[must_use]
    pub const fn of_this_system() -> Self {
        if cfg!(target_os = "android") {
            Self::ANDROID
        } else if cfg!(target_vendor = "apple") {
            Self::APPLE
        } else {
            Self::BLUEZ
        }
    }

    /// The adapter's state from what the shell told and what the stack said.
    pub(super) fn state(&self, told: &Told, said: &Said) -> AdapterState {
        let on_or_off = |on| if on { Power::On } else { Power::Off };
        let power = match (told.power, said.power, said.no_adapter) {
            (Some(Power::Unsupported), ..) => Power::Unsupported,
            (_, Some(on), false) if self.says_power => on_or_off(on),
            (Some(power), ..) => power,
            (None, _, true) => Power::Unsupported,
            (None, Some(on), false) => on_or_off(on),
            // Not known yet: the first use will tell.
            (None, None, false) => Power::On,
        };
        let permission = match (told.permission, said.permission) {
            // A refusal that was met is newer than any permission told before: telling one clears it.
            (_, Some(Permission::Denied)) => Permission::Denied,
            (Some(permission), _) => permission,
            (None, said) => said.unwrap_or(Permission::NotAsked),
        };
        AdapterState {
            power,
            permission,
            location: told.location.unwrap_or(Location::NotNeeded),
        }
    }

    /// What stands against a scan or a connect, from the state just before it.
    pub(super) fn obstacle(
        &self,
        initialised: bool,
        state: AdapterState,
    ) -> Result<(), RadioError> {
        if self.waits_for_initialisation && !initialised {
            return Err(RadioError::Unsupported);
        }
        match (state.power, state.permission, state.location) {
            (Power::Unsupported, ..) => Err(RadioError::Unsupported),
            (Power::Off, ..) => Err(RadioError::Off),
            (_, Permission::Denied, _) => Err(RadioError::NotPermitted),
            (_, _, Location::Off) => Err(RadioError::LocationOff),
            (Power::On, ..) => Ok(()),
        }
    }
}

/// What the shell told; what it did not tell is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Power, from the system's own notices.
    pub power: Option<Power>,
    /// Permission, from the system's own answer.
    pub permission: Option<Permission>,
    /// Android's location switch.
    pub location: Option<Location>,
}

/// What the stack said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// On or off.
    pub(super) power: Option<bool>,
    /// Given or refused, as met at a use.
    pub(super) permission: Option<Permission>,
    /// It looked for an adapter and found none.
    pub(super) no_adapter: bool,
}

/// Spreads the starts of scans, where a system counts them.
#[derive(Debug, Default)]
pub(super) struct ScanBudget {
    starts: Vec<Duration>,
}

impl ScanBudget {
    /// The span in which starts are counted, with a second to spare.
    pub(super) const SPAN: Duration = Duration::from_secs(31);

    /// How long to wait at `now` before the next start, of which `most` are allowed; the start is counted.
    pub(super) fn start(&mut self, most: usize, now: Duration) -> Duration {
        self.starts.retain(|at| *at + Self::SPAN > now);
        let wait = match self.starts.len().checked_sub(most) {
            // The start that has to fall out of the span first.
            Some(over) => (self.starts[over] + Self::SPAN).saturating_sub(now),
            None => Duration::ZERO,
        };
        self.starts.push(now + wait);
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::{Policy, Said, ScanBudget, Told};
    use core::time::Duration;
    use keyway_app::ports::{Location, Permission, Power, RadioError};

    fn power(policy: Policy, told: Option<Power>, said: Option<bool>) -> Power {
        let told = Told {
            power: told,
            ..Told::default()
        };
        let said = Said {
            power: said,
            ..Said::default()
        };
        policy.state(&told, &said).power
    }

    #[test]
    fn the_stack_is_believed_where_it_says_and_the_shell_elsewhere() {
        assert_eq!(power(Policy::BLUEZ, None, None), Power::On);
        assert_eq!(
            power(Policy::BLUEZ, Some(Power::On), Some(false)),
            Power::Off
        );
        assert_eq!(
            power(Policy::ANDROID, Some(Power::Off), Some(true)),
            Power::Off
        );
        assert_eq!(power(Policy::APPLE, Some(Power::Off), None), Power::Off);
        assert_eq!(
            power(Policy::APPLE, Some(Power::Unsupported), Some(true)),
            Power::Unsupported
        );
    }

    #[test]
    fn a_refusal_that_was_met_outlives_what_was_told_before() {
        let told = Told {
            permission: Some(Permission::Granted),
            location: Some(Location::Off),
            ..Told::default()
        };
        let said = Said {
            permission: Some(Permission::Denied),
            ..Said::default()
        };
        let state = Policy::APPLE.state(&told, &said);
        assert_eq!(state.permission, Permission::Denied);
        let state = Policy::ANDROID.state(&told, &Said::default());
        assert_eq!(
            Policy::ANDROID.obstacle(true, state),
            Err(RadioError::LocationOff)
        );
    }

    #[test]
    fn an_app_that_is_not_initialised_has_no_radio_yet() {
        let state = Policy::ANDROID.state(&Told::default(), &Said::default());
        let before = Policy::ANDROID.obstacle(false, state);
        assert_eq!(before, Err(RadioError::Unsupported));
        assert_eq!(Policy::ANDROID.obstacle(true, state), Ok(()));
    }

    #[test]
    fn the_sixth_start_of_a_scan_waits_until_the_first_is_forgotten() {
        let mut budget = ScanBudget::default();
        let at = Duration::from_secs;
        for second in 0..5 {
            assert_eq!(budget.start(5, at(second)), Duration::ZERO);
        }
        assert_eq!(budget.start(5, at(10)), at(21));
        assert_eq!(budget.start(5, at(11)), at(21), "behind the second");
        assert_eq!(budget.start(5, at(100)), Duration::ZERO);
    }
}
