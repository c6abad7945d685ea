//! Frames: the same cuts, the same acknowledgements, the same repeats, and the same frames that end a link.

use keyway_protocol::crypto::sha256;
use keyway_protocol::io::Millis;
use keyway_protocol::wire::frame::Framing;
use keyway_vectors::{Hex, assert_refused, counting, load};
use serde::Deserialize;

const START: Millis = Millis(0);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    cut: Vec<Cut>,
    cut_long: Vec<CutLong>,
    reassembly: Vec<Reassembly>,
    acknowledgements: Vec<Acknowledged>,
    resend: Vec<Resend>,
    malformed: Vec<Malformed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cut {
    frame_size: u16,
    message: Hex,
    frames: Vec<Hex>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CutLong {
    frame_size: u16,
    counting: usize,
    count: usize,
    frames_sha256: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reassembly {
    frame_size: u16,
    messages: Vec<Hex>,
    steps: Vec<Step>,
    after_30_ms: Option<Hex>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    frame: Hex,
    completes: usize,
    acknowledgement: Option<Hex>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Acknowledged {
    counting: usize,
    frame_size: u16,
    sent: usize,
    acknowledgement: Hex,
    then: Vec<u8>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Resend {
    round_trips: Vec<u64>,
    repeats: u32,
    after_ms: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Malformed {
    why: String,
    #[serde(default)]
    frames: Vec<Hex>,
    #[serde(default)]
    counting: usize,
    #[serde(default)]
    then: Hex,
}

fn vectors() -> Vectors {
    load("frames")
}

fn framing(frame_size: u16) -> Framing {
    Framing::new(frame_size + 3)
}

/// Every frame that is due now.
fn frames(framing: &mut Framing, now: Millis) -> Vec<Vec<u8>> {
    std::iter::from_fn(|| framing.poll_frame(now)).collect()
}

fn acknowledgement_of(frame: &[u8]) -> [u8; 4] {
    [0x40, frame[1].wrapping_add(1), 0, 0]
}

#[test]
fn a_message_is_cut_into_the_same_frames() {
    for case in vectors().cut {
        let mut framing = framing(case.frame_size);
        framing.send(case.message.0).unwrap();
        let expected: Vec<Vec<u8>> = case.frames.into_iter().map(|frame| frame.0).collect();
        assert_eq!(frames(&mut framing, START), expected);
        assert!(framing.is_all_sent());
    }
}

#[test]
fn the_longest_message_is_cut_into_the_same_frames_and_put_together_again() {
    for case in vectors().cut_long {
        let (mut sender, mut receiver) = (framing(case.frame_size), framing(case.frame_size));
        sender.send(counting(case.counting)).unwrap();
        let mut sent = Vec::new();
        let message = loop {
            for frame in frames(&mut sender, START) {
                receiver.handle_frame(&frame, START).unwrap();
                for acknowledgement in frames(&mut receiver, START) {
                    sender.handle_frame(&acknowledgement, START).unwrap();
                }
                sent.push(frame);
            }
            if let Some(message) = receiver.poll_message() {
                break message;
            }
        };
        assert_eq!(message, counting(case.counting));
        assert_eq!(sent.len(), case.count);
        assert_eq!(
            sha256(&[&sent.concat()]).0,
            case.frames_sha256.array::<32>()
        );
    }
}

#[test]
fn frames_that_come_early_twice_or_late_are_put_together_and_acknowledged_alike() {
    for case in vectors().reassembly {
        let mut framing = framing(case.frame_size);
        let mut messages = Vec::new();
        for step in case.steps {
            framing.handle_frame(&step.frame.0, START).unwrap();
            let before = messages.len();
            messages.extend(std::iter::from_fn(|| framing.poll_message()).map(Hex));
            assert_eq!(messages.len() - before, step.completes);
            assert_eq!(framing.poll_frame(START).map(Hex), step.acknowledgement);
        }
        assert_eq!(messages, case.messages);
        assert_eq!(framing.poll_frame(Millis(29)), None);
        assert_eq!(framing.poll_frame(Millis(30)).map(Hex), case.after_30_ms);
    }
}

#[test]
fn an_acknowledgement_repeats_what_it_proves_lost_and_makes_room_for_more() {
    for case in vectors().acknowledgements {
        let mut framing = framing(case.frame_size);
        framing.send(counting(case.counting)).unwrap();
        assert_eq!(frames(&mut framing, START).len(), case.sent);
        framing
            .handle_frame(&case.acknowledgement.0, START)
            .unwrap();
        let then: Vec<u8> = frames(&mut framing, START)
            .iter()
            .map(|frame| frame[1])
            .collect();
        assert_eq!(then, case.then, "after {:?}", case.acknowledgement);
    }
}

#[test]
fn a_frame_is_repeated_after_the_same_time() {
    for case in vectors().resend {
        let mut framing = framing(20);
        let mut now = START;
        for round_trip in &case.round_trips {
            framing.send(vec![1]).unwrap();
            let frame = framing.poll_frame(now).unwrap();
            now = now + *round_trip;
            framing
                .handle_frame(&acknowledgement_of(&frame), now)
                .unwrap();
        }
        framing.send(vec![1]).unwrap();
        let frame = framing.poll_frame(now).unwrap();
        for _ in 0..case.repeats {
            now = framing.deadline().unwrap();
            assert_eq!(framing.poll_frame(now).unwrap(), frame);
        }
        let after = framing.deadline().unwrap().since(now);
        assert_eq!(after, case.after_ms, "after {:?}", case.round_trips);
    }
}

/// A message of the longest length whose last frame is still to come.
fn unfinished(length: usize) -> Vec<Vec<u8>> {
    let message = counting(length);
    let frame = |(index, part): (usize, &[u8])| {
        let flags = if index == 0 { 0xa0 } else { 0x80 };
        [&[flags, index as u8], part].concat()
    };
    message.chunks(510).enumerate().map(frame).collect()
}

#[test]
fn what_no_peer_may_send_ends_the_link() {
    let vectors = vectors();
    let accepted = vectors.malformed.iter().map(|case| {
        let mut sent: Vec<Vec<u8>> = case.frames.iter().map(|frame| frame.0.clone()).collect();
        if case.counting > 0 {
            sent = unfinished(case.counting);
            sent.push(case.then.0.clone());
        }
        let last = sent.pop().unwrap();
        let mut framing = framing(512);
        for frame in sent {
            framing.handle_frame(&frame, START).unwrap();
        }
        (
            case.why.as_str(),
            framing.handle_frame(&last, START).is_ok(),
        )
    });
    assert_refused(accepted);
}
