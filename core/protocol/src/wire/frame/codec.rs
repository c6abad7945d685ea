//! One frame's bytes: `flags (1) ‖ [seq (1)] ‖ [ack (1) ‖ bitmap (2)] ‖ part`.

use alloc::vec::Vec;

use crate::wire::codec::{Malformed, Reader, Writer};

const DATA: u8 = 0x80;
const ACK: u8 = 0x40;
const FIRST: u8 = 0x20;
const LAST: u8 = 0x10;
const RESERVED: u8 = 0x0f;

/// Of a bitmap: a receiver keeps 15 early frames.
const NO_FRAME: u16 = 0x8000;

/// What was received: everything before `next`, and of the 15 after it those whose bit is set (bit 0 = `next + 1`).
#[derive(Debug, Clone, Copy)]
pub(super) struct Ack {
    pub(super) next: u8,
    pub(super) bitmap: u16,
}

#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) seq: u8,
    pub(super) first: bool,
    pub(super) last: bool,
    pub(super) bytes: Vec<u8>,
}

pub(super) struct Frame {
    pub(super) ack: Option<Ack>,
    pub(super) part: Option<Part>,
}

impl Frame {
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let flags = reader.u8()?;
        let has = |bit| flags & bit != 0;
        let known = flags & RESERVED == 0 && (has(DATA) || has(ACK));
        if !known || (!has(DATA) && (has(FIRST) || has(LAST))) {
            return Err(Malformed);
        }
        let seq = if has(DATA) { Some(reader.u8()?) } else { None };
        let ack = if has(ACK) {
            Some(Ack {
                next: reader.u8()?,
                bitmap: reader.u16()?,
            })
        } else {
            None
        };
        if ack.is_some_and(|ack| ack.bitmap & NO_FRAME != 0) {
            return Err(Malformed);
        }
        let bytes = reader.rest();
        if bytes.is_empty() != seq.is_none() {
            return Err(Malformed);
        }
        let part = seq.map(|seq| Part {
            seq,
            first: has(FIRST),
            last: has(LAST),
            bytes: bytes.into(),
        });
        Ok(Self { ack, part })
    }

    pub(super) fn encode(self) -> Vec<u8> {
        let bit = |set, bit| if set { bit } else { 0 };
        let part = self.part.as_ref();
        let flags = bit(part.is_some(), DATA)
            | bit(self.ack.is_some(), ACK)
            | bit(part.is_some_and(|part| part.first), FIRST)
            | bit(part.is_some_and(|part| part.last), LAST);
        let mut writer = Writer::new().u8(flags);
        if let Some(part) = part {
            writer = writer.u8(part.seq);
        }
        if let Some(ack) = self.ack {
            writer = writer.u8(ack.next).u16(ack.bitmap);
        }
        if let Some(part) = part {
            writer = writer.bytes(&part.bytes);
        }
        writer.finish()
    }
}
