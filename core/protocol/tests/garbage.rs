//! R19: whatever comes, nothing panics, nothing grows without bound, and what decodes encodes to the same bytes.

mod common;

use common::air::{Air, CLEAR, drive};
use common::{Lock, Phone, unlock};
use keyway_protocol::crypto::{Random, Secret32, SeededRandom};
use keyway_protocol::error::{Code, Error, Retry};
use keyway_protocol::hello::Assembly;
use keyway_protocol::ids::{CommandId, GrantId, SlotId};
use keyway_protocol::io::Millis;
use keyway_protocol::lock::Input;
use keyway_protocol::wire::message::{Command, Message, Opening, Proof, Slot, Verdict};
use keyway_protocol::wire::reply::{CommandOutcome, Reply, Request};

fn dice(seed: u8) -> SeededRandom {
    SeededRandom::new(&Secret32::new([seed; 32]))
}

fn below(dice: &mut SeededRandom, limit: usize) -> usize {
    let mut bytes = [0; 4];
    dice.fill(&mut bytes);
    u32::from_be_bytes(bytes) as usize % limit
}

const COMMAND: Command = Command::Unlock {
    command: CommandId([3; 16]),
    presence: true,
};

/// Decodes and encodes again.
type Again = fn(&[u8]) -> Option<Vec<u8>>;

/// A valid encoding of everything, with the decoder that must survive its neighbours.
fn examples() -> Vec<(Vec<u8>, Again)> {
    let opening: fn(&[u8]) -> _ = |bytes| Opening::decode(bytes).ok().map(|it| it.encode());
    let verdict: fn(&[u8]) -> _ = |bytes| Verdict::decode(bytes).ok().map(|it| it.encode());
    let request: fn(&[u8]) -> _ = |bytes| {
        Request::decode(bytes)
            .ok()
            .map(|(number, it)| it.encode(number))
    };
    let reply: fn(&[u8]) -> _ = |bytes| {
        Reply::decode(bytes)
            .ok()
            .map(|(number, it)| it.encode(number))
    };
    let message: fn(&[u8]) -> _ = |bytes| Message::decode(bytes).ok().map(|it| it.encode());
    let error = Error::new(Code::Busy).retry(Retry::After(700));
    let slot = Slot {
        id: SlotId([5; 8]),
        psk: Secret32::new([6; 32]),
    };
    let grant = Proof::Grant {
        grant: vec![7; 191],
        holder: [2; 33],
        signature: [8; 64],
    };
    let reference = Proof::Reference {
        grant: GrantId([9; 16]),
        signature: [8; 64],
    };
    let lane = Some(vec![1; 90]);
    let mut all = vec![
        (
            Opening {
                lane: lane.clone(),
                proof: grant,
                command: COMMAND,
            }
            .encode(),
            opening,
        ),
        (
            Opening {
                lane: None,
                proof: reference,
                command: Command::Session,
            }
            .encode(),
            opening,
        ),
        (
            Opening {
                lane,
                proof: Proof::Slot,
                command: COMMAND,
            }
            .encode(),
            opening,
        ),
        (
            Verdict::Admitted {
                refused: None,
                slot: Some(slot.clone()),
            }
            .encode(),
            verdict,
        ),
        (
            Verdict::Admitted {
                refused: Some(error),
                slot: None,
            }
            .encode(),
            verdict,
        ),
        (
            Verdict::Refused {
                error,
                hello: vec![4; 152],
            }
            .encode(),
            verdict,
        ),
        (Message::Open(vec![1; 60]).encode(), message),
        (Message::Resume(slot.id, vec![1; 60]).encode(), message),
        (Message::Alert(error, vec![4; 152]).encode(), message),
    ];
    for it in [
        Request::Command(COMMAND, Some([8; 64])),
        Request::Command(
            Command::Status {
                command: CommandId([3; 16]),
            },
            None,
        ),
        Request::Manifest(vec![1; 100]),
        Request::Chunk {
            index: 3,
            bytes: vec![2; 70],
        },
        Request::Receipts,
        Request::Log { from: 12 },
        Request::TimeNonce,
        Request::Attest(vec![3; 120]),
        Request::Condition,
    ] {
        all.push((it.encode(77), request));
    }
    let command = CommandId([3; 16]);
    for it in [
        Reply::Done,
        Reply::Refused(error),
        Reply::Outcome {
            command,
            outcome: CommandOutcome::Executed,
        },
        Reply::Outcome {
            command,
            outcome: CommandOutcome::NotExecuted(Some(error)),
        },
        Reply::Outcome {
            command,
            outcome: CommandOutcome::Unknown,
        },
        Reply::Missing(vec![0xff, 3]),
        Reply::Receipt(vec![5; 150]),
        Reply::Log {
            next: 9,
            more: true,
            segment: vec![6; 200],
        },
        Reply::TimeNonce(vec![7; 16]),
    ] {
        all.push((it.encode(78), reply));
    }
    all
}

