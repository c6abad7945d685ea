//! What can go wrong: one enum that travels on the wire, and local failures sorted by who is at fault.

use core::fmt;

use thiserror::Error;

/// Why a lock said no. The number is the wire's; PROTOCOL.md lists what each may be answered to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Code {
    /// The message could not be read: truncated, oversized, not decryptable, or signed by nobody known.
    BadMessage = 1,
    /// The lock does not speak this version or suite.
    Version = 2,
    /// The hello this answers is spent or older than 10 s.
    StaleHello = 3,
    /// The resumption slot is not (or no longer) held by the lock.
    UnknownSlot = 4,
    /// The number or id was used before.
    Replay = 5,
    /// The lock has no free capacity; try again later.
    Busy = 6,
    /// The message type is unknown to this lock.
    UnknownCommand = 7,
    /// Flash refused; nothing was changed.
    Storage = 8,
    /// The grant reference is not held by the lock: send the grant itself.
    UnknownGrant = 9,
    /// A document's signature, chain or binding is wrong.
    BadDocument = 10,
    /// A document is older than what the lock already has.
    Rollback = 11,
    /// The grant starts later.
    NotYet = 16,
    /// The grant ended.
    Expired = 17,
    /// The grant's schedule does not include now.
    OutOfSchedule = 18,
    /// The holder key or the subject was revoked.
    Revoked = 19,
    /// The lock needs a newer critical lane than it has been given.
    SyncRequired = 20,
    /// The lock lost its clock and this right needs one.
    ClockUnsure = 21,
    /// The grant does not include this operation.
    NotPermitted = 22,
    /// The grant needs proof of presence and the message carries none.
    PresenceRequired = 23,
    /// The deadbolt is thrown from inside.
    Deadbolt = 32,
    /// The motor did not reach its end position.
    MechanicalFault = 33,
    /// The battery is too low to move the bolt.
    BatteryLow = 34,
    /// A chunk or a manifest does not fit what was announced; send the manifest again.
    BadTransfer = 48,
    /// A time attestation is stale, for another nonce or out of bounds.
    BadAttest = 49,
}

impl Code {
    /// Every code, in the order of its number.
    pub const ALL: [Self; 24] = [
        Self::BadMessage,
        Self::Version,
        Self::StaleHello,
        Self::UnknownSlot,
        Self::Replay,
        Self::Busy,
        Self::UnknownCommand,
        Self::Storage,
        Self::UnknownGrant,
        Self::BadDocument,
        Self::Rollback,
        Self::NotYet,
        Self::Expired,
        Self::OutOfSchedule,
        Self::Revoked,
        Self::SyncRequired,
        Self::ClockUnsure,
        Self::NotPermitted,
        Self::PresenceRequired,
        Self::Deadbolt,
        Self::MechanicalFault,
        Self::BatteryLow,
        Self::BadTransfer,
        Self::BadAttest,
    ];

    /// The code with this number, if this version knows it.
    pub fn from_wire(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|code| *code as u8 == number)
    }

    /// When trying again can help, unless the lock said something more exact.
    pub const fn default_retry(self) -> Retry {
        match self {
            Self::BadMessage | Self::StaleHello | Self::UnknownSlot | Self::UnknownGrant => {
                Retry::Now
            }
            Self::BadTransfer | Self::BadAttest => Retry::Now,
            Self::Busy | Self::Storage => Retry::After(1_000),
            Self::SyncRequired | Self::ClockUnsure | Self::Expired | Self::BadDocument => {
                Retry::AfterSync
            }
            Self::NotYet | Self::OutOfSchedule => Retry::AfterUser,
            Self::Deadbolt | Self::PresenceRequired | Self::BatteryLow | Self::MechanicalFault => {
                Retry::AfterUser
            }
            Self::Version | Self::Replay | Self::UnknownCommand | Self::Rollback => Retry::Never,
            Self::Revoked | Self::NotPermitted => Retry::Never,
        }
    }
}

/// When trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Retry {
    /// The same request will get the same answer.
    Never,
    /// At once, with the hello that came with the answer.
    Now,
    /// After this many milliseconds.
    After(u32),
    /// After fresh documents from the service.
    AfterSync,
    /// After the user did something: waited for a window, opened the deadbolt, came closer.
    AfterUser,
}

