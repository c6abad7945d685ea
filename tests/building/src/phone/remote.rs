//! The demo's end of a phone: orders out, answers in, and a scan of what the phone holds.

use super::wire::{Order, Said};
use crate::children::{Child, READY};
use crate::scan::{Canary, Findings, Request};
use anyhow::{Context as _, Result, bail};
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Longer than any journey may take by its own deadlines.
const ANSWER: Duration = Duration::from_secs(90);

/// A phone that runs.
pub(crate) struct RemotePhone {
    child: Child,
    home: PathBuf,
    temporary: PathBuf,
}

impl RemotePhone {
    /// Starts a phone whose folder is `home`; `arguments` say which kind of phone it is.
    pub(crate) fn start(home: &Path, building: &Path, arguments: Vec<OsString>) -> Result<Self> {
        let temporary = home.with_extension("tmp");
        std::fs::create_dir_all(&temporary)?;
        let mut line: Vec<OsString> = vec!["phone".into()];
        line.extend([OsString::from("--building"), building.into()]);
        line.extend([OsString::from("--home"), home.into()]);
        line.extend(arguments);
        let child = Child::start("the phone", line, |command| {
            command.env("TMPDIR", &temporary);
        })?;
        let phone = Self {
            child,
            home: home.to_owned(),
            temporary,
        };
        match phone.child.receive(READY)? {
            Said::Ready => Ok(phone),
            other => bail!("the phone did not start: {other:?}"),
        }
    }

    /// Gives an order and waits for the answer that ends it; phases before it go to `on_phase`.
    pub(crate) fn order(&mut self, order: &Order, on_phase: &mut dyn FnMut(&str)) -> Result<Said> {
        self.child.send(&serde_json::to_string(order)?)?;
        loop {
            match self.child.receive(ANSWER)? {
                Said::Phase { phase } => on_phase(&phase),
                answer => return Ok(answer),
            }
        }
    }

    /// Looks for `canaries` in the phone's folder, its temporary files and its memory, from a process of its own.
    pub(crate) fn scan(&self, canaries: &[Canary], evidence: &Path) -> Result<Findings> {
        let request = Request {
            folders: vec![self.home.clone(), self.temporary.clone()],
            process: Some(self.child.id()),
            canaries: canaries.to_vec(),
        };
        let request_file = evidence.with_extension("request.json");
        std::fs::write(&request_file, serde_json::to_vec_pretty(&request)?)?;
        let memory = File::open(format!("/proc/{}/mem", self.child.id()))
            .context("the phone's memory (a parent may look at it)")?;
        let output = Command::new(std::env::current_exe()?)
            .arg("scan")
            .arg(&request_file)
            .stdin(Stdio::from(memory))
            .stderr(Stdio::inherit())
            .output()?;
        if !output.status.success() {
            bail!("the scan failed");
        }
        std::fs::write(evidence, &output.stdout)?;
        serde_json::from_slice(&output.stdout).context("the scan's findings")
    }

    /// Ends the phone.
    pub(crate) fn end(&mut self) {
        self.child.end();
    }
}
