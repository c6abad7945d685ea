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
}

impl When {
    /// As `--list` shows it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Full => "full",
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
            Step::Tests { .. } | Step::Rules { .. } | Step::Swift => true,
            Step::Python { runs_programs, .. } => *runs_programs,
            Step::Check { .. } | Step::Counted(_) => false,
        })
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
        name: "contract",
        what: "the service's OpenAPI document, and a served building held against it by schemathesis",
        budget_seconds: 180,
        when: When::Full,
        needs: &[Need::Venv, Need::Python(CONFORMANCE)],
        steps: &[
            tests(Selection::Target("document")),
            Step::Python {
                requirements: CONFORMANCE,
                folder: "tests/service",
                line: &["-m", "conformance", "../../target/debug/keyway-building"],
                runs_programs: true,
            },
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
        name: "bluez",
        what: "the radio on btleplug, against a model of BlueZ on a bus of its own",
        budget_seconds: 20,
        when: When::Full,
        needs: &[Need::Program {
            program: "dbus-run-session",
            package: "dbus-daemon",
        }],
        steps: &[Step::Tests {
            selection: Selection::Target("bluez"),
            inside: Some("bus"),
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
        name: "swift",
        what: "the same scenarios through Swift, its errors, cancelling, and what its types print; each Apple-only file parses",
        budget_seconds: 150,
        when: When::Full,
        needs: &[
            Need::Program {
                program: "debootstrap",
                package: "debootstrap",
            },
            Need::Swift,
        ],
        steps: &[Step::Swift],
    },
    Layer {
        name: "pages",
        what: "the service's pages in a browser without scripts: small and large, light and dark, by keyboard and aloud",
        budget_seconds: 90,
        when: When::Full,
        needs: &[
            Need::Program {
                program: "chromium",
                package: "chromium",
            },
            Need::Program {
                program: "certutil",
                package: "libnss3-tools",
            },
            Need::Venv,
            Need::Python(PAGES),
        ],
        steps: &[Step::Python {
            requirements: PAGES,
            folder: "tests/service",
            line: &["-m", "pages"],
            runs_programs: true,
        }],
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
];

/// What schemathesis needs.
const CONFORMANCE: &str = "tests/service/conformance/requirements.txt";

/// What the browser's tests need.
const PAGES: &str = "tests/service/pages/requirements.txt";

/// What the reference needs.
const REFERENCE: &str = "tests/vectors/reference/requirements.txt";

const fn reference(line: &'static [&'static str]) -> Step {
    Step::Python {
        requirements: REFERENCE,
        folder: "tests/vectors",
        line,
        runs_programs: false,
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
    use super::{BUILD_BUDGET, LAYERS, Selection, Step};
    use std::collections::BTreeSet;

    #[test]
    fn budgets_add_up_to_at_most_fifty_minutes() {
        let layers: u64 = LAYERS.iter().map(|layer| layer.budget_seconds).sum();
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
