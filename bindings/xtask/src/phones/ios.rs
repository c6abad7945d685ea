//! `cargo xtask ios`: a static library for devices and one for the simulator, the header and Swift half of the bindings, and an xcframework of both,
//! laid out below `target/ios`.

use super::bindings::{self, Half};
use super::cargo::{self, LIBRARY, Lto, Work};
use super::macho::{BuiltFor, StaticLibrary};
use super::report::{Report, holds, none};
use super::target::{Apple, OLDEST_IOS};
use super::toolchain::Toolchain;
use super::{roles, symbols, xcframework};
use crate::test::needs::{self, Need};
use crate::test::progress;
use anyhow::{Context as _, Result};
use clap::Args;
use std::path::{Path, PathBuf};

/// Options of `cargo xtask ios`.
#[derive(Clone, Debug, Args)]
pub(crate) struct Options {
    /// Only this one (repeat for more); an xcframework needs both
    #[arg(long, value_enum)]
    only: Vec<Apple>,
    /// Sees whether it compiles and builds nothing
    #[arg(long)]
    compile_only: bool,
    /// How much is optimised across crates
    #[arg(long, value_enum, default_value_t)]
    lto: Lto,
    /// Leaves header, Swift half and xcframework out
    #[arg(long)]
    library_only: bool,
}

/// Runs the command: true when every check is good.
pub(crate) fn run(options: &Options, root: &Path, target: &Path) -> Result<bool> {
    let wanted: Vec<Apple> = if options.only.is_empty() {
        Apple::ALL.to_vec()
    } else {
        options.only.clone()
    };
    needs::provide(&[Need::Source], root)?;
    let on_a_mac = cfg!(target_os = "macos");
    let tools = if on_a_mac {
        None
    } else {
        Some(Toolchain::get(root, target)?)
    };
    let out = target.join("ios");
    let mut report = Report::default();
    let mut built = Vec::new();
    for apple in wanted {
        let work = if options.compile_only {
            Work::Check
        } else {
            Work::Static(options.lto)
        };
        cargo::run(cargo::command(root, apple.target(), work, tools.as_ref())?)?;
        if options.compile_only {
            report.check(
                apple.folder(),
                "compiles with every real part",
                Ok(String::new()),
            );
            continue;
        }
        let library = keep(apple, target, &out)?;
        check(apple, &library, &mut report)?;
        built.push((apple, library));
    }
    if !built.is_empty() && !options.library_only {
        let described = bindings::described(root, target)?;
        let headers = bindings::make(root, &described, &Half::Header, &out.join("headers"))?;
        let swift = bindings::make(root, &described, &Half::Swift, &out.join("swift"))?;
        progress::say(&format!("Swift: {}", swift.display()));
        if built.len() == Apple::ALL.len() {
            let laid_out = xcframework::lay_out(&out, &built, &headers)?;
            progress::say(&format!("xcframework: {}", laid_out.display()));
        }
    }
    if !built.is_empty() {
        let libraries: Vec<&str> = symbols::apple_libraries().into_iter().collect();
        progress::say(&format!("an app links: {}", libraries.join(" ")));
        if !on_a_mac {
            progress::say("built without Xcode: linking into an app and signing were not run");
        }
    }
    Ok(report.close())
}

/// Copies the archive to its place.
fn keep(apple: Apple, target: &Path, out: &Path) -> Result<PathBuf> {
    let built = cargo::artefact(target, apple.target(), "a");
    let folder = out.join(apple.folder());
    std::fs::create_dir_all(&folder)?;
    let library = folder.join(format!("{LIBRARY}.a"));
    std::fs::copy(&built, &library).with_context(|| built.display().to_string())?;
    Ok(library)
}

fn check(apple: Apple, file: &Path, report: &mut Report) -> Result<()> {
    let data = std::fs::read(file)?;
    let library = StaticLibrary::parse(&data)?;
    let mut tell = |what: &str, outcome| report.check(apple.folder(), what, outcome);

    let known = symbols::apple();
    let foreign: Vec<String> = library
        .undefined
        .iter()
        .filter(|name| !known.contains(name.as_str()))
        .cloned()
        .collect();
    let count = library.undefined.len();
    tell(
        "every symbol is Apple's",
        none(&foreign).map(|_| format!("{count} symbols")),
    );
    let (expected, others): (Vec<_>, Vec<_>) = library
        .built_for
        .iter()
        .partition(|(built_for, _)| **built_for == wanted(apple));
    let objects: usize = expected.iter().map(|(_, count)| **count).sum();
    let others: Vec<String> = others
        .iter()
        .filter(|(built_for, _)| !is_harmless(apple, **built_for))
        .map(|(built_for, count)| format!("{count} for {built_for:?}"))
        .collect();
    tell(
        &format!("compiled for {OLDEST_IOS} or earlier"),
        none(&others).map(|_| format!("{objects} objects for it, the rest for earlier ones")),
    );
    for prefix in ["ffi_keyway_", "uniffi_keyway_"] {
        let count = library
            .defined
            .iter()
            .filter(|name| name.starts_with(prefix))
            .count();
        tell(
            &format!("has {prefix}"),
            holds(count > 0, format!("{count} symbols")),
        );
    }
    tell("no folder of this machine", none(&roles::machine(&data)));
    for role in roles::ROLES {
        tell(
            &format!("nothing of {}", role.name),
            none(&roles::traces(&data, role)),
        );
    }
    tell(
        "made",
        Ok(format!("{} bytes before an app's linker", data.len())),
    );
    Ok(())
}

/// What our own objects are compiled for.
fn wanted(apple: Apple) -> BuiltFor {
    let mut numbers = OLDEST_IOS
        .split('.')
        .map(|number| number.parse().unwrap_or(0));
    BuiltFor {
        simulator: apple == Apple::Simulator,
        oldest: (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)),
    }
}

/// The prebuilt standard library is for an earlier system: it runs on a later one too.
fn is_harmless(apple: Apple, built_for: BuiltFor) -> bool {
    let ours = wanted(apple);
    built_for.simulator == ours.simulator && built_for.oldest <= ours.oldest
}
