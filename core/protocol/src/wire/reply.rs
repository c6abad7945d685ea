//! Requests and replies of a session, inside the Noise channel.

use alloc::vec::Vec;

use super::codec::{Malformed, Reader, Writer, pad, unpad};
use super::message::{Command, read_error, write_error};
use crate::crypto::Signature;
use crate::error::Error;
use crate::hello::ClockState;
use crate::ids::CommandId;

/// What a phone asks for in a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// A further command. An unlock is signed; a session is there already, and refused.
    Command(Command, Option<Signature>),
    /// Announces a bulk bundle. Answered with [`Reply::Missing`].
    Manifest(Vec<u8>),
    /// One chunk of the announced bundle. Answered with [`Reply::Done`], the last one with [`Reply::Receipt`].
    Chunk {
        /// Which chunk, from 0.
        index: u16,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// Every receipt the lock still holds, one [`Reply::Receipt`] each, then [`Reply::Done`].
    Receipts,
    /// One sealed log segment that starts at this entry. Answered with [`Reply::Log`].
    Log {
        /// The first entry wanted.
        from: u64,
    },
    /// A nonce for the service to attest the time over. Answered with [`Reply::TimeNonce`].
    TimeNonce,
    /// The service's attest.
    Attest(Vec<u8>),
    /// Battery and engineering data. Answered with [`Reply::Condition`].
    Condition,
}

const COMMAND: u8 = 0x01;
const SIGNED_COMMAND: u8 = 0x02;
const MANIFEST: u8 = 0x10;
const CHUNK: u8 = 0x11;
const RECEIPTS: u8 = 0x12;
const LOG: u8 = 0x13;
const TIME_NONCE: u8 = 0x14;
const ATTEST: u8 = 0x15;
const CONDITION: u8 = 0x16;

impl Request {
    /// The padded plaintext of the request with this number.
    pub fn encode(&self, number: u32) -> Vec<u8> {
        let writer = Writer::new().u32(number);
        let writer = match self {
            Self::Command(command, None) => writer.u8(COMMAND).bytes(&command.encode()),
            Self::Command(command, Some(signature)) => writer
                .u8(SIGNED_COMMAND)
                .bytes(signature)
                .bytes(&command.encode()),
            Self::Manifest(manifest) => writer.u8(MANIFEST).bytes(manifest),
            Self::Chunk { index, bytes } => writer.u8(CHUNK).u16(*index).bytes(bytes),
            Self::Receipts => writer.u8(RECEIPTS),
            Self::Log { from } => writer.u8(LOG).u64(*from),
            Self::TimeNonce => writer.u8(TIME_NONCE),
            Self::Attest(attest) => writer.u8(ATTEST).bytes(attest),
            Self::Condition => writer.u8(CONDITION),
        };
        pad(&writer.finish())
    }

    /// Reads a padded plaintext: the number and the request.
    pub fn decode(padded: &[u8]) -> Result<(u32, Self), Malformed> {
        let mut reader = Reader::new(unpad(padded)?);
        let number = reader.u32()?;
        let request = match reader.u8()? {
            COMMAND => Self::Command(Command::read(&mut reader)?, None),
            SIGNED_COMMAND => {
                let signature = reader.array()?;
                Self::Command(Command::read(&mut reader)?, Some(signature))
            }
            MANIFEST => Self::Manifest(reader.rest().into()),
            CHUNK => Self::Chunk {
                index: reader.u16()?,
                bytes: reader.rest().into(),
            },
            RECEIPTS => Self::Receipts,
            LOG => Self::Log {
                from: reader.u64()?,
            },
            TIME_NONCE => Self::TimeNonce,
            ATTEST => Self::Attest(reader.rest().into()),
            CONDITION => Self::Condition,
            _ => return Err(Malformed),
        };
        reader.finish()?;
        Ok((number, request))
    }
}

impl Request {
    /// The number of a request whose type this version does not know; `None` if it is known, or not a request at all.
    pub fn unknown(padded: &[u8]) -> Option<u32> {
        let mut reader = Reader::new(unpad(padded).ok()?);
        let number = reader.u32().ok().filter(|number| *number != 0)?;
        let known = matches!(
            reader.u8().ok()?,
            COMMAND | SIGNED_COMMAND | MANIFEST..=CONDITION
        );
        (!known).then_some(number)
    }
}

/// What became of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandOutcome {
    /// The bolt was withdrawn for it.
    Executed,
    /// The bolt was not withdrawn for it, and will not be.
    NotExecuted(Option<Error>),
    /// The lock began, and lost power before it could note the end: it may have been withdrawn.
    Unknown,
}

/// What a lock answers in a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// Done, and nothing more to say.
    Done,
    /// Refused.
    Refused(Error),
    /// What became of a command, asked for or just finished.
    Outcome {
        /// Names the tap.
        command: CommandId,
        /// What became of it.
        outcome: CommandOutcome,
    },
    /// Which chunks of the announced bundle are missing: bit `i % 8` (lowest first) of byte `i / 8` is chunk `i`.
    Missing(Vec<u8>),
    /// A signed receipt.
    Receipt(Vec<u8>),
    /// A sealed log segment.
    Log {
        /// The entry after the last one in the segment; ask from there.
        next: u64,
        /// Whether there are entries from `next` on.
        more: bool,
        /// The segment; empty if there is nothing.
        segment: Vec<u8>,
    },
    /// What the service has to attest over: 16 bytes.
    TimeNonce(Vec<u8>),
    /// How the lock is.
    Condition(Condition),
}

