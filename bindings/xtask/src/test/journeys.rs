//! Journeys in three languages: which scenarios each runner played in this run of the command.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The folder of the scenarios.
const SCENARIOS: &str = "tests/journeys/scenarios";

/// The layers that play scenarios: in which language, and those that need virtual time too?
const PLAYERS: [(&str, &str, bool); 4] = [
    ("journeys", "Rust, in a virtual world", true),
    ("served", "Rust", false),
    ("kotlin", "Kotlin", false),
    ("swift", "Swift", false),
];

/// The scenarios, and by layer those that were played to a good end.
#[derive(Debug, Default)]
pub(crate) struct Journeys {
    /// By name: can it be played in real time?
    scenarios: BTreeMap<String, bool>,
    played: BTreeMap<&'static str, BTreeSet<String>>,
}

#[derive(Deserialize)]
struct Scenario {
    time: String,
}

impl Journeys {
    /// Reads which scenarios there are; one that cannot be read is left to the layers that play it.
    pub(crate) fn read(root: &Path) -> Self {
        let mut scenarios = BTreeMap::new();
        let listing = std::fs::read_dir(root.join(SCENARIOS));
        for file in listing.into_iter().flatten().flatten() {
            let text = std::fs::read(file.path()).unwrap_or_default();
            let scenario: Option<Scenario> = serde_json::from_slice(&text).ok();
            let path = file.path();
            if let (Some(name), Some(scenario)) = (path.file_stem(), scenario) {
                let name = name.to_string_lossy().into_owned();
                scenarios.insert(name, scenario.time == "real");
            }
        }
        Self {
            scenarios,
            played: BTreeMap::new(),
        }
    }

    /// Notes what a layer printed: lines like `test name ... ok`, whose last word is a scenario.
    pub(crate) fn note(&mut self, layer: &str, output: &str) {
        let Some((player, ..)) = PLAYERS.into_iter().find(|(name, ..)| *name == layer) else {
            return;
        };
        let played = self.played.entry(player).or_default();
        for line in output.lines() {
            let test = line
                .strip_prefix("test ")
                .and_then(|line| line.strip_suffix(" ... ok"));
            let is_between = |letter: char| !letter.is_ascii_alphanumeric() && letter != '_';
            let mut words = test.unwrap_or_default().split(is_between);
            if let Some(name) = words.rfind(|word| !word.is_empty())
                && self.scenarios.contains_key(name)
            {
                played.insert(name.to_owned());
            }
        }
    }

    /// A row for each runner that ran: its language, how many scenarios it played, of how many.
    pub(crate) fn rows(&self) -> Vec<[String; 3]> {
        let row = |(layer, language, virtual_too): (&str, &str, bool)| {
            let played = self.played.get(layer)?.len();
            let mut all = self.scenarios.values();
            let wanted = match virtual_too {
                true => all.len(),
                false => all.by_ref().filter(|real| **real).count(),
            };
            Some([language.to_owned(), played.to_string(), wanted.to_string()])
        };
        PLAYERS.into_iter().filter_map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Journeys;
    use std::collections::BTreeMap;

    #[test]
    fn each_runner_is_counted_by_what_it_played_well() {
        let scenarios = [
            ("own_phone", true),
            ("a_year", false),
            ("two_unlocks", true),
        ];
        let scenarios = scenarios.map(|(name, real)| (name.to_owned(), real));
        let mut journeys = Journeys {
            scenarios: scenarios.into(),
            played: BTreeMap::new(),
        };
        journeys.note(
            "kotlin",
            "test own_phone ... ok\ntest two_unlocks ... FAILED\ntest closed ... ok",
        );
        journeys.note(
            "swift",
            "test scenario(_:) own_phone ... ok\ntest scenario(\"two_unlocks\") ... ok",
        );
        journeys.note("journeys", "test own_phone ... ok\ntest a_year ... ok");
        journeys.note("unit", "test own_phone ... ok");
        let rows = journeys.rows();
        let rows: Vec<_> = rows
            .iter()
            .map(|row| row.each_ref().map(String::as_str))
            .collect();
        assert_eq!(
            rows,
            [
                ["Rust, in a virtual world", "2", "3"],
                ["Kotlin", "1", "2"],
                ["Swift", "2", "2"]
            ]
        );
    }
}
