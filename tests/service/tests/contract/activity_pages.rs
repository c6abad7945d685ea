//! A door's activity as it is told: from the lock's log alone, newest first, in pages, with as much of the time as the lock knew.
use crate::guests::{let_tom_in, text};
use crate::lock_side::{TestLock, hand_in};
use crate::support::{GUEST, NOON, Property, RESIDENT, STAFF};
use keyway_protocol::log::{LogEntry, Repeated};
use keyway_protocol::receipt::Stamp;
use keyway_protocol::time::{TimeInterval, UtcSeconds};
use serde_json::{Value, json};
use uuid::Uuid;

#[test]
fn nothing_is_told_that_no_lock_wrote_down() {
    let (property, seeded) = Property::seeded();
    let phone = property.phone();
    let host = phone.sign_in(RESIDENT, "own");
    phone.register(&host).expect(204);
    let door = seeded.doors[0].uuid;
    let_tom_in(&property, &seeded, &host);
    let access = format!("/v1/doors/{door}/access");
    phone.get(&host, &access).expect(200);
    let path = format!("/v1/doors/{door}/activity");
    let told = phone.get(&host, &path).expect(200).json();
    assert_eq!(told, json!({"entries": []}));
}

/// A home whose log is written by hand, and its staff.
struct Handwritten {
    property: Property,
    lock: TestLock,
    door: Uuid,
    uploaded: usize,
}

impl Handwritten {
    fn new() -> Self {
        let (property, seeded) = Property::seeded();
        let door = seeded.doors[0].uuid;
        Self {
            lock: TestLock::of(&property, door),
            property,
            door,
            uploaded: 0,
        }
    }

    /// Receipt first, then what was written since.
    fn upload(&mut self, entries: usize) {
        let phone = self.property.phone();
        let tokens = phone.sign_in(RESIDENT, "own");
        let receipt = self.lock.receipt(1, 1);
        hand_in(&phone, &tokens, self.door, "receipts", receipt).expect(200);
        let segment = self.lock.segment(self.uploaded).encode();
        let taken = hand_in(&phone, &tokens, self.door, "log", segment).expect(200);
        assert_eq!(taken.json()["entries"], entries);
        self.uploaded += entries;
    }

    fn get(&self, email: &str, query: &str) -> Value {
        let phone = self.property.phone();
        let tokens = phone.sign_in(email, "own");
        let path = format!("/v1/doors/{}/activity{query}", self.door);
        phone.get(&tokens, &path).expect(200).json()
    }
}

fn noon_and(seconds: u64) -> UtcSeconds {
    UtcSeconds(u64::try_from(NOON / 1000).unwrap() + seconds)
}

#[test]
fn entries_that_the_lock_put_together_carry_their_count_and_both_times() {
    let mut home = Handwritten::new();
    let between = |earliest, latest| {
        Stamp::Trusted(TimeInterval {
            earliest: noon_and(earliest),
            latest: noon_and(latest),
        })
    };
    home.lock.write(&LogEntry {
        at: between(60, 65),
        repeated: Some(Repeated {
            last: between(600, 605),
            count: 41,
        }),
        ..TestLock::refused_code()
    });
    home.upload(1);
    let told = home.get(STAFF, "");
    let entry = &told["entries"][0];
    assert_eq!(entry["count"], 41);
    assert_eq!(entry["at"], "2026-11-24T12:01:00Z");
    assert_eq!(entry["uncertainSeconds"], 5);
    assert_eq!(entry["lastAt"], "2026-11-24T12:10:00Z");
}

#[test]
fn a_lock_without_a_clock_names_no_time() {
    let mut home = Handwritten::new();
    home.lock.log(1);
    home.upload(1);
    let entry = &home.get(STAFF, "")["entries"][0];
    assert_eq!(entry["at"], Value::Null);
    assert_eq!(entry["uncertainSeconds"], 0);
    assert_eq!(entry["count"], 1);
}

#[test]
fn activity_comes_in_pages_newest_first_and_each_entry_once() {
    let mut home = Handwritten::new();
    for number in 0..25 {
        let at = Stamp::Trusted(TimeInterval {
            earliest: noon_and(number),
            latest: noon_and(number),
        });
        home.lock.write(&LogEntry {
            at,
            ..TestLock::refused_code()
        });
    }
    home.upload(25);
    let mut told = Vec::new();
    let mut query = "?pageSize=10".to_owned();
    loop {
        let page = home.get(RESIDENT, &query);
        told.extend(page["entries"].as_array().unwrap().clone());
        match page["nextPageToken"].as_str() {
            Some(token) => query = format!("?pageSize=10&pageToken={token}"),
            None => break,
        }
    }
    let times: Vec<_> = told.iter().map(|entry| text(&entry["at"])).collect();
    assert_eq!(times.len(), 25);
    assert!(times.is_sorted_by(|newer, older| newer > older));
}

#[test]
fn a_long_log_of_others_is_looked_through_in_portions() {
    let mut home = Handwritten::new();
    for _ in 0..3 {
        home.lock.log(400);
        home.upload(400);
    }
    let first = home.get(GUEST, "");
    assert_eq!(first["entries"], json!([]));
    let token = text(&first["nextPageToken"]);
    let rest = home.get(GUEST, &format!("?pageToken={token}"));
    assert_eq!(rest, json!({"entries": []}));
}
