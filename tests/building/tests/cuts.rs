//! The pipe between two processes, cut after every byte: the motor moves once for a tap or not at all, and the phone knows which.
//!
//! A lock makes two hellos a second, and each cut costs two: so many phones and locks work side by side, each at its share of the offsets.
#![expect(
    clippy::panic,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that says what it tried"
)]

mod support;

use serde_json::json;
use std::sync::Mutex;
use std::thread;
use support::pipe::Way;
use support::{Lock, Phone, Stage};

/// Phones, each before a lock of its own.
const PAIRS: usize = 24;

/// What a tap came to, by the phone's word and by the lock's journal.
#[derive(Debug, PartialEq, Eq)]
struct Tap {
    said: String,
    moves: usize,
}

/// What is done before each tap.
#[derive(Clone, Copy, Debug)]
enum Before {
    /// Nothing: the phone resumes.
    Nothing,
    /// The screen was locked: a full handshake, with a grant that the lock holds.
    LockedScreen,
    /// The lock was without power: it holds nothing, and takes the whole grant.
    PowerCut,
}

struct Pair<'a> {
    phone: Phone,
    lock: &'a mut Lock,
    before: Before,
}

impl Pair<'_> {
    fn tap(&mut self) -> Tap {
        match self.before {
            Before::Nothing => {}
            Before::LockedScreen => {
                self.phone.order(&json!({ "do": "lock-screen" }));
            }
            Before::PowerCut => {
                self.lock.kill();
                self.lock.restart();
            }
        }
        let before = self.lock.moves();
        let order = json!({ "do": "unlock", "door": self.lock.door });
        let said = self.phone.order(&order);
        Tap {
            said: said["said"].as_str().unwrap_or_default().to_owned(),
            moves: self.lock.moves() - before,
        }
    }

    /// Bytes of an uncut tap, up and down. The passing sync that follows it may be among them.
    fn uncut(&mut self) -> [usize; 2] {
        let tap = self.tap();
        assert_eq!((tap.said.as_str(), tap.moves), ("unlocked", 1));
        self.lock.pipe.counted()
    }

    /// One tap, the link cut there; unlocked, or certainly not.
    fn cut_at(&mut self, way: Way, offset: usize) -> bool {
        self.lock.pipe.cut(way, offset);
        let tap = self.tap();
        self.lock.pipe.mend();
        match (tap.said.as_str(), tap.moves) {
            ("unlocked", 1) => true,
            ("failed", 0) => false,
            // The lock answers again after each cut, so nothing may be left open.
            _ => panic!("cut {way:?} after {offset} bytes: {tap:?}"),
        }
    }
}

/// Phones that are signed in, each with a lock that knows it; from here on without network.
fn pairs(stage: &mut Stage) -> Vec<Pair<'_>> {
    let signed_in = |number| {
        let mut phone = stage.phone(&format!("phone-{number}"));
        let listed = phone.order(&json!({ "do": "doors" }));
        assert_eq!(listed["said"], "doors", "{listed}");
        phone
    };
    let phones: Vec<Phone> = (0..PAIRS).map(signed_in).collect();
    // What an unlock brings back would be handed in after each: thousands of uploads that have nothing to do with it.
    stage.end_service();
    let pairs = phones.into_iter().zip(&mut stage.locks);
    pairs
        .map(|(phone, lock)| {
            let before = Before::Nothing;
            let mut pair = Pair {
                phone,
                lock,
                before,
            };
            // The first tap of a phone sets the lock up; from the second on they are alike.
            pair.uncut();
            pair
        })
        .collect()
}

fn cut_everywhere(pairs: &mut [Pair<'_>], mtu: u16, before: Before) {
    pairs.iter_mut().for_each(|pair| pair.before = before);
    let [up, down] = pairs[0].uncut();
    let offsets = (0..up)
        .map(|offset| (Way::Up, offset))
        .chain((0..down).map(|offset| (Way::Down, offset)));
    let waiting = Mutex::new(offsets);
    let work = |pair: &mut Pair<'_>| {
        let mut unlocked = 0;
        loop {
            let next = waiting.lock().expect("no panic").next();
            let Some((way, offset)) = next else {
                return unlocked;
            };
            unlocked += usize::from(pair.cut_at(way, offset));
        }
    };
    let unlocked: usize = thread::scope(|scope| {
        let threads: Vec<_> = pairs
            .iter_mut()
            .map(|pair| scope.spawn(|| work(pair)))
            .collect();
        let counts = threads.into_iter().map(thread::ScopedJoinHandle::join);
        counts
            .map(|count| count.expect("every cut is settled"))
            .sum()
    });
    println!(
        "MTU {mtu}, {before:?}: cut after each of {up} bytes up and {down} down: {unlocked} unlocked, {} not",
        up + down - unlocked
    );
}

fn cut_everywhere_at(mtu: u16) {
    let mut stage = Stage::new(mtu, PAIRS);
    let mut pairs = pairs(&mut stage);
    for before in [Before::Nothing, Before::LockedScreen, Before::PowerCut] {
        cut_everywhere(&mut pairs, mtu, before);
    }
}

#[test]
fn a_link_of_mtu_23_cut_after_every_byte() {
    cut_everywhere_at(23);
}

#[test]
fn a_link_of_mtu_517_cut_after_every_byte() {
    cut_everywhere_at(517);
}
