//! What the vector file of handshakes says, for the tests of both ends.
#![expect(dead_code, unreachable_pub, reason = "each end's tests use their part")]

use keyway_protocol::hello::KnownLock;
use keyway_protocol::ids::{CommandId, LockId};
use keyway_protocol::wire::message::Command;
use keyway_vectors::{Edit, Hex, load};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vectors {
    pub conversations: Vec<Conversation>,
    pub refused: Refused,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    pub lock_id: Hex,
    pub identity: Hex,
    pub suite: u8,
    pub hint_key: Hex,
}

/// A lock and the phone that holds a grant for it.
#[derive(Deserialize)]
pub struct Door {
    pub known: Known,
    pub identity_private: Hex,
    pub policy_public: Hex,
    pub holder_private: Hex,
    pub hint_random: Hex,
    pub key_epoch: u32,
    pub crit_seq: u64,
    pub bulk_seq: u64,
    pub clock_width: u32,
    /// What the lock gives when it is asked for a nonce.
    pub nonce: Hex,
    /// What it gives when it is asked for its log.
    pub segment: Hex,
    pub grant_id: Hex,
    pub grant: Hex,
}

#[derive(Deserialize)]
pub struct Conversation {
    #[serde(flatten)]
    pub door: Door,
    /// One after the other, a second apart.
    pub links: Vec<Link>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub proof: String,
    command: String,
    #[serde(default)]
    command_id: Hex,
    #[serde(default)]
    presence: bool,
    pub one_time_private: Hex,
    pub challenge: Hex,
    pub hello: Hex,
    pub phone_ephemeral: Hex,
    pub lock_ephemeral: Hex,
    pub signature: Hex,
    pub plaintext_1: Hex,
    pub message_1: Hex,
    pub slot_id: Hex,
    pub psk: Hex,
    pub message_2: Hex,
    pub handshake_hash: Hex,
    /// Which way and when, the plaintext, the message.
    pub messages: Vec<(String, Hex, Hex)>,
}

/// Message 1 that the lock must not take.
#[derive(Deserialize)]
pub struct Refused {
    #[serde(flatten)]
    pub door: Door,
    pub one_time_private: Hex,
    pub challenge: Hex,
    pub hello: Hex,
    pub lock_ephemeral: Hex,
    /// One that it takes.
    pub base: Hex,
    pub cases: Vec<RefusedCase>,
    pub unknown_grant: Answered,
    pub spent_hello_answer: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusedCase {
    pub why: String,
    pub edits: Vec<Edit>,
    pub answer: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    pub message_1: Hex,
    pub answer: Hex,
}

pub fn vectors() -> Vectors {
    load("handshakes")
}

impl Door {
    pub fn lock(&self) -> LockId {
        LockId(self.known.lock_id.array())
    }

    pub fn known(&self) -> KnownLock {
        KnownLock {
            lock: self.lock(),
            identity: self.known.identity.public_key(),
            hint_key: self.known.hint_key.secret(),
            suite: self.known.suite,
        }
    }
}

impl Link {
    pub fn command(&self) -> Command {
        match self.command.as_str() {
            "session" => Command::Session,
            "status" => Command::Status {
                command: CommandId(self.command_id.array()),
            },
            _ => Command::Unlock {
                command: CommandId(self.command_id.array()),
                presence: self.presence,
            },
        }
    }
}
