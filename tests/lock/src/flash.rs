use keyway_protocol::lock::{Flash, StorageFault};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// How a write ends when the power goes during it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tear {
    /// The region still holds what it held.
    Old,
    /// The region is erased and nothing written yet.
    Erased,
    /// The new bytes up to here, then what was there before.
    Mixed {
        /// New bytes that made it.
        written: usize,
    },
    /// The region holds the new bytes; the machine does not learn of it.
    New,
}

/// Flash in memory, optionally mirrored into a folder with one file per region. Whoever opens the case can read all of it.
///
/// The mirror is written in place and not renamed: a killed process tears a region as a power cut tears flash, and the
/// protocol's store has to bear both.
#[derive(Debug, Default)]
pub struct FlashChip {
    regions: BTreeMap<u16, Vec<u8>>,
    folder: Option<PathBuf>,
    writes: u64,
    cut: Option<(u64, Tear)>,
    off: bool,
}

impl FlashChip {
    /// An erased chip in memory.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The chip whose regions lie in `folder`, which is made if it is not there.
    ///
    /// # Errors
    /// The folder cannot be made or read.
    pub fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let mut regions = BTreeMap::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let number = path.file_stem().and_then(|stem| stem.to_str());
            if let Some(region) = number.and_then(|hex| u16::from_str_radix(hex, 16).ok()) {
                regions.insert(region, fs::read(&path)?);
            }
        }
        let folder = Some(folder.to_owned());
        Ok(Self {
            regions,
            folder,
            ..Self::default()
        })
    }

    /// Writes since the chip was made, the cut one included.
    #[must_use]
    pub fn writes(&self) -> u64 {
        self.writes
    }

    /// Cuts the power during the write with this number, counted from 1 and from when the chip was made.
    pub fn cut_at_write(&mut self, number: u64, tear: Tear) {
        self.cut = Some((number, tear));
    }

    /// Did a cut happen? From then on nothing is written until [`Self::power_on`].
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.off
    }

    /// Power is back; what the regions hold stays.
    pub fn power_on(&mut self) {
        (self.off, self.cut) = (false, None);
    }

    /// Everything a thief of the chip reads.
    #[must_use]
    pub fn dump(&self) -> &BTreeMap<u16, Vec<u8>> {
        &self.regions
    }

    fn store(&mut self, region: u16, bytes: Vec<u8>) -> Result<(), StorageFault> {
        if let Some(folder) = &self.folder {
            let path = folder.join(format!("{region:04x}.bin"));
            fs::write(path, &bytes).map_err(|_| StorageFault)?;
        }
        self.regions.insert(region, bytes);
        Ok(())
    }
}

impl Flash for FlashChip {
    fn read(&self, region: u16) -> Vec<u8> {
        self.regions.get(&region).cloned().unwrap_or_default()
    }

    fn write(&mut self, region: u16, bytes: &[u8]) -> Result<(), StorageFault> {
        if self.off {
            return Err(StorageFault);
        }
        self.writes += 1;
        match self.cut {
            Some((number, tear)) if number == self.writes => {
                self.off = true;
                let torn = tear.apply(self.read(region), bytes);
                self.store(region, torn)?;
                Err(StorageFault)
            }
            _ => self.store(region, bytes.to_vec()),
        }
    }
}

impl Tear {
    fn apply(self, old: Vec<u8>, new: &[u8]) -> Vec<u8> {
        match self {
            Self::Old => old,
            Self::Erased => Vec::new(),
            Self::New => new.to_vec(),
            Self::Mixed { written } => {
                let written = written.min(new.len());
                let mut mixed = new[..written].to_vec();
                mixed.extend(old.iter().skip(written));
                mixed
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_tears_one_write_and_stops_the_next_until_power_is_back() {
        let mut chip = FlashChip::new();
        chip.write(1, b"older").unwrap();
        chip.cut_at_write(2, Tear::Mixed { written: 2 });
        assert_eq!(chip.write(1, b"new"), Err(StorageFault));
        assert_eq!(chip.read(1), b"neder");
        assert_eq!(chip.write(2, b"x"), Err(StorageFault));
        chip.power_on();
        chip.write(2, b"x").unwrap();
        assert_eq!(
            (chip.read(1), chip.read(2)),
            (b"neder".to_vec(), b"x".to_vec())
        );
    }

    #[test]
    fn a_chip_in_a_folder_is_the_same_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let mut chip = FlashChip::open(folder.path()).unwrap();
        chip.write(0x10, b"kept").unwrap();
        let again = FlashChip::open(folder.path()).unwrap();
        assert_eq!(again.read(0x10), b"kept");
        assert!(again.read(0x11).is_empty());
    }
}
