//! The one build: every test executable of the workspace, compiled once and named by cargo itself.

use super::layers::{Selection, Step};
use super::process::{self, Ended, Stream};
use super::progress::Progress;
use super::report::{Count, Row};
use super::suite::LAYERS;
use serde::Deserialize;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// One compiled test program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Executable {
    /// The package it belongs to.
    pub(crate) package: String,
    /// The target's name: the crate's own for unit tests, the file's for integration tests.
    pub(crate) target: String,
    /// Is it an integration test?
    pub(crate) integration: bool,
    /// The program.
    pub(crate) program: PathBuf,
    /// The package's folder: where cargo would run it.
    pub(crate) folder: PathBuf,
}

impl Executable {
    fn is_named_by(&self, selection: Selection) -> bool {
        match selection {
            Selection::Target(name) => self.integration && self.target == name,
            Selection::Package(name) => self.package == name,
            Selection::Rest => false,
        }
    }
}

/// The executables that `selection` means. A named target beats its package, anything named beats the rest.
pub(crate) fn select(executables: &[Executable], selection: Selection) -> Vec<&Executable> {
    let named_target = |executable: &&Executable| {
        all_selections()
            .any(|other| matches!(other, Selection::Target(_)) && executable.is_named_by(other))
    };
    let named =
        |executable: &&Executable| all_selections().any(|other| executable.is_named_by(other));
    executables
        .iter()
        .filter(|executable| match selection {
            Selection::Target(_) => executable.is_named_by(selection),
            Selection::Package(_) => executable.is_named_by(selection) && !named_target(executable),
            Selection::Rest => !named(executable),
        })
        .collect()
}

fn all_selections() -> impl Iterator<Item = Selection> {
    LAYERS
        .iter()
        .flat_map(|layer| layer.steps)
        .filter_map(|step| match step {
            Step::Tests { selection, .. } => Some(*selection),
            Step::Check { .. }
            | Step::Counted(_)
            | Step::Python { .. }
            | Step::Maven { .. }
            | Step::Rules { .. }
            | Step::Swift => None,
        })
}

/// Compiles everything; `Ok(None)` beside the row when it does not compile.
pub(crate) fn build(
    root: &Path,
    log: &mut File,
    budget: Duration,
) -> io::Result<(Row, Option<Vec<Executable>>)> {
    let progress = Progress::begin("build");
    let begun = process::now();
    let mut executables = Vec::new();
    let mut command = cargo(root);
    command.args([
        "test",
        "--workspace",
        "--no-run",
        "--message-format=json-render-diagnostics",
    ]);
    let ended = process::run(command, log, budget * 2, &mut |stream, line| match stream {
        Stream::Out => executables.extend(parse(line)),
        Stream::Err => progress.line(line),
    })?;
    let built = ended == Ended::Well;
    let row = Row::ran("build", Count::check(built), begun.elapsed(), budget);
    progress.end(if built { "done" } else { "FAILED" });
    Ok((row, built.then_some(executables)))
}

/// The cargo that runs this program, in the workspace's root, without the variables that cargo set for *this* package: they would make
/// build scripts believe that something changed and compile again.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let ours = [
            "CARGO_PKG_",
            "CARGO_MANIFEST_",
            "CARGO_BIN_",
            "CARGO_CRATE_",
        ];
        if ours.iter().any(|prefix| text.starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
    command
}

#[derive(Deserialize)]
struct Message {
    reason: String,
    manifest_path: Option<PathBuf>,
    target: Option<Target>,
    profile: Option<Profile>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

/// One line of cargo's report, if it is about a test executable.
fn parse(line: &str) -> Option<Executable> {
    let message: Message = serde_json::from_str(line).ok()?;
    let target = message.target?;
    if message.reason != "compiler-artifact" || !message.profile?.test {
        return None;
    }
    let folder = message.manifest_path?.parent()?.to_owned();
    Some(Executable {
        package: package_name(&folder)?,
        target: target.name,
        integration: target.kind.iter().any(|kind| kind == "test"),
        program: message.executable?,
        folder,
    })
}

/// A crate is named after its folder; the hygiene layer checks that.
fn package_name(folder: &Path) -> Option<String> {
    let name = folder.file_name()?.to_str()?;
    Some(format!("keyway-{name}"))
}

#[cfg(test)]
mod tests {
    use super::{Executable, parse, select};
    use crate::test::layers::Selection;

    fn executable(package: &str, target: &str) -> Executable {
        Executable {
            package: package.into(),
            target: target.into(),
            integration: target != package,
            program: target.into(),
            folder: package.into(),
        }
    }

    #[test]
    fn cargos_report_names_test_executables_only() {
        let line = r#"{"reason":"compiler-artifact","manifest_path":"/r/core/app/Cargo.toml","target":{"kind":["test"],"name":"send"},"profile":{"test":true},"executable":"/t/send-1","fresh":true}"#;
        let found = parse(line).expect("a test executable");
        assert_eq!(
            (found.package.as_str(), found.target.as_str()),
            ("keyway-app", "send")
        );
        assert!(found.integration);
        assert_eq!(
            parse(&line.replace("\"test\":true", "\"test\":false")),
            None
        );
        assert_eq!(parse(&line.replace("\"/t/send-1\"", "null")), None);
        assert_eq!(parse("Compiling keyway-app"), None);
    }

    #[test]
    fn every_executable_belongs_to_exactly_one_selection() {
        let all = [
            executable("keyway-building", "keyway-building"),
            executable("keyway-platform", "secret_service"),
            executable("keyway-app", "send"),
        ];
        let names = |selection| -> Vec<String> {
            let chosen = select(&all, selection);
            chosen.iter().map(|found| found.target.clone()).collect()
        };
        assert_eq!(
            names(Selection::Target("secret_service")),
            ["secret_service"]
        );
        assert_eq!(
            names(Selection::Package("keyway-building")),
            ["keyway-building"]
        );
        assert_eq!(names(Selection::Rest), ["send"]);
    }
}
