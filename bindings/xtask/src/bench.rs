//! `cargo xtask bench`: measures what needs a set-up of its own.

use crate::test::{cargo, provide, root};
use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};

/// Options of `cargo xtask bench`.
#[derive(Clone, Debug, Args)]
pub(crate) struct Options {
    /// What to measure
    #[arg(value_enum)]
    what: What,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// Unlock and sync over a real BlueZ, beside the link's own costs and others' flows
    Bluetooth,
}

/// Measures: `Ok(true)` when it came to its end.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let root = root()?;
    match options.what {
        What::Bluetooth => {
            provide("bluetooth", &root)?;
            let program = build(&root, "keyway-building", "bluetooth")?;
            let script = root.join("bindings/xtask/scripts/bluetooth");
            let ended = Command::new(script).arg(program).status()?;
            Ok(ended.success())
        }
    }
}

/// Compiles a bench as tests are compiled, so that both share what is built.
fn build(root: &Path, package: &str, bench: &str) -> Result<String> {
    let line = [
        "bench",
        "-p",
        package,
        "--bench",
        bench,
        "--profile",
        "dev",
        "--no-run",
        "--message-format=json-render-diagnostics",
    ];
    let built = cargo(root).args(line).stderr(Stdio::inherit()).output()?;
    if !built.status.success() {
        bail!("the bench does not compile");
    }
    String::from_utf8_lossy(&built.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find(|message| {
            message["target"]["name"] == bench && message["target"]["kind"][0] == "bench"
        })
        .and_then(|message| message["executable"].as_str().map(str::to_owned))
        .context("cargo names no program")
}
