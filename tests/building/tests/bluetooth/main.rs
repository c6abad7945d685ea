//! Phones and locks as processes, and between them a real `BlueZ` on a real kernel's Bluetooth stack, in a virtual machine whose controller and
//! air are virtual: `cargo xtask test --layer bluetooth`. See `tests/bluetooth/README.md`.
#![expect(clippy::expect_used, reason = "a failed helper is a failed test")]
#![expect(clippy::print_stdout, reason = "a test that says what it measured")]

mod links;
mod machine;
mod story;
#[path = "../support/mod.rs"]
mod support;

use machine::{Peer, Turn};
use serde_json::{Value, json};
use support::{Lock, Phone, Stage};

/// How often a resident taps before they take the stairs. A computer that is busy with other things may need more than one.
const TAPS: usize = 4;

/// A building with one resident's phone on the machine's Bluetooth, which has seen its doors.
struct House {
    stage: Stage,
    phone: Phone,
}

impl House {
    fn new(doors: usize, neighbours: usize) -> Self {
        let stage = Stage::with_neighbours(517, doors, neighbours);
        let mut phone = stage.bluetooth_phone("phone");
        let listed = phone.order(&json!({ "do": "doors" }));
        assert_eq!(listed["said"], "doors", "{listed}");
        Self { stage, phone }
    }

    fn lock(&self, number: usize) -> &Lock {
        &self.stage.locks[number]
    }

    fn mount<'a>(&self, turn: &'a Turn, number: usize, mtu: u16) -> Peer<'a> {
        turn.lock(self.lock(number), mtu)
    }

    fn order(&mut self, what: &str, door: usize) -> Value {
        let door = self.lock(door).door.clone();
        self.phone.order(&json!({ "do": what, "door": door }))
    }

    /// One tap. Whatever it came to, the phone's word and the motor's moves agree; `true` if the door opened.
    fn tap(&mut self, door: usize) -> bool {
        let before = self.lock(door).moves();
        let said = self.order("unlock", door);
        let moves = self.lock(door).moves() - before;
        match (said["said"].as_str(), moves) {
            (Some("unlocked"), 1) => true,
            (Some("failed"), 0) => {
                println!("not unlocked: {}", said["error"]);
                false
            }
            // Said only when the lock could not be asked again: then no more than one move may have been.
            (Some("may-have-unlocked"), 0 | 1) => {
                println!("may have unlocked: {moves}");
                false
            }
            _ => unreachable!("one tap, {moves} moves: {said}"),
        }
    }

    /// Taps as a resident does.
    fn unlocks(&mut self, door: usize) {
        let opened = (0..TAPS).any(|_| self.tap(door));
        assert!(opened, "{TAPS} taps do not open a door in reach");
    }

    /// Syncs as a resident does, until it went through; what it said, and what it showed as sent on the way, bytes.
    fn syncs(&mut self, door: usize) -> (Value, Vec<usize>) {
        let mut shown = Vec::new();
        let door = self.lock(door).door.clone();
        for _ in 0..TAPS {
            self.phone.begin(&json!({ "do": "sync", "door": door }));
            let said = loop {
                let said = self.phone.hear();
                match said["phase"].as_str() {
                    Some(phase) => shown.extend(sent(phase)),
                    None => break said,
                }
            };
            if said["said"] == "synced" {
                return (said, shown);
            }
            println!("not synced: {}", said["error"]);
        }
        unreachable!("{TAPS} syncs do not go through");
    }
}

/// `sending: 12 of 34 bytes`.
fn sent(phase: &str) -> Option<usize> {
    let rest = phase.strip_prefix("sending: ")?;
    rest.split(' ').next()?.parse().ok()
}
