//! The lock on one door of the street: it keeps its memory through a power cut, and tells what can be heard at it.

use crate::street::Peripheral;
use keyway_air::{ToLock, ToPhone};
use keyway_lock::{FlashChip, Hardware, MotorLine, Noise, PoweredLock, workshop};
use keyway_protocol::crypto::Secret32;
use keyway_protocol::error::Code;
use keyway_protocol::lock::BootFault;
use keyway_protocol::provision::Provision;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A lock with or without power. Clones are the same lock.
#[derive(Clone)]
pub struct Site(Arc<Mutex<State>>);

struct State {
    lock: PoweredLock,
    boots: u8,
    seed: [u8; 31],
    heard: Heard,
    /// Links up, to be told as lost when power goes.
    links: Vec<u32>,
    gone: Vec<u32>,
}

/// Everything that was heard at a door since the world began.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// The motor's starts and stops.
    pub motor: Vec<MotorLine>,
    /// Codes that the keypad refused, and why.
    pub refused: Vec<Code>,
}

impl Heard {
    /// How often the motor started.
    #[must_use]
    pub fn moves(&self) -> usize {
        let started = self.motor.iter().filter(|line| line.result == "started");
        started.count()
    }
}

impl Site {
    /// A new lock of this provision, mounted and powered at `now`, milliseconds of the world.
    ///
    /// # Errors
    /// The provision is not one.
    pub fn mount(provision: &[u8], seed: [u8; 31], now: u64) -> Result<Self, BootFault> {
        let provision = Provision::decode(provision).map_err(|_| BootFault::BadProvision)?;
        let hardware = workshop(&provision, FlashChip::new(), &secret(&seed, 0))?;
        let site = Self(Arc::new(Mutex::new(State {
            lock: PoweredLock::dark(hardware),
            boots: 0,
            seed,
            heard: Heard::default(),
            links: Vec::new(),
            gone: Vec::new(),
        })));
        site.power_on(now)?;
        Ok(site)
    }

    /// Power goes: links end, RAM is lost.
    pub fn power_cut(&self) {
        let mut state = self.state();
        state.lock.power_cut();
        let links = core::mem::take(&mut state.links);
        state.gone.extend(links);
    }

    /// Power comes back.
    ///
    /// # Errors
    /// What the lock finds wrong with its memory.
    pub fn power_on(&self, now: u64) -> Result<(), BootFault> {
        let mut state = self.state();
        state.boots += 1;
        let seed = secret(&state.seed, state.boots);
        state.lock.power_on(&seed, now)
    }

    /// Does `work` with the body, powered or not.
    pub fn with_hardware<T>(&self, work: impl FnOnce(&mut Hardware) -> T) -> Option<T> {
        self.state().lock.hardware_mut().map(work)
    }

    /// Types a code at the keypad, as a person does.
    pub fn type_code(&self, digits: &[u8], now: u64) {
        self.state().lock.type_code(digits, now);
    }

    /// Everything that was heard at the door so far.
    #[must_use]
    pub fn heard(&self) -> Heard {
        self.state().heard.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn listen(&mut self) {
        while let Some(noise) = self.lock.poll_noise() {
            match noise {
                Noise::Motor(line) => self.heard.motor.push(line),
                Noise::Refused(error) => self.heard.refused.push(error.code),
            }
        }
    }
}

impl Peripheral for Site {
    fn handle(&mut self, link: u32, operation: ToLock, mtu: u16, now: u64) {
        let mut state = self.state();
        match operation {
            ToLock::Connect { .. } => state.links.push(link),
            ToLock::Disconnect => state.links.retain(|up| *up != link),
            _ => {}
        }
        state.lock.handle(link, operation, mtu, now);
        state.listen();
    }

    fn poll(&mut self, now: u64) -> Option<(u32, ToPhone)> {
        let mut state = self.state();
        if let Some(link) = state.gone.pop() {
            return Some((link, ToPhone::Disconnected));
        }
        state.lock.tick(now);
        let said = state.lock.poll();
        state.listen();
        said
    }

    fn next_event(&mut self, now: u64) -> Option<u64> {
        let state = self.state();
        if state.gone.is_empty() {
            state.lock.next_event()
        } else {
            Some(now)
        }
    }

    fn service_data(&self) -> Option<Vec<u8>> {
        self.state().lock.service_data().map(<[u8]>::to_vec)
    }
}

fn secret(seed: &[u8; 31], boot: u8) -> Secret32 {
    let mut bytes = [boot; 32];
    bytes[..31].copy_from_slice(seed);
    Secret32::new(bytes)
}
