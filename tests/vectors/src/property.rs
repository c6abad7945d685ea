//! The property that documents of a vector file belong to.

use keyway_protocol::crypto::{AgreementKey, SigningKey, VerifyingKey};
use keyway_protocol::ids::LockId;
use keyway_protocol::root::RootDocument;
use serde::Deserialize;

use crate::Hex;

/// Root version 1 of a property, and the keys that its documents are made with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Property {
    root: Hex,
    root_public: Hex,
    lock_id: Hex,
    identity_public: Hex,
    identity_private: Hex,
    holder_public: Hex,
    log_private: Hex,
    policy_private: Hex,
}

impl Property {
    /// The root document, verified.
    ///
    /// # Panics
    /// When it does not verify.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a helper of tests fails as a test does")]
    pub fn root(&self) -> RootDocument {
        RootDocument::verify(&self.root.0, &self.root_public.public_key()).expect("a root document")
    }

    /// The signed root document.
    #[must_use]
    pub fn signed_root(&self) -> &[u8] {
        &self.root.0
    }

    /// The lock.
    #[must_use]
    pub fn lock(&self) -> LockId {
        LockId(self.lock_id.array())
    }

    /// The lock's identity key.
    #[must_use]
    pub fn identity(&self) -> SigningKey {
        let key = self.identity_private.signing_key();
        assert_eq!(key.verifying_key(), self.identity_public.public_key());
        key
    }

    /// The phone's key.
    #[must_use]
    pub fn holder(&self) -> VerifyingKey {
        self.holder_public.public_key()
    }

    /// What receipts and log entries are opened with.
    #[must_use]
    pub fn log_key(&self) -> AgreementKey {
        AgreementKey::from_secret(&self.log_private.secret())
    }

    /// The policy key with all roles.
    #[must_use]
    pub fn policy(&self) -> SigningKey {
        self.policy_private.signing_key()
    }
}
