//! A Debian of another release in a folder. What is mounted in it is mounted for one command and gone with that, however it ends.

use crate::test::progress;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The first Debian release with Swift.
const RELEASE: &str = "trixie";
/// Swift, and what it says that it misses without recommended packages.
const PACKAGES: &[&str] = &[
    "swiftlang",
    "libc6-dev",
    "libstdc++-14-dev",
    "g++",
    "git",
    "ca-certificates",
];
/// Written last, with the recipe: a folder without it was cut off while it was made, one with another is out of date.
const COMPLETE: &str = "complete";
/// Mounts what it is told to, then becomes the command.
const ENTER: &str = r#"
    root=$1; count=$2; shift 2
    mount -t proc proc "$root/proc"
    while [ "$count" -gt 0 ]; do
        mkdir -p "$root$2"
        mount --bind "$1" "$root$2"
        shift 2; count=$((count - 1))
    done
    exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "$@"
"#;

/// The folder, and what a command in it sees of the host.
#[derive(Clone, Debug)]
pub(super) struct Chroot {
    root: PathBuf,
    seen: Vec<(PathBuf, &'static str)>,
}

impl Chroot {
    /// The one below the workspace's `target`; it may not be there yet.
    pub(super) fn of(workspace: &Path) -> Self {
        Self {
            root: folder(workspace).join("root"),
            seen: Vec::new(),
        }
    }

    /// A folder of the host is seen at `place`.
    pub(super) fn with(mut self, folder: &Path, place: &'static str) -> Self {
        self.seen.push((folder.to_owned(), place));
        self
    }

    /// Where the host sees a file of the chroot's own.
    pub(super) fn outside(&self, file: &str) -> PathBuf {
        self.root.join(file.trim_start_matches('/'))
    }

    /// A command in it, with this environment alone. Every process that it leaves ends with it.
    pub(super) fn command(&self, environment: &[(&str, &str)], line: &[&str]) -> Command {
        let mut command = apart("sh");
        command.args(["-euc", ENTER, "sh"]);
        command.arg(&self.root).arg(self.seen.len().to_string());
        for (folder, place) in &self.seen {
            command.arg(folder).arg(place);
        }
        command.args(
            environment
                .iter()
                .map(|(name, value)| format!("{name}={value}")),
        );
        command.args(line);
        command
    }
}

/// A program whose mounts and processes are its own and end with it: a mount that outlived it would be in the way of whoever removes the folder.
fn apart(program: &str) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--pid", "--fork", "--kill-child", program]);
    command
}

/// Can it be entered: is it there, whole, and is this root?
pub(crate) fn is_installed(workspace: &Path) -> bool {
    is_root() && is_made(workspace)
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn is_made(workspace: &Path) -> bool {
    let made = std::fs::read_to_string(folder(workspace).join(COMPLETE));
    made.is_ok_and(|made| made == recipe())
}

/// Makes it anew: about a minute, 2.8 GB.
pub(crate) fn install(workspace: &Path) -> Result<(), String> {
    if !is_root() {
        return Err("only root can make and enter it".to_owned());
    }
    let folder = folder(workspace);
    let _cut_off = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    progress::say(&format!("fetching Swift from Debian {RELEASE}"));
    let chroot = Chroot::of(workspace);
    let mut bootstrap = apart("debootstrap");
    bootstrap
        .args(["--variant=minbase", RELEASE])
        .arg(&chroot.root);
    run(&mut bootstrap)?;
    no_daemons(&chroot.root).map_err(|error| error.to_string())?;
    let quiet = [("DEBIAN_FRONTEND", "noninteractive")];
    let install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"];
    run(&mut chroot.command(&quiet, &[&install, PACKAGES].concat()))?;
    run(&mut chroot.command(&quiet, &["apt-get", "clean"]))?;
    std::fs::write(folder.join(COMPLETE), recipe()).map_err(|error| error.to_string())
}

/// Nothing that is installed may start a service on the host.
fn no_daemons(root: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let policy = root.join("usr/sbin/policy-rc.d");
    std::fs::write(&policy, "#!/bin/sh\nexit 101\n")?;
    std::fs::set_permissions(&policy, std::fs::Permissions::from_mode(0o755))
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    // debootstrap says on standard output what went wrong.
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    Err(said.lines().last().unwrap_or("no reason given").to_owned())
}

fn recipe() -> String {
    format!("{RELEASE}: {}", PACKAGES.join(" "))
}

fn folder(workspace: &Path) -> PathBuf {
    workspace.join("target/swift")
}

#[cfg(test)]
mod tests {
    use super::{COMPLETE, Chroot, folder, is_made, recipe};
    use std::path::Path;

    #[test]
    fn a_half_made_one_or_one_of_another_recipe_is_not_there() {
        let workspace = std::env::temp_dir().join(format!("keyway-{}", std::process::id()));
        std::fs::create_dir_all(folder(&workspace).join("root")).expect("a folder");
        assert!(!is_made(&workspace));
        let marker = folder(&workspace).join(COMPLETE);
        std::fs::write(&marker, "bookworm: ocaml").expect("a file");
        assert!(!is_made(&workspace));
        std::fs::write(&marker, recipe()).expect("a file");
        assert!(is_made(&workspace));
        std::fs::remove_dir_all(&workspace).expect("it was there");
    }

    #[test]
    fn a_command_sees_what_it_is_shown_and_no_environment_of_the_hosts() {
        let chroot = Chroot::of(Path::new("/r")).with(Path::new("/r"), "/keyway");
        let command = chroot.command(&[("A", "b")], &["swift", "--version"]);
        let words: Vec<_> = command
            .get_args()
            .map(|word| word.to_string_lossy())
            .collect();
        assert!(
            words
                .join(" ")
                .ends_with("/r/target/swift/root 1 /r /keyway A=b swift --version")
        );
        assert_eq!(
            chroot.outside("/var/tmp/x"),
            Path::new("/r/target/swift/root/var/tmp/x")
        );
    }
}
