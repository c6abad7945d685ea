//! What a person does in two terminals: a served building in one, the `keyway` shell in the other.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failed helper is a failed test"
)]

mod support;

use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use support::{PROGRAM, read};
use tempfile::TempDir;

const PASSWORD: &str = "Correct-Horse-7";

/// `cargo building serve`, until the test ends.
struct Served {
    folder: TempDir,
    process: Child,
}

impl Served {
    fn new(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new(PROGRAM)
            .args(["serve", "--dir"])
            .arg(folder.path().join("building"))
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .expect("it serves");
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let said: Vec<String> = lines
            .by_ref()
            .map(Result::unwrap)
            .take_while(|line| !line.contains("Ctrl-C"))
            .collect();
        assert!(said.iter().any(|line| line.contains("sign-in")), "{said:?}");
        Self { folder, process }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("building/building.json")
    }

    fn phone(&self, name: &str) -> Shell {
        Shell {
            home: self.folder.path().join(name),
            building: self.file(),
        }
    }

    /// The service and every lock are gone.
    fn end(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _gone = (self.process.kill(), self.process.wait());
    }
}

/// One phone's terminal.
struct Shell {
    home: PathBuf,
    building: PathBuf,
}

impl Shell {
    /// Runs a command: exit code and events.
    fn keyway(&self, command: &[&str], input: &str) -> (i32, Vec<Value>) {
        let mut child = Command::new(PROGRAM)
            .args(["keyway", "--json", "--development-keychain", "--home"])
            .arg(&self.home)
            .arg("--building")
            .arg(&self.building)
            .args(command)
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut keys = child.stdin.take().unwrap();
        keys.write_all(input.as_bytes()).unwrap();
        drop(keys);
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let events = text.lines().map(|line| serde_json::from_str(line).unwrap());
        (
            output.status.code().expect("an exit code"),
            events.collect(),
        )
    }

    fn sign_in(&self, password: &str) -> (i32, Vec<Value>) {
        let line = ["sign-in", "--email", "rosa@example.org", "--password-stdin"];
        self.keyway(&line, &format!("{password}\n"))
    }

    /// Must succeed; its last event.
    fn does(&self, command: &[&str]) -> Value {
        let (code, events) = self.keyway(command, "");
        assert_eq!(code, 0, "{command:?}: {events:?}");
        events.last().cloned().unwrap_or_default()
    }

    /// Must end with this code and this error, which says what happened, what to do and what else works.
    fn fails(&self, command: &[&str], code: i32, error: &str) {
        let (ended, events) = self.keyway(command, "");
        assert_failed(ended, &events, code, error);
    }
}

fn assert_failed(ended: i32, events: &[Value], code: i32, error: &str) {
    let last = events.last().expect("an event");
    assert_eq!((ended, &last["error"]), (code, &json!(error)), "{events:?}");
    for part in ["happened", "action", "fallback"] {
        assert!(
            last[part].as_str().is_some_and(|text| !text.is_empty()),
            "{last}"
        );
    }
}

fn is_empty(folder: &Path) -> bool {
    let mut entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.all(|entry| {
        let path = entry.unwrap().path();
        path.is_dir() && is_empty(&path)
    })
}

#[test]
fn a_resident_does_it_by_hand_on_their_own_phone() {
    let building = Served::new(&[]);
    let phone = building.phone("own");
    let (code, events) = phone.sign_in("Wrong-Horse-77");
    assert_failed(code, &events, 10, "wrong_credentials");
    assert_eq!(phone.sign_in(PASSWORD).0, 0);
    let (_, doors) = phone.keyway(&["doors"], "");
    assert_eq!(doors.len(), 3, "{doors:?}");
    let code = phone.does(&["codes", "--door", "Home", "--reveal"]);
    let digits = code["digits"].as_str().expect("digits").to_owned();
    assert_eq!(digits.len(), 7, "{code}");

    let keypad = |digits: &str| {
        let line = ["keypad", "Home", digits, "--dir"];
        let typed = Command::new(PROGRAM)
            .args(line)
            .arg(building.file().parent().unwrap())
            .stdout(Stdio::null())
            .status();
        typed.expect("the keypad").success()
    };
    assert!(!keypad(&digits), "the lock has not heard of the code");
    phone.does(&["sync", "Home"]);
    assert!(keypad(&digits), "it has now");
    phone.does(&["unlock", "Home"]);
    phone.fails(&["unlock", "Nowhere"], 36, "door_unknown");
    let report = phone.does(&["sign-out"]);
    assert_eq!(
        (&report["complete"], &report["server"]),
        (&json!(true), &json!("ended")),
        "{report}"
    );
    assert!(
        is_empty(&phone.home),
        "nothing is left below the phone's folder"
    );
    phone.fails(&["doors"], 14, "not_signed_in");
}

#[test]
fn a_resident_does_it_by_hand_on_a_borrowed_phone() {
    let building = Served::new(&[]);
    let phone = building.phone("borrowed");
    let line = [
        "sign-in",
        "--borrowed",
        "--email",
        "rosa@example.org",
        "--password-stdin",
    ];
    let typed = format!("{PASSWORD}\ndoors\ncodes --reveal\nsync Home\nunlock Home\nsign-out\n");
    let (code, events) = phone.keyway(&line, &typed);
    assert_eq!(code, 0, "{events:?}");
    let report = events.last().expect("a report");
    assert_eq!(
        (&report["event"], &report["complete"]),
        (&json!("signed_out"), &json!(true)),
        "{report}"
    );
    assert!(!phone.home.exists(), "a borrowed phone has no folder");
}

#[test]
fn a_dead_service_a_lock_out_of_range_and_a_lapsed_grant_are_told_apart() {
    let mut building = Served::new(&["--lease", "3"]);
    let phone = building.phone("own");
    assert_eq!(phone.sign_in(PASSWORD).0, 0);
    phone.does(&["doors"]);

    // The phone walked away: the lock's end of the air leads nowhere.
    let mut elsewhere = read(&building.file());
    for lock in elsewhere["locks"].as_array_mut().unwrap() {
        lock["air"] = json!("127.0.0.1:9");
    }
    let far = building.folder.path().join("far.json");
    std::fs::write(&far, elsewhere.to_string()).unwrap();
    let away = Shell {
        home: phone.home.clone(),
        building: far,
    };
    away.fails(&["unlock", "Home"], 31, "lock_not_found");

    building.end();
    // The search for the lock took longer than the lease.
    phone.fails(&["unlock", "Home"], 35, "offline_and_grant_lapsed");
    let stranger = building.phone("stranger");
    let (code, events) = stranger.sign_in(PASSWORD);
    assert_failed(code, &events, 20, "service_unreachable");
    assert!(is_empty(&stranger.home));
    // Signing out works all the same, and says what is open.
    let (code, events) = phone.keyway(&["sign-out"], "");
    assert_eq!(code, 51, "{events:?}");
    let report = events.iter().find(|event| event["event"] == "signed_out");
    assert_eq!(
        report.expect("a report")["server"],
        "not_told",
        "{events:?}"
    );
}
