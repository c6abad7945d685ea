//! Messages inside frames, and what message 1 and message 2 say inside the Noise channel.

use alloc::vec::Vec;

use super::codec::{Malformed, Reader, Writer, pad, unpad};
use crate::crypto::{Secret32, Signature, VerifyingKey};
use crate::error::{Code, Error, Retry};
use crate::ids::{CommandId, GrantId, SlotId};

/// What a frame's message is; its first byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Up: Noise message 1 of a full handshake.
    Open(Vec<u8>),
    /// Up: Noise message 1 of a resumed handshake and the slot it resumes.
    Resume(SlotId, Vec<u8>),
    /// Up: an encrypted request of a session.
    Request(Vec<u8>),
    /// Down: Noise message 2.
    Answer(Vec<u8>),
    /// Down: an encrypted reply of a session.
    Reply(Vec<u8>),
    /// Down: nobody was authenticated. Carries the next hello, if the lock has one.
    Alert(Error, Vec<u8>),
}

const OPEN: u8 = 0x01;
const RESUME: u8 = 0x02;
const REQUEST: u8 = 0x03;
const ANSWER: u8 = 0x11;
const REPLY: u8 = 0x12;
const ALERT: u8 = 0x1f;

impl Message {
    /// The message's bytes, as they are cut into frames.
    pub fn encode(&self) -> Vec<u8> {
        let writer = Writer::new();
        match self {
            Self::Open(noise) => writer.u8(OPEN).bytes(noise),
            Self::Resume(slot, noise) => writer.u8(RESUME).bytes(slot.as_ref()).bytes(noise),
            Self::Request(noise) => writer.u8(REQUEST).bytes(noise),
            Self::Answer(noise) => writer.u8(ANSWER).bytes(noise),
            Self::Reply(noise) => writer.u8(REPLY).bytes(noise),
            Self::Alert(error, hello) => write_error(writer.u8(ALERT), *error).prefixed(hello),
        }
        .finish()
    }

    /// Reads a reassembled message.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let message = match reader.u8()? {
            OPEN => Self::Open(reader.rest().into()),
            RESUME => Self::Resume(SlotId(reader.array()?), reader.rest().into()),
            REQUEST => Self::Request(reader.rest().into()),
            ANSWER => Self::Answer(reader.rest().into()),
            REPLY => Self::Reply(reader.rest().into()),
            ALERT => Self::Alert(read_error(&mut reader)?, reader.prefixed()?.into()),
            _ => return Err(Malformed),
        };
        reader.finish()?;
        Ok(message)
    }
}

/// `code (1) ‖ retry (1) ‖ milliseconds (4) ‖ may have executed (1)`.
pub(crate) fn write_error(writer: Writer, error: Error) -> Writer {
    let (retry, milliseconds) = match error.retry {
        Retry::Never => (0, 0),
        Retry::Now => (1, 0),
        Retry::After(milliseconds) => (2, milliseconds),
        Retry::AfterSync => (3, 0),
        Retry::AfterUser => (4, 0),
    };
    let writer = writer.u8(error.code as u8).u8(retry).u32(milliseconds);
    writer.u8(u8::from(error.may_have_executed))
}

pub(crate) fn read_error(reader: &mut Reader<'_>) -> Result<Error, Malformed> {
    let code = Code::from_wire(reader.u8()?).ok_or(Malformed)?;
    let (retry, milliseconds) = (reader.u8()?, reader.u32()?);
    let retry = match (retry, milliseconds) {
        (0, 0) => Retry::Never,
        (1, 0) => Retry::Now,
        (2, milliseconds) => Retry::After(milliseconds),
        (3, 0) => Retry::AfterSync,
        (4, 0) => Retry::AfterUser,
        _ => return Err(Malformed),
    };
    Ok(Error {
        code,
        retry,
        may_have_executed: reader.flag()?,
    })
}

/// What a user asks a lock to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Withdraw the bolt, once for this id.
    Unlock {
        /// Names the tap.
        command: CommandId,
        /// The phone's key was used with proof of the user's presence.
        presence: bool,
    },
    /// What became of a tap of this holder.
    Status {
        /// Names the tap.
        command: CommandId,
    },
    /// Nothing but a session, to sync in.
    Session,
}

const UNLOCK: u8 = 0x01;
const STATUS: u8 = 0x02;
const SESSION: u8 = 0x03;

impl Command {
    /// The bytes that are sent and signed.
    pub fn encode(&self) -> Vec<u8> {
        let writer = Writer::new();
        match self {
            Self::Unlock { command, presence } => writer
                .u8(UNLOCK)
                .bytes(command.as_ref())
                .u8(u8::from(*presence)),
            Self::Status { command } => writer.u8(STATUS).bytes(command.as_ref()),
            Self::Session => writer.u8(SESSION),
        }
        .finish()
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        match reader.u8()? {
            UNLOCK => Ok(Self::Unlock {
                command: CommandId(reader.array()?),
                presence: reader.flag()?,
            }),
            STATUS => Ok(Self::Status {
                command: CommandId(reader.array()?),
            }),
            SESSION => Ok(Self::Session),
            _ => Err(Malformed),
        }
    }
}

