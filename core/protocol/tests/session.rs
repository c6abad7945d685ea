//! What happens in a session: sync both ways, time, further commands; a command overtakes a transfer.
#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

mod common;

use common::air::{Air, CLEAR, drive, drive_open, unlock_over};
use common::keeper::{MAY_NOT_SYNC, lane};
use common::{Lock, Phone, unlock};
use keyway_protocol::error::Code;
use keyway_protocol::ids::CommandId;
use keyway_protocol::io::Millis;
use keyway_protocol::lock::Input as LockInput;
use keyway_protocol::phone::{Certainty, Event, Input, Intent, Task, Transfer};
use keyway_protocol::wire::reply::CommandOutcome;

fn door() -> (Lock, Phone) {
    let mut lock = Lock::new(1);
    lock.input(LockInput::Tick, Millis(0));
    lock.drain(Millis(0));
    let phone = Phone::new(50, &lock, 1, 0);
    (lock, phone)
}

fn bundle(chunks: u8, size: usize) -> Transfer {
    let chunks: Vec<_> = (0..chunks).map(|index| vec![index; size]).collect();
    Transfer {
        manifest: vec![chunks.len() as u8],
        chunks,
    }
}

/// Runs tasks in a session and counts their ends.
fn sync(
    lock: &mut Lock,
    phone: &mut Phone,
    tasks: Vec<Task>,
    mtu: u16,
    air: Air,
    at: u64,
) -> common::air::Run {
    let mut conversation = phone.converse(Intent::Session, mtu, None, Millis(at));
    let mut left = tasks.len();
    for task in tasks {
        conversation
            .handle_input(Input::Do(task), Millis(at))
            .unwrap();
    }
    drive(
        lock,
        phone,
        conversation,
        mtu,
        air,
        Millis(at),
        |event, _, _| {
            left -= usize::from(matches!(event, Event::TaskDone(_)));
            left == 0
        },
    )
}

#[test]
fn a_sync_carries_a_bundle_down_and_receipts_log_and_condition_up() {
    for mtu in [23, 247, 517] {
        let (mut lock, mut phone) = door();
        let tasks = vec![
            Task::PushBundle(bundle(9, 400)),
            Task::PullReceipts,
            Task::PullLog { from: 5 },
            Task::TimeNonce,
            Task::Attest(vec![1]),
            Task::Attest(vec![2]),
            Task::Condition,
        ];
        let run = sync(&mut lock, &mut phone, tasks, mtu, CLEAR, 1_000);
        let done: Vec<_> = run
            .events
            .iter()
            .filter_map(|event| match event {
                Event::TaskDone(result) => Some(result.map_err(|error| error.code)),
                _ => None,
            })
            .collect();
        let ok = Ok(());
        assert_eq!(
            done,
            [ok, ok, ok, ok, ok, Err(Code::BadAttest), ok],
            "{:?}",
            run.events
        );
        assert_eq!(lock.node.keeper().bulk.len(), 3_600);
        let receipts = [
            &b"receipt 2"[..],
            b"bulk receipt",
            b"first receipt",
            b"second receipt",
        ];
        assert_eq!(run.receipts(), receipts);
        let logs = |event: &Event| matches!(event, Event::Log { next: 8, more: true, segment } if segment.len() == 300);
        assert!(run.events.iter().any(logs));
        assert!(
            run.events
                .iter()
                .any(|event| matches!(event, Event::TimeNonce(nonce) if nonce == &[0x0e; 16]))
        );
        let battery = |event: &Event| matches!(event, Event::Condition(condition) if condition.battery_percent == 80);
        assert!(run.events.iter().any(battery));
    }
}

#[test]
fn who_may_not_sync_gets_the_time_and_the_condition_and_nothing_else() {
    let (mut lock, _) = door();
    let mut phone = Phone::new(51, &lock, 1, MAY_NOT_SYNC);
    let tasks = vec![
        Task::PushBundle(bundle(2, 100)),
        Task::PullReceipts,
        Task::PullLog { from: 0 },
        Task::TimeNonce,
        Task::Attest(vec![1]),
        Task::Condition,
        Task::Unlock {
            command: CommandId([1; 16]),
            presence: false,
        },
        Task::Status {
            command: CommandId([1; 16]),
        },
    ];
    let run = sync(&mut lock, &mut phone, tasks, 247, CLEAR, 1_000);
    let done: Vec<_> = run
        .events
        .iter()
        .filter_map(|event| match event {
            Event::TaskDone(result) => Some(result.map_err(|error| error.code)),
            _ => None,
        })
        .collect();
    let refused = Err(Code::NotPermitted);
    assert_eq!(done, [refused, refused, refused, Ok(()), Ok(()), Ok(())]);
    assert!(lock.node.keeper().bulk.is_empty());
    assert_eq!(run.outcome(), Some(CommandOutcome::Executed));
}