/// The one error that travels from lock to phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
#[error("lock refused: {code}")]
pub struct Error {
    /// Why.
    pub code: Code,
    /// When trying again can help.
    pub retry: Retry,
    /// Whether the motor may have moved for the command this answers.
    pub may_have_executed: bool,
}

impl Error {
    /// A refusal before anything happened, with the code's usual retry advice.
    pub const fn new(code: Code) -> Self {
        Self {
            code,
            retry: code.default_retry(),
            may_have_executed: false,
        }
    }

    /// The same refusal, but the motor may already have moved.
    #[must_use]
    pub const fn may_have_executed(self) -> Self {
        Self {
            may_have_executed: true,
            ..self
        }
    }

    /// The same refusal with more exact retry advice.
    #[must_use]
    pub const fn retry(self, retry: Retry) -> Self {
        Self { retry, ..self }
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::BadMessage => "bad message",
            Self::Version => "version not spoken",
            Self::StaleHello => "stale hello",
            Self::UnknownSlot => "unknown slot",
            Self::Replay => "replay",
            Self::Busy => "busy",
            Self::UnknownCommand => "unknown command",
            Self::Storage => "storage",
            Self::UnknownGrant => "unknown grant",
            Self::BadDocument => "bad document",
            Self::Rollback => "rollback",
            Self::NotYet => "not yet",
            Self::Expired => "expired",
            Self::OutOfSchedule => "out of schedule",
            Self::Revoked => "revoked",
            Self::SyncRequired => "sync required",
            Self::ClockUnsure => "clock unsure",
            Self::NotPermitted => "not permitted",
            Self::PresenceRequired => "presence required",
            Self::Deadbolt => "deadbolt",
            Self::MechanicalFault => "mechanical fault",
            Self::BatteryLow => "battery low",
            Self::BadTransfer => "bad transfer",
            Self::BadAttest => "bad attest",
        })
    }
}

/// A failure on this side of the link, sorted by who is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Failure {
    /// The other end broke the protocol, or is not who it should be. Nothing secret was sent to it.
    #[error("the peer misbehaved: {0:?}")]
    PeerMisbehaved(PeerMisbehaved),
    /// The other end is honest but speaks something else.
    #[error("the peer is incompatible: {0:?}")]
    PeerIncompatible(PeerIncompatible),
    /// This side was called in a way its documentation forbids.
    #[error("wrong use: {0:?}")]
    ApiMisuse(ApiMisuse),
    /// The lock answered no.
    #[error(transparent)]
    Refused(#[from] Error),
}

/// What the other end did wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PeerMisbehaved {
    /// The hello's hint or challenge does not unmask to anything under this descriptor.
    WrongLock,
    /// The hello's signature is not the lock's.
    ForgedHello,
    /// The hello claims less than the lock had before: a cloned or restored lock.
    CountersWentBack,
    /// A message did not decrypt or decode.
    UnreadableMessage,
    /// A frame broke the framing rules.
    BadFrame,
    /// An answer that nothing asked for.
    UnexpectedMessage,
    /// A document's bytes do not decode.
    MalformedDocument,
    /// A document's signature, chain or binding is wrong.
    ForgedDocument,
}

/// What the other end speaks that this side does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PeerIncompatible {
    /// The version in the hello.
    Version(u8),
    /// The suite in the hello, or one other than the descriptor pins.
    Suite(u8),
}

/// What this side's driver did wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiMisuse {
    /// The input does not fit the state.
    WrongState,
    /// The conversation is over.
    Over,
    /// A value is longer than the protocol allows.
    TooLong,
    /// The signature handed in is not a low-s ES256 signature of the holder key.
    BadSignature,
    /// A key is not a point of its curve.
    BadKey,
}

impl From<PeerMisbehaved> for Failure {
    fn from(fault: PeerMisbehaved) -> Self {
        Self::PeerMisbehaved(fault)
    }
}

impl From<PeerIncompatible> for Failure {
    fn from(fault: PeerIncompatible) -> Self {
        Self::PeerIncompatible(fault)
    }
}

impl From<ApiMisuse> for Failure {
    fn from(fault: ApiMisuse) -> Self {
        Self::ApiMisuse(fault)
    }
}
