//! Refresh tokens: `session(16) || generation(4) || MAC(32)`.
//!
//! A token is computed, not stored: a lost reply can be answered again with the *same* successor, and the database holds nothing but the
//! number of the newest generation that came back.
use crate::crypto;
use crate::keys::{Keys, Purpose};
use crate::store::sessions::Session;
use uuid::Uuid;

/// A token whose MAC holds: this service did issue it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RefreshToken {
    pub(crate) session: Uuid,
    pub(crate) generation: u32,
}

/// What a token means for its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The newest, seen for the first time or again: it earns the successor of this generation.
    Newest,
    /// Its successor was already used: somebody has a copy.
    Reused,
}

impl RefreshToken {
    /// As told to the phone.
    pub(crate) fn encode(self, keys: &Keys) -> String {
        let generation = self.generation.to_be_bytes();
        let mac = mac(keys, self.session, generation);
        crypto::base64url(&[&self.session.as_bytes()[..], &generation, &mac].concat())
    }

    /// Reads a token that this service issued.
    pub(crate) fn decode(text: &str, keys: &Keys) -> Option<Self> {
        let bytes: [u8; 52] = crypto::array_from_base64url(text)?;
        let (session, rest) = bytes.split_first_chunk::<16>()?;
        let (generation, told) = rest.split_first_chunk::<4>()?;
        let session = Uuid::from_bytes(*session);
        crypto::same(&mac(keys, session, *generation), told).then(|| Self {
            session,
            generation: u32::from_be_bytes(*generation),
        })
    }

    /// Where the token stands in its family.
    pub(crate) fn standing(self, session: &Session) -> Standing {
        if i64::from(self.generation) < session.used_generation {
            Standing::Reused
        } else {
            Standing::Newest
        }
    }
}

fn mac(keys: &Keys, session: Uuid, generation: [u8; 4]) -> [u8; 32] {
    keys.mac(Purpose::RefreshToken, &[session.as_bytes(), &generation])
}
