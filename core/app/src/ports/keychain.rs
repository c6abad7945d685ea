use super::BoxFuture;
use zeroize::Zeroizing;

/// The name of one keychain item: `[a-z0-9_-]`, 1 to 64 characters; says what is stored, never whose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemName(String);

impl ItemName {
    /// `None` when `name` is not of that form.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        let ok = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
        ((1..=64).contains(&name.len()) && name.bytes().all(ok)).then(|| Self(name.to_owned()))
    }

    /// The name itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// When the phone may hand an item out. All are *this device only*: never synchronised, never in a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemClass {
    /// From the first unlock after a boot: what a background wake must read.
    AfterFirstUnlock,
    /// Only while the phone is unlocked.
    WhenUnlocked,
}

/// Why the keychain did not do as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// There is none, or it does not answer within the deadline.
    #[error("the phone's keychain is not available")]
    Unavailable,
    /// The phone is locked.
    #[error("the phone's keychain is locked")]
    Locked,
    /// It answered and refused.
    #[error("the phone's keychain refused")]
    Refused,
    /// The stored item cannot be read (restored backup, damaged).
    #[error("an item in the phone's keychain cannot be read")]
    Corrupt,
}

/// The phone's keychain, one namespace of our own in it. Asynchronous over blocking calls, each under a deadline of at most 5 s.
///
/// Contract: after `set` answers, `get` gives the same bytes in a new process. `delete` of what is not there is success; after it
/// answers, `get` gives `None`. `list` names every item of the namespace, also those of older versions and other item classes.
pub trait Keychain: Send + Sync + 'static {
    /// Stores or replaces an item.
    fn set(
        &self,
        name: ItemName,
        class: ItemClass,
        value: Zeroizing<Vec<u8>>,
    ) -> BoxFuture<'static, Result<(), KeychainError>>;
    /// Reads an item; `Ok(None)` when there is none.
    fn get(
        &self,
        name: ItemName,
    ) -> BoxFuture<'static, Result<Option<Zeroizing<Vec<u8>>>, KeychainError>>;
    /// Erases an item.
    fn delete(&self, name: ItemName) -> BoxFuture<'static, Result<(), KeychainError>>;
    /// The names of all items in the namespace.
    fn list(&self) -> BoxFuture<'static, Result<Vec<String>, KeychainError>>;
}
