//! R18: the link is cut after every byte; what the phone says afterwards is exact, and the motor moves at most once per tap.

mod common;

use common::air::{Air, CLEAR, Packet, Run, drive, settle, unlock_over};
use common::{Lock, Phone, status};
use keyway_protocol::io::Millis;
use keyway_protocol::lock::Input;
use keyway_protocol::phone::{Certainty, Event};
use keyway_protocol::wire::reply::CommandOutcome;

fn door() -> (Lock, Phone) {
    let mut lock = Lock::new(1);
    lock.input(Input::Tick, Millis(0));
    lock.drain(Millis(0));
    let phone = Phone::new(50, &lock, 1, 0);
    (lock, phone)
}

fn ask(lock: &mut Lock, phone: &mut Phone, tap: u8, at: Millis) -> Option<CommandOutcome> {
    let conversation = phone.converse(status(tap), 247, None, at);
    drive(lock, phone, conversation, 247, CLEAR, at, |event, _, _| {
        matches!(event, Event::Outcome { .. })
    })
    .outcome()
}

fn frames_before(run: &Run, cut: usize) -> usize {
    let mut travelled = 0;
    let arrives = |packet: &&Packet| {
        travelled += packet.bytes().len();
        travelled <= cut
    };
    run.trace.iter().take_while(arrives).count()
}

fn cut_everywhere(mtu: u16) -> usize {
    let (mut lock, mut phone) = door();
    let uncut = unlock_over(&mut lock, &mut phone, 1, mtu, CLEAR, 1_000);
    let mut arrived = None;
    for cut in 0..=uncut.travelled {
        // A frame arrives whole or not at all, so offsets within one are the same run.
        if arrived.replace(frames_before(&uncut, cut)) == Some(frames_before(&uncut, cut)) {
            continue;
        }
        let (mut lock, mut phone) = door();
        let air = Air {
            cut_after: Some(cut),
            ..CLEAR
        };
        let run = unlock_over(&mut lock, &mut phone, 1, mtu, air, 1_000);
        let now = settle(&mut lock, run.finished);
        let moved = lock.moves;
        assert!(moved <= 1, "MTU {mtu} cut at {cut}");
        match run.conversation.certainty() {
            Certainty::NotUnlocked => assert_eq!(moved, 0, "MTU {mtu} cut at {cut}"),
            Certainty::Unlocked => assert_eq!(moved, 1, "MTU {mtu} cut at {cut}"),
            Certainty::MayHaveUnlocked => {}
        }
        let exact = match moved {
            0 => CommandOutcome::NotExecuted(None),
            _ => CommandOutcome::Executed,
        };
        let told = ask(&mut lock, &mut phone, 1, now);
        assert_eq!(told, Some(exact), "MTU {mtu} cut at {cut}");
        // The user taps the same again, as a phone that was killed may repeat it: still once.
        unlock_over(&mut lock, &mut phone, 1, mtu, CLEAR, now.0 + 10_000);
        assert_eq!(lock.moves, 1, "MTU {mtu} cut at {cut}");
    }
    uncut.travelled + 1
}

#[test]
fn r18_cut_after_every_byte_at_mtu_517() {
    println!("offsets tried: {}", cut_everywhere(517));
}

#[test]
fn r18_cut_after_every_byte_at_mtu_23() {
    println!("offsets tried: {}", cut_everywhere(23));
}

#[test]
fn r18_after_a_power_cut_the_lock_says_may_have_and_never_moves_again() {
    let (mut lock, mut phone) = door();
    lock.motor_takes = 5_000;
    let conversation = phone.converse(common::unlock(1), 247, None, Millis(1_000));
    drive(
        &mut lock,
        &mut phone,
        conversation,
        247,
        CLEAR,
        Millis(1_000),
        |event, _, _| matches!(event, Event::Accepted),
    );
    assert_eq!(lock.moves, 1);
    lock.power_cycle(1);
    assert_eq!(
        ask(&mut lock, &mut phone, 1, Millis(20_000)),
        Some(CommandOutcome::Unknown)
    );
    let again = unlock_over(&mut lock, &mut phone, 1, 247, CLEAR, 40_000);
    assert_eq!(again.outcome(), Some(CommandOutcome::Unknown));
    assert_eq!(again.conversation.certainty(), Certainty::MayHaveUnlocked);
    assert_eq!(lock.moves, 1);
}

#[test]
fn r18_a_motor_that_never_reports_is_given_up_and_frees_the_lock() {
    let (mut lock, mut phone) = door();
    lock.motor_takes = 1_000_000;
    let run = unlock_over(&mut lock, &mut phone, 1, 247, CLEAR, 1_000);
    assert_eq!(run.outcome(), Some(CommandOutcome::Unknown));
    assert_eq!(run.conversation.certainty(), Certainty::MayHaveUnlocked);
}

#[test]
fn r18_nothing_moves_when_the_journal_cannot_be_written() {
    let mut keeper = common::keeper::TestKeeper::new(
        keyway_protocol::ids::LockId([1; 16]),
        common::secret(1 ^ 0x80),
    );
    keeper.storage_fails = true;
    let mut lock = Lock::with_keeper(1, keeper);
    lock.input(Input::Tick, Millis(0));
    let mut phone = Phone::new(50, &lock, 1, 0);
    let run = unlock_over(&mut lock, &mut phone, 1, 247, CLEAR, 1_000);
    let code = run.refusal().map(|error| error.code);
    assert_eq!(code, Some(keyway_protocol::error::Code::Storage));
    assert_eq!(lock.moves, 0);
}
