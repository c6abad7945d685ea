//! Message 1 again: to the same lock, to another, under another challenge. And what an eavesdropper keeps.
#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

mod common;

use common::air::{CLEAR, Packet, unlock_over};
use common::{Lock, Phone, unlock};
use keyway_protocol::crypto::{Secret32, mask};
use keyway_protocol::hello::{self, LENGTH};
use keyway_protocol::io::{LinkId, Millis};
use keyway_protocol::lock::{Input, Output};

fn door(id: u8) -> Lock {
    let mut lock = Lock::new(id);
    lock.input(Input::Tick, Millis(0));
    lock.drain(Millis(0));
    lock
}

fn ups(trace: &[Packet]) -> Vec<Vec<u8>> {
    let up = |packet: &Packet| match packet {
        Packet::Up(bytes) => Some(bytes.clone()),
        _ => None,
    };
    trace.iter().filter_map(up).collect()
}

/// Plays recorded frames at a lock on a fresh link.
fn play(lock: &mut Lock, frames: &[Vec<u8>], at: u64) -> (LinkId, Vec<Output>) {
    let now = Millis(at);
    lock.input(Input::Tick, now);
    lock.drain(now);
    let link = lock.link_up(247, now);
    for bytes in frames {
        lock.input(Input::Frame { link, bytes }, now);
    }
    (link, lock.drain(now).0)
}

#[test]
fn a_recorded_message_one_opens_neither_the_same_nor_another_lock() {
    let mut lock = door(1);
    let mut phone = Phone::new(50, &lock, 1, 0);
    let run = unlock_over(&mut lock, &mut phone, 1, 247, CLEAR, 1_000);
    let frames = ups(&run.trace);
    assert_eq!(lock.moves, 1);
    for round in 0..6 {
        let (_, outputs) = play(&mut lock, &frames, 20_000 + round * 1_000);
        // The positive control: the lock did read it, and answered.
        assert!(
            outputs
                .iter()
                .any(|output| matches!(output, Output::Notify { .. }))
        );
    }
    assert_eq!(lock.moves, 1);
    let mut other = door(2);
    play(&mut other, &frames, 1_000);
    assert_eq!(other.moves, 0);
}

#[test]
fn message_one_twice_on_one_link_is_taken_once() {
    let mut lock = door(1);
    let mut phone = Phone::new(50, &lock, 1, 0);
    let run = unlock_over(&mut lock, &mut phone, 1, 247, CLEAR, 1_000);
    let mut twice = ups(&run.trace);
    twice.extend(twice.clone());
    play(&mut lock, &twice, 20_000);
    assert_eq!(lock.moves, 1);
}

#[test]
fn a_message_one_of_another_lock_with_the_same_grant_is_refused() {
    // The phone holds both descriptors; the attacker relays lock 2's hello as if it were lock 1's.
    let (lock, mut other) = (door(1), door(2));
    let mut phone = Phone::new(50, &lock, 1, 0);
    let mut conversation = phone.converse(unlock(1), 517, None, Millis(1_000));
    other.link_up(517, Millis(1_000));
    for output in other.drain(Millis(1_000)).0 {
        if let Output::Notify { bytes, .. } = output {
            let input = keyway_protocol::phone::Input::HelloFrame(&bytes);
            conversation.handle_input(input, Millis(1_000)).unwrap();
        }
    }
    // Nothing is answered to it; the phone reads on.
    let output = conversation.poll_output(Millis(1_000));
    assert!(
        matches!(output, keyway_protocol::phone::Output::ReadHello),
        "{output:?}"
    );
}

