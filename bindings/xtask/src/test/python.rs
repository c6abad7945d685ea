//! Environments for layers that run Python: one for each list of packages, made once and kept below `target/python`.

use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Written last: an environment without it was cut off while it was made.
const COMPLETE: &str = "complete";

/// Is there a Python that can make environments?
pub(crate) fn can_make_environments() -> bool {
    let asked = Command::new("python3")
        .args(["-c", "import ensurepip"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status();
    asked.is_ok_and(|status| status.success())
}

/// The interpreter of the environment that has what `requirements` lists; it may not be there yet.
pub(crate) fn interpreter(root: &Path, requirements: &str) -> PathBuf {
    folder(root, requirements).join("bin/python")
}

/// Is the environment there, whole?
pub(crate) fn is_there(root: &Path, requirements: &str) -> bool {
    folder(root, requirements).join(COMPLETE).is_file()
}

/// Makes the environment, from the package index that pip is set up with.
pub(crate) fn make(root: &Path, requirements: &str) -> Result<(), String> {
    let folder = folder(root, requirements);
    let _cut_off = std::fs::remove_dir_all(&folder);
    super::progress::say(&format!("fetching what {requirements} lists"));
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    run(Command::new(folder.join("bin/python"))
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "-r",
        ])
        .arg(root.join(requirements)))?;
    std::fs::write(folder.join(COMPLETE), requirements).map_err(|error| error.to_string())
}

/// Runs a script that needs no more than Python itself.
pub(crate) fn run_script(root: &Path, script: &str) -> Result<(), String> {
    run(Command::new("python3").arg(root.join(script)))
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said.lines().last().unwrap_or("no reason given").to_owned())
}

/// Named after the list's content: a changed list is another environment.
fn folder(root: &Path, requirements: &str) -> PathBuf {
    let list = std::fs::read(root.join(requirements)).unwrap_or_default();
    let digest = hex::encode(Sha256::digest(list));
    root.join("target/python").join(&digest[..16])
}
