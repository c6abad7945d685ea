//! The tables a person reads: the closing one and `--list`.

use super::needs::Need;
use super::report::{Outcome, Row};
use super::suite::{BUILD_BUDGET, LAYERS};
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{CellAlignment, Table};

/// Layer, tests, seconds, budget, result.
pub(crate) fn closing(rows: &[Row]) -> String {
    let mut table = table(&["layer", "tests", "seconds", "budget", "result"]);
    for column in 1..=3 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for row in rows {
        table.add_row([
            row.name.clone(),
            tests_of(&row.outcome),
            format!("{:.1}", row.took.as_secs_f64()),
            row.budget.as_secs().to_string(),
            result_of(&row.outcome),
        ]);
    }
    table.to_string()
}

/// Journeys in each language that played any: how many scenarios, of how many. Nothing when none did.
pub(crate) fn journeys(rows: &[[String; 3]]) -> Option<String> {
    let mut table = table(&["scenarios played in", "played", "of"]);
    for column in 1..=2 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.add_rows(rows);
    (!rows.is_empty()).then(|| table.to_string())
}

/// Every layer with its cost and what it needs.
pub(crate) fn list() -> String {
    let mut table = table(&["layer", "what a pass shows", "budget", "runs", "needs"]);
    let build = BUILD_BUDGET.as_secs().to_string();
    table.add_row([
        "build",
        "every target compiles, once for all layers",
        &build,
        "fast",
        "",
    ]);
    for layer in LAYERS {
        let needs: Vec<&str> = layer
            .needs
            .iter()
            .map(|need| match need {
                Need::Program { package, .. } => *package,
                Need::Target(target) => *target,
                Need::Source => "rust-src",
                Need::Venv => "python3-venv",
                Need::Python(requirements) => *requirements,
                Need::Maven(project) => *project,
                Need::Swift => "swift",
                Need::Made(script) => *script,
            })
            .collect();
        table.add_row([
            layer.name,
            layer.what,
            &layer.budget_seconds.to_string(),
            layer.when.as_str(),
            &needs.join(" "),
        ]);
    }
    table.to_string()
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_header(header);
    table
}

fn tests_of(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Ran { count, .. } => count.ran().to_string(),
        Outcome::NotRun(_) | Outcome::Unchanged => "-".to_owned(),
    }
}

fn result_of(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Ran { count, faults } => {
            let mut words = faults.clone();
            if count.failed > 0 {
                words.insert(0, format!("{} failed", count.failed));
            }
            if words.is_empty() {
                words.push("passed".to_owned());
            }
            if count.left_out > 0 {
                words.push(format!("{} long runs left to --all", count.left_out));
            }
            words.join(", ")
        }
        Outcome::NotRun(why) => format!("not run: {why}"),
        Outcome::Unchanged => "unchanged since it passed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{closing, list};
    use crate::test::report::{Count, Outcome, Row};
    use crate::test::suite::LAYERS;
    use std::time::Duration;

    #[test]
    fn each_row_shows_layer_tests_seconds_budget_and_result() {
        let budget = Duration::from_secs(60);
        let mut count = Count::of_run("test result: FAILED. 4 passed; 2 failed; 1 ignored", false);
        count.add(Count::check(true));
        let rows = [
            Row::ran("unit", count, Duration::from_millis(1500), budget),
            Row::without_run("world", Outcome::NotRun("needs a hill".into()), budget),
        ];
        let table = closing(&rows);
        let line = |name: &str| {
            let found = table.lines().find(|line| line.contains(name));
            let words = found
                .unwrap_or_default()
                .split([' ', '\u{2502}', '\u{2506}']);
            words
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(
            line("unit"),
            "unit 7 1.5 60 2 failed, 1 long runs left to --all"
        );
        assert_eq!(line("world"), "world - 0.0 60 not run: needs a hill");
    }

    #[test]
    fn the_list_names_every_layer() {
        let list = list();
        assert!(LAYERS.iter().all(|layer| list.contains(layer.name)));
    }
}
