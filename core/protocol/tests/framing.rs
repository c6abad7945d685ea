//! Framing carries every message whole, once and in order, over links that lose and double frames, at every MTU.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

use keyway_protocol::crypto::{Random, Secret32, SeededRandom};
use keyway_protocol::io::Millis;
use keyway_protocol::wire::frame::{Framing, GIVE_UP, LONGEST_MESSAGE};
use keyway_protocol::wire::gatt::frame_size;

struct Dice(SeededRandom);

impl Dice {
    fn new(seed: u8) -> Self {
        Self(SeededRandom::new(&Secret32::new([seed; 32])))
    }

    fn below(&mut self, limit: u64) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_be_bytes(bytes) % limit
    }

    fn message(&mut self, length: usize) -> Vec<u8> {
        let mut message = vec![0; length];
        self.0.fill(&mut message);
        message
    }
}

/// Two ends and what flies between them.
struct Pair {
    ends: [Framing; 2],
    received: [Vec<Vec<u8>>; 2],
    flying: Vec<(Millis, usize, Vec<u8>)>,
    now: Millis,
    frames: usize,
    mtu: u16,
}

impl Pair {
    fn new(mtu: u16) -> Self {
        Self {
            ends: [Framing::new(mtu), Framing::new(mtu)],
            received: Default::default(),
            flying: Vec::new(),
            now: Millis(0),
            frames: 0,
            mtu,
        }
    }

    /// Runs until nothing is under way; `lost` and `doubled` in percent.
    fn run(&mut self, dice: &mut Dice, lost: u64, doubled: u64) {
        while self.now < Millis(600_000) {
            for from in 0..2 {
                while let Some(frame) = self.ends[from].poll_frame(self.now) {
                    assert!(frame.len() <= frame_size(self.mtu));
                    self.frames += 1;
                    if dice.below(100) < lost {
                        continue;
                    }
                    let arrives = self.now + 15;
                    if dice.below(100) < doubled {
                        self.flying.push((arrives, 1 - from, frame.clone()));
                    }
                    self.flying.push((arrives, 1 - from, frame));
                }
            }
            let flying = self.flying.first().map(|(at, ..)| *at);
            let next = self
                .ends
                .iter()
                .map(Framing::deadline)
                .fold(flying, Millis::earliest);
            let idle = self.ends.iter().all(Framing::is_all_acknowledged);
            let Some(next) = next.filter(|_| !idle || flying.is_some()) else {
                return;
            };
            assert!(!self.ends[0].is_lost(self.now) && !self.ends[1].is_lost(self.now));
            self.now = next.max(self.now);
            while self.flying.first().is_some_and(|(at, ..)| *at <= self.now) {
                let (_, to, frame) = self.flying.remove(0);
                self.ends[to].handle_frame(&frame, self.now).unwrap();
                self.received[to].extend(self.ends[to].poll_message());
                while let Some(message) = self.ends[to].poll_message() {
                    self.received[to].push(message);
                }
            }
        }
        panic!("never idle");
    }
}

#[test]
fn messages_arrive_whole_once_and_in_order_whatever_the_air_does() {
    for mtu in [23, 185, 247, 517] {
        for seed in 0..25 {
            let mut dice = Dice::new(seed);
            let (lost, doubled) = (dice.below(30), dice.below(35));
            let mut pair = Pair::new(mtu);
            let mut sent: [Vec<Vec<u8>>; 2] = Default::default();
            for (end, sent) in pair.ends.iter_mut().zip(&mut sent) {
                for _ in 0..dice.below(6) {
                    let length = 1 + dice.below(1_500) as usize;
                    let message = dice.message(length);
                    end.send(message.clone()).unwrap();
                    sent.push(message);
                }
            }
            pair.run(&mut dice, lost, doubled);
            assert_eq!(pair.received[1], sent[0], "MTU {mtu} seed {seed}");
            assert_eq!(pair.received[0], sent[1], "MTU {mtu} seed {seed}");
        }
    }
}

#[test]
fn the_longest_message_arrives_and_a_longer_one_is_refused() {
    let mut pair = Pair::new(23);
    let mut dice = Dice::new(1);
    let longest = dice.message(LONGEST_MESSAGE);
    pair.ends[0].send(longest.clone()).unwrap();
    pair.run(&mut dice, 5, 5);
    assert_eq!(pair.received[1], [longest]);
    assert!(pair.ends[0].send(vec![0; LONGEST_MESSAGE + 1]).is_err());
    assert!(pair.ends[0].send(Vec::new()).is_err());
}

#[test]
fn a_clean_link_carries_each_byte_once() {
    let mut pair = Pair::new(517);
    let mut dice = Dice::new(2);
    pair.ends[0].send(dice.message(10_000)).unwrap();
    pair.run(&mut dice, 0, 0);
    let data = 10_000_usize.div_ceil(510);
    // Beside the data only acknowledgements, at most one for every second frame.
    assert!(
        pair.frames <= data + data / 2 + 2,
        "{} frames for {data}",
        pair.frames
    );
}

#[test]
fn a_dead_link_is_noticed() {
    let mut end = Framing::new(247);
    end.send(vec![1; 100]).unwrap();
    let mut now = Millis(0);
    let mut sends = 0;
    while !end.is_lost(now) {
        while end.poll_frame(now).is_some() {
            sends += 1;
        }
        now = end.deadline().unwrap();
    }
    assert_eq!(now.0, GIVE_UP);
    assert!((8..=16).contains(&sends), "{sends} sends");
}

#[test]
fn r19_no_frame_panics_or_fills_memory() {
    let mut dice = Dice::new(3);
    for _ in 0..2_000 {
        let mut end = Framing::new(23);
        for step in 0..60 {
            let length = dice.below(24) as usize;
            let mut frame = dice.message(length);
            // Half of them look like data of an endless message.
            if let Some(flags) = frame.first_mut().filter(|_| dice.below(2) == 0) {
                *flags = if step == 0 { 0xa0 } else { 0x80 };
            }
            let _ = end.handle_frame(&frame, Millis(step));
            while end.poll_frame(Millis(step)).is_some() {}
        }
    }
}

#[test]
fn r19_an_endless_message_is_refused_at_the_limit() {
    let mut end = Framing::new(517);
    let mut taken = 0;
    for seq in 0..=u8::MAX {
        let flags = if seq == 0 { 0xa0 } else { 0x80 };
        let mut frame = vec![flags, seq];
        frame.resize(512, 0);
        if end.handle_frame(&frame, Millis(0)).is_err() {
            break;
        }
        taken += 510;
    }
    assert!((LONGEST_MESSAGE - 510..=LONGEST_MESSAGE).contains(&taken));
}

#[test]
fn a_frame_that_breaks_a_message_is_refused() {
    let refused: [&[u8]; 8] = [
        &[],
        &[0x80],
        &[0x80, 0],
        // Data that begins nowhere.
        &[0x80, 0, 1],
        // Nothing, or reserved bits.
        &[0x00, 1],
        &[0xa1, 0, 1],
        // Acknowledgement: short, or with a part.
        &[0x40, 0, 0],
        &[0x40, 0, 0, 0, 1],
    ];
    for frame in refused {
        assert!(
            Framing::new(23).handle_frame(frame, Millis(0)).is_err(),
            "{frame:?}"
        );
    }
}
