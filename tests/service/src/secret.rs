//! A secret in a request or an answer: wiped on drop, never printed.
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

/// A password, token, code or ticket as text.
pub(crate) struct Secret(Zeroizing<String>);

impl Secret {
    /// The text itself. Each call says why it needs it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Zeroizing::new(text)))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}
