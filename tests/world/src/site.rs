//! The lock on one door of the street: it keeps its memory through a power cut, and tells what can be heard at it.

use crate::street::Peripheral;
use keyway_air::{ToLock, ToPhone};
use keyway_lock::{FlashChip, GattLock, Hardware, MotorLine, Noise, workshop};
use keyway_protocol::crypto::Secret32;
use keyway_protocol::error::Code;
use keyway_protocol::lock::BootFault;
use keyway_protocol::provision::Provision;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A lock with or without power. Clones are the same lock.
#[derive(Clone)]
pub struct Site(Arc<Mutex<State>>);

struct State {
    body: Body,
    boots: u8,
    seed: [u8; 31],
    heard: Heard,
    /// Links up, to be told as lost when power goes.
    links: Vec<u32>,
    gone: Vec<u32>,
}

/// Boxed: a lock and a body without power differ much in size.
enum Body {
    Running(Box<GattLock>),
    Dark(Box<Hardware>),
    /// Between the two, inside one call.
    Nowhere,
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
            body: Body::Dark(Box::new(hardware)),
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
        let body = core::mem::replace(&mut state.body, Body::Nowhere);
        state.body = match body {
            Body::Running(lock) => Body::Dark(Box::new(lock.power_cut())),
            other => other,
        };
        let links = core::mem::take(&mut state.links);
        state.gone.extend(links);
    }

    /// Power comes back.
    ///
    /// # Errors
    /// What the lock finds wrong with its memory.
    pub fn power_on(&self, now: u64) -> Result<(), BootFault> {
        let mut state = self.state();
        let body = core::mem::replace(&mut state.body, Body::Nowhere);
        state.boots += 1;
        let seed = secret(&state.seed, state.boots);
        state.body = match body {
            Body::Dark(hardware) => Body::Running(Box::new(GattLock::boot(*hardware, &seed, now)?)),
            other => other,
        };
        Ok(())
    }

    /// Does `work` with the body, powered or not.
    pub fn with_hardware<T>(&self, work: impl FnOnce(&mut Hardware) -> T) -> Option<T> {
        match &mut self.state().body {
            Body::Running(lock) => Some(work(lock.lock().hardware_mut())),
            Body::Dark(hardware) => Some(work(hardware)),
            Body::Nowhere => None,
        }
    }

    /// Types a code at the keypad, as a person does.
    pub fn type_code(&self, digits: &[u8], now: u64) {
        if let Body::Running(lock) = &mut self.state().body {
            lock.type_code(digits, now);
        }
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
        let Body::Running(lock) = &mut self.body else {
            return;
        };
        while let Some(noise) = lock.poll_noise() {
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
        if let Body::Running(lock) = &mut state.body {
            lock.handle(link, operation, mtu, now);
        }
        state.listen();
    }

    fn poll(&mut self, now: u64) -> Option<(u32, ToPhone)> {
        let mut state = self.state();
        if let Some(link) = state.gone.pop() {
            return Some((link, ToPhone::Disconnected));
        }
        let said = match &mut state.body {
            Body::Running(lock) => {
                if lock.next_event().is_some_and(|due| due <= now) {
                    lock.tick(now);
                }
                lock.poll()
            }
            Body::Dark(_) | Body::Nowhere => None,
        };
        state.listen();
        said
    }

    fn next_event(&mut self, now: u64) -> Option<u64> {
        let state = self.state();
        match &state.body {
            _ if !state.gone.is_empty() => Some(now),
            Body::Running(lock) => lock.next_event(),
            Body::Dark(_) | Body::Nowhere => None,
        }
    }

    fn service_data(&self) -> Option<Vec<u8>> {
        match &self.state().body {
            Body::Running(lock) => Some(lock.service_data().to_vec()),
            Body::Dark(_) | Body::Nowhere => None,
        }
    }
}

fn secret(seed: &[u8; 31], boot: u8) -> Secret32 {
    let mut bytes = [boot; 32];
    bytes[..31].copy_from_slice(seed);
    Secret32::new(bytes)
}
