//! The table of layers. A new layer is one entry here; everything else reads it.

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
    },
    /// Every rule of a table of rules was shown by a scenario or a test; what no layer before ran is run here.
    Rules {
        /// The table.
        table: &'static str,
        /// The folder of the scenarios.
        scenarios: &'static str,
    },
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
        self.steps
            .iter()
            .any(|step| matches!(step, Step::Tests { .. } | Step::Rules { .. }))
    }
}

/// Compiling every test executable of the workspace, once for all layers. Its row stands in the closing table as `build`.
pub(crate) const BUILD_BUDGET: Duration = Duration::from_secs(700);

/// The whole suite in the order it runs: cheap answers first.
pub(crate) const LAYERS: &[Layer] = &[
    Layer {
        name: "format",
        what: "the source is formatted",
        budget_seconds: 20,
        when: When::Fast,
        needs: &[],
        steps: &[check(&["cargo", "fmt", "--all", "--check"])],
    },
    Layer {
        name: "hygiene",
        what: "who may know whom, what may stand in a source file, links in the documents",
        budget_seconds: 30,
        when: When::Fast,
        needs: &[],
        steps: &[package("keyway-hygiene")],
    },
    Layer {
        name: "protocol",
        what: "the lock protocol, both roles, threat by threat",
        budget_seconds: 75,
        when: When::Fast,
        needs: &[],
        steps: &[package("keyway-protocol")],
    },
    Layer {
        name: "journeys",
        what: "every scenario, played in a building on a virtual clock",
        budget_seconds: 60,
        when: When::Fast,
        needs: &[],
        steps: &[package("keyway-world"), package("keyway-journeys")],
    },
    Layer {
        name: "unit",
        what: "every other Rust test",
        budget_seconds: 60,
        when: When::Fast,
        needs: &[],
        steps: &[tests(Selection::Rest)],
    },
    Layer {
        name: "lint",
        what: "clippy without a warning, and what ships checked by itself",
        budget_seconds: 330,
        when: When::Fast,
        needs: &[],
        steps: &[
            check(&[
                "cargo",
                "clippy",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ]),
            check(&["cargo", "check", "-p", "keyway-protocol"]),
            check(&["cargo", "check", "-p", "keyway-app"]),
        ],
    },
    Layer {
        name: "docs",
        what: "rustdoc without a warning, examples in it run",
        budget_seconds: 100,
        when: When::Full,
        needs: &[],
        steps: &[
            Step::Check {
                line: &["cargo", "doc", "--workspace", "--no-deps"],
                environment: &[("RUSTDOCFLAGS", "-D warnings")],
            },
            Step::Counted(&["cargo", "test", "--workspace", "--doc"]),
        ],
    },
    Layer {
        name: "vectors",
        what: "the protocol written a second time: the text's worked hex, the vectors, the code",
        budget_seconds: 60,
        when: When::Full,
        needs: &[Need::Venv, Need::Python(REFERENCE)],
        steps: &[
            reference(&[
                "-m",
                "reference",
                "check",
                "../../core/protocol/PROTOCOL.md",
            ]),
            reference(&["-m", "reference", "vectors", "--check"]),
            package("keyway-vectors"),
        ],
    },
    Layer {
        name: "embedded",
        what: "the lock's half builds for a microcontroller without a standard library",
        budget_seconds: 120,
        when: When::Full,
        needs: &[Need::Target("thumbv7em-none-eabihf")],
        steps: &[check(&[
            "cargo",
            "build",
            "-p",
            "keyway-protocol",
            "--features",
            "lock",
            "--target",
            "thumbv7em-none-eabihf",
        ])],
    },
    Layer {
        name: "keychain",
        what: "the keychain port on a real Secret Service",
        budget_seconds: 30,
        when: When::Full,
        needs: &[
            Need::Program {
                program: "gnome-keyring-daemon",
                package: "gnome-keyring",
            },
            Need::Program {
                program: "secret-tool",
                package: "libsecret-tools",
            },
            Need::Program {
                program: "dbus-run-session",
                package: "dbus-daemon",
            },
            Need::Program {
                program: "dbus-send",
                package: "dbus-bin",
            },
        ],
        steps: &[Step::Tests {
            selection: Selection::Target("secret_service"),
            inside: Some("secret-service"),
        }],
    },
    Layer {
        name: "building",
        what: "real processes: the demo's story, its proof and its faults",
        budget_seconds: 200,
        when: When::Full,
        needs: &[],
        steps: &[package("keyway-building")],
    },
    Layer {
        name: "served",
        what: "every scenario of real time, over HTTPS and loopback air, on phones of real parts",
        budget_seconds: 60,
        when: When::Full,
        needs: &[],
        steps: &[tests(Selection::Target("served"))],
    },
    Layer {
        name: "cuts",
        what: "the pipe between phone and lock cut after every byte",
        budget_seconds: 300,
        when: When::Full,
        needs: &[],
        steps: &[tests(Selection::Target("cuts"))],
    },
    Layer {
        name: "year",
        what: "a year of daily codes at a lock whose clock drifts, both clock changes included",
        budget_seconds: 120,
        when: When::Full,
        needs: &[],
        steps: &[tests(Selection::Target("year"))],
    },
    Layer {
        name: "rules",
        what: "each rule and error that a resident was promised has a scenario or a test that ran",
        budget_seconds: 150,
        when: When::Full,
        needs: &[],
        steps: &[Step::Rules {
            table: "tests/journeys/README.md",
            scenarios: "tests/journeys/scenarios",
        }],
    },
    Layer {
        name: "phones",
        what: "for phones, with every real part: one ABI of each system built and judged, the others compiled",
        budget_seconds: 500,
        when: When::Full,
        needs: PHONES,
        steps: &[
            Step::Counted(&[
                "cargo",
                "xtask",
                "android",
                "--library-only",
                "--abi",
                "arm64-v8a",
            ]),
            Step::Counted(&[
                "cargo",
                "xtask",
                "ios",
                "--library-only",
                "--only",
                "device",
                "--lto",
                "thin",
            ]),
            Step::Counted(&[
                "cargo",
                "xtask",
                "android",
                "--compile-only",
                "--abi",
                "armeabi-v7a",
                "--abi",
                "x86_64",
            ]),
            Step::Counted(&["cargo", "xtask", "ios", "--compile-only"]),
        ],
    },
    Layer {
        name: "release",
        what: "one version, a dated section of the changelog, licences that an app can follow",
        budget_seconds: 30,
        when: When::Full,
        needs: &[],
        steps: &[Step::Counted(&["cargo", "xtask", "release"])],
    },
    Layer {
        name: "artefacts",
        what: "everything that phones get, built as it ships, judged and laid out",
        budget_seconds: 1500,
        when: When::All,
        needs: PHONES,
        steps: &[
            Step::Counted(&["cargo", "xtask", "android"]),
            Step::Counted(&["cargo", "xtask", "ios"]),
        ],
    },
];

