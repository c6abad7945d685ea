//! The built program, as a script sees it.
#![expect(
    clippy::expect_used,
    reason = "a fixture that cannot be made fails the test"
)]

use serde_json::Value;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Nobody's password; it must appear nowhere.
const CANARY: &str = "Canary-password-7391!";
/// A sign-in by script.
const SIGN_IN: [&str; 4] = ["sign-in", "--email", "ada@example.test", "--password-stdin"];

/// A folder with a building whose service does not answer.
struct Fixture(tempfile::TempDir);

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let authority = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]);
        let roots = authority.expect("a certificate").cert.pem();
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a free port")
            .port();
        let building = serde_json::json!({
            "service": { "origin": format!("https://localhost:{port}"), "caPem": roots },
            "locks": [],
            "accounts": [],
        });
        std::fs::write(folder.path().join("building.json"), building.to_string()).expect("written");
        Self(folder)
    }

    fn home(&self) -> PathBuf {
        self.0.path().join("phone")
    }

    /// Runs `keyway --json` on this phone; `input` is its standard input.
    fn keyway(&self, options: &[&str], command: &[&str], input: &str) -> Output {
        let mut keyway = keyway();
        keyway.arg("--json").arg("--home").arg(self.home());
        keyway
            .arg("--building")
            .arg(self.0.path().join("building.json"));
        run(keyway.args(options).args(command), input)
    }
}

/// The program, in a world without a session bus.
fn keyway() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
    for variable in [
        "KEYWAY_HOME",
        "KEYWAY_BUILDING",
        "KEYWAY_DEVELOPMENT_KEYCHAIN",
        "KEYWAY_LOG",
    ] {
        command.env_remove(variable);
    }
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    command
}

fn run(command: &mut Command, input: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    // A program that ends without reading its input is no error here.
    let _ = child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(input.as_bytes());
    let output = child.wait_with_output().expect("it ends");
    for stream in [&output.stdout, &output.stderr] {
        assert!(
            !String::from_utf8_lossy(stream).contains(CANARY),
            "the password was shown"
        );
    }
    output
}

/// The objects on standard output.
fn events(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).expect("text");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

