//! `cargo xtask android`: the library for each ABI, the Kotlin half of the bindings and btleplug's Java half, laid out below `target/android`.

use super::bindings::{self, Half};
use super::cargo::{self, LIBRARY, Work};
use super::elf::{Relocations, SharedLibrary};
use super::report::{Report, holds, none};
use super::roles;
use super::size::Ledger;
use super::symbols;
use super::target::Abi;
use super::toolchain::Toolchain;
use super::{java, start, strip};
use crate::test::needs::{self, Need};
use crate::test::progress;
use anyhow::{Context as _, Result};
use clap::Args;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What a segment must be aligned to on systems with pages of 16 KiB.
const PAGE: u64 = 0x4000;
/// Every Android has these, and a library may ask for nothing else.
const SYSTEM_LIBRARIES: [&str; 4] = ["libc.so", "libdl.so", "liblog.so", "libm.so"];
/// What the Kotlin library calls first.
const START: &str = "Java_dev_keyway_KeywayLibrary_start";
/// How an exported name may begin.
const EXPORTS: [&str; 3] = ["Java_", "ffi_keyway_", "uniffi_keyway_"];

/// Options of `cargo xtask android`.
#[derive(Clone, Debug, Args)]
pub(crate) struct Options {
    /// Only this ABI (repeat for more)
    #[arg(long, value_enum)]
    abi: Vec<Abi>,
    /// Sees whether it compiles and builds nothing
    #[arg(long)]
    compile_only: bool,
    /// Leaves the Kotlin and Java halves out
    #[arg(long)]
    library_only: bool,
}

/// Where things are.
struct Place<'p> {
    root: &'p Path,
    /// Cargo's target folder.
    target: &'p Path,
    /// `target/android`.
    out: PathBuf,
    /// No tools: an NDK has them.
    tools: Option<Toolchain>,
}

/// Runs the command: true when every check is good.
pub(crate) fn run(options: &Options, root: &Path, target: &Path) -> Result<bool> {
    let abis: Vec<Abi> = if options.abi.is_empty() {
        Abi::ALL.to_vec()
    } else {
        options.abi.clone()
    };
    needs::provide(&[Need::Source], root)?;
    let ndk = std::env::var_os("ANDROID_NDK_HOME").is_some();
    let tools = if ndk {
        None
    } else {
        Some(Toolchain::get(root, target)?)
    };
    let place = Place {
        root,
        target,
        out: target.join("android"),
        tools,
    };
    let mut report = Report::default();
    let mut built = false;
    for abi in abis {
        if options.compile_only {
            place.call(abi, Work::Check)?;
            report.check(
                abi.name(),
                "compiles with every real part",
                Ok(String::new()),
            );
        } else {
            place.build(abi, &mut report)?;
            built = true;
        }
    }
    if built && !options.library_only {
        let described = bindings::described(root, target)?;
        let kotlin = bindings::make(root, &described, &Half::Kotlin, &place.out.join("kotlin"))?;
        progress::say(&format!("Kotlin: {}", kotlin.display()));
        let java = place.out.join("java");
        java::lay_out(root, &java)?;
        progress::say(&format!("Java: {}", java.display()));
    }
    if built {
        progress::say(&format!(
            "libraries: {}",
            place.out.join("jniLibs").display()
        ));
        progress::say(if ndk {
            "linked by the NDK"
        } else {
            "linked without an NDK: for building, sizes and symbols. Set ANDROID_NDK_HOME and run it again for what is to be shipped."
        });
    }
    Ok(report.close())
}

