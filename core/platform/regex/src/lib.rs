//! `regex` as far as one dependency uses it.
//!
//! Only Android's keychain store asks for `regex`: it finds items by expressions, matched anywhere. All that we ever ask it for is a plain name, and
//! what it answers is compared again. The real engine with its tables of Unicode would be a seventh of the library that a phone downloads. So there
//! are plain names here and nothing else: an expression is refused, not misread.
#![forbid(unsafe_code)]

use core::fmt;

/// Characters that would make a name an expression.
const SYNTAX: &str = r"\.+*?()|[]{}^$";

/// A name to be found anywhere in a text.
#[derive(Clone, Debug)]
pub struct Regex(String);

/// The name is an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error;

impl Regex {
    /// Takes a plain name.
    ///
    /// # Errors
    /// It has a character that means something in an expression.
    pub fn new(name: &str) -> Result<Self, Error> {
        if name.contains(|c| SYNTAX.contains(c)) {
            return Err(Error);
        }
        Ok(Self(name.to_owned()))
    }

    /// Is the name somewhere in `text`?
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        text.contains(&self.0)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("only plain names are searched for here")
    }
}

impl std::error::Error for Error {}
