//! A bounded reader and a writer. Integers are big-endian; lengths come first and are checked before anything is copied.

use alloc::vec::Vec;

use thiserror::Error;

/// The bytes do not say what they should. Deliberately without detail: it may come from anyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("malformed bytes")]
pub struct Malformed;

/// Reads fields off the front of a slice. Nothing is allocated for what is not there.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads from the start of `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next `count` bytes.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Malformed)?;
        self.rest = rest;
        Ok(taken)
    }

    /// The next `N` bytes by value.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        self.take(N)?.try_into().map_err(|_| Malformed)
    }

    /// One byte.
    pub fn u8(&mut self) -> Result<u8, Malformed> {
        self.array().map(u8::from_be_bytes)
    }

    /// Two bytes, big-endian.
    pub fn u16(&mut self) -> Result<u16, Malformed> {
        self.array().map(u16::from_be_bytes)
    }

    /// Four bytes, big-endian.
    pub fn u32(&mut self) -> Result<u32, Malformed> {
        self.array().map(u32::from_be_bytes)
    }

    /// Eight bytes, big-endian.
    pub fn u64(&mut self) -> Result<u64, Malformed> {
        self.array().map(u64::from_be_bytes)
    }

    /// One byte that must be 0 or 1.
    pub fn flag(&mut self) -> Result<bool, Malformed> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Malformed),
        }
    }

    /// A two-byte length and that many bytes.
    pub fn prefixed(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self.u16()?;
        self.take(usize::from(length))
    }

    /// Everything that is left.
    pub fn rest(&mut self) -> &'a [u8] {
        core::mem::take(&mut self.rest)
    }

    /// How many bytes are left.
    pub const fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// Nothing may be left.
    pub const fn finish(self) -> Result<(), Malformed> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(Malformed)
        }
    }
}

/// Appends fields to a vector.
#[derive(Debug, Clone, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// An empty writer.
    pub const fn new() -> Self {
        Self { bytes: Vec::new() }
    }

    /// Bytes as they are.
    #[must_use]
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    /// One byte.
    #[must_use]
    pub fn u8(self, value: u8) -> Self {
        self.bytes(&[value])
    }

    /// Two bytes, big-endian.
    #[must_use]
    pub fn u16(self, value: u16) -> Self {
        self.bytes(&value.to_be_bytes())
    }

    /// Four bytes, big-endian.
    #[must_use]
    pub fn u32(self, value: u32) -> Self {
        self.bytes(&value.to_be_bytes())
    }

    /// Eight bytes, big-endian.
    #[must_use]
    pub fn u64(self, value: u64) -> Self {
        self.bytes(&value.to_be_bytes())
    }

    /// A two-byte length and the bytes. What is longer than 65,535 bytes does not fit any message and is cut off there;
    /// the framing refuses such a message before it is sent.
    #[must_use]
    pub fn prefixed(self, bytes: &[u8]) -> Self {
        let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
        self.u16(length).bytes(&bytes[..usize::from(length)])
    }

    /// What was written.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Plaintexts are a multiple of this long, so that lengths on the air tell little.
pub const PADDING: usize = 32;

/// `length (2) ‖ content ‖ zeros` up to a multiple of [`PADDING`].
pub fn pad(content: &[u8]) -> Vec<u8> {
    let mut padded = Writer::new().prefixed(content).finish();
    padded.resize(padded.len().next_multiple_of(PADDING), 0);
    padded
}

/// The content of what [`pad`] made; anything else is malformed.
pub fn unpad(padded: &[u8]) -> Result<&[u8], Malformed> {
    let mut reader = Reader::new(padded);
    let content = reader.prefixed()?;
    let zeros = reader.rest();
    let exact = padded.len().is_multiple_of(PADDING) && zeros.len() < PADDING;
    if exact && zeros.iter().all(|byte| *byte == 0) {
        Ok(content)
    } else {
        Err(Malformed)
    }
}
