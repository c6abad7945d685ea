//! R13: the phone knows whom it talks to before it reveals anything.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

mod common;

use common::air::{CLEAR, Packet, drive};
use common::{Lock, Phone, unlock};
use keyway_protocol::error::{Failure, PeerMisbehaved};
use keyway_protocol::hello::LENGTH;
use keyway_protocol::io::Millis;
use keyway_protocol::lock::Input;
use keyway_protocol::phone::{self, Certainty, Event, Reason};

fn door() -> (Lock, Phone) {
    let mut lock = Lock::new(1);
    lock.input(Input::Tick, Millis(0));
    lock.drain(Millis(0));
    let phone = Phone::new(50, &lock, 1, 0);
    (lock, phone)
}

#[test]
fn r13_a_clone_without_the_identity_key_learns_nothing() {
    let (mut clone, mut phone) = door();
    clone.power_cycle(1);
    clone.forget_identity();
    let conversation = phone.converse(unlock(1), 247, None, Millis(1_000));
    let run = drive(
        &mut clone,
        &mut phone,
        conversation,
        247,
        CLEAR,
        Millis(1_000),
        |_, _, _| false,
    );
    let ending = run.ending().unwrap();
    assert_eq!(
        ending.reason,
        Reason::Failed(PeerMisbehaved::ForgedHello.into())
    );
    assert_eq!(ending.certainty, Certainty::NotUnlocked);
    assert!(
        !run.trace
            .iter()
            .any(|packet| matches!(packet, Packet::Up(_)))
    );
    assert_eq!(run.signatures, 0);
}

#[test]
fn r13_a_hello_with_any_byte_changed_is_answered_by_nobody() {
    let (mut lock, mut phone) = door();
    let now = Millis(1_000);
    lock.link_up(517, now);
    let hello = lock
        .drain(now)
        .0
        .into_iter()
        .find_map(|output| match output {
            keyway_protocol::lock::Output::Notify { bytes, .. } => Some(bytes[2..].to_vec()),
            _ => None,
        });
    let hello = hello.unwrap();
    assert_eq!(hello.len(), LENGTH);
    // The control first: unchanged, it leads to a signature.
    assert!(asks_for_a_signature(&mut phone, &hello, now));
    for place in 0..LENGTH {
        let mut changed = hello.clone();
        changed[place] ^= 1 << (place % 8);
        assert!(
            !asks_for_a_signature(&mut phone, &changed, now),
            "byte {place}"
        );
    }
    for length in [0, 1, 27, LENGTH - 1] {
        assert!(!asks_for_a_signature(&mut phone, &hello[..length], now));
    }
    let longer = [&hello[..], &[0]].concat();
    assert!(!asks_for_a_signature(&mut phone, &longer, now));
}

fn asks_for_a_signature(phone: &mut Phone, hello: &[u8], now: Millis) -> bool {
    let mut conversation = phone.converse(unlock(1), 517, None, now);
    conversation
        .handle_input(phone::Input::HelloRead(hello), now)
        .unwrap();
    loop {
        match conversation.poll_output(now) {
            phone::Output::NeedSignature(_) => return true,
            phone::Output::WriteUp(_) => panic!("revealed something"),
            phone::Output::Wait(_) | phone::Output::Event(Event::Ended(_)) => return false,
            _ => {}
        }
    }
}

#[test]
fn r13_another_doors_descriptor_answers_nothing() {
    let (mut lock, _) = door();
    let stranger = Lock::new(2);
    let mut phone = Phone::new(50, &stranger, 2, 0);
    let conversation = phone.converse(unlock(1), 247, None, Millis(1_000));
    let run = drive(
        &mut lock,
        &mut phone,
        conversation,
        247,
        CLEAR,
        Millis(1_000),
        |_, _, _| false,
    );
    let wrong = Reason::Failed(Failure::PeerMisbehaved(PeerMisbehaved::WrongLock));
    assert_eq!(run.ending().map(|ending| ending.reason), Some(wrong));
    assert!(
        !run.trace
            .iter()
            .any(|packet| matches!(packet, Packet::Up(_)))
    );
}

#[test]
fn r13_a_high_s_twin_of_a_signature_is_no_signature() {
    let key = common::key(7);
    let signature = key.sign(&[b"receipt"]);
    assert!(key.verifying_key().verify(&[b"receipt"], &signature));
    let parsed = p256::ecdsa::Signature::from_slice(&signature).unwrap();
    let (r, s) = parsed.split_scalars();
    let twin = p256::ecdsa::Signature::from_scalars(r, -s)
        .unwrap()
        .to_bytes();
    assert!(!key.verifying_key().verify(&[b"receipt"], &twin.into()));
}
