use super::BoxFuture;

/// An uncompressed SEC1 P-256 point: `0x04 || x || y`.
pub type PublicKey = [u8; 65];
/// An ES256 signature: `r || s`, 32 bytes each, big endian, low-s.
pub type Signature = [u8; 64];

/// Which of the phone's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyPurpose {
    /// Signs commands to locks; its hash stands in every grant.
    Holder,
    /// Binds tokens to this phone (RFC 9449).
    Dpop,
}

/// Where a key lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Custody {
    /// In the phone's hardware where it has such, else in its keychain; survives a restart.
    Device,
    /// In memory only: a borrowed phone. Gone with the process.
    Memory,
}

/// Why a key did not sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The resident declined the phone's prompt.
    #[error("the phone's confirmation was cancelled")]
    Cancelled,
    /// The phone is locked.
    #[error("the phone is locked")]
    Locked,
    /// The key is no longer usable (screen lock or biometrics changed, restored backup): sign in again.
    #[error("the phone's key was invalidated")]
    Invalidated,
    /// There is no such key.
    #[error("the phone has no such key")]
    Missing,
    /// The key store does not answer.
    #[error("the phone's key store is not available")]
    Unavailable,
}

/// The phone's P-256 keys. Private halves never leave the implementation.
///
/// Contract: `sign` hashes with SHA-256 and may prompt; dropping its future dismisses the prompt. After `destroy` answers, `sign` gives
/// `Missing`, and `list` does not name the key.
pub trait PhoneKeys: Send + Sync + 'static {
    /// Makes a new key, replacing one of the same purpose, and gives its public half.
    fn create(
        &self,
        purpose: KeyPurpose,
        custody: Custody,
    ) -> BoxFuture<'static, Result<PublicKey, KeyError>>;
    /// The public half of an existing key.
    fn public(&self, purpose: KeyPurpose) -> BoxFuture<'static, Result<PublicKey, KeyError>>;
    /// Signs `message` (not its hash).
    fn sign(
        &self,
        purpose: KeyPurpose,
        message: Vec<u8>,
    ) -> BoxFuture<'static, Result<Signature, KeyError>>;
    /// Destroys a key; destroying what is not there is success.
    fn destroy(&self, purpose: KeyPurpose) -> BoxFuture<'static, Result<(), KeyError>>;
    /// All keys that exist now, in either custody.
    fn list(&self) -> BoxFuture<'static, Result<Vec<KeyPurpose>, KeyError>>;
}
