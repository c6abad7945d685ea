//! One lock and its phones in memory, on a virtual clock, with an air that loses, doubles and cuts.
#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]
#![expect(dead_code, unreachable_pub, reason = "each test file uses its part")]

pub mod air;
pub mod door;
pub mod keeper;

pub use door::*;

use keeper::lane;
use keyway_protocol::crypto::{Secret32, SigningKey};
use keyway_protocol::ids::{CommandId, GrantId};
use keyway_protocol::io::Millis;
use keyway_protocol::phone::{Conversation, ConversationConfig, Credentials, Intent, Resumption};

pub fn secret(byte: u8) -> Secret32 {
    Secret32::new([byte; 32])
}

pub fn key(byte: u8) -> SigningKey {
    SigningKey::from_secret(&secret(byte)).unwrap()
}

/// A phone, its key and its grant.
#[derive(Clone)]
pub struct Phone {
    pub holder: SigningKey,
    pub credentials: Credentials,
    pub seed: u8,
}

impl Phone {
    pub fn new(number: u8, lock: &Lock, lock_id: u8, flags: u8) -> Self {
        let holder = key(number);
        let public = holder.verifying_key();
        let credentials = Credentials {
            known: lock.known(lock_id),
            lane: lane(2, None),
            root_version: 1,
            crit_seq: 2,
            grant: keeper::issue([number; 16], lock_id, &public, flags),
            grant_id: GrantId([number; 16]),
            holder: public,
            resumable: flags & keeper::BORROWED == 0,
            held_by_lock: false,
        };
        Self {
            holder,
            credentials,
            seed: number,
        }
    }

    pub fn converse(
        &mut self,
        intent: Intent,
        mtu: u16,
        resumption: Option<Resumption>,
        now: Millis,
    ) -> Conversation {
        self.seed = self.seed.wrapping_add(97);
        let mut seed = [self.seed; 32];
        seed[..8].copy_from_slice(&now.0.to_be_bytes());
        let config = ConversationConfig {
            credentials: self.credentials.clone(),
            mtu,
            resumption,
            seed: Secret32::new(seed),
        };
        Conversation::new(config, intent, now)
    }
}

pub fn unlock(command: u8) -> Intent {
    Intent::Unlock {
        command: CommandId([command; 16]),
        presence: false,
    }
}

pub fn status(command: u8) -> Intent {
    Intent::Status {
        command: CommandId([command; 16]),
    }
}