/// How a lock is: battery and engineering data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Condition {
    /// Remaining charge, 0 to 100.
    pub battery_percent: u8,
    /// Thrown from inside.
    pub deadbolt_thrown: bool,
    /// Seconds since boot.
    pub uptime: u32,
    /// How well the lock knows the time.
    pub clock: ClockState,
    /// Log entries that the service has not acknowledged.
    pub log_entries: u32,
    /// Commands that moved the motor since boot.
    pub motor_moves: u32,
}

const DONE: u8 = 0x80;
const REPLY_REFUSED: u8 = 0x81;
const OUTCOME: u8 = 0x82;
const MISSING: u8 = 0x83;
const RECEIPT: u8 = 0x84;
const REPLY_LOG: u8 = 0x85;
const NONCE: u8 = 0x86;
const REPLY_CONDITION: u8 = 0x87;

const NONCE_LENGTH: usize = 16;

const EXECUTED: u8 = 0;
const NOT_EXECUTED: u8 = 1;
const FAILED: u8 = 2;
const UNKNOWN: u8 = 3;

impl Reply {
    /// The padded plaintext of a reply to the request with this number; 0 answers message 1.
    pub fn encode(&self, number: u32) -> Vec<u8> {
        let writer = Writer::new().u32(number);
        let writer = match self {
            Self::Done => writer.u8(DONE),
            Self::Refused(error) => write_error(writer.u8(REPLY_REFUSED), *error),
            Self::Outcome { command, outcome } => {
                let writer = writer.u8(OUTCOME).bytes(command.as_ref());
                match outcome {
                    CommandOutcome::Executed => writer.u8(EXECUTED),
                    CommandOutcome::NotExecuted(None) => writer.u8(NOT_EXECUTED),
                    CommandOutcome::NotExecuted(Some(error)) => {
                        write_error(writer.u8(FAILED), *error)
                    }
                    CommandOutcome::Unknown => writer.u8(UNKNOWN),
                }
            }
            Self::Missing(bitmap) => writer.u8(MISSING).bytes(bitmap),
            Self::Receipt(receipt) => writer.u8(RECEIPT).bytes(receipt),
            Self::Log {
                next,
                more,
                segment,
            } => writer
                .u8(REPLY_LOG)
                .u64(*next)
                .u8(u8::from(*more))
                .bytes(segment),
            Self::TimeNonce(nonce) => writer.u8(NONCE).bytes(nonce),
            Self::Condition(condition) => condition.write(writer.u8(REPLY_CONDITION)),
        };
        pad(&writer.finish())
    }

    /// Reads a padded plaintext: the number it answers and the reply.
    pub fn decode(padded: &[u8]) -> Result<(u32, Self), Malformed> {
        let mut reader = Reader::new(unpad(padded)?);
        let number = reader.u32()?;
        let reply = match reader.u8()? {
            DONE => Self::Done,
            REPLY_REFUSED => Self::Refused(read_error(&mut reader)?),
            OUTCOME => Self::Outcome {
                command: CommandId(reader.array()?),
                outcome: match reader.u8()? {
                    EXECUTED => CommandOutcome::Executed,
                    NOT_EXECUTED => CommandOutcome::NotExecuted(None),
                    FAILED => CommandOutcome::NotExecuted(Some(read_error(&mut reader)?)),
                    UNKNOWN => CommandOutcome::Unknown,
                    _ => return Err(Malformed),
                },
            },
            MISSING => Self::Missing(reader.rest().into()),
            RECEIPT => Self::Receipt(reader.rest().into()),
            REPLY_LOG => Self::Log {
                next: reader.u64()?,
                more: reader.flag()?,
                segment: reader.rest().into(),
            },
            NONCE => Self::TimeNonce(reader.take(NONCE_LENGTH)?.into()),
            REPLY_CONDITION => Self::Condition(Condition::read(&mut reader)?),
            _ => return Err(Malformed),
        };
        reader.finish()?;
        Ok((number, reply))
    }
}

impl Condition {
    fn write(&self, writer: Writer) -> Writer {
        let writer = writer
            .u8(self.battery_percent)
            .u8(u8::from(self.deadbolt_thrown));
        let writer = writer.u32(self.uptime).bytes(&self.clock.encode());
        writer.u32(self.log_entries).u32(self.motor_moves)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let battery_percent = reader.u8()?;
        if battery_percent > 100 {
            return Err(Malformed);
        }
        Ok(Self {
            battery_percent,
            deadbolt_thrown: reader.flag()?,
            uptime: reader.u32()?,
            clock: ClockState::read(reader)?,
            log_entries: reader.u32()?,
            motor_moves: reader.u32()?,
        })
    }
}
