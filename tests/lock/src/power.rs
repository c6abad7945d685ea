//! A lock that may be without power: its body keeps what flash, keys and gears hold; everything else is lost.

use crate::gatt::{GattLock, Noise};
use crate::lock::Hardware;
use keyway_air::{ToLock, ToPhone};
use keyway_protocol::crypto::Secret32;
use keyway_protocol::lock::BootFault;

/// A lock, running or dark. What arrives at a dark one is lost, and it says nothing.
pub struct PoweredLock(State);

/// Boxed: a lock and a body without power differ much in size.
enum State {
    Running(Box<GattLock>),
    Dark(Box<Hardware>),
    /// Between the two, inside one call, or for good when the body was never in the workshop.
    Nowhere,
}

impl PoweredLock {
    /// A body without power.
    #[must_use]
    pub fn dark(hardware: Hardware) -> Self {
        Self(State::Dark(Box::new(hardware)))
    }

    /// Power comes back at `now`, milliseconds of the world. The seed must be a new one at each boot.
    ///
    /// # Errors
    /// What the lock finds wrong with its memory.
    pub fn power_on(&mut self, seed: &Secret32, now: u64) -> Result<(), BootFault> {
        self.0 = match core::mem::replace(&mut self.0, State::Nowhere) {
            State::Dark(hardware) => {
                State::Running(Box::new(GattLock::boot(*hardware, seed, now)?))
            }
            other => other,
        };
        Ok(())
    }

    /// Power goes: RAM is lost.
    pub fn power_cut(&mut self) {
        self.0 = match core::mem::replace(&mut self.0, State::Nowhere) {
            State::Running(lock) => State::Dark(Box::new(lock.power_cut())),
            other => other,
        };
    }

    /// The body, powered or not.
    pub fn hardware_mut(&mut self) -> Option<&mut Hardware> {
        match &mut self.0 {
            State::Running(lock) => Some(lock.lock().hardware_mut()),
            State::Dark(hardware) => Some(hardware),
            State::Nowhere => None,
        }
    }

    /// As [`GattLock::service_data`]; nothing of a dark lock.
    #[must_use]
    pub fn service_data(&self) -> Option<&[u8]> {
        match &self.0 {
            State::Running(lock) => Some(lock.service_data()),
            _ => None,
        }
    }

    /// As [`GattLock::handle`].
    pub fn handle(&mut self, link: u32, operation: ToLock, mtu: u16, now: u64) {
        if let State::Running(lock) = &mut self.0 {
            lock.handle(link, operation, mtu, now);
        }
    }

    /// As [`GattLock::type_code`].
    pub fn type_code(&mut self, digits: &[u8], now: u64) {
        if let State::Running(lock) = &mut self.0 {
            lock.type_code(digits, now);
        }
    }

    /// Lets the lock do what is due at `now`.
    pub fn tick(&mut self, now: u64) {
        if let State::Running(lock) = &mut self.0
            && lock.next_event().is_some_and(|due| due <= now)
        {
            lock.tick(now);
        }
    }

    /// As [`GattLock::poll`].
    pub fn poll(&mut self) -> Option<(u32, ToPhone)> {
        match &mut self.0 {
            State::Running(lock) => lock.poll(),
            _ => None,
        }
    }

    /// As [`GattLock::poll_noise`].
    pub fn poll_noise(&mut self) -> Option<Noise> {
        match &mut self.0 {
            State::Running(lock) => lock.poll_noise(),
            _ => None,
        }
    }

    /// When it wants a tick, milliseconds of the world.
    #[must_use]
    pub fn next_event(&self) -> Option<u64> {
        match &self.0 {
            State::Running(lock) => lock.next_event(),
            _ => None,
        }
    }
}
