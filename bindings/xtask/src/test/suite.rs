//! The table of layers. A new layer is one entry here; everything else reads it.

use super::layers::{Layer, Selection, Step, When};
use super::needs::Need;
use crate::phones::steps;
use std::time::Duration;

/// Compiling every test executable of the workspace, once for all layers. Its row stands in the closing table as `build`.
pub(crate) const BUILD_BUDGET: Duration = Duration::from_secs(1060);

/// The whole suite in the order it runs: cheap answers first.
pub(crate) const LAYERS: &[Layer] = &[
    Layer {
        name: "format",
        what: "the source is formatted",
        budget_seconds: 10,
        when: When::Fast,
        needs: &[],
        steps: &[check(&["cargo", "fmt", "--all", "--check"])],
    },
    Layer {
        name: "hygiene",
        what: "who may know whom, what may stand in a source file, links in the documents",
        budget_seconds: 20,
        when: When::Fast,
        needs: &[],
        steps: &[package("keyway-hygiene")],
    },
    Layer {
        name: "protocol",
        what: "the lock protocol, both roles, threat by threat",
        budget_seconds: 45,
        when: When::Fast,
        needs: &[],
        steps: &[package("keyway-protocol")],
    },
    Layer {
        name: "journeys",
        what: "every scenario, played in a building on a virtual clock",
        budget_seconds: 40,
        when: When::Fast,
        needs: &[],
        steps: &[package("keyway-world"), package("keyway-journeys")],
    },
    Layer {
        name: "unit",
        what: "every other Rust test",
        budget_seconds: 80,
        when: When::Fast,
        needs: &[],
        steps: &[tests(Selection::Rest)],
    },
    Layer {
        name: "lint",
        what: "clippy without a warning, and what ships checked by itself",
        budget_seconds: 300,
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
        budget_seconds: 90,
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
        budget_seconds: 30,
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
        budget_seconds: 130,
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
        budget_seconds: 80,
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
        budget_seconds: 15,
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
        budget_seconds: 15,
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
        budget_seconds: 180,
        when: When::Full,
        needs: &[],
        steps: &[package("keyway-building")],
    },
    Layer {
        name: "served",
        what: "every scenario of real time, over HTTPS and loopback air, on phones of real parts",
        budget_seconds: 40,
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
        budget_seconds: 130,
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
        name: "kotlin",
        what: "the same scenarios through Kotlin, cancelling, letting go, and what its types print",
        budget_seconds: 160,
        when: When::Full,
        needs: &[
            Need::Program {
                program: "javac",
                package: "openjdk-17-jdk-headless",
            },
            Need::Program {
                program: "mvn",
                package: "maven",
            },
            Need::Maven(KOTLIN),
        ],
        steps: &[Step::Maven { project: KOTLIN }],
    },
    Layer {
        name: "cuts",
        what: "the pipe between phone and lock cut after every byte",
        budget_seconds: 280,
        when: When::Full,
        needs: &[],
        steps: &[tests(Selection::Target("cuts"))],
    },
    Layer {
        name: "bluetooth",
        what: "a real BlueZ and a real kernel's Bluetooth, in a virtual machine: the whole story over the air, and what may come between",
        budget_seconds: 250,
        when: When::All,
        needs: &[
            program("qemu-system-x86_64", "qemu-system-x86"),
            program("cpio", "cpio"),
            program("xz", "xz-utils"),
            program("zstd", "zstd"),
            program("modprobe", "kmod"),
            program("dbus-send", "dbus-bin"),
            Need::Venv,
            Need::Python(AIR),
            Need::Made("tests/bluetooth/prepare.py"),
        ],
        steps: &[Step::Tests {
            selection: Selection::Target("bluetooth"),
            inside: Some("bluetooth"),
        }],
    },
    Layer {
        name: "year",
        what: "a year of daily codes at a lock whose clock drifts, both clock changes included",
        budget_seconds: 60,
        when: When::Full,
        needs: &[],
        steps: &[tests(Selection::Target("year"))],
    },
    Layer {
        name: "rules",
        what: "each rule and error that a resident was promised has a scenario or a test that ran",
        budget_seconds: 70,
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
        budget_seconds: 420,
        when: When::All,
        needs: steps::NEEDS,
        steps: steps::ONE_OF_EACH,
    },
    Layer {
        name: "release",
        what: "one version, a dated section of the changelog, licences that an app can follow",
        budget_seconds: 15,
        when: When::Full,
        needs: &[],
        steps: &[Step::Counted(&["cargo", "xtask", "release"])],
    },
    Layer {
        name: "artefacts",
        what: "everything that phones get, built as it ships, judged and laid out",
        budget_seconds: 1500,
        when: When::All,
        needs: steps::NEEDS,
        steps: steps::ALL,
    },
];

/// What schemathesis needs.
const CONFORMANCE: &str = "tests/service/conformance/requirements.txt";

/// What the browser's tests need.
const PAGES: &str = "tests/service/pages/requirements.txt";

/// What the virtual air needs.
const AIR: &str = "tests/bluetooth/requirements.txt";

const fn program(program: &'static str, package: &'static str) -> Need {
    Need::Program { program, package }
}

/// What the reference needs.
const REFERENCE: &str = "tests/vectors/reference/requirements.txt";

/// The Kotlin library without Android.
const KOTLIN: &str = "android/jvm/pom.xml";

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
    use super::{BUILD_BUDGET, LAYERS};
    use crate::test::layers::{Selection, Step, When};
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
