//! What a resident does at a door, at every MTU, and what may come between.

use crate::machine::turn;
use crate::support::Phone;
use crate::{House, TAPS};
use serde_json::json;

/// Residents with a code at each door: their bundle takes some seconds of air at the smallest MTU.
const NEIGHBOURS: usize = 60;
/// Bytes up after which a sync is cut: a handshake, the manifest and the first chunk of 1,024 have gone, the last has not.
const CUT: usize = 2_600;

fn the_whole_story_at(mtu: u16) {
    let turn = turn();
    let mut house = House::new(1, NEIGHBOURS);
    let peer = house.mount(&turn, 0, mtu);

    // A first sync, cut once a chunk has arrived: what the lock has is not sent again.
    // Where a frame is small, headers are a quarter of what passes.
    peer.fault("up", if mtu == 23 { CUT * 4 / 3 } else { CUT });
    let (synced, shown) = house.syncs(0);
    assert_eq!(synced["receipt_verified"], true, "{synced}");
    let counts = peer.counts();
    assert!(!counts.pending, "the link was cut where it was to be");
    assert!(counts.links >= 2, "and taken up again");
    let beginnings = shown.iter().filter(|sent| **sent == 0).count();
    assert!(
        shown.is_sorted() && beginnings == 1,
        "never back to the beginning: {shown:?}"
    );

    // First and resumed unlock: what was resumed is forgotten with the screen's lock.
    house.phone.order(&json!({ "do": "lock-screen" }));
    peer.rests();
    house.unlocks(0);
    let first = peer.counts();
    // A frame that is repeated on a busy computer counts, too: the shortest of some says what one costs.
    let resumed = (0..3)
        .map(|_| {
            peer.rests();
            house.unlocks(0);
            peer.counts()
        })
        .min_by_key(|counts| counts.up)
        .expect("some");
    assert!(
        resumed.up < first.up,
        "a resumed unlock is shorter: {first:?} {resumed:?}"
    );

    // What happened at the door comes down.
    house.lock(0).type_code("00000000");
    let (synced, _) = house.syncs(0);
    assert_eq!(synced["pending"], false, "{synced}");
    assert!(synced["log_entries"].as_u64() >= Some(1), "{synced}");
    println!(
        "MTU {mtu}: {} bytes up for a sync with a cut, shown {shown:?}",
        counts.up
    );
    for (what, counts) in [("first", first), ("resumed", resumed)] {
        println!(
            "MTU {mtu}: {what} unlock, {} ATT operations, {} bytes up, {} down",
            counts.operations, counts.up, counts.down
        );
    }
}

#[test]
#[ignore = "needs a virtual machine: cargo xtask test --layer bluetooth"]
fn the_whole_story_at_mtu_23() {
    the_whole_story_at(23);
}

#[test]
#[ignore = "needs a virtual machine: cargo xtask test --layer bluetooth"]
fn the_whole_story_at_mtu_185() {
    the_whole_story_at(185);
}

#[test]
#[ignore = "needs a virtual machine: cargo xtask test --layer bluetooth"]
fn the_whole_story_at_mtu_247() {
    the_whole_story_at(247);
}

#[test]
#[ignore = "needs a virtual machine: cargo xtask test --layer bluetooth"]
fn the_whole_story_at_mtu_517() {
    the_whole_story_at(517);
}

#[test]
#[ignore = "needs a virtual machine: cargo xtask test --layer bluetooth"]
fn a_link_lost_anywhere_ends_in_an_open_door_and_one_move_for_a_tap() {
    let turn = turn();
    let mut house = House::new(1, 0);
    let peer = house.mount(&turn, 0, 185);
    house.unlocks(0);
    // The places in the order of a conversation; bytes are of the first message and of its answer.
    for (at, after) in [
        ("connect", 0),
        ("discovery", 0),
        ("subscribe", 0),
        ("up", 0),
        ("up", 100),
        // The hello goes down before the answer does.
        ("down", 0),
        ("down", 170),
        ("down", 220),
        ("down", 300),
    ] {
        // Without what was resumed the conversation has its full length.
        house.phone.order(&json!({ "do": "lock-screen" }));
        peer.rests();
        peer.fault(at, after);
        house.unlocks(0);
        let counts = peer.counts();
        println!("lost at {at} {after}: {counts:?}");
        // The table is read from a cache where the system keeps one: then there is no discovery to cut.
        assert!(!counts.pending || at == "discovery", "cut at {at}");
        peer.fault("", 0);
    }
}

