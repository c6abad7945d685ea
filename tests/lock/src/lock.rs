use crate::body::{Battery, Bolt, DriftingClock, Keypad, sensors};
use crate::flash::FlashChip;
use crate::key_store::KeyChip;
use keyway_protocol::crypto::{Secret32, SeededRandom};
use keyway_protocol::error::Error;
use keyway_protocol::io::{LinkId, Millis};
use keyway_protocol::lock::{Env, Input, Keeper, MotorResult, Node, Output};
use keyway_protocol::wire::gatt::Characteristic;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Everything of a lock that is there without power: what a restart keeps.
#[derive(Debug)]
pub struct Hardware {
    /// Flash.
    pub flash: FlashChip,
    /// The key store.
    pub keys: KeyChip,
    /// The bolt and its motor.
    pub bolt: Bolt,
    /// The battery.
    pub battery: Battery,
    /// Thrown from inside.
    pub deadbolt_thrown: bool,
    /// How far the lock's clock runs off, millionths.
    pub drift_ppm: i32,
}

impl Hardware {
    /// A healthy body round this memory.
    #[must_use]
    pub fn new(flash: FlashChip, keys: KeyChip) -> Self {
        Self {
            flash,
            keys,
            bolt: Bolt::default(),
            battery: Battery::default(),
            deadbolt_thrown: false,
            drift_ppm: 0,
        }
    }
}

/// What a lock shows to the world outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// Notify a phone.
    Notify {
        /// On this link.
        link: LinkId,
        /// By this characteristic.
        characteristic: Characteristic,
        /// The value.
        bytes: Vec<u8>,
    },
    /// The answer to a read of `hello`.
    HelloValue {
        /// On this link.
        link: LinkId,
        /// The value; empty if no hello is ready.
        bytes: Vec<u8>,
    },
    /// Close this link.
    Disconnect {
        /// This one.
        link: LinkId,
    },
    /// The service data to advertise from now on.
    Advertise(Vec<u8>),
    /// The motor started or stopped.
    Motor(MotorLine),
    /// A code was typed and refused.
    KeypadRefused(Error),
}

/// One line of the journal file: what somebody standing at the door hears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MotorLine {
    /// When, milliseconds on the clock that the lock is driven with.
    pub at: u64,
    /// Always `motor`.
    pub event: String,
    /// Which move since this machine was made, counted from 1.
    pub number: u64,
    /// The tap it is for, hexadecimal; none for a code.
    pub command: Option<String>,
    /// `started`, `withdrawn` or `stuck`.
    pub result: String,
}

/// A running lock. All change goes through [`Self::handle_input`]; drain [`Self::poll_output`] after it until `None`, then come back with an
/// input, or with a tick at [`Self::next_event`].
pub struct Lock<K: Keeper> {
    node: Node<K>,
    hardware: Hardware,
    random: SeededRandom,
    clock: DriftingClock,
    keypad: Keypad,
    wake: Option<Millis>,
    command: Option<String>,
    outputs: VecDeque<Happening>,
}

