//! What an Android library is linked with where there is no NDK: an unwinder, the object that every shared library begins with, and libraries that have
//! bionic's names and nothing else. Good for building, sizes and symbols; what ships to residents is linked by the NDK.

use super::symbols::{self, Symbol};
use super::target::Abi;
use super::toolchain::{Language, Toolchain};
use anyhow::{Context, Result};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A shared library has a handle of its own, and what was registered under it runs when the library is unloaded.
const BEGIN: &str = r#"
__attribute__((visibility("hidden"))) void *__dso_handle = &__dso_handle;
extern void __cxa_finalize(void *);
__attribute__((destructor)) static void on_unload(void) { __cxa_finalize(&__dso_handle); }
"#;

/// The unwinder's sources, in `lib/libunwind/src` of Zig: LLVM's, the one that the NDK has.
const UNWINDER: [(&str, Language); 7] = [
    ("libunwind.cpp", Language::Cpp),
    ("Unwind-EHABI.cpp", Language::Cpp),
    ("UnwindLevel1.c", Language::C),
    ("UnwindLevel1-gcc-ext.c", Language::C),
    ("UnwindRegistersRestore.S", Language::C),
    ("UnwindRegistersSave.S", Language::C),
    ("gcc_personality_v0.c", Language::C),
];

/// How it is compiled. `__errno` is bionic's name for what musl's header calls otherwise.
const UNWINDER_FLAGS: &[&str] = &[
    "-Oz",
    "-fPIC",
    "-DNDEBUG",
    "-D_LIBUNWIND_IS_NATIVE_ONLY",
    "-D_LIBUNWIND_DISABLE_VISIBILITY_ANNOTATIONS",
    "-D__errno_location=__errno",
    "-fvisibility=hidden",
    "-ffunction-sections",
    "-fdata-sections",
    "-funwind-tables",
    "-fno-stack-protector",
    "-w",
];

/// The folder with all of it, made once for each state of the tools and lists.
pub(crate) fn folder(tools: &Toolchain, abi: Abi) -> Result<PathBuf> {
    let mut hash = Sha256::new();
    for part in [
        include_str!("start.rs"),
        include_str!("../../symbols/bionic-24.txt"),
        &tools.zig_file("").display().to_string(),
    ] {
        hash.update(part);
    }
    let version = hex::encode(hash.finalize());
    let folder = tools
        .folder
        .join(abi.target().triple)
        .join(format!("start-{}", &version[..12]));
    let complete = folder.join("complete");
    if !complete.is_file() {
        std::fs::create_dir_all(&folder)?;
        make(tools, abi, &folder).with_context(|| format!("what {} begins with", abi.name()))?;
        std::fs::write(complete, "")?;
    }
    Ok(folder)
}

fn make(tools: &Toolchain, abi: Abi, folder: &Path) -> Result<()> {
    let compiler = tools.compiler(abi.target(), Language::C)?;
    let source = folder.join("crtbegin_so.c");
    std::fs::write(&source, BEGIN)?;
    let object = folder.join("crtbegin_so.o");
    tools.run(
        &compiler,
        &words(&["-Oz", "-fPIC", "-c"], &[&source], &object),
    )?;
    unwinder(tools, abi, folder)?;
    for (library, symbols) in symbols::bionic(abi) {
        stub(tools, abi, folder, library, &symbols)?;
    }
    Ok(())
}

fn unwinder(tools: &Toolchain, abi: Abi, folder: &Path) -> Result<()> {
    let sources = tools.zig_file("lib/libunwind");
    let mut flags: Vec<String> = UNWINDER_FLAGS.iter().map(|flag| (*flag).into()).collect();
    flags.push(format!("-I{}", sources.join("include").display()));
    if abi == Abi::Arm {
        // The C library's headers here think a read-write lock smaller than bionic's is; this ABI's tables need none.
        flags.push("-D_LIBUNWIND_HAS_NO_THREADS".into());
    }
    let mut archive = vec!["rcs".to_owned(), shown(&folder.join("libunwind.a"))];
    for (file, language) in UNWINDER {
        let object = folder.join(format!("{file}.o"));
        let mut line = flags.clone();
        line.extend(match language {
            Language::C => ["-std=c11", "-D_GNU_SOURCE"].map(String::from).to_vec(),
            Language::Cpp => ["-std=c++17", "-fno-exceptions", "-fno-rtti", "-nostdinc++"]
                .map(String::from)
                .to_vec(),
        });
        line.extend(words(&["-c"], &[&sources.join("src").join(file)], &object));
        tools.run(&tools.compiler(abi.target(), language)?, &line)?;
        archive.push(shown(&object));
    }
    tools.run(&tools.archiver()?, &archive)
}

/// A library of names: the linker sees who has what, and that nothing is missing.
fn stub(
    tools: &Toolchain,
    abi: Abi,
    folder: &Path,
    library: &str,
    symbols: &[Symbol<'_>],
) -> Result<()> {
    let mut text = ".text\n".to_owned();
    for Symbol { name, object } in symbols {
        let kind = if *object { "object" } else { "function" };
        writeln!(
            text,
            ".globl {name}\n.type {name},%{kind}\n.size {name},4\n{name}:"
        )?;
    }
    text.push_str(".space 4\n");
    let source = folder.join(format!("{library}.s"));
    std::fs::write(&source, text)?;
    let object = folder.join(format!("{library}.o"));
    let compiler = tools.compiler(abi.target(), Language::C)?;
    tools.run(&compiler, &words(&["-c"], &[&source], &object))?;
    let line = ["-flavor", "gnu", "-shared", "-soname", library, "-o"];
    let mut line: Vec<String> = line.map(String::from).to_vec();
    line.extend([shown(&folder.join(library)), shown(&object)]);
    tools.run(&tools.rust_lld, &line)
}

fn words(flags: &[&str], sources: &[&Path], object: &Path) -> Vec<String> {
    let mut line: Vec<String> = flags.iter().map(|flag| (*flag).to_owned()).collect();
    line.extend(sources.iter().map(|source| shown(source)));
    line.extend(["-o".to_owned(), shown(object)]);
    line
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
