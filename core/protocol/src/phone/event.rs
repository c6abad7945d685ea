//! What goes into and comes out of a [`super::Conversation`].

use alloc::vec::Vec;

use super::{Resumption, Transfer};
use crate::crypto::Signature;
use crate::error::{Error, Failure};
use crate::hello::Facts;
use crate::ids::CommandId;
use crate::io::Millis;
use crate::wire::reply::{CommandOutcome, Condition};

/// What happened outside.
#[derive(Debug)]
pub enum Input<'a> {
    /// The hello characteristic was read, as asked by [`Output::ReadHello`]. Empty: the lock had none ready.
    HelloRead(&'a [u8]),
    /// The hello characteristic was notified.
    HelloFrame(&'a [u8]),
    /// The down characteristic was notified.
    DownFrame(&'a [u8]),
    /// The holder key's answer to [`Output::NeedSignature`].
    Signed(Signature),
    /// Something more to do in the session. Queued until there is one; a command overtakes what is queued.
    Do(Task),
    /// Stop now.
    Cancel,
    /// Time passed.
    Tick,
}

/// What to do in a session.
#[derive(Debug)]
pub enum Task {
    /// Withdraw the bolt, once for this id.
    Unlock {
        /// Names the tap.
        command: CommandId,
        /// The holder key asks for the user's presence at each use.
        presence: bool,
    },
    /// What became of an earlier tap.
    Status {
        /// Names that tap.
        command: CommandId,
    },
    /// Carry a bulk bundle to the lock.
    PushBundle(Transfer),
    /// Fetch every receipt the lock holds.
    PullReceipts,
    /// Fetch the sealed log from this entry on.
    PullLog {
        /// The first entry wanted.
        from: u64,
    },
    /// Fetch a nonce for the service to attest the time over.
    TimeNonce,
    /// Hand over the service's attest.
    Attest(Vec<u8>),
    /// Fetch battery and engineering data.
    Condition,
}

/// What to do next. Drain until [`Output::Wait`].
#[derive(Debug)]
pub enum Output {
    /// Read the hello characteristic.
    ReadHello,
    /// Write without response to the up characteristic.
    WriteUp(Vec<u8>),
    /// Have the holder key sign these bytes, then give [`Input::Signed`]; on refusal [`Input::Cancel`].
    NeedSignature(Vec<u8>),
    /// Tell whoever asked.
    Event(Event),
    /// Nothing now. Come back with an input, or with [`Input::Tick`] at this time.
    Wait(Option<Millis>),
}

/// What a conversation tells.
#[derive(Debug)]
pub enum Event {
    /// The lock is who it should be.
    HelloVerified(Facts),
    /// The last byte of message 1 is handed out: from now on the lock may act on it.
    MessageOneSent,
    /// The last byte of a later command is handed out: from now on the lock may act on it.
    CommandSent {
        /// Names the tap.
        command: CommandId,
    },
    /// The lock accepted message 1's command; its outcome follows.
    Accepted,
    /// The lock refused a command. With `session`, the conversation goes on.
    Refused {
        /// Why.
        error: Error,
        /// Whether there is a session all the same.
        session: bool,
    },
    /// What became of a command.
    Outcome {
        /// Names the tap.
        command: CommandId,
        /// What became of it.
        outcome: CommandOutcome,
    },
    /// There is a session: tasks are taken.
    SessionReady,
    /// Keep this in memory for the next conversation; it replaces the one before.
    Resumption(Resumption),
    /// The lock no longer knows the resumption that was given: forget it.
    ResumptionLost,
    /// The lock did not hold the grant that was only named: send it in full from now on.
    GrantNotHeld,
    /// A signed receipt.
    Receipt(Vec<u8>),
    /// How much of a bundle the lock has.
    Progress {
        /// Bytes the lock has, wherever they came from.
        sent: usize,
        /// Bytes of the bundle.
        total: usize,
    },
    /// A sealed log segment.
    Log {
        /// Ask from there next.
        next: u64,
        /// Whether there is more.
        more: bool,
        /// The segment; empty if there is nothing.
        segment: Vec<u8>,
    },
    /// What the service has to attest over.
    TimeNonce(Vec<u8>),
    /// How the lock is.
    Condition(Condition),
    /// The task that was given first of those under way is over.
    TaskDone(Result<(), Error>),
    /// The conversation is over. Always the last event.
    Ended(Ending),
}

/// How a conversation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// Why.
    pub reason: Reason,
    /// What is known of the bolt.
    pub certainty: Certainty,
}

/// Why a conversation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The caller cancelled.
    Cancelled,
    /// No hello came in time.
    NoHello,
    /// The lock went silent.
    Silent,
    /// The lock refused, or something was wrong.
    Failed(Failure),
}

/// What is known of the last command that would move the bolt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// It never reached the lock complete, or the lock said no.
    NotUnlocked,
    /// It may have reached the lock, and the lock has not said what came of it. Ask with `Status`, never send another.
    MayHaveUnlocked,
    /// The lock said that the bolt was withdrawn.
    Unlocked,
}
