//! What the test command does for phones: the steps of its layers `phones` and `artefacts`.

use super::COMPILER;
use crate::test::layers::Step;
use crate::test::needs::Need;

/// What building for phones needs.
pub(crate) const NEEDS: &[Need] = &[Need::Venv, Need::Python(COMPILER), Need::Source];

/// One library of each system built and judged, the other targets compiled.
pub(crate) const ONE_OF_EACH: &[Step] = &[
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
    // What was built above is not compiled again.
    Step::Counted(&[
        "cargo",
        "xtask",
        "ios",
        "--compile-only",
        "--only",
        "simulator",
    ]),
];

/// Everything, as it ships.
pub(crate) const ALL: &[Step] = &[
    Step::Counted(&["cargo", "xtask", "android"]),
    Step::Counted(&["cargo", "xtask", "ios"]),
];
