//! An unlock, both ends in memory.

mod common;

use common::air::{Air, CLEAR, Packet, drive, exchange, settle, unlock_over};
use common::keeper::{BORROWED, EXPIRED, MAY_NOT_UNLOCK};
use common::{Lock, Phone, status, unlock};
use keyway_protocol::error::Code;
use keyway_protocol::hello;
use keyway_protocol::io::Millis;
use keyway_protocol::lock::{Input, MotorResult, Output};
use keyway_protocol::phone::{self, Certainty, Event};
use keyway_protocol::wire::reply::CommandOutcome;

fn door() -> (Lock, Phone) {
    let mut lock = Lock::new(1);
    lock.input(Input::Tick, Millis(0));
    lock.drain(Millis(0));
    let phone = Phone::new(50, &lock, 1, 0);
    (lock, phone)
}

#[test]
fn an_unlock_moves_the_motor_once_and_tells_the_outcome_at_every_mtu() {
    for mtu in [23, 48, 185, 247, 517] {
        let (mut lock, mut phone) = door();
        let run = unlock_over(&mut lock, &mut phone, 1, mtu, CLEAR, 1_000);
        assert_eq!(
            run.outcome(),
            Some(CommandOutcome::Executed),
            "MTU {mtu}: {:?}",
            run.events
        );
        assert_eq!(run.conversation.certainty(), Certainty::Unlocked);
        assert_eq!(lock.moves, 1);
        assert_eq!(run.signatures, 1);
    }
}

#[test]
fn one_round_trip_leads_to_the_motor() {
    let (mut lock, mut phone) = door();
    let run = unlock_over(&mut lock, &mut phone, 1, 517, CLEAR, 1_000);
    let ups = |packet: &&Packet| matches!(packet, Packet::Up(bytes) if bytes[0] & 0x80 != 0);
    // Up to the answer the phone sent one message: message 1.
    assert_eq!(run.trace.iter().filter(ups).count(), 1);
    let sizes: Vec<_> = run
        .trace
        .iter()
        .map(|packet| packet.bytes().len())
        .collect();
    println!("bytes of each packet at MTU 517: {sizes:?}");
}

#[test]
fn the_receipt_of_the_lane_comes_after_the_outcome() {
    let (mut lock, mut phone) = door();
    let conversation = phone.converse(unlock(1), 247, None, Millis(1_000));
    let run = drive(
        &mut lock,
        &mut phone,
        conversation,
        247,
        CLEAR,
        Millis(1_000),
        |event, _, _| matches!(event, Event::Receipt(_)),
    );
    let position = |wanted: fn(&Event) -> bool| run.events.iter().position(wanted).unwrap();
    let outcome = position(|event| matches!(event, Event::Outcome { .. }));
    let receipt = position(|event| matches!(event, Event::Receipt(_)));
    assert!(outcome < receipt);
    assert_eq!(run.receipts(), [b"receipt 2".to_vec()]);
    assert_eq!(lock.node.keeper().crit_seq, 2);
}

#[test]
fn message_one_sent_is_said_before_its_last_frame_leaves() {
    let (mut lock, mut phone) = door();
    let run = unlock_over(&mut lock, &mut phone, 1, 23, CLEAR, 1_000);
    assert!(
        run.events
            .iter()
            .any(|event| matches!(event, Event::MessageOneSent))
    );
    // Cut right after each packet: whoever may have acted must be suspected.
    let whole = run.travelled;
    for cut in 0..=whole {
        let (mut lock, mut phone) = door();
        let air = Air {
            cut_after: Some(cut),
            ..CLEAR
        };
        let run = unlock_over(&mut lock, &mut phone, 1, 23, air, 1_000);
        let may_have = run.conversation.certainty() != Certainty::NotUnlocked;
        assert!(may_have || lock.moves == 0, "cut at {cut}");
    }
}

#[test]
fn a_refused_command_leaves_a_session_and_a_refused_grant_does_not() {
    for (flags, code, session) in [
        (MAY_NOT_UNLOCK, Code::NotPermitted, true),
        (EXPIRED, Code::Expired, false),
        (EXPIRED | BORROWED, Code::Expired, false),
    ] {
        let (mut lock, _) = door();
        let mut phone = Phone::new(51, &lock, 1, flags);
        let run = unlock_over(&mut lock, &mut phone, 1, 185, CLEAR, 1_000);
        let refused = run.events.iter().find_map(|event| match event {
            Event::Refused { error, session } => Some((error.code, *session)),
            _ => None,
        });
        assert_eq!(refused, Some((code, session)));
        assert_eq!(run.conversation.certainty(), Certainty::NotUnlocked);
        assert_eq!(lock.moves, 0);
    }
}

#[test]
fn the_body_of_the_lock_can_refuse() {
    let (mut lock, mut phone) = door();
    lock.body.deadbolt_thrown = true;
    let run = unlock_over(&mut lock, &mut phone, 1, 185, CLEAR, 1_000);
    assert_eq!(run.refusal().map(|error| error.code), Some(Code::Deadbolt));
    lock.body.deadbolt_thrown = false;
    lock.body.battery_percent = 1;
    let run = unlock_over(&mut lock, &mut phone, 2, 185, CLEAR, 10_000);
    assert_eq!(
        run.refusal().map(|error| error.code),
        Some(Code::BatteryLow)
    );
    assert_eq!(lock.moves, 0);
}

