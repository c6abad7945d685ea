//! Compilers and linkers for phones on a machine that has neither an NDK nor Xcode: one tool, Zig, that is clang with headers, and Rust's own linker.

use super::cargo::source_folders;
use super::target::Target;
use crate::test::needs::{self, Need};
use crate::test::python;
use anyhow::{Context, Result, bail, ensure};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The list of packages that has Zig.
pub(crate) const COMPILER: &str = "bindings/xtask/compiler.txt";

/// A C compiler that stands for `zig cc` with its target fixed. What a build script says of the target in clang's words is left out: Zig has
/// words of its own for it.
const COMPILE: &str = r#"#!/bin/sh
skip=
for word do
  shift
  if [ -n "$skip" ]; then skip=; continue; fi
  case "$word" in
    --target=* | -m*-version-min=*) ;;
    -target | -arch | -isysroot) skip=1 ;;
    *) set -- "$@" "$word" ;;
  esac
done
exec @ZIG@ @LANGUAGE@ -target @TARGET@ -fno-sanitize=undefined -g0 -Wno-unused-command-line-argument @INCLUDES@ "$@"
"#;

/// An archiver.
const ARCHIVE: &str = "#!/bin/sh\nexec @ZIG@ ar \"$@\"\n";

/// A linker that starts a shared library as the NDK's does. The options hold for each library that cargo links, also one that a dependency wants for
/// itself. What describes the bindings to their generator is not exported, so that it goes: the generator reads a library for this machine.
const LINK: &str = r#"#!/bin/sh
for word do
  shift
  case "$word" in
    --version-script=*)
      list="${word#*=}"
      sed '/UNIFFI_META_/d' "$list" > "$list.shipped"
      set -- "$@" "--version-script=$list.shipped" ;;
    *) set -- "$@" "$word" ;;
  esac
done
exec @RUST_LLD@ -flavor gnu @START@/crtbegin_so.o -L @START@ "$@" -z max-page-size=16384 -z defs --pack-dyn-relocs=android --icf=all --hash-style=gnu --build-id=sha1
"#;

/// Where the tools are.
#[derive(Clone, Debug)]
pub(crate) struct Toolchain {
    /// Zig's folder: the program and its `lib`.
    zig: PathBuf,
    /// Rust's own linker.
    pub(crate) rust_lld: PathBuf,
    /// Where scripts and what is made once are kept.
    pub(crate) folder: PathBuf,
}

impl Toolchain {
    /// Finds the tools, after fetching what is missing.
    pub(crate) fn get(root: &Path, target_folder: &Path) -> Result<Self> {
        needs::provide(&[Need::Venv, Need::Python(COMPILER)], root)?;
        let asked = Command::new(python::interpreter(root, COMPILER))
            .args([
                "-c",
                "import os, ziglang; print(os.path.dirname(ziglang.__file__))",
            ])
            .output()
            .context("python")?;
        let zig = PathBuf::from(String::from_utf8_lossy(&asked.stdout).trim());
        ensure!(zig.join("zig").is_file(), "no Zig in {}", zig.display());
        let folder = target_folder.join("phones");
        std::fs::create_dir_all(&folder)?;
        Ok(Self {
            zig,
            rust_lld: rust_lld()?,
            folder,
        })
    }

    /// A file of Zig's own.
    pub(crate) fn zig_file(&self, path: &str) -> PathBuf {
        self.zig.join(path)
    }

    /// What cargo needs to compile C for `target`, as environment.
    pub(crate) fn environment(&self, target: &Target) -> Result<Vec<(String, PathBuf)>> {
        let underscored = target.triple.replace('-', "_");
        Ok(vec![
            (
                format!("CC_{underscored}"),
                self.compiler(target, Language::C)?,
            ),
            (format!("AR_{underscored}"), self.archiver()?),
            ("ZIG_GLOBAL_CACHE_DIR".into(), self.cache()),
            ("ZIG_LOCAL_CACHE_DIR".into(), self.cache()),
        ])
    }

