//! Carrying a bulk bundle: announce it, learn what is missing, send that.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec::Vec;

use crate::wire::reply::Request;

/// Chunks under way at once. More would only lengthen the wait of a command that overtakes them.
const WINDOW: usize = 4;

/// A bundle as it travels.
#[derive(Debug, Clone)]
pub struct Transfer {
    /// The signed manifest; names every chunk by hash.
    pub manifest: Vec<u8>,
    /// The chunks in the manifest's order.
    pub chunks: Vec<Vec<u8>>,
}

/// A transfer under way.
#[derive(Debug)]
pub(super) struct Push {
    transfer: Transfer,
    announced: bool,
    missing: VecDeque<u16>,
    /// Request number to chunk.
    in_flight: BTreeMap<u32, u16>,
    sent: usize,
}

impl Push {
    pub(super) const fn new(transfer: Transfer) -> Self {
        let missing = VecDeque::new();
        Self {
            transfer,
            announced: false,
            missing,
            in_flight: BTreeMap::new(),
            sent: 0,
        }
    }

    /// The next request to send under this number, if the window allows one.
    pub(super) fn next(&mut self, number: u32) -> Option<Request> {
        if !self.announced {
            self.announced = true;
            return Some(Request::Manifest(self.transfer.manifest.clone()));
        }
        if self.in_flight.len() >= WINDOW {
            return None;
        }
        let index = self.missing.pop_front()?;
        let bytes = self.transfer.chunks.get(usize::from(index))?.clone();
        self.in_flight.insert(number, index);
        Some(Request::Chunk { index, bytes })
    }

    /// Whether `next` would give something.
    pub(super) fn is_ready(&self) -> bool {
        !self.announced || (self.in_flight.len() < WINDOW && !self.missing.is_empty())
    }

    /// The lock said which chunks it lacks. Sends them in order, so that the last one completes the bundle.
    pub(super) fn missing(&mut self, bitmap: &[u8]) {
        self.missing = (0..self.transfer.chunks.len())
            .filter(|index| {
                bitmap
                    .get(index / 8)
                    .is_some_and(|byte| byte & (1 << (index % 8)) != 0)
            })
            .filter_map(|index| u16::try_from(index).ok())
            .collect();
        self.in_flight.clear();
        let lacking: usize = self.missing.iter().map(|index| self.length(*index)).sum();
        self.sent = self.total() - lacking;
    }

    /// The lock has taken the chunk of this request.
    pub(super) fn taken(&mut self, number: u32) {
        if let Some(index) = self.in_flight.remove(&number) {
            self.sent += self.length(index);
        }
    }

    pub(super) const fn sent(&self) -> usize {
        self.sent
    }

    pub(super) fn total(&self) -> usize {
        self.transfer.chunks.iter().map(Vec::len).sum()
    }

    fn length(&self, index: u16) -> usize {
        self.transfer
            .chunks
            .get(usize::from(index))
            .map_or(0, Vec::len)
    }
}