#[test]
#[ignore = "needs a virtual machine: cargo xtask test --layer bluetooth"]
fn a_lock_that_is_not_heard_is_not_found_and_found_when_it_is_heard_again() {
    let turn = turn();
    let mut house = House::new(1, 0);
    let peer = house.mount(&turn, 0, 517);
    peer.advertise(false);
    let door = house.lock(0).door.clone();
    house.phone.begin(&json!({ "do": "unlock", "door": door }));
    // While the phone scans, the lock comes into reach.
    peer.advertise(true);
    let said = house.phone.end();
    if said["said"] != "unlocked" {
        println!("not at the first tap: {said}");
        house.unlocks(0);
    }
    assert!(house.lock(0).moves() >= 1);
}

#[test]
#[ignore = "needs a virtual machine: cargo xtask test --layer bluetooth"]
fn an_adapter_that_is_off_is_told_and_the_door_opens_once_it_is_on() {
    let turn = turn();
    let mut house = House::new(1, 0);
    let _peer = house.mount(&turn, 0, 517);
    house.unlocks(0);
    let moves = house.lock(0).moves();
    turn.power(false);
    let said = house.order("unlock", 0);
    assert_eq!(said["said"], "failed", "{said}");
    assert_eq!(said["error"], "BluetoothOff", "{said}");
    assert_eq!(house.lock(0).moves(), moves);
    turn.power(true);
    // The radio looks again when it is asked, and a test asks faster than the system answers: as often as it takes, and no sooner is it open.
    let heard = (0..10_000).any(|_| house.order("unlock", 0)["error"] != "BluetoothOff");
    assert!(heard, "an adapter that is on again is noticed");
    house.unlocks(0);
}

#[test]
#[ignore = "needs a virtual machine: cargo xtask test --layer bluetooth"]
fn two_phones_open_two_locks_at_once() {
    let turn = turn();
    let mut house = House::new(2, 0);
    let peers = [house.mount(&turn, 0, 517), house.mount(&turn, 1, 247)];
    let mut other = house.stage.bluetooth_phone("other");
    other.order(&json!({ "do": "doors" }));
    let doors = [house.lock(0).door.clone(), house.lock(1).door.clone()];
    let mut open = [false; 2];
    // Both tap at once, and again at once if need be: an emulated processor may be too slow for both within one phone's patience.
    for _ in 0..TAPS {
        let phones = [&mut house.phone, &mut other];
        let mut tapping: Vec<(usize, &mut Phone)> = phones
            .into_iter()
            .enumerate()
            .filter(|(number, _)| !open[*number])
            .collect();
        for (number, phone) in &mut tapping {
            phone.begin(&json!({ "do": "unlock", "door": doors[*number] }));
        }
        for (number, phone) in tapping {
            let said = phone.end();
            println!("lock {number}: {}", said["said"]);
            open[number] = said["said"] == "unlocked";
        }
        for (number, open) in open.into_iter().enumerate() {
            // Each phone's own lock, and once.
            assert_eq!(house.stage.locks[number].moves(), usize::from(open));
        }
    }
    assert_eq!(open, [true, true], "both doors open");
    drop(peers);
}

#[test]
#[ignore = "needs a virtual machine: cargo xtask test --layer bluetooth"]
fn somebody_who_keeps_a_link_without_a_word_keeps_nobody_out() {
    let turn = turn();
    let mut house = House::new(1, 0);
    let peer = house.mount(&turn, 0, 517);
    assert_eq!(peer.squat(), 1);
    assert_eq!(peer.counts().open, 1, "the squatter has a link");
    house.unlocks(0);
    turn.squatters_leave();
}
