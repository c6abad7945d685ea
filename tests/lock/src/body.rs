use keyway_protocol::lock::{Body, MotorResult};

/// Milliseconds a healthy motor takes to withdraw the bolt.
pub const TRAVEL: u64 = 400;
/// Milliseconds until a motor that meets resistance gives up.
pub const GIVES_UP: u64 = 1_500;
/// Milliseconds the bolt stays withdrawn before it springs back.
pub const HELD: u64 = 5_000;

/// The bolt and its motor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bolt {
    jammed: bool,
    moves: u64,
    motion: Motion,
    travel: u64,
}

impl Default for Bolt {
    fn default() -> Self {
        Self::with_travel(TRAVEL)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Motion {
    #[default]
    Locked,
    Withdrawing {
        until: u64,
    },
    Withdrawn {
        until: u64,
    },
}

impl Bolt {
    /// A bolt that a healthy motor withdraws in so many milliseconds.
    #[must_use]
    pub fn with_travel(travel: u64) -> Self {
        Self {
            jammed: false,
            moves: 0,
            motion: Motion::Locked,
            travel,
        }
    }

    /// How often the motor was started.
    #[must_use]
    pub fn moves(&self) -> u64 {
        self.moves
    }

    /// Is the door open to whoever pushes it?
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        matches!(self.motion, Motion::Withdrawn { .. })
    }

    /// Wedges the bolt in its plate, or frees it.
    pub fn set_jammed(&mut self, jammed: bool) {
        self.jammed = jammed;
    }

    /// Starts the motor at `now`, milliseconds.
    pub fn withdraw(&mut self, now: u64) {
        self.moves += 1;
        let takes = if self.jammed { GIVES_UP } else { self.travel };
        self.motion = Motion::Withdrawing { until: now + takes };
    }

    /// How the motor stopped, once, when it has; later springs the bolt back.
    pub fn stopped(&mut self, now: u64) -> Option<MotorResult> {
        match self.motion {
            Motion::Withdrawing { until } if until <= now && self.jammed => {
                self.motion = Motion::Locked;
                Some(MotorResult::Stuck)
            }
            Motion::Withdrawing { until } if until <= now => {
                self.motion = Motion::Withdrawn { until: now + HELD };
                Some(MotorResult::Withdrawn)
            }
            Motion::Withdrawn { until } if until <= now => {
                self.motion = Motion::Locked;
                None
            }
            _ => None,
        }
    }

    /// When to look again, milliseconds.
    #[must_use]
    pub fn next_event(&self) -> Option<u64> {
        match self.motion {
            Motion::Locked => None,
            Motion::Withdrawing { until } | Motion::Withdrawn { until } => Some(until),
        }
    }
}

/// The battery: millionths of its charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Battery {
    charge: u32,
}

/// What one motor move costs: about 25,000 of them empty a battery.
const MOVE_COSTS: u32 = 40;

impl Default for Battery {
    fn default() -> Self {
        Self::at(100)
    }
}

impl Battery {
    /// A battery at `percent` of its charge.
    #[must_use]
    pub fn at(percent: u8) -> Self {
        Self {
            charge: u32::from(percent.min(100)) * 10_000,
        }
    }

    /// Remaining charge, 0 to 100.
    #[must_use]
    pub fn percent(&self) -> u8 {
        u8::try_from(self.charge / 10_000).unwrap_or(100)
    }

    /// Pays for one motor move.
    pub fn spend_move(&mut self) {
        self.charge = self.charge.saturating_sub(MOVE_COSTS);
    }
}

/// The lock's own clock: a quartz that runs off, and counts from the last boot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DriftingClock {
    booted: u64,
    drift_ppm: i32,
}

impl DriftingClock {
    /// Boots at `now` (true milliseconds); runs fast by `drift_ppm` millionths, slow if negative.
    #[must_use]
    pub fn boot(now: u64, drift_ppm: i32) -> Self {
        Self {
            booted: now,
            drift_ppm,
        }
    }

