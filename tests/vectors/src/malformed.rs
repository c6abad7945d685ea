//! Malformed bytes, told in the files as what was done to good ones.

use serde::Deserialize;

use crate::Hex;

/// At this offset of the good bytes, so many of them are replaced by these.
pub type Edit = (usize, usize, Hex);

/// The good bytes, and what was done to them in each case.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Malformed {
    /// What the cases are edits of.
    pub base: Hex,
    cases: Vec<(String, Vec<Edit>)>,
}

impl Malformed {
    /// Each case: why it is what it is, and its bytes.
    pub fn cases(&self) -> impl Iterator<Item = (&str, Vec<u8>)> {
        self.cases
            .iter()
            .map(|(why, edits)| (why.as_str(), edited(&self.base.0, edits)))
    }
}

/// The base with the edits done; they are in the order of their offsets.
#[must_use]
pub fn edited(base: &[u8], edits: &[Edit]) -> Vec<u8> {
    let (mut bytes, mut at) = (Vec::new(), 0);
    for (offset, removed, inserted) in edits {
        bytes.extend_from_slice(&base[at..*offset]);
        bytes.extend_from_slice(&inserted.0);
        at = offset + removed;
    }
    bytes.extend_from_slice(&base[at..]);
    bytes
}

/// Fails unless there are cases and none was accepted.
///
/// # Panics
/// Then.
#[expect(clippy::panic, reason = "the tests' own assertion")]
pub fn assert_refused<'a>(cases: impl IntoIterator<Item = (&'a str, bool)>) {
    let (mut accepted, mut count) = (Vec::new(), 0);
    for (why, is_accepted) in cases {
        count += 1;
        if is_accepted {
            accepted.push(why);
        }
    }
    if !accepted.is_empty() || count == 0 {
        panic!("of {count} malformed cases these were accepted: {accepted:?}");
    }
}
