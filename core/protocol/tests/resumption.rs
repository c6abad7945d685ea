//! Resumption: no signature, one successor, every command judged anew.
#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

mod common;

use common::air::{Air, CLEAR, resume_over, unlock_over};
use common::keeper::{BORROWED, lane};
use common::{Lock, Phone, unlock};
use keyway_protocol::error::Code;
use keyway_protocol::io::Millis;
use keyway_protocol::lock::Input;
use keyway_protocol::phone::{Event, Reason, Resumption};
use keyway_protocol::wire::reply::CommandOutcome;

fn door() -> (Lock, Phone) {
    let mut lock = Lock::new(1);
    lock.input(Input::Tick, Millis(0));
    lock.drain(Millis(0));
    let phone = Phone::new(50, &lock, 1, 0);
    (lock, phone)
}

fn again(
    lock: &mut Lock,
    phone: &mut Phone,
    tap: u8,
    resumption: &Resumption,
    at: u64,
) -> common::air::Run {
    resume_over(
        lock,
        phone,
        unlock(tap),
        Some(resumption.clone()),
        247,
        CLEAR,
        at,
    )
}

#[test]
fn a_resumed_unlock_needs_no_signature() {
    let (mut lock, mut phone) = door();
    let first = unlock_over(&mut lock, &mut phone, 1, 247, CLEAR, 1_000)
        .resumption()
        .unwrap();
    let run = again(&mut lock, &mut phone, 2, &first, 20_000);
    assert_eq!(
        (run.outcome(), run.signatures),
        (Some(CommandOutcome::Executed), 0)
    );
    assert_eq!(lock.moves, 2);
    let next = run.resumption().unwrap();
    assert_ne!(next, first);
    let run = again(&mut lock, &mut phone, 3, &next, 40_000);
    assert_eq!(
        (run.outcome(), run.signatures),
        (Some(CommandOutcome::Executed), 0)
    );
}

#[test]
fn a_successor_is_handed_out_again_until_it_is_used() {
    let (mut lock, mut phone) = door();
    let first = unlock_over(&mut lock, &mut phone, 1, 247, CLEAR, 1_000)
        .resumption()
        .unwrap();
    let one = again(&mut lock, &mut phone, 2, &first, 20_000);
    // Its answer was lost, say: the phone comes with the first again.
    let two = again(&mut lock, &mut phone, 3, &first, 40_000);
    assert_eq!(two.signatures, 0);
    let (one, two) = (one.resumption().unwrap(), two.resumption().unwrap());
    assert_eq!(format!("{:?}", slot(&one)), format!("{:?}", slot(&two)));
    let used = again(&mut lock, &mut phone, 4, &two, 60_000);
    assert_eq!(used.signatures, 0);
    // Now the first is over: the conversation falls back to a full handshake by itself.
    let run = again(&mut lock, &mut phone, 5, &first, 80_000);
    assert!(
        run.events
            .iter()
            .any(|event| matches!(event, Event::ResumptionLost))
    );
    assert_eq!(
        (run.outcome(), run.signatures),
        (Some(CommandOutcome::Executed), 1)
    );
}

fn slot(resumption: &Resumption) -> String {
    let text = format!("{resumption:?}");
    let end = text.find("since").unwrap();
    text[..end].into()
}

#[test]
fn a_full_handshake_ends_the_holders_earlier_slots_also_when_it_gives_none() {
    let (mut lock, mut phone) = door();
    let first = unlock_over(&mut lock, &mut phone, 1, 247, CLEAR, 1_000)
        .resumption()
        .unwrap();
    // The same holder key comes with a grant that may not be resumed, then with the slot of the one before.
    let mut borrowed = Phone::new(50, &lock, 1, BORROWED);
    let without = unlock_over(&mut lock, &mut borrowed, 2, 247, CLEAR, 20_000);
    assert_eq!(without.outcome(), Some(CommandOutcome::Executed));
    assert!(without.resumption().is_none());
    let run = again(&mut lock, &mut phone, 3, &first, 40_000);
    let lost = |event: &Event| matches!(event, Event::ResumptionLost);
    assert!(run.events.iter().any(lost));
    assert_eq!(run.signatures, 1);
}

#[test]
fn a_lock_that_lost_power_costs_a_full_handshake_and_nothing_else() {
    let (mut lock, mut phone) = door();
    let first = unlock_over(&mut lock, &mut phone, 1, 247, CLEAR, 1_000)
        .resumption()
        .unwrap();
    lock.power_cycle(1);
    let run = again(&mut lock, &mut phone, 2, &first, 20_000);
    assert_eq!(
        (run.outcome(), run.signatures),
        (Some(CommandOutcome::Executed), 1)
    );
    assert_eq!(lock.moves, 2);
}

