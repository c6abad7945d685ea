//! What a layer needs of the machine, and getting it: Debian packages as root, compilation targets through rustup.

use super::layers::Layer;
use super::maven;
use super::python;
use super::swift;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// One thing that must be there before a layer can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// A program on the path, and the Debian package that has it.
    Program {
        /// The program.
        program: &'static str,
        /// The Debian package.
        package: &'static str,
    },
    /// The standard library of a compilation target.
    Target(&'static str),
    /// The standard library's source, which cargo compiles.
    Source,
    /// A Python that can make environments; Debian packs that part of it apart.
    Venv,
    /// A Python environment with what this file lists, a path below the root; [`Need::Venv`] stands before it.
    Python(&'static str),
    /// Everything that the Maven project of this file, a path below the root, is built with.
    Maven(&'static str),
    /// Swift on Linux; the Debian package that fetches it stands before it.
    Swift,
    /// What this Python script makes, a path below the root; it finds by itself what it made before.
    Made(&'static str),
}

/// What became of each need that was looked at: `None` when it is met, else why not.
#[derive(Debug, Default)]
pub(crate) struct Provision {
    unmet: BTreeMap<Need, String>,
}

impl Provision {
    /// Looks at everything the layers need and, as root, installs what is missing. Blocks for as long as the package manager takes.
    pub(crate) fn of(layers: &[&Layer], root: &Path) -> Self {
        let needs = layers.iter().flat_map(|layer| layer.needs);
        Self::of_needs(needs.copied().collect(), root)
    }

    fn of_needs(needs: BTreeSet<Need>, root: &Path) -> Self {
        let missing: Vec<Need> = needs
            .into_iter()
            .filter(|need| !need.is_met(root))
            .collect();
        let packages = packages_of(&missing);
        let refusal = if packages.is_empty() {
            None
        } else {
            install(&packages).err()
        };
        let mut unmet = BTreeMap::new();
        for need in missing {
            match need {
                Need::Program { .. } | Need::Venv if !need.is_met(root) => {
                    let why = refusal
                        .clone()
                        .unwrap_or_else(|| "it is not in that package".into());
                    let package = need.package().unwrap_or_default();
                    unmet.insert(need, format!("needs {package}: {why}"));
                }
                Need::Target(target) => {
                    if let Err(why) = add_target(target) {
                        unmet.insert(need, format!("needs the target {target}: {why}"));
                    }
                }
                Need::Source => {
                    if let Err(why) = add_source() {
                        unmet.insert(need, format!("needs the component rust-src: {why}"));
                    }
                }
                Need::Python(requirements) => {
                    if let Err(why) = python::make(root, requirements) {
                        unmet.insert(need, format!("needs what {requirements} lists: {why}"));
                    }
                }
                Need::Maven(project) => {
                    if let Err(why) = maven::make(root, project) {
                        unmet.insert(need, format!("needs what {project} names: {why}"));
                    }
                }
                Need::Swift => {
                    if let Err(why) = swift::install(root) {
                        unmet.insert(need, format!("needs Swift: {why}"));
                    }
                }
                Need::Made(script) => {
                    if let Err(why) = python::run_script(root, script) {
                        unmet.insert(need, format!("needs what {script} makes: {why}"));
                    }
                }
                Need::Program { .. } | Need::Venv => {}
            }
        }
        Self { unmet }
    }

    /// Why `layer` cannot run, if it cannot.
    pub(crate) fn obstacle(&self, layer: &Layer) -> Option<String> {
        layer
            .needs
            .iter()
            .find_map(|need| self.unmet.get(need))
            .cloned()
    }
}

/// Gets what `needs` names, or says what is missing.
pub(crate) fn provide(needs: &[Need], root: &Path) -> anyhow::Result<()> {
    let provision = Provision::of_needs(needs.iter().copied().collect(), root);
    match provision.unmet.into_values().next() {
        None => Ok(()),
        Some(why) => anyhow::bail!(why),
    }
}

impl Need {
    /// The Debian package that has it.
    fn package(self) -> Option<&'static str> {
        match self {
            Self::Program { package, .. } => Some(package),
            Self::Venv => Some("python3-venv"),
            Self::Target(_)
            | Self::Source
            | Self::Python(_)
            | Self::Maven(_)
            | Self::Made(_)
            | Self::Swift => None,
        }
    }

    fn is_met(self, root: &Path) -> bool {
        match self {
            Self::Program { program, .. } => on_path(program),
            Self::Target(target) => has_target(target),
            Self::Source => has_source(),
            Self::Venv => python::can_make_environments(),
            Self::Python(requirements) => python::is_there(root, requirements),
            Self::Maven(project) => maven::is_there(root, project),
            Self::Swift => swift::is_installed(root),
            Self::Made(_) => false,
        }
    }
}

/// The one line that a user who is not root is asked to run.
pub(crate) fn apt_line(packages: &[&str]) -> String {
    format!(
        "sudo apt-get install -y --no-install-recommends {}",
        packages.join(" ")
    )
}

fn packages_of(missing: &[Need]) -> Vec<&'static str> {
    let names: BTreeSet<&'static str> = missing.iter().filter_map(|need| need.package()).collect();
    names.into_iter().collect()
}

fn install(packages: &[&str]) -> Result<(), String> {
    if !on_path("apt-get") {
        return Err("this is not a Debian system".into());
    }
    if !rustix::process::geteuid().is_root() {
        super::progress::say(&format!("some layers need: {}", apt_line(packages)));
        return Err(format!("run: {}", apt_line(packages)));
    }
    super::progress::say(&format!("installing {}", packages.join(" ")));
    apt_get(&["update", "-qq"])?;
    let mut line = vec!["install", "-y", "-qq", "--no-install-recommends"];
    line.extend(packages);
    apt_get(&line)
}

fn apt_get(arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("apt-get")
        .args(["-o", "DPkg::Lock::Timeout=120"])
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().last().unwrap_or("no reason given");
    Err(format!("apt-get {} failed: {last}", arguments[0]))
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn has_target(target: &str) -> bool {
    let printed = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", target])
        .stderr(Stdio::null())
        .output();
    printed.is_ok_and(|output| {
        let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        output.status.success() && folder.is_dir()
    })
}

fn add_target(target: &str) -> Result<(), String> {
    let output = Command::new("rustup")
        .args(["target", "add", target])
        .stdin(Stdio::null())
        .output()
        .map_err(|_| "rustup is not installed".to_owned())?;
    if output.status.success() && has_target(target) {
        return Ok(());
    }
    Err(format!("`rustup target add {target}` failed"))
}

/// Is the standard library's source there?
fn has_source() -> bool {
    sysroot().is_some_and(|sysroot| sysroot.join("lib/rustlib/src/rust/library/std").is_dir())
}

/// The compiler's own folder.
pub(crate) fn sysroot() -> Option<PathBuf> {
    let printed = Command::new("rustc").args(["--print", "sysroot"]).output();
    let printed = printed.ok().filter(|output| output.status.success())?;
    Some(PathBuf::from(
        String::from_utf8_lossy(&printed.stdout).trim(),
    ))
}

fn add_source() -> Result<(), String> {
    let added = Command::new("rustup")
        .args(["component", "add", "rust-src"])
        .stdin(Stdio::null())
        .output();
    if added.is_ok_and(|output| output.status.success()) && has_source() {
        return Ok(());
    }
    Err("`rustup component add rust-src` failed".into())
}

#[cfg(test)]
mod tests {
    use super::{Need, Provision, apt_line, packages_of};
    use crate::test::suite::LAYERS;
    use std::collections::BTreeMap;

    const ABSENT: Need = Need::Program {
        program: "no-such-program",
        package: "no-such-package",
    };

    #[test]
    fn each_package_is_named_once() {
        assert_eq!(
            packages_of(&[ABSENT, ABSENT, Need::Target("x")]),
            ["no-such-package"]
        );
    }

    #[test]
    fn the_apt_line_is_one_line_to_paste() {
        assert_eq!(
            apt_line(&["a", "b"]),
            "sudo apt-get install -y --no-install-recommends a b"
        );
    }

    #[test]
    fn an_unmet_need_is_the_layers_obstacle() {
        let mut layer = LAYERS[0];
        layer.needs = &[ABSENT];
        let unmet = BTreeMap::from([(ABSENT, "needs it".to_owned())]);
        let provision = Provision { unmet };
        assert_eq!(provision.obstacle(&layer).as_deref(), Some("needs it"));
        assert_eq!(provision.obstacle(&LAYERS[0]), None);
    }
}