impl Place<'_> {
    fn call(&self, abi: Abi, work: Work) -> Result<()> {
        let Some(tools) = &self.tools else {
            return cargo::run(cargo::ndk_command(
                self.root,
                abi.name(),
                abi.target(),
                work,
            ));
        };
        let mut command = cargo::command(self.root, abi.target(), work, Some(tools))?;
        let linker = tools.linker(abi.target(), &start::folder(tools, abi)?)?;
        let name = abi.target().triple.replace('-', "_").to_uppercase();
        command.env(format!("CARGO_TARGET_{name}_LINKER"), linker);
        cargo::run(command)
    }

    /// Builds, keeps the symbols aside, strips, checks.
    fn build(&self, abi: Abi, report: &mut Report) -> Result<()> {
        self.call(abi, Work::Shared)?;
        let file = format!("{LIBRARY}.so");
        let built = cargo::artefact(self.target, abi.target(), "so");
        let whole = std::fs::read(&built).with_context(|| built.display().to_string())?;
        let stripped = strip::strip(&whole)?;
        self.put("symbols", abi, &file, &whole)?;
        self.put("jniLibs", abi, &file, &stripped)?;
        check(abi, &whole, &stripped, report)?;
        let bytes = stripped.len() as u64;
        let verdict = Ledger::read(self.root)?.judge(abi, bytes);
        report.check(abi.name(), "as large as noted", verdict);
        Ok(())
    }

    fn put(&self, folder: &str, abi: Abi, file: &str, content: &[u8]) -> Result<()> {
        let folder = self.out.join(folder).join(abi.name());
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(file), content)?;
        Ok(())
    }
}

/// Judges a library by what it says of itself.
fn check(abi: Abi, whole: &[u8], stripped: &[u8], report: &mut Report) -> Result<()> {
    let name = abi.name();
    let mut before = SharedLibrary::parse(whole)?;
    let library = SharedLibrary::parse(stripped)?;
    let mut tell = |what: &str, outcome| report.check(name, what, outcome);

    let pages = library.alignments.iter().all(|at| at % PAGE == 0);
    let loaded = pages && !library.alignments.is_empty();
    tell(
        "segments on pages of 16 KiB",
        holds(loaded, shown(&library.alignments)),
    );
    let clean = !library.writable_code && !library.relocates_code();
    tell("no writable code", holds(clean, String::new()));
    let named = library.soname.as_deref() == Some("libkeyway.so");
    tell(
        "its name",
        holds(named, library.soname.clone().unwrap_or_default()),
    );
    let packed = library.relocations();
    let detail = format!("{packed:?}");
    tell(
        "relocations packed for the oldest Android",
        holds(packed == Relocations::Packed, detail),
    );

    let foreign = library
        .needed
        .iter()
        .filter(|name| !SYSTEM_LIBRARIES.contains(&name.as_str()));
    tell(
        "asks for the system's libraries only",
        none(&foreign.cloned().collect::<Vec<_>>()),
    );
    let asked = library.undefined.len();
    let missing = unknown(abi, &library);
    let outcome = none(&missing).map(|_| format!("{asked} symbols"));
    tell("every symbol is on the oldest Android", outcome);

    for prefix in [START, "ffi_keyway_", "uniffi_keyway_"] {
        let count = library
            .exported
            .iter()
            .filter(|name| name.starts_with(prefix))
            .count();
        tell(
            &format!("exports {prefix}"),
            holds(count > 0, format!("{count} symbols")),
        );
    }
    let other = library
        .exported
        .iter()
        .filter(|name| !EXPORTS.iter().any(|prefix| name.starts_with(prefix)));
    tell(
        "exports nothing else",
        none(&other.cloned().collect::<Vec<_>>()),
    );

    tell("no folder of this machine", none(&roles::machine(stripped)));
    for role in roles::ROLES {
        tell(
            &format!("nothing of {}", role.name),
            none(&roles::traces(whole, role)),
        );
    }
    let inner = before.symbols.len();
    before.symbols.clone_from(&library.symbols);
    let same = before == library && inner > 2 * library.symbols.len();
    tell(
        "stripped of its inner symbols alone",
        holds(
            same,
            format!("{inner} before, {} after", library.symbols.len()),
        ),
    );
    Ok(())
}

/// What the library takes that the oldest Android may not have.
fn unknown(abi: Abi, library: &SharedLibrary) -> Vec<String> {
    let bionic = symbols::bionic(abi);
    let known: BTreeSet<&str> = bionic
        .values()
        .flatten()
        .map(|symbol| symbol.name)
        .collect();
    let excused = |name: &str| symbols::WEAK.iter().any(|(weak, _)| *weak == name);
    library
        .undefined
        .iter()
        .filter(|symbol| !known.contains(symbol.name.as_str()))
        .filter(|symbol| !(symbol.weak && excused(&symbol.name)))
        .map(|symbol| symbol.name.clone())
        .collect()
}

fn shown(alignments: &[u64]) -> String {
    let shown: Vec<String> = alignments.iter().map(|at| format!("{at:#x}")).collect();
    shown.join(" ")
}
