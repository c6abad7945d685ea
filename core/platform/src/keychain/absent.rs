//! No keychain at all.

use keyway_app::ports::{BoxFuture, ItemClass, ItemName, Keychain, KeychainError};
use zeroize::Zeroizing;

/// A keychain that holds nothing and takes nothing. On a borrowed phone the shell hands this to the core: whatever a bug might try to
/// store, the owner's keychain is out of reach.
#[derive(Clone, Copy, Debug, Default)]
pub struct AbsentKeychain;

impl Keychain for AbsentKeychain {
    fn set(
        &self,
        _name: ItemName,
        _class: ItemClass,
        _value: Zeroizing<Vec<u8>>,
    ) -> BoxFuture<'static, Result<(), KeychainError>> {
        Box::pin(async { Err(KeychainError::Unavailable) })
    }

    fn get(
        &self,
        _name: ItemName,
    ) -> BoxFuture<'static, Result<Option<Zeroizing<Vec<u8>>>, KeychainError>> {
        Box::pin(async { Ok(None) })
    }

    fn delete(&self, _name: ItemName) -> BoxFuture<'static, Result<(), KeychainError>> {
        Box::pin(async { Ok(()) })
    }

    fn list(&self) -> BoxFuture<'static, Result<Vec<String>, KeychainError>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}
