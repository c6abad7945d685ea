//! A lock killed while a sync runs: what it has, it keeps; the sync goes on, and ends where an unbroken one ends.
#![expect(clippy::expect_used, reason = "a failed helper is a failed test")]

mod support;

use serde_json::{Value, json};
use std::thread;
use support::pipe::Way;
use support::{Lock, Phone, Stage};

/// Points at which power goes, spread over the bytes of an unbroken sync.
const POINTS: usize = 24;
/// Their codes fill three chunks.
const NEIGHBOURS: usize = 70;
/// A chunk that the lock has need not come again.
const CHUNK: usize = 1_024;

fn sync(phone: &mut Phone, lock: &Lock) -> Value {
    phone.order(&json!({ "do": "sync", "door": lock.door }))
}

/// The resident's own code at the door, as the phone shows it.
fn code(phone: &mut Phone, lock: &Lock) -> String {
    let codes = phone.order(&json!({ "do": "codes", "door": lock.door }));
    let digits = codes["codes"][0]["digits"].as_str();
    digits.expect("a code").to_owned()
}

#[test]
fn a_lock_killed_in_a_sync_ends_as_after_an_unbroken_one() {
    let mut stage = Stage::with_neighbours(23, POINTS + 1, NEIGHBOURS);
    let mut phone = stage.phone("phone");
    assert_eq!(phone.order(&json!({ "do": "doors" }))["said"], "doors");

    let (unbroken, broken) = stage.locks.split_first_mut().expect("a lock");
    let said = sync(&mut phone, unbroken);
    assert_eq!(said["said"], "synced", "{said}");
    let [whole, _] = unbroken.pipe.counted();
    assert!(whole > 2 * CHUNK, "{whole} bytes are too few to break");
    let expected = unbroken.opened();

    let mut spared = Vec::new();
    for (point, lock) in broken.iter_mut().enumerate() {
        let after = whole * (point + 1) / (POINTS + 1);
        lock.pipe.cut(Way::Up, after);
        let cuts = lock.pipe.cuts();
        let order = json!({ "do": "sync", "door": lock.door });
        let mut said = thread::scope(|scope| {
            let phone = &mut phone;
            let asked = scope.spawn(move || phone.order(&order));
            lock.pipe.wait_for_cut(cuts);
            lock.kill();
            lock.restart();
            asked.join().expect("the phone answers")
        });
        if said["said"] != "synced" {
            said = sync(&mut phone, lock);
        }
        assert_eq!(said["said"], "synced", "cut after {after}: {said}");
        assert_eq!(said["receipt_verified"], true, "cut after {after}: {said}");
        let [again, _] = lock.pipe.counted();
        spared.push(whole.saturating_sub(again) / CHUNK);
        assert_eq!(lock.type_code(&code(&mut phone, lock)), "open");
        let standing = lock.opened();
        assert_eq!(
            (standing.crit_seq, standing.bulk_seq, standing.key_epoch),
            (expected.crit_seq, expected.bulk_seq, expected.key_epoch),
            "cut after {after}"
        );
    }
    println!(
        "a sync of {whole} bytes at MTU 23, power cut at {POINTS} points; chunks that did not come again: {spared:?}"
    );
    assert!(
        spared.last() >= Some(&2),
        "a late cut must find two chunks in flash"
    );
}
