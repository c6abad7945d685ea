//! The demo's result, recomputed from what its processes left behind, and what each fault changes in it.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failed helper is a failed test"
)]

mod support;

use keyway_protocol::ids::{CommandId, HolderHash};
use keyway_protocol::lock::Keeper as _;
use keyway_protocol::wire::reply::CommandOutcome;
use rusqlite::{Connection, OptionalExtension as _};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};
use support::{flash, lines, read, run};

/// The story is told in less than this once it is built.
const STORY: Duration = Duration::from_secs(20);
/// What a phone does not hold for long: their absence from the signed-in scan says nothing.
const PASSING: [&str; 5] = [
    "password",
    "authorization code",
    "access token",
    "refresh token",
    "logout ticket",
];

/// Plays the demo into a folder; its last line.
fn play(folder: &Path, fault: Option<&str>) -> Value {
    let mut arguments = vec!["demo", "--json", "--keep", folder.to_str().unwrap()];
    if let Some(fault) = fault {
        arguments.extend(["--fault", fault]);
    }
    let (code, lines) = run(&arguments);
    assert_eq!(code, Some(0), "{lines:#?}");
    lines.last().expect("a result").clone()
}

/// The result as the service's database, the lock's flash and journal, the air's trace and the scans of the phone tell it.
fn recomputed(folder: &Path) -> Value {
    let building = folder.join("building");
    let database = Connection::open(building.join("service/service.db")).unwrap();
    let session: Option<(bool, bool, Vec<u8>)> = database
        .query_row(
            "SELECT borrowed, ended_at IS NOT NULL, account_id FROM sessions",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()
        .unwrap();
    let (borrowed, ended, account) = session.clone().unwrap_or_default();
    let (door, lock_id, bulk_seq, confirmed): (Vec<u8>, Vec<u8>, u64, u64) = database
        .query_row(
            "SELECT id, lock_id, bulk_seq, confirmed_bulk_seq FROM doors WHERE type = 'RESIDENCE'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .unwrap();
    let count = |query: &str, parameters: &[&Vec<u8>]| -> u64 {
        let parameters = rusqlite::params_from_iter(parameters);
        database
            .query_row(query, parameters, |row| row.get(0))
            .unwrap()
    };
    let codes = count(
        "SELECT count(*) FROM doorcodes WHERE door_id = ?1 AND account_id = ?2 AND NOT deleted",
        &[&door, &account],
    );
    let receipts = count("SELECT count(*) FROM receipts WHERE door_id = ?1", &[&door]);
    let entries = count(
        "SELECT count(*) FROM log_entries WHERE door_id = ?1",
        &[&door],
    );

    let lock = building.join("locks").join(hex::encode(lock_id));
    let journal = lines(&lock.join("journal.jsonl"));
    let opened = journal.first().is_some_and(|line| {
        let holder: Vec<u8> = database
            .query_row("SELECT holder FROM phone_keys", [], |row| row.get(0))
            .unwrap();
        let command = hex::decode(line["command"].as_str().unwrap()).unwrap();
        let told = flash(&lock, |documents, _| {
            let holder = HolderHash(holder.try_into().unwrap());
            documents.recall(&holder, CommandId(command.try_into().unwrap()))
        });
        told == Some(CommandOutcome::Executed)
    });
    let standing = flash(&lock, |documents, env| documents.standing(env));
    let signed_in_scan = read(&folder.join("scan-signed-in.json"));
    let request = read(&folder.join("scan-signed-in.request.json"));
    let after = read(&folder.join("scan-signed-out.json"));
    let length = |value: &Value| value.as_array().map_or(0, Vec::len);
    let leftovers = length(&after["hits"]) + length(&after["files"]);
    json!({
        "borrowed": borrowed,
        "signed_in": session.is_some(),
        "codes": codes,
        "synced": standing.bulk_seq == bulk_seq,
        "receipt_verified": receipts > 0 && confirmed == bulk_seq,
        "log_entries_carried": entries,
        "unlocked": opened,
        "round_trips_to_unlock": messages_to_the_motor(&lock, &journal),
        "motor_moves": all_moves(&building.join("locks")),
        "scan_control_found": names(&request["canaries"], "name")
            .difference(&names(&signed_in_scan["hits"], "canary"))
            .all(|missing| PASSING.contains(&missing.as_str())),
        "server_ended": ended,
        "complete": ended && leftovers == 0,
        "leftovers": leftovers,
    })
}

fn names(list: &Value, field: &str) -> BTreeSet<String> {
    let list = list.as_array().into_iter().flatten();
    list.map(|one| one[field].as_str().unwrap().to_owned())
        .collect()
}

fn all_moves(locks: &Path) -> usize {
    let folders = std::fs::read_dir(locks).unwrap();
    folders
        .map(|folder| lines(&folder.unwrap().path().join("journal.jsonl")).len())
        .sum()
}

/// Messages that the phone completed on the motor's link before it started: their last frames, each number once.
fn messages_to_the_motor(lock: &Path, journal: &[Value]) -> usize {
    let Some(moved) = journal.first().map(|line| line["at"].as_u64().unwrap()) else {
        return 0;
    };
    let written: Vec<Value> = lines(&lock.join("air.jsonl"))
        .into_iter()
        .filter(|frame| frame["operation"] == "write" && frame["at"].as_u64().unwrap() <= moved)
        .collect();
    let link = &written.last().expect("the phone wrote")["link"];
    let numbers: BTreeSet<String> = written
        .iter()
        .filter(|frame| frame["link"] == *link)
        .map(|frame| frame["hex"].as_str().unwrap())
        // PROTOCOL.md, Frames: a part (0x80) that ends its message (0x10); the number stands in the second byte.
        .filter(|hex| u8::from_str_radix(&hex[..2], 16).unwrap() & 0x90 == 0x90)
        .map(|hex| hex[2..4].to_owned())
        .collect();
    numbers.len()
}

/// Holds what was said against what was left behind.
fn assert_proven(said: &Value, folder: &Path) {
    let mut told = said.clone();
    let told = told.as_object_mut().expect("an object");
    let sign_out = told.remove("sign_out").expect("a sign-out");
    let mut left = recomputed(folder);
    let left = left.as_object_mut().expect("an object");
    assert_eq!(
        left.remove("server_ended"),
        Some(json!(sign_out["server"] == "ended"))
    );
    assert_eq!(left.remove("complete"), Some(sign_out["complete"].clone()));
    assert_eq!(told, left, "what was said, and what the processes left");

    let places = sign_out["places"].as_array().expect("places");
    assert_eq!(
        names(&sign_out["places"], "place").len(),
        43,
        "each place once"
    );
    let results: Vec<&str> = places
        .iter()
        .map(|line| line["result"].as_str().unwrap())
        .collect();
    let open = results.iter().any(|result| result.starts_with("remains: "));
    assert_eq!(open, sign_out["complete"] == false);
    let guards = concat!(
        include_str!("../../../core/app/tests/unused_places.rs"),
        include_str!("../../../bindings/cli/tests/unused_places.rs"),
    );
    for result in results {
        match result.strip_prefix("not used (test ") {
            Some(test) => assert!(guards.contains(test.trim_end_matches(')'))),
            None => assert!(
                result == "gone" || result == "was empty" || result.starts_with("remains: "),
                "{result}"
            ),
        }
    }
    if said["borrowed"] == true {
        assert!(
            !folder.join("phone").exists(),
            "a borrowed phone has no folder"
        );
    }
}

#[test]
fn the_story_is_what_its_processes_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let begun = now();
    let said = play(folder.path(), None);
    assert!(begun.elapsed() < STORY, "{:?}", begun.elapsed());
    assert_proven(&said, folder.path());
    let promised = json!({
        "borrowed": true, "signed_in": true, "codes": 1, "synced": true, "receipt_verified": true, "log_entries_carried": 3,
        "unlocked": true, "round_trips_to_unlock": 1, "motor_moves": 1, "scan_control_found": true, "leftovers": 0,
        "sign_out": said["sign_out"],
    });
    assert_eq!(said, promised);
    assert_eq!(said["sign_out"]["complete"], true);
    assert_eq!(said["sign_out"]["server"], "ended");
}

/// The README's rows `| `fault` | what breaks | `field` `field` |`.
fn listed(fault: &str) -> BTreeSet<String> {
    let readme = include_str!("../../../README.md");
    let row = readme
        .lines()
        .find(|line| line.starts_with(&format!("| `{fault}` |")))
        .unwrap_or_else(|| panic!("the README has no row for {fault}"));
    let fields = row.split('|').nth(3).expect("a third column");
    let fields = fields.split('`').skip(1).step_by(2);
    fields.map(str::to_owned).collect()
}

fn changed(usual: &Value, broken: &Value) -> BTreeSet<String> {
    let top = usual
        .as_object()
        .unwrap()
        .keys()
        .filter(|key| *key != "sign_out");
    let mut changed: BTreeSet<String> = top
        .filter(|key| usual[*key] != broken[*key])
        .cloned()
        .collect();
    for key in ["complete", "server", "places"] {
        if usual["sign_out"][key] != broken["sign_out"][key] {
            changed.insert(format!("sign_out.{key}"));
        }
    }
    changed
}

#[test]
fn each_fault_changes_exactly_what_the_readme_lists() {
    let folder = tempfile::tempdir().unwrap();
    let usual = play(&folder.path().join("usual"), None);
    for fault in [
        "keychain",
        "service-down",
        "link-cut",
        "forged-receipt",
        "lock-silent",
    ] {
        let kept = folder.path().join(fault);
        let broken = play(&kept, Some(fault));
        assert_proven(&broken, &kept);
        assert_eq!(
            changed(&usual, &broken),
            listed(fault),
            "{fault}: {broken:#}"
        );
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the story is told by processes in real time, and promises to be short"
)]
fn now() -> Instant {
    Instant::now()
}
