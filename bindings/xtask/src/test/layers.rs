//! What a layer is made of. [`super::suite`] has the layers themselves.

use super::needs::Need;
use std::time::Duration;

/// When a layer runs without being named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// Always, also with `--fast`: Rust only, nothing to install.
    Fast,
    /// In the full command.
    Full,
    /// Only with `--all`.
    All,
}

impl When {
    /// As `--list` shows it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Full => "full",
            Self::All => "--all",
        }
    }
}

/// Which of the workspace's test executables.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Selection {
    /// Every target of a package that no other selection names.
    Package(&'static str),
    /// The integration test of this name, in any package.
    Target(&'static str),
    /// Everything that no other layer selects: no test escapes the command.
    Rest,
}

/// One thing a layer does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// A program that must succeed; counts as one check.
    Check {
        /// Program and arguments; `cargo` means the cargo that runs this.
        line: &'static [&'static str],
        /// Added environment.
        environment: &'static [(&'static str, &'static str)],
    },
    /// A program whose output carries `test result:` lines, which are counted.
    Counted(&'static [&'static str]),
    /// A Python program in the environment of a list of packages; its `test result:` lines are counted.
    Python {
        /// The list, as in [`Need::Python`].
        requirements: &'static str,
        /// The folder to run in, below the root.
        folder: &'static str,
        /// Arguments of the interpreter.
        line: &'static [&'static str],
        /// Does it start programs of the one build?
        runs_programs: bool,
    },
    /// A Maven project's tests, on what the one build made; their `test result:` lines are counted.
    Maven {
        /// The project's file, as in [`Need::Maven`].
        project: &'static str,
    },
    /// Every rule of a table of rules was shown by a scenario or a test; what no layer before ran is run here.
    Rules {
        /// The table.
        table: &'static str,
        /// The folder of the scenarios.
        scenarios: &'static str,
    },
    /// The bindings for Swift are generated, compiled and tested against the library of the one build; what only Apple's systems can compile is parsed.
    Swift,
    /// Test executables of the one build.
    Tests {
        /// Which of them.
        selection: Selection,
        /// A script below `bindings/xtask/scripts` that runs each of them inside what it needs. Its tests are marked `#[ignore]` for a plain
        /// `cargo test` and run here.
        inside: Option<&'static str>,
    },
}

/// A part of the test command with a budget of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layer {
    /// What `--layer` takes.
    pub(crate) name: &'static str,
    /// What a pass shows.
    pub(crate) what: &'static str,
    /// Seconds of wall time it may take on a two-core machine; more is a failure.
    pub(crate) budget_seconds: u64,
    /// When it runs without being named.
    pub(crate) when: When,
    /// What it needs of the machine.
    pub(crate) needs: &'static [Need],
    /// What it does.
    pub(crate) steps: &'static [Step],
}

impl Layer {
    /// The budget.
    pub(crate) fn budget(&self) -> Duration {
        Duration::from_secs(self.budget_seconds)
    }

    /// Does it run executables of the one build?
    pub(crate) fn needs_build(&self) -> bool {
        self.steps.iter().any(|step| match step {
            Step::Tests { .. } | Step::Rules { .. } | Step::Maven { .. } | Step::Swift => true,
            Step::Python { runs_programs, .. } => *runs_programs,
            Step::Check { .. } | Step::Counted(_) => false,
        })
    }
}