    /// What the lock takes for the milliseconds since its boot.
    #[must_use]
    pub fn read(&self, now: u64) -> u64 {
        let elapsed = i128::from(now.saturating_sub(self.booted));
        let read = elapsed + elapsed * i128::from(self.drift_ppm) / 1_000_000;
        u64::try_from(read).unwrap_or(0)
    }

    /// The first true millisecond at which [`Self::read`] shows at least `reading`.
    #[must_use]
    pub fn when(&self, reading: u64) -> u64 {
        let rate = i128::from(1_000_000 + self.drift_ppm).max(1);
        let elapsed = (i128::from(reading) * 1_000_000 + rate - 1) / rate;
        let mut now = self
            .booted
            .saturating_add(u64::try_from(elapsed).unwrap_or(u64::MAX));
        // Both divisions round: at most a step is missing or too many.
        while self.read(now) < reading && now < u64::MAX {
            now += 1;
        }
        while now > self.booted && self.read(now - 1) >= reading {
            now -= 1;
        }
        now
    }
}

/// The keypad sleeps until it is touched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keypad {
    awake_until: Option<u64>,
}

/// Milliseconds without a digit after which the keypad sleeps again.
pub const KEYPAD_SLEEPS: u64 = 5_000;

impl Keypad {
    /// The palm on the glass: wakes it.
    pub fn wake(&mut self, now: u64) {
        self.awake_until = Some(now + KEYPAD_SLEEPS);
    }

    /// Does a touch at `now` count as a digit? A sleeping keypad takes it as its wake-up.
    pub fn takes_digit(&mut self, now: u64) -> bool {
        let awake = self.awake_until.is_some_and(|until| now <= until);
        self.wake(now);
        awake
    }
}

/// What the machine is told of the body.
#[must_use]
pub fn sensors(battery: &Battery, deadbolt_thrown: bool) -> Body {
    Body {
        battery_percent: battery.percent(),
        deadbolt_thrown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bolt_is_withdrawn_after_its_travel_and_springs_back() {
        let mut bolt = Bolt::default();
        bolt.withdraw(100);
        assert_eq!(bolt.stopped(499), None);
        assert_eq!(bolt.stopped(500), Some(MotorResult::Withdrawn));
        assert!(bolt.is_withdrawn());
        assert_eq!(bolt.next_event(), Some(5_500));
        assert_eq!(bolt.stopped(5_500), None);
        assert!(!bolt.is_withdrawn() && bolt.moves() == 1);
    }

    #[test]
    fn a_jammed_bolt_is_reported_stuck_once() {
        let mut bolt = Bolt::default();
        bolt.set_jammed(true);
        bolt.withdraw(0);
        assert_eq!(bolt.stopped(GIVES_UP), Some(MotorResult::Stuck));
        assert_eq!(bolt.stopped(GIVES_UP + 1), None);
        assert!(!bolt.is_withdrawn());
    }

    #[test]
    fn a_drifting_clock_counts_from_boot_and_tells_when_it_will_show_a_time() {
        for drift in [-200, -1, 0, 1, 37, 200] {
            let clock = DriftingClock::boot(5_000, drift);
            assert_eq!(clock.read(5_000), 0);
            for reading in [0, 1, 999, 86_400_000] {
                let when = clock.when(reading);
                assert!(clock.read(when) >= reading, "{drift} ppm, {reading}");
                assert!(
                    when == 5_000 || clock.read(when - 1) < reading,
                    "{drift} ppm, {reading}"
                );
            }
        }
        let day = DriftingClock::boot(0, 20).read(86_400_000);
        assert_eq!(day, 86_401_728);
    }

    #[test]
    fn the_first_touch_wakes_the_keypad_and_five_idle_seconds_put_it_to_sleep() {
        let mut keypad = Keypad::default();
        assert!(!keypad.takes_digit(0));
        assert!(keypad.takes_digit(5_000));
        assert!(!keypad.takes_digit(10_001));
    }

    #[test]
    fn a_battery_empties_with_its_moves_and_not_below_nothing() {
        let mut battery = Battery::at(1);
        (0..250).for_each(|_| battery.spend_move());
        assert_eq!(battery.percent(), 0);
        (0..250).for_each(|_| battery.spend_move());
        assert_eq!(battery.percent(), 0);
    }
}
