//! Flash in two slots, flipped atomically: a power cut leaves the old record or the new one, never a mixture.
//!
//! A record is `generation (8) ‖ checksum (8) ‖ CBOR`. Generation `g` goes to slot `g % 2`, so the newest whole record is never the one
//! that is written over. The checksum is the start of SHA-256 over the record's number, generation and CBOR.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::{Flash, StorageFault};
use crate::cbor;
use crate::crypto::sha256;

/// Longest record, in bytes of CBOR.
const LONGEST: usize = 512 * 1_024;
const HEADER: usize = 16;

/// The records of a lock. Each takes two regions of flash, `2 n` and `2 n + 1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum Record {
    /// Name, root and what critical lanes said.
    Trust = 0,
    /// What bulk bundles said.
    Bulk = 1,
    /// What is counted: boots, receipts, log entries, keypad tries, the time floor.
    Counters = 2,
    /// Taps begun and ended.
    Journal = 3,
    /// Receipts the service has not acknowledged.
    Receipts = 4,
    /// The bundle that is being received.
    Staging = 5,
    /// Single-use codes in use.
    SingleUse = 6,
    /// Log entries waiting for room, encrypted.
    Waiting = 7,
}

/// First region of received chunks; chunk `i` lies in region `CHUNKS + i`.
pub(super) const CHUNKS: u16 = 0x1000;
/// First region of the log; entry `i` lies in region `LOG + i % capacity`.
pub(super) const LOG: u16 = 0x2000;

/// A record as last written, in RAM.
#[derive(Debug, Clone)]
pub(super) struct Kept<T> {
    record: Record,
    generation: u64,
    value: T,
}

impl<T> Kept<T>
where
    T: Encode<()> + for<'b> Decode<'b, ()> + Clone,
{
    /// Reads the newest whole record; `otherwise` if there is none.
    pub(super) fn load(flash: &dyn Flash, record: Record, otherwise: T) -> Self {
        let newest = [0, 1]
            .into_iter()
            .filter_map(|slot| read(&flash.read(region(record, slot)), record))
            .max_by_key(|(generation, _)| *generation);
        let (generation, value) = newest.unwrap_or((0, otherwise));
        Self {
            record,
            generation,
            value,
        }
    }

    /// The value.
    pub(super) const fn value(&self) -> &T {
        &self.value
    }

    /// Writes a new value to the spare slot; on failure the old one stands, in flash and here.
    pub(super) fn replace(&mut self, value: T, flash: &mut dyn Flash) -> Result<(), StorageFault> {
        self.write(&value, flash)?;
        self.value = value;
        Ok(())
    }

    /// Changes a copy and writes it; on failure nothing is changed.
    pub(super) fn update(
        &mut self,
        flash: &mut dyn Flash,
        change: impl FnOnce(&mut T),
    ) -> Result<(), StorageFault> {
        let mut value = self.value.clone();
        change(&mut value);
        self.replace(value, flash)
    }

    /// Changes the value even if flash refuses; then it counts until power is lost. Says whether it was written.
    pub(super) fn update_anyway(
        &mut self,
        flash: &mut dyn Flash,
        change: impl FnOnce(&mut T),
    ) -> bool {
        change(&mut self.value);
        let value = self.value.clone();
        self.write(&value, flash).is_ok()
    }

    fn write(&mut self, value: &T, flash: &mut dyn Flash) -> Result<(), StorageFault> {
        let generation = self.generation + 1;
        let payload = cbor::encode(value);
        let checksum = checksum(self.record, generation, &payload);
        let bytes = [&generation.to_be_bytes(), checksum.as_slice(), &payload].concat();
        flash.write(region(self.record, (generation % 2) as u16), &bytes)?;
        self.generation = generation;
        Ok(())
    }
}

const fn region(record: Record, slot: u16) -> u16 {
    2 * record as u16 + slot
}

fn read<T>(bytes: &[u8], record: Record) -> Option<(u64, T)>
where
    T: Encode<()> + for<'b> Decode<'b, ()>,
{
    let (header, payload) = bytes.split_at_checked(HEADER)?;
    let (generation, stored) = header.split_first_chunk::<8>()?;
    let generation = u64::from_be_bytes(*generation);
    if stored != checksum(record, generation, payload) {
        return None;
    }
    Some((generation, cbor::decode(payload, LONGEST).ok()?))
}

fn checksum(record: Record, generation: u64, payload: &[u8]) -> Vec<u8> {
    let number = (record as u16).to_be_bytes();
    sha256(&[&number, &generation.to_be_bytes(), payload]).0[..8].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeMap;

    #[derive(Default)]
    struct Cut {
        regions: BTreeMap<u16, Vec<u8>>,
        torn_at: Option<usize>,
    }

    impl Flash for Cut {
        fn read(&self, region: u16) -> Vec<u8> {
            self.regions.get(&region).cloned().unwrap_or_default()
        }

        fn write(&mut self, region: u16, bytes: &[u8]) -> Result<(), StorageFault> {
            let kept = self.torn_at.map_or(bytes.len(), |at| at.min(bytes.len()));
            self.regions.insert(region, bytes[..kept].to_vec());
            self.torn_at.map_or(Ok(()), |_| Err(StorageFault))
        }
    }

    #[test]
    fn a_write_cut_at_any_byte_leaves_the_old_value() {
        for cut in 0..30 {
            let mut flash = Cut::default();
            let mut kept = Kept::load(&flash, Record::Counters, 0_u64);
            kept.replace(1_000_000, &mut flash).unwrap();
            kept.replace(2_000_000, &mut flash).unwrap();
            flash.torn_at = Some(cut);
            assert!(kept.replace(3_000_000, &mut flash).is_err());
            let found = *Kept::load(&flash, Record::Counters, 0_u64).value();
            let whole = HEADER + 5;
            assert_eq!(
                found,
                if cut < whole { 2_000_000 } else { 3_000_000 },
                "cut at {cut}"
            );
        }
    }

    #[test]
    fn a_record_does_not_pass_for_another() {
        let mut flash = Cut::default();
        let mut kept = Kept::load(&flash, Record::Trust, 0_u64);
        kept.replace(7, &mut flash).unwrap();
        let bytes = flash.read(1);
        flash.write(3, &bytes).unwrap();
        assert_eq!(*Kept::load(&flash, Record::Bulk, 0_u64).value(), 0);
    }
}