    /// A compiler for `target`.
    pub(crate) fn compiler(&self, target: &Target, language: Language) -> Result<PathBuf> {
        let headers = self.zig.join("lib/libc/include");
        let mut includes = vec!["-nostdlibinc".to_owned()];
        for folder in target.headers {
            includes.push(format!("-isystem {}", quoted(&headers.join(folder))));
        }
        // As for Rust: no folder of this machine.
        for folder in source_folders() {
            let folder = quoted(&folder);
            includes.push(format!("-ffile-prefix-map={folder}="));
        }
        let script = COMPILE
            .replace("@ZIG@", &quoted(&self.zig.join("zig")))
            .replace("@LANGUAGE@", language.command())
            .replace("@TARGET@", target.zig)
            .replace("@INCLUDES@", &includes.join(" "));
        self.script(
            &format!("{}-{}", target.triple, language.command()),
            &script,
        )
    }

    /// Runs a compiler.
    pub(crate) fn run(&self, program: &Path, line: &[String]) -> Result<()> {
        let mut command = Command::new(program);
        command.args(line);
        command.env("ZIG_GLOBAL_CACHE_DIR", self.cache());
        command.env("ZIG_LOCAL_CACHE_DIR", self.cache());
        let output = command
            .output()
            .with_context(|| program.display().to_string())?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{} {}\n{said}", program.display(), line.join(" "))
    }

    /// The archiver.
    pub(crate) fn archiver(&self) -> Result<PathBuf> {
        let script = ARCHIVE.replace("@ZIG@", &quoted(&self.zig.join("zig")));
        self.script("ar", &script)
    }

    /// A linker whose libraries begin with what is in `start`.
    pub(crate) fn linker(&self, target: &Target, start: &Path) -> Result<PathBuf> {
        let script = LINK
            .replace("@RUST_LLD@", &quoted(&self.rust_lld))
            .replace("@START@", &quoted(start));
        // Rust tells from the name that it is no C compiler.
        self.script(&format!("{}/ld.lld", target.triple), &script)
    }

    fn cache(&self) -> PathBuf {
        self.folder.join("cache")
    }

    /// Writes a script; one that is as it should be is left alone, since a changed linker makes cargo compile again.
    fn script(&self, name: &str, text: &str) -> Result<PathBuf> {
        let path = self.folder.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        if std::fs::read_to_string(&path).ok().as_deref() != Some(text) {
            std::fs::write(&path, text)?;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755))?;
        }
        Ok(path)
    }
}

/// What is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// C and assembly.
    C,
    /// C++.
    Cpp,
}

impl Language {
    fn command(self) -> &'static str {
        match self {
            Self::C => "cc",
            Self::Cpp => "c++",
        }
    }
}

/// The linker that comes with the compiler, in the sysroot.
fn rust_lld() -> Result<PathBuf> {
    let asked = Command::new("rustc")
        .args(["--print", "target-libdir"])
        .output()
        .context("rustc")?;
    let libraries = PathBuf::from(String::from_utf8_lossy(&asked.stdout).trim());
    let path = libraries.with_file_name("bin").join("rust-lld");
    ensure!(path.is_file(), "no rust-lld at {}", path.display());
    Ok(path)
}

/// A path as one word of a shell.
fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::{COMPILE, quoted};
    use std::path::Path;
    use std::process::Command;

    #[test]
    fn a_path_is_one_word() {
        assert_eq!(quoted(Path::new("/a b/c's")), r"'/a b/c'\''s'");
    }

    #[test]
    fn clangs_words_for_a_target_are_left_out() {
        let script = COMPILE.replace("@ZIG@", "echo");
        let said = Command::new("sh")
            .args(["-c", &script, "cc"])
            .args(["--target=arm64-apple-ios", "-isysroot", "/sdk", "-O3"])
            .args(["-mios-simulator-version-min=15.0", "-c", "two words.c"])
            .output()
            .expect("a shell");
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        assert!(said.trim().ends_with("-O3 -c two words.c"), "{said}");
        assert!(!said.contains("apple") && !said.contains("15.0"), "{said}");
    }
}
