//! Values that must not linger or be printed: zeroized on drop, redacted in `Debug`, without `Display` and without `Serialize`.

use core::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Secret bytes, such as a key or a logout ticket.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Takes the bytes over; the caller keeps no copy.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes. Each call says why in an `EXPOSE:` comment.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Secret text, such as a password or a token.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SecretString(String);

impl SecretString {
    /// Takes the text over, byte for byte; the caller keeps no copy.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text. Each call says why in an `EXPOSE:` comment.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretString(..)")
    }
}

/// Secrets come in with an answer; they never go out by serialization.
impl<'de> serde::Deserialize<'de> for SecretString {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

impl From<String> for SecretString {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// A doorcode's digits behind a handle: leading zeros matter, and only [`Digits::reveal`] shows them.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Digits(String);

impl Digits {
    /// `None` unless `text` is 1 to 16 ASCII digits.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        (digits && (1..=16).contains(&text.len())).then(|| Self(text.to_owned()))
    }

    /// How many digits there are; not secret, a keypad shows as much.
    #[must_use]
    pub fn length(&self) -> usize {
        self.0.len()
    }

    /// The digits, for the resident's eyes. The caller keeps the copy as short as it can.
    #[must_use]
    pub fn reveal(&self) -> SecretString {
        SecretString(self.0.clone())
    }
}

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digits(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!(
            "{:?} {:?} {:?}",
            Secret::new(vec![77; 3]),
            SecretString::new("hunter2".into()),
            Digits::new("0042137")
        );
        assert_eq!(shown, "Secret(..) SecretString(..) Some(Digits(..))");
    }

    #[test]
    fn digits_keep_leading_zeros_and_refuse_everything_else() {
        let digits = Digits::new("0042137").unwrap();
        // EXPOSE: the test compares what a resident would read.
        assert_eq!(digits.reveal().expose(), "0042137");
        assert_eq!(digits.length(), 7);
        for wrong in ["", "12a4", "12 4", "\u{0661}\u{0662}", "12345678901234567"] {
            assert!(Digits::new(wrong).is_none(), "{wrong}");
        }
    }
}
