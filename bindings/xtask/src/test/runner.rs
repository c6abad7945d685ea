//! Runs one layer's steps and counts.

use super::build::{Executable, cargo, select};
use super::layers::{Layer, Selection, Step};
use super::process::{self, Ended};
use super::progress::{Progress, say};
use super::python;
use super::report::{Count, Outcome, Row};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// How much of a failed layer's output is shown at once; the log has all of it.
const LINES_SHOWN: usize = 60;

/// What a layer runs with.
pub(crate) struct Runner<'a> {
    /// The workspace's root.
    pub(crate) root: &'a Path,
    /// Where the layer's output goes.
    pub(crate) log: PathBuf,
    /// Are the tests marked `#[ignore]` run too?
    pub(crate) long_runs: bool,
    /// What the one build made.
    pub(crate) executables: &'a [Executable],
}

impl Runner<'_> {
    /// Runs `layer` to its end. A failing step does not keep the next from running: one run names everything that is wrong.
    pub(crate) fn run(&self, layer: &Layer) -> io::Result<Row> {
        let progress = Progress::begin(layer.name);
        let begun = process::now();
        let mut log = File::create(&self.log)?;
        let mut count = Count::default();
        let mut cut_off = false;
        for step in layer.steps {
            for (command, counted) in self.commands(step) {
                let (reported, ended) =
                    run_one(command, counted, layer, begun, &mut log, &progress)?;
                count.add(reported);
                cut_off |= ended == Ended::CutOff;
            }
        }
        let mut row = Row::ran(layer.name, count, begun.elapsed(), layer.budget());
        if let (true, Outcome::Ran { faults, .. }) = (cut_off, &mut row.outcome) {
            faults.push("cut off at twice its budget".to_owned());
        }
        progress.end(if row.passed() { "passed" } else { "FAILED" });
        if !row.passed() {
            show_end_of(&self.log);
        }
        Ok(row)
    }

    /// The programs of a step, and whether their output is counted or only their end.
    fn commands(&self, step: &Step) -> Vec<(Command, bool)> {
        match step {
            Step::Check { line, environment } => {
                let mut command = self.command(line);
                command.envs(environment.iter().copied());
                vec![(command, false)]
            }
            Step::Counted(line) => vec![(self.command(line), true)],
            Step::Python {
                requirements,
                folder,
                line,
            } => {
                let mut command = Command::new(python::interpreter(self.root, requirements));
                command.current_dir(self.root.join(folder)).args(*line);
                vec![(command, true)]
            }
            Step::Tests { selection, inside } => self.test_commands(*selection, *inside),
        }
    }

    fn command(&self, line: &[&str]) -> Command {
        let mut command = match line[0] {
            "cargo" => cargo(self.root),
            program => Command::new(program),
        };
        command.current_dir(self.root).args(&line[1..]);
        command
    }

    fn test_commands(&self, selection: Selection, inside: Option<&str>) -> Vec<(Command, bool)> {
        let chosen = select(self.executables, selection);
        let command = |executable: &&Executable| {
            let mut command = match inside {
                None => Command::new(&executable.program),
                Some(script) => {
                    let mut command =
                        Command::new(self.root.join("bindings/xtask/scripts").join(script));
                    command.arg(&executable.program);
                    command
                }
            };
            command.current_dir(&executable.folder);
            command.env("CARGO_MANIFEST_DIR", &executable.folder);
            if self.long_runs || inside.is_some() {
                command.arg("--include-ignored");
            }
            (command, true)
        };
        chosen.iter().map(command).collect()
    }
}

fn run_one(
    command: Command,
    counted: bool,
    layer: &Layer,
    begun: Instant,
    log: &mut File,
    progress: &Progress,
) -> io::Result<(Count, Ended)> {
    let limit = (layer.budget() * 2).saturating_sub(begun.elapsed());
    let mut output = String::new();
    let ended = process::run(command, log, limit, &mut |_, line| {
        progress.line(line);
        if counted {
            output.push_str(line);
            output.push('\n');
        }
    })?;
    let well = ended == Ended::Well;
    let count = if counted {
        Count::of_run(&output, well)
    } else {
        Count::check(well)
    };
    Ok((count, ended))
}

/// Shows how a log ends.
pub(crate) fn show_end_of(log: &Path) {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(LINES_SHOWN);
    lines[from..]
        .iter()
        .for_each(|line| say(&format!("    {line}")));
}
