//! Runs one layer's steps and counts.

use super::build::{Executable, cargo, select};
use super::journeys::Journeys;
use super::layers::{Layer, Step};
use super::ledger::Ledger;
use super::maven;
use super::process::{self, Ended};
use super::progress::{Progress, say};
use super::python;
use super::report::{Count, Outcome, Row};
use super::rules::{self, Book};
use super::swift;
use std::fs::File;
use std::io::{self, Write as _};
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
    /// Which tests ran so far.
    pub(crate) ledger: &'a mut Ledger,
    /// Which scenarios were played so far.
    pub(crate) journeys: &'a mut Journeys,
}

/// One program to run.
struct Job<'e> {
    command: Command,
    /// Its output carries `test result:` lines; otherwise its end is what counts.
    counted: bool,
    /// Which executable of the one build it is.
    executable: Option<&'e Executable>,
    /// It leaves its report in this file instead of printing it.
    events: Option<PathBuf>,
}

/// A layer under way.
struct Run<'l> {
    layer: &'l Layer,
    begun: Instant,
    log: File,
    progress: Progress,
    count: Count,
    cut_off: bool,
}

impl<'e> Runner<'e> {
    /// Runs `layer` to its end. A failing step does not keep the next from running: one run names everything that is wrong.
    pub(crate) fn run(&mut self, layer: &Layer) -> io::Result<Row> {
        let mut run = Run {
            layer,
            begun: process::now(),
            log: File::create(&self.log)?,
            progress: Progress::begin(layer.name),
            count: Count::default(),
            cut_off: false,
        };
        for step in layer.steps {
            if let Step::Rules { table, scenarios } = step {
                self.check_rules(table, scenarios, &mut run)?;
            }
            for job in self.jobs(step) {
                let reported = self.run_one(job, &mut run)?;
                run.count.add(reported);
            }
        }
        let mut row = Row::ran(layer.name, run.count, run.begun.elapsed(), layer.budget());
        if let (true, Outcome::Ran { faults, .. }) = (run.cut_off, &mut row.outcome) {
            faults.push("cut off at twice its budget".to_owned());
        }
        run.progress
            .end(if row.passed() { "passed" } else { "FAILED" });
        if !row.passed() {
            show_what_failed(&self.log);
        }
        Ok(row)
    }

