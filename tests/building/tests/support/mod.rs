//! Processes of a building, started one by one, with a pipe between phone and lock that a test can cut.
#![expect(dead_code, reason = "each test file uses its part")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

pub(crate) mod pipe;

use keyway_lock::{FlashChip, Hardware, KeyChip};
use keyway_protocol::crypto::{Secret32, SeededRandom};
use keyway_protocol::io::Millis;
use keyway_protocol::lock::{Documents, Env, Keeper as _, Standing};
use pipe::Pipe;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use tempfile::TempDir;

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_keyway-building");

/// Runs the program to its end: exit code and the JSON lines it printed.
pub(crate) fn run(arguments: &[&str]) -> (Option<i32>, Vec<Value>) {
    let output = Command::new(PROGRAM)
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()
        .expect("the program runs");
    let text = String::from_utf8(output.stdout).expect("text");
    let lines = text.lines().map(parse).collect();
    (output.status.code(), lines)
}

fn parse(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

/// A process in one of the building's roles; ends when dropped.
pub(crate) struct Role {
    process: Child,
    input: Option<ChildStdin>,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Role {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut process = Command::new(PROGRAM)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        let output = process.stdout.take().expect("a pipe");
        Self {
            input: process.stdin.take(),
            lines: BufReader::new(output).lines(),
            process,
        }
    }

    /// One line in.
    pub(crate) fn say(&mut self, what: &Value) {
        let input = self.input.as_mut().expect("it runs");
        writeln!(input, "{what}").expect("it listens");
    }

    /// One line out.
    pub(crate) fn hear(&mut self) -> Value {
        let line = self.lines.next().expect("it goes on").expect("a line");
        parse(&line)
    }

    /// Power or the system ends it.
    pub(crate) fn kill(&mut self) {
        self.process.kill().expect("it runs");
        self.process.wait().expect("it ends");
    }
}

impl Drop for Role {
    fn drop(&mut self) {
        drop(self.input.take());
        let _gone = self.process.wait();
    }
}

/// A lock's process, and what is known of it.
pub(crate) struct Lock {
    pub(crate) folder: PathBuf,
    pub(crate) door: String,
    pub(crate) pipe: Pipe,
    keypad: String,
    arguments: Vec<String>,
    role: Role,
}

impl Lock {
    /// Every motor move so far: each is a line of the journal, on disk before anything is answered.
    pub(crate) fn moves(&self) -> usize {
        let journal = std::fs::read_to_string(self.folder.join("journal.jsonl"));
        journal.expect("a journal").lines().count()
    }

    /// Power goes without a warning.
    pub(crate) fn kill(&mut self) {
        self.role.kill();
    }

    /// Power comes back; the pipe leads to the new process.
    pub(crate) fn restart(&mut self) {
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        self.role = Role::start(&arguments);
        let ready = self.role.hear();
        self.pipe.lead_to(address(&ready["air"]));
        self.keypad = ready["keypad"].as_str().expect("an address").to_owned();
    }

    /// Types a code; what the lock does.
    pub(crate) fn type_code(&self, digits: &str) -> String {
        let mut keypad = TcpStream::connect(&self.keypad).expect("the keypad");
        writeln!(keypad, "{digits}").expect("typed");
        let mut answer = String::new();
        BufReader::new(keypad)
            .read_line(&mut answer)
            .expect("an answer");
        parse(&answer).as_str().unwrap_or(&answer).to_owned()
    }

    /// The lock's process without the lock: what its flash and key store hold, read in this one.
    pub(crate) fn opened(&mut self) -> Standing {
        self.kill();
        flash(&self.folder, |documents, env| documents.standing(env))
    }
}

/// Boots what a lock's folder holds, and looks at it.
pub(crate) fn flash<T>(folder: &Path, look: impl FnOnce(&Documents, &Env<'_>) -> T) -> T {
    let chip = FlashChip::open(&folder.join("flash")).expect("flash");
    let keys = KeyChip::open(&folder.join("keys")).expect("keys");
    let mut hardware = Hardware::new(chip, keys);
    let mut random = SeededRandom::new(&Secret32::new([1; 32]));
    let mut env = Env {
        now: Millis(0),
        random: &mut random,
        body: keyway_lock::sensors(&hardware.battery, false),
        flash: &mut hardware.flash,
        keys: &mut hardware.keys,
    };
    let documents = Documents::boot(&mut env).expect("it boots");
    look(&documents, &env)
}

/// A JSON file.
pub(crate) fn read(file: &Path) -> Value {
    parse(&std::fs::read_to_string(file).expect("a file"))
}

/// A file of JSON lines; none if it is not there.
pub(crate) fn lines(file: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines().map(parse).collect()
}

/// A service, its locks, and the file that describes them to phones.
pub(crate) struct Stage {
    pub(crate) folder: TempDir,
    pub(crate) locks: Vec<Lock>,
    pub(crate) accounts: Vec<Value>,
    file: PathBuf,
    service: Role,
}

impl Stage {
    /// A resident, and so many doors of theirs with hurried locks that offer this MTU.
    pub(crate) fn new(mtu: u16, doors: usize) -> Self {
        Self::with_neighbours(mtu, doors, 0)
    }

    /// With so many neighbours who have a code at each door: the more, the larger a lock's bundle.
    pub(crate) fn with_neighbours(mtu: u16, doors: usize, neighbours: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let building = folder.path().join("building");
        std::fs::create_dir_all(&building).expect("a folder");
        let mut service = Role::start(&["service", "--dir", text(&building)]);
        service.say(&property(doors, neighbours));
        let ready = service.hear();
        let locks: Vec<Lock> = ready["locks"]
            .as_array()
            .expect("locks")
            .iter()
            .map(|lock| mount(&building, lock, mtu))
            .collect();
        let addresses: Vec<Value> = locks
            .iter()
            .map(|lock| json!({ "air": lock.pipe.address().to_string(), "mtu": mtu }))
            .collect();
        let description = json!({ "service": ready["service"], "locks": addresses });
        let file = building.join("building.json");
        std::fs::write(&file, description.to_string()).expect("written");
        Self {
            folder,
            locks,
            accounts: ready["accounts"].as_array().expect("accounts").clone(),
            file,
            service,
        }
    }

    /// From here on there is no network.
    pub(crate) fn end_service(&mut self) {
        self.service.kill();
    }

    /// The resident's own phone, signed in.
    pub(crate) fn phone(&self, name: &str) -> Phone {
        self.phone_with(name, &[])
    }

    /// The same on this machine's Bluetooth.
    pub(crate) fn bluetooth_phone(&self, name: &str) -> Phone {
        self.phone_with(name, &["--bluetooth"])
    }

    fn phone_with(&self, name: &str, more: &[&str]) -> Phone {
        let home = self.folder.path().join(name);
        let line = [
            "phone",
            "--building",
            text(&self.file),
            "--home",
            text(&home),
        ];
        let mut phone = Phone(Role::start(&[&line[..], more].concat()));
        assert_eq!(phone.0.hear()["said"], "ready");
        let account = &self.accounts[0];
        let signed_in = phone.order(&json!({
            "do": "sign-in", "email": account["email"], "password": account["password"],
        }));
        assert_eq!(signed_in["said"], "signed-in", "{signed_in}");
        phone
    }
}

fn property(doors: usize, neighbours: usize) -> Value {
    let door = |number: usize| {
        json!({
            "name": format!("Door {number}"),
            "door_type": "RESIDENCE",
            "connected": false,
            "bluetooth_unlock": true,
            "keypad_digits": 8,
        })
    };
    let person = |number: usize| {
        json!({
            "email": format!("rosa{number}@example.org"),
            "name": format!("Rosa {number}"),
            "password": "Correct-Horse-7",
            "role": "RESIDENT",
            "active": true,
        })
    };
    json!({
        "building": "Elm Court",
        "timezone": "America/New_York",
        "doors": (0..doors).map(door).collect::<Vec<_>>(),
        "people": (0..=neighbours).map(person).collect::<Vec<_>>(),
    })
}

fn mount(building: &Path, lock: &Value, mtu: u16) -> Lock {
    let field = |name: &str| lock[name].as_str().expect("text").to_owned();
    let folder = building.join(field("folder"));
    let mtu = mtu.to_string();
    let arguments = ["lock", "--dir", text(&folder), "--hurried", "--mtu", &mtu].map(str::to_owned);
    let mut role = Role::start(&arguments.each_ref().map(String::as_str));
    let ready = role.hear();
    Lock {
        folder,
        door: field("door_uuid"),
        pipe: Pipe::to(address(&ready["air"])),
        keypad: ready["keypad"].as_str().expect("an address").to_owned(),
        arguments: arguments.to_vec(),
        role,
    }
}

/// A phone's process.
pub(crate) struct Phone(Role);

impl Phone {
    /// Gives an order; what ends it.
    pub(crate) fn order(&mut self, order: &Value) -> Value {
        self.begin(order);
        self.end()
    }

    /// Gives an order and goes on.
    pub(crate) fn begin(&mut self, order: &Value) {
        self.0.say(order);
    }

    /// What it says next.
    pub(crate) fn hear(&mut self) -> Value {
        self.0.hear()
    }

    /// What ended the order that was begun.
    pub(crate) fn end(&mut self) -> Value {
        loop {
            let said = self.hear();
            if said["said"] != "phase" {
                return said;
            }
        }
    }
}

fn address(value: &Value) -> std::net::SocketAddr {
    let text = value.as_str().expect("an address");
    text.parse().expect("an address")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in Unicode")
}
