//! The processes of a building. Each is this same program in another role; each ends when its standard input does, so none outlives the one that
//! started it, however that one ends.

use anyhow::{Context as _, Result, bail};
use serde::de::DeserializeOwned;
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// How long a process may take to say that it is ready.
pub(crate) const READY: Duration = Duration::from_secs(20);
/// How long a process may take to end by itself once its input has ended.
const FAREWELL: Duration = Duration::from_secs(5);

/// A process in one of the roles. Dropping it ends it.
pub(crate) struct Child {
    name: String,
    process: std::process::Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Child {
    /// Starts this program in a role, with `configure` adding what else the process needs.
    pub(crate) fn start(
        name: &str,
        arguments: impl IntoIterator<Item = OsString>,
        configure: impl FnOnce(&mut Command),
    ) -> Result<Self> {
        let program = std::env::current_exe().context("this program's own path")?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        configure(&mut command);
        let mut process = command
            .spawn()
            .with_context(|| format!("starting {name}"))?;
        let input = process.stdin.take();
        let (sender, lines) = channel();
        if let Some(output) = process.stdout.take() {
            thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    if sender.send(line).is_err() {
                        return;
                    }
                }
            });
        }
        Ok(Self {
            name: name.to_owned(),
            process,
            input,
            lines,
        })
    }

    /// Its process number.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// The next line it prints, parsed.
    pub(crate) fn receive<T: DeserializeOwned>(&self, within: Duration) -> Result<T> {
        let line = match self.lines.recv_timeout(within) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => {
                bail!("{} did not answer within {within:?}", self.name)
            }
            Err(RecvTimeoutError::Disconnected) => bail!("{} ended unexpectedly", self.name),
        };
        serde_json::from_str(&line).with_context(|| format!("{} said something else", self.name))
    }

    /// Writes one line to its input.
    pub(crate) fn send(&mut self, line: &str) -> Result<()> {
        let Some(input) = &mut self.input else {
            bail!("{} was told to end", self.name);
        };
        writeln!(input, "{line}").with_context(|| format!("speaking to {}", self.name))
    }

    /// Kills it at once, as a power cut or the system would.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// Lets it end by itself and waits for that; kills it if it does not.
    pub(crate) fn end(&mut self) {
        drop(self.input.take());
        // Its output closes when it ends: that is the signal, no polling.
        loop {
            match self.lines.recv_timeout(FAREWELL) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    let _ended_meanwhile = self.process.kill();
                    break;
                }
            }
        }
        let _reaped = self.process.wait();
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.end();
    }
}

/// Blocks until standard input ends: what a role does while its work runs on other threads.
pub(crate) fn until_input_ends() {
    let mut sink = std::io::sink();
    let _closed = std::io::copy(&mut std::io::stdin().lock(), &mut sink);
}

/// Says one thing to the process that started this one.
pub(crate) fn announce(what: &impl serde::Serialize) -> Result<()> {
    let line = serde_json::to_string(what)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()?;
    Ok(())
}
