//! `regex` as far as one dependency uses it, on the small engine of the same authors.
//!
//! Only Android's keychain store asks for `regex`: it finds items by expressions, and all we ever ask it for is a plain name. The full engine
//! with its tables of Unicode is about a seventh of the library that a phone downloads.
#![forbid(unsafe_code)]

pub use regex_lite::{Error, Regex};