#[test]
fn r07_every_handshake_has_keys_of_its_own() {
    let mut lock = door(1);
    let mut phone = Phone::new(50, &lock, 1, 0);
    let mut one_time = Vec::new();
    for tap in 0..5 {
        let at = 1_000 + u64::from(tap) * 20_000;
        let run = unlock_over(&mut lock, &mut phone, tap, 517, CLEAR, at);
        let hello = hello_of(&run.trace);
        let verified = hello::verify(&hello, &phone.credentials.known).unwrap();
        one_time.push(verified.facts.one_time);
        // The phone's ephemeral: the first 32 bytes of the Noise message.
        one_time.push(ups(&run.trace)[0][3..35].try_into().unwrap());
    }
    let count = one_time.len();
    one_time.sort_unstable();
    one_time.dedup();
    assert_eq!(one_time.len(), count);
}

#[test]
fn r07_two_hellos_of_one_lock_share_no_recovered_key() {
    let (one, two) = (hellos(&mut door(1), 12), hellos(&mut door(2), 12));
    let all: Vec<_> = one.iter().chain(&two).collect();
    for (index, first) in all.iter().enumerate() {
        for second in &all[index + 1..] {
            let keys = candidates(first, None);
            assert!(
                candidates(second, None)
                    .iter()
                    .all(|key| !keys.contains(key))
            );
        }
    }
    // The positive control: with the hint key the mask falls, and the candidates of one lock's hellos do meet.
    let hint_key = common::secret(1 ^ 0x80);
    let first = candidates(&one[0], Some(&hint_key));
    let second = candidates(&one[1], Some(&hint_key));
    let shared: Vec<_> = first.iter().filter(|key| second.contains(key)).collect();
    assert_eq!(
        shared,
        [&common::key(1).verifying_key().to_bytes().to_vec()]
    );
}

#[test]
fn r07_nothing_in_clear_repeats_between_two_hellos() {
    let hellos = hellos(&mut door(1), 12);
    for (index, first) in hellos.iter().enumerate() {
        for second in &hellos[index + 1..] {
            assert_ne!(first[2..18], second[2..18]);
            let same = first[27..]
                .iter()
                .zip(&second[27..])
                .filter(|(a, b)| a == b)
                .count();
            assert!(same < 12, "{same} equal masked bytes");
        }
    }
}

fn hello_of(trace: &[Packet]) -> Vec<u8> {
    let fragment = trace.iter().find_map(|packet| match packet {
        Packet::HelloFrame(bytes) => Some(bytes[2..].to_vec()),
        _ => None,
    });
    fragment.unwrap()
}

/// Hellos of a lock, as an outsider collects them.
fn hellos(lock: &mut Lock, count: u64) -> Vec<Vec<u8>> {
    let one = |index: u64| {
        let now = Millis(1_000 + index * 1_000);
        lock.input(Input::Tick, now);
        lock.drain(now);
        let link = lock.link_up(517, now);
        let hello = lock
            .drain(now)
            .0
            .into_iter()
            .find_map(|output| match output {
                Output::Notify { bytes, .. } => Some(bytes[2..].to_vec()),
                _ => None,
            });
        lock.input(Input::LinkDown { link }, now);
        hello.unwrap()
    };
    (0..count).map(one).collect()
}

/// Every public key under which the hello's last 64 bytes would be a signature over the rest, as ECDSA recovery gives them.
fn candidates(hello: &[u8], hint_key: Option<&Secret32>) -> Vec<Vec<u8>> {
    use ecdsa::RecoveryId;
    use p256::ecdsa::{Signature, VerifyingKey};
    assert_eq!(hello.len(), LENGTH);
    let mut hello = hello.to_vec();
    if let Some(hint_key) = hint_key {
        let challenge = hello[2..18].try_into().unwrap();
        mask::apply(hint_key, &challenge, &mut hello[27..]);
    }
    let (body, signature) = hello.split_at(LENGTH - 64);
    let signed = [b"keyway/1 hello", &[1; 16][..], body].concat();
    let Ok(signature) = Signature::from_slice(signature) else {
        return Vec::new();
    };
    let recover = |id| {
        let id = RecoveryId::from_byte(id)?;
        let key = VerifyingKey::recover_from_msg(&signed, &signature, id).ok()?;
        Some(key.to_encoded_point(true).as_bytes().to_vec())
    };
    (0..4).filter_map(recover).collect()
}
