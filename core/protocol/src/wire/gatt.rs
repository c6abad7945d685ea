//! Where GATT carries the protocol: one service, three characteristics, one advertisement.

use alloc::vec::Vec;

use crate::crypto::mask::HINT_LENGTH;

/// The Keyway service, as 128-bit UUID in the usual (big-endian) order.
pub const SERVICE: u128 = 0x7d1c_8e20_5f3b_4a77_9b0e_6b65_7977_6179;
/// Read, notify: the lock's hello.
pub const HELLO: u128 = 0x7d1c_8e21_5f3b_4a77_9b0e_6b65_7977_6179;
/// Write without response: frames to the lock.
pub const UP: u128 = 0x7d1c_8e22_5f3b_4a77_9b0e_6b65_7977_6179;
/// Notify: frames to the phone.
pub const DOWN: u128 = 0x7d1c_8e23_5f3b_4a77_9b0e_6b65_7977_6179;

/// The version in hellos and advertisements.
pub const VERSION: u8 = 1;
/// The smallest ATT MTU (Bluetooth Core, Vol 3, Part F, 3.2.8).
pub const LOWEST_MTU: u16 = 23;
/// The MTU to ask for: its payload just holds the longest characteristic value.
pub const WANTED_MTU: u16 = 517;

/// Bytes of one frame: a notification or write takes 3 of the MTU, a characteristic value is at most 512 long.
pub fn frame_size(mtu: u16) -> usize {
    usize::from(mtu.clamp(LOWEST_MTU, WANTED_MTU) - 3).min(512)
}

/// Which characteristic a lock notifies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Characteristic {
    /// [`HELLO`].
    Hello,
    /// [`DOWN`].
    Down,
}

/// The advertisement's service data: version and the rotating hint. With flags and the 128-bit UUID it fills the 31 bytes of a legacy advertisement.
pub const SERVICE_DATA_LENGTH: usize = 1 + HINT_LENGTH;

/// Service data for an advertisement.
pub fn service_data(hint: &[u8; HINT_LENGTH]) -> Vec<u8> {
    let mut data = Vec::with_capacity(SERVICE_DATA_LENGTH);
    data.push(VERSION);
    data.extend_from_slice(hint);
    data
}

/// The hint in an advertisement's service data; `None` if this version did not make it.
pub fn hint_of(service_data: &[u8]) -> Option<[u8; HINT_LENGTH]> {
    let (&version, hint) = service_data.split_first()?;
    if version == VERSION {
        hint.try_into().ok()
    } else {
        None
    }
}