#[test]
fn a_stuck_bolt_may_have_moved() {
    let (mut lock, mut phone) = door();
    lock.motor_result = MotorResult::Stuck;
    let run = unlock_over(&mut lock, &mut phone, 1, 185, CLEAR, 1_000);
    let Some(CommandOutcome::NotExecuted(Some(error))) = run.outcome() else {
        panic!("{:?}", run.events)
    };
    assert_eq!(
        (error.code, error.may_have_executed),
        (Code::MechanicalFault, true)
    );
    assert_eq!(run.conversation.certainty(), Certainty::MayHaveUnlocked);
}

#[test]
fn the_same_tap_again_is_answered_and_moves_nothing() {
    let (mut lock, mut phone) = door();
    unlock_over(&mut lock, &mut phone, 1, 185, CLEAR, 1_000);
    let again = unlock_over(&mut lock, &mut phone, 1, 185, CLEAR, 20_000);
    assert_eq!(again.outcome(), Some(CommandOutcome::Executed));
    assert_eq!(lock.moves, 1);
}

#[test]
fn a_status_is_answered_to_its_holder_only() {
    let (mut lock, mut phone) = door();
    unlock_over(&mut lock, &mut phone, 1, 185, CLEAR, 1_000);
    let ask = |lock: &mut Lock, phone: &mut Phone, tap, at| {
        let conversation = phone.converse(status(tap), 185, None, Millis(at));
        drive(
            lock,
            phone,
            conversation,
            185,
            CLEAR,
            Millis(at),
            |event, _, _| matches!(event, Event::Outcome { .. }),
        )
        .outcome()
    };
    assert_eq!(
        ask(&mut lock, &mut phone, 1, 20_000),
        Some(CommandOutcome::Executed)
    );
    assert_eq!(
        ask(&mut lock, &mut phone, 2, 30_000),
        Some(CommandOutcome::NotExecuted(None))
    );
    let mut neighbour = Phone::new(60, &lock, 1, 0);
    let foreign = ask(&mut lock, &mut neighbour, 1, 40_000);
    assert_eq!(foreign, Some(CommandOutcome::NotExecuted(None)));
}

#[test]
fn r11_everything_of_a_phone_but_its_key_opens_nothing() {
    let (mut lock, phone) = door();
    let mut thief = phone.clone();
    thief.holder = common::key(99);
    let now = Millis(1_000);
    let mut conversation = thief.converse(unlock(1), 185, None, now);
    lock.link_up(185, now);
    for output in lock.drain(now).0 {
        if let Output::Notify { bytes, .. } = output {
            conversation
                .handle_input(phone::Input::HelloFrame(&bytes), now)
                .unwrap();
        }
    }
    let refused = loop {
        match conversation.poll_output(now) {
            phone::Output::NeedSignature(bytes) => {
                let signature = thief.holder.sign(&[&bytes]);
                break conversation.handle_input(phone::Input::Signed(signature), now);
            }
            phone::Output::Wait(_) => panic!("no hello"),
            _ => {}
        }
    };
    assert!(refused.is_err());
    // A thief's program does not check itself: it presents the grant with its own key, and the lock does not know it.
    thief.credentials.holder = thief.holder.verifying_key();
    let run = unlock_over(&mut lock, &mut thief, 1, 185, CLEAR, 20_000);
    assert!(run.outcome().is_none());
    assert_eq!(lock.moves, 0);
}

#[test]
fn an_unlock_survives_a_lossy_air() {
    for seed in 0..40 {
        for mtu in [23, 185, 517] {
            let (mut lock, mut phone) = door();
            let air = Air {
                lost: 50,
                doubled: 50,
                seed,
                ..CLEAR
            };
            let run = unlock_over(&mut lock, &mut phone, 1, mtu, air, 1_000);
            assert_eq!(
                run.outcome(),
                Some(CommandOutcome::Executed),
                "seed {seed} MTU {mtu}"
            );
            assert_eq!(lock.moves, 1);
        }
    }
}

#[test]
fn a_hello_is_renewed_when_the_user_takes_long_to_confirm() {
    let (mut lock, phone) = door();
    let mut now = Millis(1_000);
    let mut conversation = phone.clone().converse(unlock(1), 247, None, now);
    let link = lock.link_up(247, now);
    for output in lock.drain(now).0 {
        if let Output::Notify { bytes, .. } = output {
            conversation
                .handle_input(phone::Input::HelloFrame(&bytes), now)
                .unwrap();
        }
    }
    let to_sign = loop {
        match conversation.poll_output(now) {
            phone::Output::NeedSignature(bytes) => break bytes,
            phone::Output::Wait(_) => panic!("no hello"),
            _ => {}
        }
    };
    now = now + hello::LIFETIME;
    let signature = phone.holder.sign(&[&to_sign]);
    conversation
        .handle_input(phone::Input::Signed(signature), now)
        .unwrap();
    // The late signature is not used: a fresh hello is read and signed.
    let events = exchange(&mut lock, &phone, &mut conversation, link, now);
    let verified = |event: &&Event| matches!(event, Event::HelloVerified(_));
    assert_eq!(events.iter().filter(verified).count(), 1);
    assert!(events.iter().any(|event| matches!(event, Event::Accepted)));
    settle(&mut lock, now);
    assert_eq!(lock.moves, 1);
}