#[test]
fn progress_only_rises_and_ends_at_the_total() {
    let (mut lock, mut phone) = door();
    let tasks = vec![Task::PushBundle(bundle(20, 200))];
    let run = sync(&mut lock, &mut phone, tasks, 185, CLEAR, 1_000);
    let progress: Vec<_> = run
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Progress { sent, total } => Some((*sent, *total)),
            _ => None,
        })
        .collect();
    assert!(progress.windows(2).all(|pair| pair[0].0 <= pair[1].0));
    assert_eq!(progress.first(), Some(&(0, 4_000)));
    assert_eq!(progress.last(), Some(&(4_000, 4_000)));
}

#[test]
fn a_broken_transfer_goes_on_where_it_stopped_also_from_another_phone() {
    let (mut lock, mut phone) = door();
    let cut = Air {
        cut_after: Some(3_000),
        ..CLEAR
    };
    let run = sync(
        &mut lock,
        &mut phone,
        vec![Task::PushBundle(bundle(20, 200))],
        185,
        cut,
        1_000,
    );
    assert!(run.link_lost);
    let mut other = Phone::new(60, &lock, 1, 0);
    let run = sync(
        &mut lock,
        &mut other,
        vec![Task::PushBundle(bundle(20, 200))],
        185,
        CLEAR,
        80_000,
    );
    let first = run.events.iter().find_map(|event| match event {
        Event::Progress { sent, .. } => Some(*sent),
        _ => None,
    });
    assert!(first > Some(400), "resumed at {first:?}");
    assert_eq!(lock.node.keeper().bulk.len(), 4_000);
}

#[test]
fn an_unlock_overtakes_a_transfer() {
    let (mut lock, mut phone) = door();
    let at = Millis(1_000);
    lock.motor_takes = 50;
    let mut conversation = phone.converse(Intent::Session, 185, None, at);
    conversation
        .handle_input(Input::Do(Task::PushBundle(bundle(60, 400))), at)
        .unwrap();
    let command = CommandId([9; 16]);
    let mut given = false;
    let run = drive(
        &mut lock,
        &mut phone,
        conversation,
        185,
        CLEAR,
        at,
        |event, conversation, now| {
            if matches!(event, Event::Progress { sent, .. } if *sent > 1_000) && !given {
                given = true;
                let unlock = Task::Unlock {
                    command,
                    presence: false,
                };
                conversation.handle_input(Input::Do(unlock), now).unwrap();
            }
            matches!(event, Event::TaskDone(_))
        },
    );
    assert_eq!(
        (run.outcome(), lock.moves),
        (Some(CommandOutcome::Executed), 1)
    );
    assert_eq!(run.conversation.certainty(), Certainty::Unlocked);
    let position = |wanted: &dyn Fn(&Event) -> bool| run.events.iter().position(wanted).unwrap();
    let outcome = position(&|event| matches!(event, Event::Outcome { .. }));
    let done = position(&|event| matches!(event, Event::TaskDone(_)));
    assert!(outcome < done);
    assert_eq!(lock.node.keeper().bulk.len(), 24_000);
}

#[test]
fn a_transfer_survives_a_lossy_air() {
    for seed in 0..15 {
        let (mut lock, mut phone) = door();
        let air = Air {
            lost: 30,
            doubled: 30,
            seed,
            ..CLEAR
        };
        let run = sync(
            &mut lock,
            &mut phone,
            vec![Task::PushBundle(bundle(12, 300))],
            185,
            air,
            1_000,
        );
        assert_eq!(
            lock.node.keeper().bulk.len(),
            3_600,
            "seed {seed}: {:?}",
            run.ending()
        );
    }
}

#[test]
fn a_revocation_brought_by_one_phone_ends_the_session_of_another() {
    let (mut lock, mut guest) = door();
    let mut resident = Phone::new(60, &lock, 1, 0);
    resident.credentials.lane = lane(3, Some(guest.credentials.holder.holder_hash()));
    resident.credentials.crit_seq = 3;
    let at = Millis(1_000);
    let conversation = guest.converse(Intent::Session, 247, None, at);
    let open = drive_open(
        &mut lock,
        &mut guest,
        conversation,
        247,
        CLEAR,
        at,
        |event, _, _| matches!(event, Event::SessionReady),
    );
    assert!(lock.closed.is_empty());
    unlock_over(&mut lock, &mut resident, 1, 247, CLEAR, 5_000);
    assert_eq!(lock.closed, [open.link]);
    let refused = unlock_over(&mut lock, &mut guest, 2, 247, CLEAR, 20_000);
    assert_eq!(
        refused.refusal().map(|error| error.code),
        Some(Code::Revoked)
    );
    assert_eq!(lock.moves, 1);
}

#[test]
fn a_silent_lock_ends_every_wait() {
    let mut phone = Phone::new(50, &Lock::new(1), 1, 0);
    let mut conversation = phone.converse(unlock(1), 247, None, Millis(0));
    let mut now = Millis(0);
    let ending = loop {
        match conversation.poll_output(now) {
            keyway_protocol::phone::Output::Wait(Some(at)) => now = at,
            keyway_protocol::phone::Output::Wait(None) => panic!("waits for ever"),
            keyway_protocol::phone::Output::Event(Event::Ended(ending)) => break ending,
            _ => {}
        }
    };
    assert_eq!(ending.certainty, Certainty::NotUnlocked);
    assert_eq!(now, Millis(8_000));
}