#[test]
fn an_unused_resumption_dies_after_fifteen_minutes_on_both_ends() {
    let (mut lock, mut phone) = door();
    let first = unlock_over(&mut lock, &mut phone, 1, 247, CLEAR, 1_000)
        .resumption()
        .unwrap();
    let run = again(
        &mut lock,
        &mut phone,
        2,
        &first,
        1_000 + Resumption::LIFETIME + 60_000,
    );
    assert_eq!(
        (run.outcome(), run.signatures),
        (Some(CommandOutcome::Executed), 1)
    );
    assert!(
        !run.events
            .iter()
            .any(|event| matches!(event, Event::ResumptionLost))
    );
}

#[test]
fn r12_a_borrowed_phone_gets_no_resumption() {
    let (mut lock, _) = door();
    let mut phone = Phone::new(51, &lock, 1, BORROWED);
    let run = unlock_over(&mut lock, &mut phone, 1, 247, CLEAR, 1_000);
    assert_eq!(run.outcome(), Some(CommandOutcome::Executed));
    assert!(run.resumption().is_none());
}

#[test]
fn a_revocation_ends_the_holders_slots_and_leaves_the_others() {
    let (mut lock, mut guest) = door();
    let mut resident = Phone::new(60, &lock, 1, 0);
    let at_guest = unlock_over(&mut lock, &mut guest, 1, 247, CLEAR, 1_000)
        .resumption()
        .unwrap();
    let own = unlock_over(&mut lock, &mut resident, 1, 247, CLEAR, 20_000)
        .resumption()
        .unwrap();
    // The resident's next visit carries the revocation.
    resident.credentials.lane = lane(3, Some(guest.credentials.holder.holder_hash()));
    resident.credentials.crit_seq = 3;
    let visit = again(&mut lock, &mut resident, 2, &own, 40_000);
    assert_eq!(
        (visit.outcome(), visit.signatures),
        (Some(CommandOutcome::Executed), 0)
    );
    let moves = lock.moves;
    let refused = again(&mut lock, &mut guest, 2, &at_guest, 60_000);
    assert!(
        refused
            .events
            .iter()
            .any(|event| matches!(event, Event::ResumptionLost))
    );
    assert_eq!(
        refused.refusal().map(|error| error.code),
        Some(Code::Revoked)
    );
    let Some(Reason::Failed(_)) = refused.ending().map(|ending| ending.reason) else {
        panic!("{:?}", refused.events)
    };
    assert_eq!(lock.moves, moves);
}

#[test]
fn a_held_grant_is_only_named_and_sent_in_full_when_the_lock_forgot_it() {
    let (mut lock, mut phone) = door();
    let full = unlock_over(&mut lock, &mut phone, 1, 247, CLEAR, 1_000);
    phone.credentials.held_by_lock = true;
    let named = unlock_over(&mut lock, &mut phone, 2, 247, CLEAR, 20_000);
    assert_eq!(
        (named.outcome(), named.signatures),
        (Some(CommandOutcome::Executed), 1)
    );
    assert!(named.travelled < full.travelled);
    lock.power_cycle(1);
    let run = unlock_over(&mut lock, &mut phone, 3, 247, CLEAR, 40_000);
    assert!(
        run.events
            .iter()
            .any(|event| matches!(event, Event::GrantNotHeld))
    );
    assert_eq!(
        (run.outcome(), run.signatures),
        (Some(CommandOutcome::Executed), 2)
    );
}

#[test]
fn resumed_unlocks_survive_a_lossy_air() {
    for seed in 0..30 {
        let (mut lock, mut phone) = door();
        let mut held = unlock_over(&mut lock, &mut phone, 0, 185, CLEAR, 1_000)
            .resumption()
            .unwrap();
        for tap in 1..4 {
            let air = Air {
                lost: 40,
                doubled: 40,
                seed,
                ..CLEAR
            };
            let at = 1_000 + u64::from(tap) * 30_000;
            let run = resume_over(&mut lock, &mut phone, unlock(tap), Some(held), 185, air, at);
            assert_eq!(run.outcome(), Some(CommandOutcome::Executed), "seed {seed}");
            held = run.resumption().unwrap();
        }
        assert_eq!(lock.moves, 4);
    }
}