impl<K: Keeper> Lock<K> {
    /// Power comes at `now` (milliseconds of the world): `boot` reads the documents half out of flash. The seed must be a new one at each boot.
    ///
    /// # Errors
    /// What `boot` says.
    pub fn boot<E>(
        mut hardware: Hardware,
        seed: &Secret32,
        now: u64,
        boot: impl FnOnce(&mut Env<'_>) -> Result<K, E>,
    ) -> Result<Self, E> {
        let clock = DriftingClock::boot(now, hardware.drift_ppm);
        let mut random = SeededRandom::new(seed);
        hardware.flash.power_on();
        let keeper = boot(&mut environment(&mut hardware, &mut random, &clock, now))?;
        let mut lock = Self {
            node: Node::new(keeper),
            hardware,
            random,
            clock,
            keypad: Keypad::default(),
            wake: None,
            command: None,
            outputs: VecDeque::new(),
        };
        lock.handle_input(Input::Tick, now);
        Ok(lock)
    }

    /// Power goes: only what needs none is left.
    #[must_use]
    pub fn power_cut(self) -> Hardware {
        self.hardware
    }

    /// The body, for who looks at it.
    #[must_use]
    pub fn hardware(&self) -> &Hardware {
        &self.hardware
    }

    /// The body, for who turns, jams or breaks something.
    pub fn hardware_mut(&mut self) -> &mut Hardware {
        &mut self.hardware
    }

    /// The documents half.
    #[must_use]
    pub fn keeper(&self) -> &K {
        self.node.keeper()
    }

    /// Takes what happened at `now`, milliseconds of the world.
    pub fn handle_input(&mut self, input: Input<'_>, now: u64) {
        if let Some(result) = self.hardware.bolt.stopped(now) {
            self.motor_stopped(result, now);
        }
        self.feed(input, now);
    }

    /// Touches a digit, 0 to 9, at `now`. The first touch of a sleeping keypad only wakes it, as [`Self::wake_keypad`] does.
    pub fn touch_digit(&mut self, digit: u8, now: u64) {
        if self.keypad.takes_digit(now) {
            self.handle_input(Input::Digit(digit), now);
        }
    }

    /// Wakes the keypad.
    pub fn wake_keypad(&mut self, now: u64) {
        self.keypad.wake(now);
    }

    /// The next thing the world sees.
    pub fn poll_output(&mut self) -> Option<Happening> {
        self.outputs.pop_front()
    }

    /// When to come back with a tick if nothing else happens before, milliseconds of the world.
    #[must_use]
    pub fn next_event(&self) -> Option<u64> {
        let node = self.wake.map(|Millis(reading)| self.clock.when(reading));
        [node, self.hardware.bolt.next_event()]
            .into_iter()
            .flatten()
            .min()
    }

    fn feed(&mut self, input: Input<'_>, now: u64) {
        let mut env = environment(&mut self.hardware, &mut self.random, &self.clock, now);
        let reading = env.now;
        self.node.handle_input(input, &mut env);
        loop {
            let happening = match self.node.poll_output(reading) {
                Output::Wait(deadline) => {
                    self.wake = deadline;
                    return;
                }
                Output::Withdraw => {
                    self.withdraw(now);
                    continue;
                }
                Output::Notify {
                    link,
                    characteristic,
                    bytes,
                } => Happening::Notify {
                    link,
                    characteristic,
                    bytes,
                },
                Output::HelloValue { link, bytes } => Happening::HelloValue { link, bytes },
                Output::Disconnect { link } => Happening::Disconnect { link },
                Output::Advertise(service_data) => Happening::Advertise(service_data),
                Output::KeypadRefused(error) => Happening::KeypadRefused(error),
            };
            self.outputs.push_back(happening);
        }
    }

    fn withdraw(&mut self, now: u64) {
        self.hardware.battery.spend_move();
        self.hardware.bolt.withdraw(now);
        self.command = self.node.moving_for().map(|command| hex::encode(command.0));
        self.motor_line("started", now);
    }

    fn motor_stopped(&mut self, result: MotorResult, now: u64) {
        let result_word = match result {
            MotorResult::Withdrawn => "withdrawn",
            MotorResult::Stuck => "stuck",
        };
        self.motor_line(result_word, now);
        self.command = None;
        self.feed(Input::MotorStopped(result), now);
    }

    fn motor_line(&mut self, result: &str, at: u64) {
        self.outputs.push_back(Happening::Motor(MotorLine {
            at,
            event: "motor".to_owned(),
            number: self.hardware.bolt.moves(),
            command: self.command.clone(),
            result: result.to_owned(),
        }));
    }
}

fn environment<'a>(
    hardware: &'a mut Hardware,
    random: &'a mut SeededRandom,
    clock: &DriftingClock,
    now: u64,
) -> Env<'a> {
    Env {
        now: Millis(clock.read(now)),
        random,
        body: sensors(&hardware.battery, hardware.deadbolt_thrown),
        flash: &mut hardware.flash,
        keys: &mut hardware.keys,
    }
}