/// The last event, which must be an error that says everything it should.
fn error(output: &Output) -> String {
    let events = events(output);
    let error = events.last().expect("an event");
    assert_eq!(error["event"], "error", "{error}");
    assert_eq!(
        error["exitCode"].as_i64(),
        output.status.code().map(i64::from)
    );
    for part in ["happened", "action", "fallback"] {
        assert!(
            error[part].as_str().is_some_and(|text| !text.is_empty()),
            "{part}: {error}"
        );
    }
    error["error"].as_str().expect("a name").to_owned()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries
        .map(|entry| entry.expect("an entry").path())
        .flat_map(|path| {
            if path.is_dir() {
                files_below(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

#[test]
fn the_help_lists_the_exit_codes() {
    let help = run(keyway().arg("--help"), "");
    let text = String::from_utf8_lossy(&help.stdout).into_owned();
    assert!(help.status.success());
    for (code, meaning) in keyway_cli::exit::rows() {
        assert!(
            text.contains(&format!("{code:>2}  {meaning}")),
            "{code} is missing"
        );
    }
}

#[test]
fn a_line_that_is_not_understood_ends_with_2() {
    for line in [
        &["open-sesame"][..],
        &["unlock"],
        &["options"],
        &["sync"],
        &["sync", "front", "--all"],
        &["codes", "--reveal-lasting"],
        &["let-in", "front", "--first", "Bo", "--last", "Lee"],
        &["revoke", "Bo"],
        &["change-end", "Bo", "front"],
    ] {
        assert_eq!(
            run(keyway().args(line), "").status.code(),
            Some(2),
            "{line:?}"
        );
    }
}

#[test]
fn a_missing_home_or_building_ends_with_3_and_says_what_to_add() {
    let no_home = run(keyway().arg("doors"), "");
    assert_eq!(no_home.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&no_home.stderr).contains("--home DIR"));
    let fixture = Fixture::new();
    let missing = fixture.0.path().join("missing.json");
    let mut command = keyway();
    command
        .arg("--home")
        .arg(fixture.home())
        .arg("--building")
        .arg(missing);
    assert_eq!(run(command.arg("doors"), "").status.code(), Some(3));
    assert!(!fixture.home().exists());
}

#[test]
fn completions_need_no_phone() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let completions = run(keyway().args(["completions", shell]), "");
        assert!(completions.status.success());
        let text = String::from_utf8_lossy(&completions.stdout);
        for command in ["sign-out", "let-in", "change-end", "single-use"] {
            assert!(text.contains(command), "{shell}: {command}");
        }
    }
}

#[test]
fn an_own_phone_without_a_keychain_says_so_and_keeps_nothing() {
    let fixture = Fixture::new();
    let output = fixture.keyway(&[], &SIGN_IN, &format!("{CANARY}\n"));
    assert_eq!(output.status.code(), Some(50), "{output:?}");
    assert_eq!(error(&output), "keychain_unavailable");
    assert!(files_below(&fixture.home()).is_empty());
}

#[test]
fn a_service_that_does_not_answer_ends_a_sign_in_with_20_and_leaves_nothing() {
    let fixture = Fixture::new();
    let output = fixture.keyway(
        &["--development-keychain"],
        &SIGN_IN,
        &format!("{CANARY}\n"),
    );
    assert_eq!(output.status.code(), Some(20), "{output:?}");
    assert_eq!(error(&output), "service_unreachable");
    let left = files_below(&fixture.home());
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_one_time_code_takes_the_passwords_place() {
    let fixture = Fixture::new();
    let command = [&SIGN_IN[..], &["--code"]].concat();
    let output = fixture.keyway(
        &["--development-keychain"],
        &command,
        &format!("{CANARY}\n"),
    );
    assert_eq!(output.status.code(), Some(20), "{output:?}");
    assert_eq!(error(&output), "service_unreachable");
    assert!(files_below(&fixture.home()).is_empty());
}

#[test]
fn a_borrowed_phone_makes_no_folder() {
    for proof in [&[][..], &["--code"]] {
        let fixture = Fixture::new();
        let command = [&SIGN_IN[..], &["--borrowed"], proof].concat();
        let output = fixture.keyway(&[], &command, &format!("{CANARY}\ndoors\nsign-out\n"));
        assert_eq!(output.status.code(), Some(20), "{output:?}");
        assert_eq!(error(&output), "service_unreachable");
        assert!(!fixture.home().exists());
    }
}

#[test]
fn what_needs_nobody_signed_in_keeps_nothing() {
    let fixture = Fixture::new();
    for command in ["send-code", "reset-password"] {
        let output = fixture.keyway(&[], &[command, "ada@example.test"], "");
        assert_eq!(output.status.code(), Some(20), "{output:?}");
        assert_eq!(error(&output), "service_unreachable");
        assert!(!fixture.home().exists());
    }
}

#[test]
fn the_ways_to_sign_in_need_neither_session_nor_service() {
    let fixture = Fixture::new();
    let first = |command: &[&str]| {
        let output = fixture.keyway(&[], command, "");
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let events = events(&output);
        let ways = events[0]["ways"].as_array().expect("ways").clone();
        let dead = ways.iter().filter(|way| way["available"] == false);
        (ways[0]["way"].clone(), dead.count())
    };
    assert_eq!(first(&["ways"]), ("password".into(), 0));
    let borrowed = first(&["ways", "--borrowed"]);
    assert_eq!(borrowed, ("daily_code_from_someone".into(), 2));
    assert!(!fixture.home().exists());
}

#[test]
fn the_cores_words_come_in_the_language_asked_for() {
    let fixture = Fixture::new();
    let happened = |language| {
        let options = ["--development-keychain", "--language", language];
        let output = fixture.keyway(&options, &["sessions"], "");
        assert_eq!(error(&output), "not_signed_in");
        events(&output)[0]["happened"].clone()
    };
    assert_ne!(happened("en"), happened("es-MX"));
}

#[test]
fn a_diagnostics_report_names_nobody_and_needs_no_session() {
    let fixture = Fixture::new();
    let output = fixture.keyway(&["--development-keychain"], &["diagnostics"], "");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let report = &events(&output)[0]["report"];
    assert_eq!(report["account"], "signed out");
    assert!(report["bluetooth"].is_object(), "{report}");
}

#[test]
fn a_borrowed_session_does_not_begin_where_somebody_lives() {
    let fixture = Fixture::new();
    let theirs = fixture.home().join("cache").join("anchor");
    std::fs::create_dir_all(fixture.home().join("cache")).expect("a folder");
    std::fs::write(&theirs, b"theirs").expect("a file");
    let command = [&SIGN_IN[..], &["--borrowed"]].concat();
    let output = fixture.keyway(&[], &command, &format!("{CANARY}\n"));
    assert_eq!(output.status.code(), Some(15), "{output:?}");
    assert_eq!(error(&output), "home_not_empty");
    assert!(theirs.exists(), "their file is untouched");
}

#[test]
fn nobody_signed_in_is_told_so() {
    let fixture = Fixture::new();
    for command in [
        &["doors"][..],
        &["codes"],
        &["unlock", "front"],
        &["sync", "front"],
        &["sync", "--all"],
        &["doors", "--near"],
        &["options", "front"],
        &["new-code", "front", "--tomorrow"],
        &["reset-code", "front", "--reveal"],
        &["activity", "front", "--more"],
        &[
            "let-in",
            "front",
            "--phone",
            "+1 555 0100",
            "--first",
            "Bo",
            "--last",
            "Lee",
        ],
        &[
            "invite",
            "front",
            "--email",
            "bo@b.test",
            "--first",
            "Bo",
            "--last",
            "Lee",
        ],
        &["guests"],
        &["revoke", "Bo", "front"],
        &["change-end", "Bo", "front", "--never"],
        &["change-password", "--password-stdin"],
        &["sessions"],
        &["end-session", "1a2b"],
        &["end-sessions"],
        &["hide"],
        &["show"],
    ] {
        let input = format!("{CANARY}\n{CANARY}\n");
        let output = fixture.keyway(&["--development-keychain"], command, &input);
        assert_eq!(output.status.code(), Some(14), "{command:?}: {output:?}");
        assert_eq!(error(&output), "not_signed_in");
    }
}

#[test]
fn a_phone_in_use_is_not_used_twice() {
    let fixture = Fixture::new();
    std::fs::create_dir_all(fixture.home()).expect("a folder");
    let home = std::fs::File::open(fixture.home()).expect("the folder");
    home.lock().expect("nobody else has it");
    let output = fixture.keyway(&["--development-keychain"], &["doors"], "");
    assert_eq!(output.status.code(), Some(15), "{output:?}");
    assert_eq!(error(&output), "home_in_use");
}