#[test]
fn what_is_encoded_decodes_and_every_plaintext_is_padded() {
    for (bytes, again) in examples() {
        assert_eq!(again(&bytes).as_deref(), Some(&bytes[..]));
    }
    // Messages (the last bytes of the first nine) are not padded themselves, what is inside Noise is.
    let padded = |bytes: &Vec<u8>| bytes.len().is_multiple_of(32);
    assert!(examples().iter().take(6).all(|(bytes, _)| padded(bytes)));
    assert!(examples().iter().skip(9).all(|(bytes, _)| padded(bytes)));
}

#[test]
fn r19_what_decodes_has_one_encoding_only() {
    let mut dice = dice(1);
    for (bytes, again) in examples() {
        for _ in 0..3_000 {
            let mut changed = bytes.clone();
            for _ in 0..=below(&mut dice, 3) {
                let place = below(&mut dice, changed.len());
                changed[place] ^= 1 << below(&mut dice, 8);
            }
            changed.truncate(changed.len() - below(&mut dice, 2) * below(&mut dice, bytes.len()));
            if let Some(encoded) = again(&changed) {
                assert_eq!(encoded, changed);
            }
        }
    }
}

#[test]
fn r19_random_bytes_are_refused_quietly() {
    let mut dice = dice(2);
    for (_, again) in examples() {
        for _ in 0..500 {
            let mut bytes = vec![0; below(&mut dice, 300)];
            dice.fill(&mut bytes);
            if let Some(encoded) = again(&bytes) {
                assert_eq!(encoded, bytes);
            }
        }
    }
}

#[test]
fn r19_hello_fragments_never_grow_beyond_a_hello() {
    let mut dice = dice(3);
    let mut assembly = Assembly::default();
    for _ in 0..20_000 {
        let mut fragment = vec![0; below(&mut dice, 40)];
        dice.fill(&mut fragment);
        if let Some(index) = fragment.get_mut(1) {
            *index &= 0x83;
        }
        if let Some(hello) = assembly.take(&fragment) {
            assert!(hello.len() <= keyway_protocol::hello::LENGTH);
        }
    }
}

#[test]
fn r19_both_ends_survive_spoiled_frames_and_never_move_twice() {
    let mut opened = 0;
    for seed in 0..120 {
        let mut lock = Lock::new(1);
        lock.input(Input::Tick, Millis(0));
        let mut phone = Phone::new(50, &lock, 1, 0);
        let mtu = [23, 185, 517][usize::from(seed) % 3];
        let air = Air {
            spoiled: 12,
            lost: 10,
            doubled: 10,
            seed,
            ..CLEAR
        };
        let conversation = phone.converse(unlock(1), mtu, None, Millis(1_000));
        let run = drive(
            &mut lock,
            &mut phone,
            conversation,
            mtu,
            air,
            Millis(1_000),
            |event, _, _| matches!(event, keyway_protocol::phone::Event::Outcome { .. }),
        );
        assert!(lock.moves <= 1, "seed {seed}");
        let sure = run.conversation.certainty();
        assert!(lock.moves == 0 || sure != keyway_protocol::phone::Certainty::NotUnlocked);
        opened += lock.moves;
    }
    // The control: the air is bad, not shut.
    assert!(opened > 20, "{opened} of 120 opened");
}
