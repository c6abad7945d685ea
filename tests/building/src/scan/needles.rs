//! The forms in which a canary may lie around, and finding any of them in one pass.

use super::Hit;
use aho_corasick::AhoCorasick;
use anyhow::Result;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Shorter needles would be found by chance.
const SHORTEST: usize = 7;

/// Something planted that must not stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Canary {
    /// What it is.
    pub name: String,
    /// Its bytes, hexadecimal, so that the request itself holds no needle in the plain.
    pub hex: String,
}

impl Canary {
    /// A canary that is text.
    #[must_use]
    pub fn text(name: &str, text: &str) -> Self {
        Self::bytes(name, text.as_bytes())
    }

    /// A canary that is bytes.
    #[must_use]
    pub fn bytes(name: &str, bytes: &[u8]) -> Self {
        Self {
            name: name.to_owned(),
            hex: hex::encode(bytes),
        }
    }
}

/// Every form of every canary.
#[derive(Debug)]
pub struct Needles {
    searcher: AhoCorasick,
    meanings: Vec<(String, &'static str)>,
    longest: usize,
}

impl Needles {
    /// Makes every form of each canary: as it is, UTF-16 in both orders, hexadecimal, base64 at each of the three alignments.
    pub fn of(canaries: &[Canary]) -> Result<Self> {
        let mut patterns = Vec::new();
        let mut meanings = Vec::new();
        let mut seen = BTreeSet::new();
        for canary in canaries {
            for (encoding, bytes) in forms(&hex::decode(&canary.hex)?) {
                if bytes.len() >= SHORTEST && seen.insert(bytes.clone()) {
                    patterns.push(bytes);
                    meanings.push((canary.name.clone(), encoding));
                }
            }
        }
        let longest = patterns.iter().map(Vec::len).max().unwrap_or(0);
        Ok(Self {
            searcher: AhoCorasick::new(patterns)?,
            meanings,
            longest,
        })
    }

    /// How much two neighbouring pieces of a large content must overlap so that nothing hides in the seam.
    pub(super) fn overlap(&self) -> usize {
        self.longest.saturating_sub(1)
    }

    /// What stands in `content`, summed up by canary and form.
    pub(super) fn hits(&self, place: &str, content: &[u8]) -> Vec<Hit> {
        let mut times: BTreeMap<usize, usize> = BTreeMap::new();
        for found in self.searcher.find_overlapping_iter(content) {
            *times.entry(found.pattern().as_usize()).or_default() += 1;
        }
        let hit = |(pattern, times): (usize, usize)| {
            let (canary, encoding) = &self.meanings[pattern];
            Hit {
                place: place.to_owned(),
                canary: canary.clone(),
                encoding: (*encoding).to_owned(),
                times,
            }
        };
        times.into_iter().map(hit).collect()
    }
}

fn forms(bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut forms = vec![
        ("plain", bytes.to_vec()),
        ("hex", hex::encode(bytes).into_bytes()),
        ("HEX", hex::encode_upper(bytes).into_bytes()),
    ];
    if let Ok(text) = std::str::from_utf8(bytes) {
        let units: Vec<u16> = text.encode_utf16().collect();
        let bytes_of =
            |order: fn(u16) -> [u8; 2]| units.iter().flat_map(|unit| order(*unit)).collect();
        forms.push(("utf-16le", bytes_of(u16::to_le_bytes)));
        forms.push(("utf-16be", bytes_of(u16::to_be_bytes)));
    }
    for shift in 0..3 {
        forms.push(("base64", base64_core(bytes, shift, b"+/")));
        forms.push(("base64url", base64_core(bytes, shift, b"-_")));
    }
    forms
}

/// The characters of base64 that depend on `bytes` alone when they stand `shift` bytes after a multiple of three in a longer content.
fn base64_core(bytes: &[u8], shift: usize, last_two: &[u8; 2]) -> Vec<u8> {
    let bit = |index: usize| -> usize {
        let byte = bytes[index / 8];
        usize::from(byte >> (7 - index % 8) & 1)
    };
    let skip = (6 - (shift * 8) % 6) % 6;
    let total = bytes.len() * 8;
    let mut text = Vec::new();
    let mut at = skip;
    while at + 6 <= total {
        let value = (0..6).fold(0, |value, offset| value << 1 | bit(at + offset));
        text.push(match value {
            0..=25 => b'A' + value as u8,
            26..=51 => b'a' + (value - 26) as u8,
            52..=61 => b'0' + (value - 52) as u8,
            other => last_two[other - 62],
        });
        at += 6;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Canary, Needles, base64_core};

    #[test]
    fn base64_is_recognised_at_each_alignment() {
        // base64("xMagpie Lane 7y") and its neighbours, cut to what does not depend on them.
        assert_eq!(base64_core(b"Man", 0, b"+/"), b"TWFu");
        assert_eq!(base64_core(b"any carnal", 1, b"+/"), b"FueSBjYXJuYW");
        let inside = "eE1hZ3BpZSBMYW5lIDd5";
        let core = String::from_utf8(base64_core(b"Magpie Lane 7", 1, b"+/")).expect("ascii");
        assert!(inside.contains(&core), "{core}");
    }

    #[test]
    fn every_form_is_found_and_named() {
        let needles = Needles::of(&[Canary::text("door", "Magpie Lane 7")]).expect("needles");
        let encodings = |content: &[u8]| -> Vec<String> {
            let hits = needles.hits("here", content);
            hits.into_iter().map(|hit| hit.encoding).collect()
        };
        assert_eq!(encodings(b"..Magpie Lane 7.."), ["plain"]);
        assert_eq!(encodings(hex::encode("Magpie Lane 7").as_bytes()), ["hex"]);
        let wide: Vec<u8> = "Magpie Lane 7"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert!(encodings(&wide).contains(&"utf-16le".to_owned()));
        assert_eq!(encodings(b"eE1hZ3BpZSBMYW5lIDd5"), ["base64"]);
        assert!(encodings(b"Magpie Lane 8").is_empty());
    }
}
