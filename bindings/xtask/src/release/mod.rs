//! `cargo xtask release`: is the version one, has it a dated section of the changelog, and what ships: a bill of materials and the licences.

mod changelog;
mod licences;
mod materials;
mod shipped;
mod version;

use crate::phones::report::{Report, none};
use crate::test::progress;
use anyhow::Result;
use changelog::Changelog;
use clap::Args;
use shipped::Shipped;
use std::path::Path;

/// Where the changelog is, below the root.
const CHANGELOG: &str = "bindings/CHANGELOG.md";

/// Options of `cargo xtask release`.
#[derive(Clone, Debug, Args)]
pub(crate) struct Options {}

/// Runs the command: true when every check is good. What it makes is below `target/release-files`.
pub(crate) fn run(_options: &Options, root: &Path, target: &Path) -> Result<bool> {
    let out = target.join("release-files");
    let _not_there = std::fs::remove_dir_all(&out);
    std::fs::create_dir_all(&out)?;
    let mut report = Report::default();
    let version = version::workspace(root)?;

    let elsewhere = version::elsewhere(root, &version)?;
    let places = elsewhere.places;
    let outcome = none(&elsewhere.others).map(|_| format!("{version} in {places} places"));
    report.check("version", "the same everywhere", outcome);

    let text = std::fs::read_to_string(root.join(CHANGELOG)).unwrap_or_default();
    let changelog = Changelog::parse(&text);
    let outcome = changelog.section(&version, changelog::today());
    if let Ok(section) = &outcome {
        std::fs::write(out.join("CHANGES.md"), &section.text)?;
    }
    report.check(
        "changelog",
        "a dated section for it",
        outcome.map(|section| section.date),
    );

    let shipped = Shipped::read(root)?;
    let refused = licences::refused(&shipped);
    let count = shipped.packages.len();
    report.check(
        "licences",
        "each on the list",
        none(&refused).map(|_| format!("{count} packages")),
    );
    let notices = licences::notices(&shipped, &version)?;
    let outcome = none(&notices.without_text);
    report.check(
        "licences",
        "each with its text",
        outcome.map(|_| format!("{} texts", notices.texts)),
    );
    std::fs::write(out.join("LICENCES.txt"), &notices.document)?;

    let bill = materials::bill(&shipped, &version)?;
    let again = materials::bill(&Shipped::read(root)?, &version)?;
    let steady = if bill == again {
        Ok(String::new())
    } else {
        Err("two runs differ".to_owned())
    };
    report.check("bill of materials", "the same each time", steady);
    std::fs::write(out.join(format!("keyway-{version}.cdx.json")), bill)?;
    progress::say(&format!("made: {}", out.display()));
    Ok(report.close())
}
