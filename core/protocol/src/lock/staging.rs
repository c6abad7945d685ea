//! A bulk bundle on its way in: chunks named by hash, kept over power cuts, from any courier.

use alloc::vec;
use alloc::vec::Vec;

use minicbor::bytes::ByteVec;

use super::store::{CHUNKS, Kept, Record};
use super::{Flash, StorageFault};
use crate::bundle::Manifest;
use crate::crypto::sha256;
use crate::error::{Code, Error};
use crate::ids::{Digest, LockId};
use crate::root::RootDocument;

/// The announced bundle. Its signed manifest lies in flash, its chunks beside it.
#[derive(Debug)]
pub(super) struct Staging {
    /// The signed manifest; empty if nothing is announced.
    kept: Kept<ByteVec>,
    manifest: Option<Manifest>,
    present: Vec<bool>,
}

impl Staging {
    /// Reads what had arrived before power was lost. The manifest is verified again: flash is not trusted.
    pub(super) fn load(flash: &dyn Flash, root: &RootDocument, lock: &LockId) -> Self {
        let kept = Kept::load(flash, Record::Staging, ByteVec::from(Vec::new()));
        let manifest = Manifest::verify(kept.value(), root, lock).ok();
        let mut staging = Self {
            kept,
            manifest: None,
            present: Vec::new(),
        };
        if let Some(manifest) = manifest {
            staging.adopt(manifest, flash);
        }
        staging
    }

    /// Announces a verified manifest. Chunks of it that flash already holds, from whichever bundle, are not asked for again.
    pub(super) fn announce(
        &mut self,
        bytes: &[u8],
        manifest: Manifest,
        flash: &mut dyn Flash,
    ) -> Result<(), StorageFault> {
        if self.kept.value().as_slice() != bytes {
            self.kept.replace(Vec::from(bytes).into(), flash)?;
        }
        self.adopt(manifest, flash);
        Ok(())
    }

    fn adopt(&mut self, manifest: Manifest, flash: &dyn Flash) {
        let held = |(index, digest): (usize, &Digest)| {
            let bytes = flash.read(region(index));
            bytes.len() == manifest.chunk_length(index) && sha256(&[&bytes]) == *digest
        };
        self.present = manifest.chunks.iter().enumerate().map(held).collect();
        self.manifest = Some(manifest);
    }

    /// The announced manifest.
    pub(super) const fn manifest(&self) -> Option<&Manifest> {
        self.manifest.as_ref()
    }

    /// Takes a chunk. One that is not what the manifest says is refused and changes nothing.
    pub(super) fn chunk(
        &mut self,
        index: u16,
        bytes: &[u8],
        flash: &mut dyn Flash,
    ) -> Result<(), Error> {
        let manifest = self.manifest.as_ref().ok_or(Code::BadTransfer)?;
        let place = usize::from(index);
        let digest = manifest.chunks.get(place).ok_or(Code::BadTransfer)?;
        if bytes.len() != manifest.chunk_length(place) || sha256(&[bytes]) != *digest {
            return Err(Code::BadTransfer.into());
        }
        if !self.present[place] {
            flash
                .write(region(place), bytes)
                .map_err(|_| Code::Storage)?;
            self.present[place] = true;
        }
        Ok(())
    }

    /// Whether nothing is missing.
    pub(super) fn is_complete(&self) -> bool {
        self.manifest.is_some() && self.present.iter().all(|present| *present)
    }

    /// Missing chunks: bit `i % 8` (lowest first) of byte `i / 8`.
    pub(super) fn missing(&self) -> Vec<u8> {
        let mut bitmap = vec![0; self.present.len().div_ceil(8)];
        for (index, present) in self.present.iter().enumerate() {
            bitmap[index / 8] |= u8::from(!present) << (index % 8);
        }
        bitmap
    }

    /// The sealed body, once complete.
    pub(super) fn body(&self, flash: &dyn Flash) -> Vec<u8> {
        let count = self.present.len();
        (0..count)
            .flat_map(|index| flash.read(region(index)))
            .collect()
    }

    /// Forgets the announcement: applied, or found bad.
    pub(super) fn clear(&mut self) {
        self.manifest = None;
        self.present.clear();
    }
}

const fn region(index: usize) -> u16 {
    // A manifest lists at most 320 chunks.
    CHUNKS + index as u16
}
