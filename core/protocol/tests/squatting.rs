//! R17: a radio that squats every link costs a resident seconds, not the door.
#![expect(clippy::panic, reason = "a helper of tests fails as a test does")]

mod common;

use common::air::exchange;
use common::{Lock, Phone, unlock};
use keyway_protocol::io::{LinkId, Millis};
use keyway_protocol::lock::Input;
use keyway_protocol::lock::links::CAPACITY;
use keyway_protocol::phone::Event;

const STEP: u64 = 20;

/// A resident taps while an attacker of equal power reconnects at once whenever it loses a link. Gives milliseconds to the motor.
fn tap_under_attack(offset: u64) -> (u64, f64) {
    let mut lock = Lock::new(1);
    lock.input(Input::Tick, Millis(0));
    lock.drain(Millis(0));
    let phone = Phone::new(50, &lock, 1, 0);
    let tap = 5_000 + offset;
    let mut squatted: Vec<LinkId> = Vec::new();
    let mut resident = None;
    let mut now = Millis(0);
    while now.0 < tap + 60_000 {
        now = now + STEP;
        lock.input(Input::Tick, now);
        lock.drain(now);
        squatted.retain(|link| !lock.closed.contains(link));
        if let Some((link, _)) = &resident
            && lock.closed.contains(link)
        {
            resident = None;
        }
        // Who gets the next connection is a coin's toss between equals: the attacker on even steps, the resident on odd ones.
        let attackers_turn = (now.0 / STEP).is_multiple_of(2);
        if attackers_turn && squatted.len() < CAPACITY + 2 {
            squatted.push(lock.link_up(247, now));
        } else if !attackers_turn && resident.is_none() && now.0 >= tap {
            let link = lock.link_up(247, now);
            resident = Some((link, phone.clone().converse(unlock(1), 247, None, now)));
        }
        if let Some((link, conversation)) = &mut resident {
            let events = exchange(&mut lock, &phone, conversation, *link, now);
            if events.iter().any(|event| matches!(event, Event::Accepted)) {
                let hellos = lock.signatures() as f64 / (now.0 as f64 / 1_000.0);
                return (now.0 - tap, hellos);
            }
        }
    }
    panic!("the resident never got in");
}

#[test]
fn r17_a_resident_opens_beside_an_attacker_that_takes_every_link() {
    let runs: Vec<_> = (0..50).map(|index| tap_under_attack(index * 137)).collect();
    let mut waits: Vec<_> = runs.iter().map(|(wait, _)| *wait).collect();
    waits.sort_unstable();
    let hellos = runs.iter().map(|(_, hellos)| *hellos).fold(0.0, f64::max);
    println!(
        "to the motor beside a squatter: median {} ms, worst {} ms",
        waits[25], waits[49]
    );
    println!("hellos signed per second at most: {hellos:.2}");
    assert!(waits[49] < 8_000, "{waits:?}");
    assert!(hellos <= 2.6);
}

#[test]
fn r17_hellos_are_made_at_two_a_second_whoever_asks() {
    let mut lock = Lock::new(1);
    let mut now = Millis(0);
    while now.0 < 60_000 {
        lock.input(Input::Tick, now);
        lock.drain(now);
        let link = lock.link_up(247, now);
        lock.input(Input::ReadHello { link }, now);
        lock.input(Input::LinkDown { link }, now);
        now = now + STEP;
    }
    assert!(
        (100..=121).contains(&lock.signatures()),
        "{}",
        lock.signatures()
    );
}

#[test]
fn r17_a_link_past_its_hellos_is_closed() {
    let mut lock = Lock::new(1);
    let link = lock.link_up(247, Millis(0));
    let mut now = Millis(0);
    let mut given = 0;
    while lock.closed.is_empty() {
        now = now + 3_500;
        lock.input(Input::Tick, now);
        lock.input(Input::ReadHello { link }, now);
        let value = |output: &_| matches!(output, keyway_protocol::lock::Output::HelloValue { bytes, .. } if !bytes.is_empty());
        given += usize::from(lock.drain(now).0.iter().any(value));
    }
    // One notified, three renewed.
    assert_eq!(given, 3);
    assert!(now.0 <= 45_000);
}
