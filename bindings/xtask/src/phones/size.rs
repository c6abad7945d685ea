//! The ledger of sizes: `bindings/xtask/size.json`.

use super::target::Abi;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Where it is, below the root.
pub(crate) const LEDGER: &str = "bindings/xtask/size.json";
/// How far a size may be from the one noted, in percent.
const TOLERANCE: u64 = 3;

/// What was measured, by ABI, newest first.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ledger {
    /// How it was measured.
    #[serde(rename = "measured")]
    _measured: String,
    /// What an ABI may have at most, bytes.
    limits: BTreeMap<String, u64>,
    /// The figures.
    sizes: BTreeMap<String, Vec<Entry>>,
}

/// One figure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    bytes: u64,
    reason: String,
}

impl Ledger {
    /// Reads it.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(root.join(LEDGER)).context(LEDGER)?;
        Self::parse(&text)
    }

    fn parse(text: &str) -> Result<Self> {
        let ledger: Self = serde_json::from_str(text).context(LEDGER)?;
        for (abi, entries) in &ledger.sizes {
            for (at, entry) in entries.iter().enumerate() {
                let said_before = entries[at + 1..]
                    .iter()
                    .any(|older| older.reason == entry.reason);
                anyhow::ensure!(
                    entry.reason.trim().len() >= 10 && !said_before,
                    "{LEDGER}: {abi}: {} bytes has no reason of its own",
                    entry.bytes
                );
            }
        }
        Ok(ledger)
    }

    /// Judges a library of `bytes`.
    pub(crate) fn judge(&self, abi: Abi, bytes: u64) -> Result<String, String> {
        let name = abi.name();
        if let Some(limit) = self.limits.get(name).filter(|limit| bytes > **limit) {
            return Err(format!("{bytes} bytes, at most {limit}"));
        }
        let noted = self.sizes.get(name).and_then(|entries| entries.first());
        let Some(noted) = noted.map(|entry| entry.bytes) else {
            return Err(format!("{bytes} bytes, of which {LEDGER} says nothing"));
        };
        let shift = noted * TOLERANCE / 100;
        if bytes > noted + shift {
            Err(format!(
                "{bytes} bytes, {TOLERANCE} % over {noted}: put the new figure and its reason first in {LEDGER}, or make it smaller"
            ))
        } else if bytes + shift < noted {
            Err(format!(
                "{bytes} bytes, {TOLERANCE} % under {noted}: put the new figure and its reason first in {LEDGER}, so that it stays"
            ))
        } else {
            Ok(format!("{bytes} bytes, noted {noted}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ledger;
    use crate::phones::target::Abi;

    const TEXT: &str = r#"{
        "measured": "stripped",
        "limits": {"arm64-v8a": 1040},
        "sizes": {"arm64-v8a": [{"bytes": 1000, "reason": "the first measurement"}], "x86_64": [{"bytes": 1000, "reason": "the first measurement"}]}
    }"#;

    #[test]
    fn three_percent_either_way_is_no_change() {
        let ledger = Ledger::parse(TEXT).expect("a ledger");
        for bytes in [970, 1000, 1030] {
            assert!(ledger.judge(Abi::X86_64, bytes).is_ok(), "{bytes}");
        }
        for bytes in [969, 1031] {
            assert!(ledger.judge(Abi::X86_64, bytes).is_err(), "{bytes}");
        }
    }

    #[test]
    fn a_limit_is_none_of_three_percent_and_what_is_not_noted_fails() {
        let text = TEXT.replace("1040", "1010");
        let ledger = Ledger::parse(&text).expect("a ledger");
        assert!(ledger.judge(Abi::Arm64, 1010).is_ok());
        assert!(ledger.judge(Abi::Arm64, 1011).is_err());
        assert!(ledger.judge(Abi::Arm, 1).is_err());
    }

    #[test]
    fn each_figure_has_a_reason_of_its_own() {
        assert!(Ledger::parse(&TEXT.replace("the first measurement", "")).is_err());
        let twice = TEXT.replace(
            r#""x86_64": ["#,
            r#""x86_64": [{"bytes": 1100, "reason": "the first measurement"}, "#,
        );
        assert!(Ledger::parse(&twice).is_err());
    }

    #[test]
    fn the_committed_ledger_is_one() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        assert!(Ledger::read(&root).is_ok());
    }
}
