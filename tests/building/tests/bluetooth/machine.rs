//! The virtual machine with a real BlueZ, and the air around it: `tests/bluetooth/machine.py`, ordered about.

use crate::support::Lock;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The interpreter that has Bumble; the layer's script names it.
const PYTHON: &str = "KEYWAY_BLUETOOTH_PYTHON";

/// One machine for all tests: it boots once, and ends when this process does, however that ends.
static MACHINE: Mutex<Option<Machine>> = Mutex::new(None);

/// The machine's own process and this test's turn on it.
pub(crate) struct Machine {
    _process: Child,
    input: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    /// Names given so far.
    names: usize,
}

/// One test's turn.
pub(crate) struct Turn(RefCell<MutexGuard<'static, Option<Machine>>>);

/// Waits for this test's turn; the first boots the machine.
pub(crate) fn turn() -> Turn {
    let mut machine = MACHINE.lock().unwrap_or_else(PoisonError::into_inner);
    machine.get_or_insert_with(Machine::boot);
    Turn(RefCell::new(machine))
}

impl Machine {
    fn boot() -> Self {
        let python = std::env::var(PYTHON).expect("cargo xtask test --layer bluetooth sets it");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bluetooth");
        let mut process = Command::new(python)
            .arg(folder.join("machine.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the machine's process");
        let input = process.stdin.take().expect("a pipe");
        let output = process.stdout.take().expect("a pipe");
        let mut machine = Self {
            _process: process,
            input,
            lines: BufReader::new(output).lines(),
            names: 0,
        };
        let ready = machine.hear();
        println!("the machine is up: {ready}");
        machine
    }

    fn hear(&mut self) -> Value {
        let line = self.lines.next().expect("it goes on").expect("a line");
        serde_json::from_str(&line).expect("JSON")
    }

    fn ask(&mut self, order: &Value) -> Option<Value> {
        writeln!(self.input, "{order}").ok()?;
        serde_json::from_str(&self.lines.next()?.ok()?).ok()
    }

    fn order(&mut self, order: &Value) -> Value {
        let answer = self.ask(order).expect("the machine goes on");
        assert!(answer.get("failed").is_none(), "{order}: {answer}");
        answer["done"].clone()
    }
}

impl Turn {
    /// Switches the adapter.
    pub(crate) fn power(&self, on: bool) {
        self.order(&json!({ "do": "power", "on": on }));
    }

    /// Whoever squatted on links lets them go.
    pub(crate) fn squatters_leave(&self) {
        self.order(&json!({ "do": "leave" }));
    }

    /// A lock with its process behind it.
    pub(crate) fn lock(&self, lock: &Lock, mtu: u16) -> Peer<'_> {
        let air = lock.pipe.address().to_string();
        self.add(json!({ "do": "add", "air": air, "mtu": mtu }))
    }

    /// A peripheral with no lock behind it.
    pub(crate) fn echo(&self, mtu: u16) -> Peer<'_> {
        self.add(json!({ "do": "add", "mtu": mtu }))
    }

    fn add(&self, mut order: Value) -> Peer<'_> {
        let name = {
            let mut machine = self.0.borrow_mut();
            let machine = machine.as_mut().expect("it was booted");
            machine.names += 1;
            format!("peer-{}", machine.names)
        };
        order["name"] = name.as_str().into();
        let added = self.order(&order);
        let address = added["address"].as_str().expect("an address").to_owned();
        Peer {
            turn: self,
            name,
            address,
        }
    }

    fn order(&self, order: &Value) -> Value {
        let mut machine = self.0.borrow_mut();
        machine.as_mut().expect("it was booted").order(order)
    }
}

/// Something in the air under one name; out of it once dropped.
pub(crate) struct Peer<'a> {
    turn: &'a Turn,
    name: String,
    /// Its address.
    pub(crate) address: String,
}

/// What passed since it was last asked, and what is open now.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize)]
pub(crate) struct Counts {
    /// Links that came up.
    pub(crate) links: usize,
    /// ATT operations: requests, commands and notifications.
    pub(crate) operations: usize,
    /// Bytes written to `up`.
    pub(crate) up: usize,
    /// Bytes notified.
    pub(crate) down: usize,
    /// Links that are open.
    pub(crate) open: usize,
    /// A fault waits for its place.
    pub(crate) pending: bool,
}

impl Peer<'_> {
    /// Breaks its links.
    pub(crate) fn cut(&self) {
        self.order(json!({ "do": "cut" }));
    }

    /// Advertises or not.
    pub(crate) fn advertise(&self, on: bool) {
        self.order(json!({ "do": "advertise", "on": on }));
    }

    /// Breaks a link there, once: `connect`, `discovery`, `subscribe`, or after so many bytes `up` or `down`.
    pub(crate) fn fault(&self, at: &str, after: usize) {
        self.order(json!({ "do": "fault", "at": at, "after": after }));
    }

    /// What passed since this was last asked.
    pub(crate) fn counts(&self) -> Counts {
        serde_json::from_value(self.order(json!({ "do": "counts" }))).expect("counts")
    }

    /// Waits until its last link is gone: what is done next meets no link from before. Each question takes a turn of the machine's own loop.
    pub(crate) fn rests(&self) {
        let gone = (0..100_000).any(|_| self.counts().open == 0);
        assert!(gone, "its links are not let go");
    }

    /// Somebody connects and keeps the link without a word; how many links they have now.
    pub(crate) fn squat(&self) -> u64 {
        let sat = self.order(json!({ "do": "squat" }));
        sat["links"].as_u64().expect("a number")
    }

    fn order(&self, mut order: Value) -> Value {
        order["name"] = self.name.as_str().into();
        self.turn.order(&order)
    }
}

impl Drop for Peer<'_> {
    fn drop(&mut self) {
        // Also after a failed test: the next one has the air to itself.
        for what in [
            json!({ "do": "advertise", "on": false, "name": self.name }),
            json!({ "do": "cut", "name": self.name }),
        ] {
            if let Some(machine) = self.turn.0.borrow_mut().as_mut() {
                let _answer = machine.ask(&what);
            }
        }
    }
}
