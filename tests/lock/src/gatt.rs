//! A lock as the air sees it: GATT operations in, GATT operations out. The process and the virtual world both put this into their air.

use crate::flash::FlashChip;
use crate::key_store::KeyChip;
use crate::lock::{Happening, Hardware, Lock, MotorLine};
use keyway_air::{ToLock, ToPhone};
use keyway_protocol::crypto::{Secret32, SeededRandom};
use keyway_protocol::error::Error;
use keyway_protocol::io::{LinkId, Millis};
use keyway_protocol::lock::{BootFault, Documents, Env, Input, install};
use keyway_protocol::provision::Provision;
use keyway_protocol::wire::gatt::Characteristic;
use std::collections::VecDeque;

/// What somebody standing at the door notices, beside the radio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Noise {
    /// The motor started or stopped.
    Motor(MotorLine),
    /// The keypad refused a code.
    Refused(Error),
}

/// Numbers of the keypad's keys that are not digits.
const KEY_WAKE: u8 = 10;
const KEY_CONFIRM: u8 = 11;

/// A running lock with its GATT service.
pub struct GattLock {
    lock: Lock<Documents>,
    service_data: Vec<u8>,
    said: VecDeque<(u32, ToPhone)>,
    noises: VecDeque<Noise>,
}

/// Makes a new lock's body in the workshop: what `provision` says goes into `flash` and a new key store.
///
/// # Errors
/// [`BootFault`].
pub fn workshop(
    provision: &Provision,
    mut flash: FlashChip,
    seed: &Secret32,
) -> Result<Hardware, BootFault> {
    let identity = provision.secrets().identity;
    let mut keys = KeyChip::new(identity).ok_or(BootFault::BadProvision)?;
    let mut random = SeededRandom::new(seed);
    let mut env = Env {
        now: Millis(0),
        random: &mut random,
        body: crate::sensors(&crate::Battery::default(), false),
        flash: &mut flash,
        keys: &mut keys,
    };
    install(provision, &mut env)?;
    Ok(Hardware::new(flash, keys))
}

impl GattLock {
    /// Power comes at `now`, milliseconds of the world. The seed must be a new one at each boot.
    ///
    /// # Errors
    /// [`BootFault`]: the body was never in the workshop.
    pub fn boot(hardware: Hardware, seed: &Secret32, now: u64) -> Result<Self, BootFault> {
        let lock = Lock::boot(hardware, seed, now, Documents::boot)?;
        let mut gatt = Self {
            lock,
            service_data: Vec::new(),
            said: VecDeque::new(),
            noises: VecDeque::new(),
        };
        gatt.drain();
        Ok(gatt)
    }

    /// Power goes.
    #[must_use]
    pub fn power_cut(self) -> Hardware {
        self.lock.power_cut()
    }

    /// The lock itself, for who types at it or looks into it.
    pub fn lock(&mut self) -> &mut Lock<Documents> {
        &mut self.lock
    }

    /// The service data it advertises now.
    #[must_use]
    pub fn service_data(&self) -> &[u8] {
        &self.service_data
    }

    /// A phone's operation arrived on this link, or (with [`ToLock::Disconnect`]) the link is gone. `mtu` is what both agreed on.
    pub fn handle(&mut self, link: u32, operation: ToLock, mtu: u16, now: u64) {
        let name = LinkId(link);
        match operation {
            ToLock::Scan | ToLock::StopScan => {}
            ToLock::Connect { .. } => {
                self.lock
                    .handle_input(Input::LinkUp { link: name, mtu }, now);
                self.said.push_back((link, ToPhone::Connected { mtu }));
            }
            ToLock::ReadHello => self.lock.handle_input(Input::ReadHello { link: name }, now),
            ToLock::Subscribe => {
                self.said.push_back((link, ToPhone::Subscribed));
                self.lock
                    .handle_input(Input::Subscribed { link: name }, now);
            }
            ToLock::Write(bytes) => {
                let input = Input::Frame {
                    link: name,
                    bytes: &bytes,
                };
                self.lock.handle_input(input, now);
            }
            ToLock::Disconnect => self.lock.handle_input(Input::LinkDown { link: name }, now),
        }
        self.drain();
    }

    /// Types a code as a person does: the palm that wakes the keypad, the digits, the key that ends the entry.
    pub fn type_code(&mut self, digits: &[u8], now: u64) {
        self.lock.wake_keypad(now);
        self.lock.handle_input(Input::Digit(KEY_WAKE), now);
        for digit in digits {
            self.lock.touch_digit(*digit, now);
        }
        self.lock.handle_input(Input::Digit(KEY_CONFIRM), now);
        self.drain();
    }

    /// Time passed.
    pub fn tick(&mut self, now: u64) {
        self.lock.handle_input(Input::Tick, now);
        self.drain();
    }

    /// The next thing it says over the air.
    pub fn poll(&mut self) -> Option<(u32, ToPhone)> {
        self.said.pop_front()
    }

    /// The next thing that can be heard at the door.
    pub fn poll_noise(&mut self) -> Option<Noise> {
        self.noises.pop_front()
    }

    /// When it wants a tick, milliseconds of the world.
    #[must_use]
    pub fn next_event(&self) -> Option<u64> {
        self.lock.next_event()
    }

    fn drain(&mut self) {
        while let Some(happening) = self.lock.poll_output() {
            match happening {
                Happening::Notify {
                    link,
                    characteristic,
                    bytes,
                } => self
                    .said
                    .push_back((link.0, notification(characteristic, bytes))),
                Happening::HelloValue { link, bytes } => {
                    self.said.push_back((link.0, ToPhone::HelloValue(bytes)));
                }
                Happening::Disconnect { link } => {
                    self.said.push_back((link.0, ToPhone::Disconnected));
                }
                Happening::Advertise(service_data) => self.service_data = service_data,
                Happening::Motor(line) => self.noises.push_back(Noise::Motor(line)),
                Happening::KeypadRefused(error) => self.noises.push_back(Noise::Refused(error)),
            }
        }
    }
}

fn notification(characteristic: Characteristic, bytes: Vec<u8>) -> ToPhone {
    match characteristic {
        Characteristic::Hello => ToPhone::NotifyHello(bytes),
        Characteristic::Down => ToPhone::NotifyDown(bytes),
    }
}