/// What building for phones needs.
const PHONES: &[Need] = &[
    Need::Venv,
    Need::Python(crate::phones::COMPILER),
    Need::Source,
];

/// What the reference needs.
const REFERENCE: &str = "tests/vectors/reference/requirements.txt";

const fn reference(line: &'static [&'static str]) -> Step {
    Step::Python {
        requirements: REFERENCE,
        folder: "tests/vectors",
        line,
    }
}

const fn check(line: &'static [&'static str]) -> Step {
    Step::Check {
        line,
        environment: &[],
    }
}

const fn tests(selection: Selection) -> Step {
    Step::Tests {
        selection,
        inside: None,
    }
}

const fn package(name: &'static str) -> Step {
    tests(Selection::Package(name))
}

#[cfg(test)]
mod tests {
    use super::{BUILD_BUDGET, LAYERS, Selection, Step, When};
    use std::collections::BTreeSet;

    #[test]
    fn budgets_add_up_to_at_most_fifty_minutes() {
        let usual = LAYERS.iter().filter(|layer| layer.when != When::All);
        let layers: u64 = usual.map(|layer| layer.budget_seconds).sum();
        assert!(layers + BUILD_BUDGET.as_secs() <= 50 * 60);
    }

    #[test]
    fn each_layer_has_its_own_name_and_does_something() {
        let names: BTreeSet<_> = LAYERS.iter().map(|layer| layer.name).collect();
        assert_eq!(names.len(), LAYERS.len());
        assert!(LAYERS.iter().all(|layer| !layer.steps.is_empty()));
    }

    #[test]
    fn exactly_one_layer_takes_the_rest() {
        let rest = LAYERS
            .iter()
            .flat_map(|layer| layer.steps)
            .filter(|step| {
                matches!(
                    step,
                    Step::Tests {
                        selection: Selection::Rest,
                        ..
                    }
                )
            })
            .count();
        assert_eq!(rest, 1);
    }
}
