use keyway_app::ports::KeyError;
use keyway_platform::keys::KeyStore;
use std::sync::Arc;

pub use keyway_app::ports::KeyPurpose;

/// Which of the phone's keys.
#[uniffi::remote(Enum)]
pub enum KeyPurpose {
    /// Signs commands to locks.
    Holder,
    /// Binds tokens to this phone (RFC 9449).
    Dpop,
}

/// Why a key did not sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum HardwareKeyError {
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

impl From<uniffi::UnexpectedUniFFICallbackError> for HardwareKeyError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unavailable
    }
}

impl From<HardwareKeyError> for KeyError {
    fn from(error: HardwareKeyError) -> Self {
        match error {
            HardwareKeyError::Cancelled => Self::Cancelled,
            HardwareKeyError::Locked => Self::Locked,
            HardwareKeyError::Invalidated => Self::Invalidated,
            HardwareKeyError::Missing => Self::Missing,
            HardwareKeyError::Unavailable => Self::Unavailable,
        }
    }
}

/// P-256 keys in the phone's hardware: Secure Enclave, StrongBox. Private halves never leave it. Calls may block and come on threads of their own.
///
/// On a borrowed phone it is not asked for keys: those live in the library's memory and go with the process.
#[uniffi::export(foreign)]
pub trait HardwareKeys: Send + Sync {
    /// Makes a new key, replacing one of the same purpose, readable after the first unlock and on this phone only. Gives its public half: an
    /// uncompressed SEC1 point, 65 bytes, `0x04 || x || y`.
    fn create(&self, purpose: KeyPurpose) -> Result<Vec<u8>, HardwareKeyError>;
    /// The public half of an existing key, as `create` gives it.
    fn public_key(&self, purpose: KeyPurpose) -> Result<Vec<u8>, HardwareKeyError>;
    /// Signs `message` (not its hash) with ECDSA over SHA-256. Gives the signature in DER, as both systems do, or `r || s` in 64 bytes.
    fn sign(&self, purpose: KeyPurpose, message: Vec<u8>) -> Result<Vec<u8>, HardwareKeyError>;
    /// Destroys a key; destroying what is not there is success.
    fn delete(&self, purpose: KeyPurpose) -> Result<(), HardwareKeyError>;
    /// All keys that exist now.
    fn list(&self) -> Result<Vec<KeyPurpose>, HardwareKeyError>;
}

/// The platform's key store on a shell's hardware.
pub(crate) struct Store(pub(crate) Arc<dyn HardwareKeys>);

impl KeyStore for Store {
    fn create(&self, purpose: KeyPurpose) -> Result<Vec<u8>, KeyError> {
        Ok(self.0.create(purpose)?)
    }

    fn public(&self, purpose: KeyPurpose) -> Result<Vec<u8>, KeyError> {
        Ok(self.0.public_key(purpose)?)
    }

    fn sign(&self, purpose: KeyPurpose, message: Vec<u8>) -> Result<Vec<u8>, KeyError> {
        Ok(self.0.sign(purpose, message)?)
    }

    fn destroy(&self, purpose: KeyPurpose) -> Result<(), KeyError> {
        Ok(self.0.delete(purpose)?)
    }

    fn list(&self) -> Result<Vec<KeyPurpose>, KeyError> {
        Ok(self.0.list()?)
    }
}
