//! The phone's end. It holds no private key and no clock: signatures and time are passed in.
//!
//! [`Conversation`] is one link's life: feed it with [`Conversation::handle_input`], then drain [`Conversation::poll_output`] until it
//! gives [`Output::Wait`]. The states it walks through ([`opening`]) are consumed by value, so none can be used twice.

pub mod opening;

mod conversation;
mod event;
mod sync;
mod tasks;

pub use conversation::Conversation;
pub use event::{Certainty, Ending, Event, Input, Output, Reason, Task};
pub use opening::{Credentials, Resumption};
pub use sync::Transfer;

use crate::crypto::Secret32;
use crate::ids::CommandId;
use crate::wire::message::Command;

/// What a conversation is given at its start.
#[derive(Debug)]
pub struct ConversationConfig {
    /// What the phone holds for this door.
    pub credentials: Credentials,
    /// The link's ATT MTU.
    pub mtu: u16,
    /// A slot from an earlier conversation with this lock. Keep your copy until [`Event::Resumption`] brings its successor.
    pub resumption: Option<Resumption>,
    /// Unpredictable, used once: the ephemeral keys come from it.
    pub seed: Secret32,
}

/// Why a phone connects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// Withdraw the bolt, once for this id.
    Unlock {
        /// Names the tap.
        command: CommandId,
        /// The holder key asks for the user's presence at each use.
        presence: bool,
    },
    /// Settle what became of an earlier tap.
    Status {
        /// Names that tap.
        command: CommandId,
    },
    /// Only a session, to sync in.
    Session,
}

impl Intent {
    pub(crate) const fn command(self) -> Command {
        match self {
            Self::Unlock { command, presence } => Command::Unlock { command, presence },
            Self::Status { command } => Command::Status { command },
            Self::Session => Command::Session,
        }
    }
}