/// How message 1 shows that its sender may speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// A resumed handshake: the psk is the proof.
    Slot,
    /// The grant, the holder key it names, and that key's signature.
    Grant {
        /// The signed grant.
        grant: Vec<u8>,
        /// Compressed point.
        holder: [u8; VerifyingKey::LENGTH],
        /// Over [`signed_opening`](crate::session::signed_opening).
        signature: Signature,
    },
    /// A grant the lock holds, and the holder key's signature.
    Reference {
        /// Which grant.
        grant: GrantId,
        /// Over [`signed_opening`](crate::session::signed_opening).
        signature: Signature,
    },
}

/// The plaintext of message 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Root chain and critical lane, if the lock lacks them.
    pub lane: Option<Vec<u8>>,
    /// Why the lock should listen.
    pub proof: Proof,
    /// What it should do.
    pub command: Command,
}

const PROOF_SLOT: u8 = 0;
const PROOF_GRANT: u8 = 1;
const PROOF_REFERENCE: u8 = 2;

impl Opening {
    /// The padded plaintext.
    pub fn encode(&self) -> Vec<u8> {
        let lane = self.lane.as_deref().unwrap_or_default();
        let writer = Writer::new().prefixed(lane);
        let writer = match &self.proof {
            Proof::Slot => writer.u8(PROOF_SLOT),
            Proof::Grant {
                grant,
                holder,
                signature,
            } => writer
                .u8(PROOF_GRANT)
                .prefixed(grant)
                .bytes(holder)
                .bytes(signature),
            Proof::Reference { grant, signature } => writer
                .u8(PROOF_REFERENCE)
                .bytes(grant.as_ref())
                .bytes(signature),
        };
        pad(&writer.bytes(&self.command.encode()).finish())
    }

    /// Reads a padded plaintext.
    pub fn decode(padded: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(unpad(padded)?);
        let lane = reader.prefixed()?;
        let proof = match reader.u8()? {
            PROOF_SLOT => Proof::Slot,
            PROOF_GRANT => Proof::Grant {
                grant: reader.prefixed()?.into(),
                holder: reader.array()?,
                signature: reader.array()?,
            },
            PROOF_REFERENCE => Proof::Reference {
                grant: GrantId(reader.array()?),
                signature: reader.array()?,
            },
            _ => return Err(Malformed),
        };
        let command = Command::read(&mut reader)?;
        reader.finish()?;
        Ok(Self {
            lane: (!lane.is_empty()).then(|| lane.into()),
            proof,
            command,
        })
    }
}

/// A right to resume: handed out in message 2, good until its successor is used or its time is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Names the slot in clear; random.
    pub id: SlotId,
    /// The psk.
    pub psk: Secret32,
}

/// The plaintext of message 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The sender is admitted; the command is refused or under way.
    Admitted {
        /// Why the command is refused, if it is.
        refused: Option<Error>,
        /// The next resumption slot, if this grant may have one.
        slot: Option<Slot>,
    },
    /// The sender is not admitted. There is no session; the next hello, if there is one, may be answered.
    Refused {
        /// Why.
        error: Error,
        /// The next hello, or nothing.
        hello: Vec<u8>,
    },
}

const ACCEPTED: u8 = 0;
const COMMAND_REFUSED: u8 = 1;
const REFUSED: u8 = 2;

impl Verdict {
    /// The padded plaintext.
    pub fn encode(&self) -> Vec<u8> {
        let writer = Writer::new();
        let writer = match self {
            Self::Admitted { refused, slot } => {
                let writer = match refused {
                    None => writer.u8(ACCEPTED),
                    Some(error) => write_error(writer.u8(COMMAND_REFUSED), *error),
                };
                match slot {
                    None => writer.u8(0),
                    // EXPOSE: the psk travels inside the channel.
                    Some(slot) => writer
                        .u8(1)
                        .bytes(slot.id.as_ref())
                        .bytes(slot.psk.expose()),
                }
            }
            Self::Refused { error, hello } => {
                write_error(writer.u8(REFUSED), *error).prefixed(hello)
            }
        };
        pad(&writer.finish())
    }

    /// Reads a padded plaintext.
    pub fn decode(padded: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(unpad(padded)?);
        let verdict = reader.u8()?;
        let verdict = match verdict {
            ACCEPTED | COMMAND_REFUSED => {
                let refused = match verdict {
                    ACCEPTED => None,
                    _ => Some(read_error(&mut reader)?),
                };
                let slot = if reader.flag()? {
                    let id = SlotId(reader.array()?);
                    Some(Slot {
                        id,
                        psk: Secret32::new(reader.array()?),
                    })
                } else {
                    None
                };
                Self::Admitted { refused, slot }
            }
            REFUSED => Self::Refused {
                error: read_error(&mut reader)?,
                hello: reader.prefixed()?.into(),
            },
            _ => return Err(Malformed),
        };
        reader.finish()?;
        Ok(verdict)
    }
}