    /// The programs of a step.
    fn jobs(&self, step: &Step) -> Vec<Job<'e>> {
        let job = |command, counted| Job {
            command,
            counted,
            executable: None,
            events: None,
        };
        match step {
            Step::Check { line, environment } => {
                let mut command = self.command(line);
                command.envs(environment.iter().copied());
                vec![job(command, false)]
            }
            Step::Counted(line) => vec![job(self.command(line), true)],
            Step::Python {
                requirements,
                folder,
                line,
                ..
            } => {
                let mut command = Command::new(python::interpreter(self.root, requirements));
                command.current_dir(self.root.join(folder)).args(*line);
                vec![job(command, true)]
            }
            Step::Maven { project } => {
                let tests = maven::test(self.root, project, self.executables);
                vec![job(tests, true)]
            }
            Step::Tests { selection, inside } => {
                let chosen = select(self.executables, *selection);
                let chosen = chosen.into_iter();
                chosen.map(|one| self.test_job(one, *inside)).collect()
            }
            Step::Swift => {
                let halves = swift::generate(self.root, self.executables).into_iter();
                let mut jobs: Vec<Job<'e>> = halves.map(|half| job(half, false)).collect();
                let mut tests = job(swift::test(self.root, self.executables), true);
                tests.events = Some(swift::events_of(self.root));
                jobs.push(tests);
                jobs.push(job(swift::parse(self.root), true));
                jobs
            }
            Step::Rules { .. } => Vec::new(),
        }
    }

    /// Runs what no layer before ran, then counts each rule as one check.
    fn check_rules(&mut self, table: &str, scenarios: &str, run: &mut Run<'_>) -> io::Result<()> {
        let book = match Book::read(&self.root.join(table), &self.root.join(scenarios)) {
            Ok(book) => book,
            Err(why) => {
                writeln!(run.log, "{why}")?;
                run.count.add(Count::check(false));
                return Ok(());
            }
        };
        for (executable, tests) in book.not_run(self.executables, self.ledger) {
            let mut job = self.test_job(executable, None);
            // Every scenario shows a rule: that executable runs whole.
            if !rules::plays_scenarios(executable) {
                job.command.arg("--exact").args(tests);
            }
            self.run_one(job, run)?;
        }
        for (rule, verdict) in book.verdicts(self.executables, self.ledger) {
            match &verdict {
                Ok(()) => writeln!(run.log, "rule {rule} ... ok")?,
                Err(why) => writeln!(run.log, "rule {rule} ... FAILED: {why}")?,
            }
            run.count.add(Count::check(verdict.is_ok()));
        }
        Ok(())
    }

    fn command(&self, line: &[&str]) -> Command {
        let mut command = match line[0] {
            "cargo" => cargo(self.root),
            program => Command::new(program),
        };
        command.current_dir(self.root).args(&line[1..]);
        command
    }

    fn test_job(&self, executable: &'e Executable, inside: Option<&str>) -> Job<'e> {
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
        Job {
            command,
            counted: true,
            executable: Some(executable),
            events: None,
        }
    }

    fn run_one(&mut self, job: Job<'_>, run: &mut Run<'_>) -> io::Result<Count> {
        let limit = (run.layer.budget() * 2).saturating_sub(run.begun.elapsed());
        let mut output = String::new();
        if let Some(events) = &job.events {
            let _of_an_earlier_run = std::fs::remove_file(events);
        }
        let progress = &run.progress;
        let ended = process::run(job.command, &mut run.log, limit, &mut |_, line| {
            progress.line(line);
            if job.counted {
                output.push_str(line);
                output.push('\n');
            }
        })?;
        run.cut_off |= ended == Ended::CutOff;
        if let Some(events) = &job.events {
            let told = std::fs::read_to_string(events).unwrap_or_default();
            output = swift::report(&told);
            run.log.write_all(output.as_bytes())?;
        }
        if let Some(executable) = job.executable {
            self.ledger.read(executable, &output);
        }
        self.journeys.note(run.layer.name, &output);
        let well = ended == Ended::Well;
        Ok(if job.counted {
            Count::of_run(&output, well)
        } else {
            Count::check(well)
        })
    }
}

/// Shows how each program of a log ended that did not end well; of a log without one, its own end.
pub(crate) fn show_what_failed(log: &Path) {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let failed = failed_parts(&text);
    let shown = if failed.is_empty() {
        vec![text.as_str()]
    } else {
        failed
    };
    for part in shown {
        let lines: Vec<&str> = part.lines().collect();
        lines[lines.len().saturating_sub(LINES_SHOWN)..]
            .iter()
            .for_each(|line| say(&format!("    {line}")));
    }
}

/// The parts of a log, a program each, whose last line says that it did not end well.
fn failed_parts(log: &str) -> Vec<&str> {
    let starts = log.match_indices("\n$ ").map(|(at, _)| at + 1);
    let mut bounds: Vec<usize> = std::iter::once(0).chain(starts).collect();
    bounds.push(log.len());
    let parts = bounds.windows(2).map(|bound| &log[bound[0]..bound[1]]);
    parts
        .filter(|part| {
            let end = part.trim_end().lines().next_back();
            end.is_some_and(|line| line.starts_with("# ") && line != "# Well")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::failed_parts;

    #[test]
    fn of_a_log_the_programs_that_failed_are_shown() {
        let log = "$ one\nwell done\n# Well\n\n$ two\nwhy\n# Badly\n\n$ three\n# CutOff\n\n";
        let failed = failed_parts(log);
        assert_eq!(failed.len(), 2);
        assert!(failed[0].contains("why") && failed[1].starts_with("$ three"));
    }

    #[test]
    fn a_log_of_good_ends_shows_none() {
        assert!(failed_parts("$ one\n# Well\n").is_empty());
        assert!(failed_parts("").is_empty());
    }
}
