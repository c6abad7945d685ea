//! The worked hex of PROTOCOL.md is what this crate says, byte for byte, from the keys and randomness printed there.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of tests fails as a test does"
)]

mod common;

use std::collections::VecDeque;

use common::keeper::{TestKeeper, issue};
use common::{Keys, NoFlash, key, secret};
use keyway_protocol::crypto::Random;
use keyway_protocol::hello::KnownLock;
use keyway_protocol::ids::{CommandId, GrantId, LockId, SlotId};
use keyway_protocol::io::{LinkId, Millis};
use keyway_protocol::lock::{Body, Env, Input, MotorResult, Node, Output};
use keyway_protocol::phone::opening::{Answered, AwaitAnswer, AwaitHello, Session};
use keyway_protocol::phone::{Credentials, Resumption};
use keyway_protocol::wire::frame::Framing;
use keyway_protocol::wire::gatt::Characteristic;
use keyway_protocol::wire::message::{Command, Message, Opening, Proof, Slot, Verdict};
use keyway_protocol::wire::reply::{CommandOutcome, Reply, Request};

const MTU: u16 = 517;
const LOCK: u8 = 0x01;
const HOLDER: u8 = 0x03;
const TAP: CommandId = CommandId([0x18; 16]);

/// Gives the listed bytes, and fails when something else is asked for.
struct Listed(VecDeque<Vec<u8>>);

impl Listed {
    /// Pieces of (byte, count).
    fn new(pieces: &[(u8, usize)]) -> Self {
        Self(
            pieces
                .iter()
                .map(|(byte, count)| vec![*byte; *count])
                .collect(),
        )
    }
}

impl Random for Listed {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.copy_from_slice(&self.0.pop_front().expect("more randomness than listed"));
    }
}

/// The lock, one link at a time, and the phone's end of the framing.
struct Bench {
    node: Node<TestKeeper>,
    keys: Keys,
    random: Listed,
    framing: Framing,
    link: LinkId,
    now: Millis,
    lines: Vec<(&'static str, Vec<u8>)>,
}

impl Bench {
    fn new() -> Self {
        let mut keeper = TestKeeper::new(LockId([LOCK; 16]), secret(0x02));
        keeper.crit_seq = 2;
        let random = [
            (0x13, 4),
            (0x11, 32),
            (0x12, 16),
            (0x15, 32),
            (0x16, 8),
            (0x17, 32),
            (0x21, 32),
            (0x22, 16),
            (0x25, 32),
            (0x26, 8),
            (0x27, 32),
        ];
        Self {
            node: Node::new(keeper),
            keys: Keys::new(key(LOCK)),
            random: Listed::new(&random),
            framing: Framing::new(MTU),
            link: LinkId(0),
            now: Millis(0),
            lines: Vec::new(),
        }
    }

    fn note(&mut self, name: &'static str, bytes: &[u8]) {
        self.lines.push((name, bytes.into()));
    }

    fn input(&mut self, input: Input<'_>) {
        let body = Body {
            battery_percent: 80,
            deadbolt_thrown: false,
        };
        let (random, keys) = (&mut self.random, &mut self.keys);
        let mut env = Env {
            now: self.now,
            random,
            flash: &mut NoFlash,
            keys,
            body,
        };
        self.node.handle_input(input, &mut env);
    }

    /// Connects at a time and gives the hello.
    fn connect(&mut self, at: u64) -> Vec<u8> {
        self.now = Millis(at);
        self.link = LinkId(self.link.0 + 1);
        self.framing = Framing::new(MTU);
        let link = self.link;
        self.input(Input::Tick);
        self.input(Input::LinkUp { link, mtu: MTU });
        self.input(Input::Subscribed { link });
        let fragment = std::iter::from_fn(|| self.output()).find_map(|output| match output {
            Output::Notify {
                characteristic: Characteristic::Hello,
                bytes,
                ..
            } => Some(bytes),
            _ => None,
        });
        fragment.expect("a hello").split_off(2)
    }

    fn output(&mut self) -> Option<Output> {
        match self.node.poll_output(self.now) {
            Output::Wait(_) => None,
            output => Some(output),
        }
    }

    /// Sends a message and gives the lock's messages to it.
    fn say(&mut self, message: &[u8]) -> Vec<Vec<u8>> {
        self.framing.send(message.into()).unwrap();
        let frame = self.framing.poll_frame(self.now).unwrap();
        assert!(
            self.framing.is_all_sent(),
            "the worked messages fit a frame"
        );
        let link = self.link;
        self.input(Input::Frame {
            link,
            bytes: &frame,
        });
        self.heard()
    }

    fn heard(&mut self) -> Vec<Vec<u8>> {
        let mut messages = Vec::new();
        while let Some(output) = self.output() {
            if let Output::Notify {
                characteristic: Characteristic::Down,
                bytes,
                ..
            } = output
            {
                self.framing.handle_frame(&bytes, self.now).unwrap();
                messages.extend(self.framing.poll_message());
            }
        }
        messages
    }

    fn motor(&mut self) -> Vec<Vec<u8>> {
        self.input(Input::MotorStopped(MotorResult::Withdrawn));
        self.heard()
    }
}

fn credentials() -> Credentials {
    let holder = key(HOLDER).verifying_key();
    Credentials {
        known: KnownLock {
            lock: LockId([LOCK; 16]),
            identity: key(LOCK).verifying_key(),
            hint_key: secret(0x02),
            suite: 1,
        },
        lane: Vec::new(),
        root_version: 1,
        crit_seq: 2,
        grant: issue([0x19; 16], LOCK, &holder, 0),
        grant_id: GrantId([0x19; 16]),
        holder,
        resumable: true,
        held_by_lock: false,
    }
}

fn noise_of(message: &[u8]) -> Vec<u8> {
    match Message::decode(message).unwrap() {
        Message::Answer(noise) | Message::Reply(noise) => noise,
        other => panic!("{other:?}"),
    }
}

fn admitted(state: AwaitAnswer, answer: &[u8]) -> (Session, Slot) {
    match state.answer(&noise_of(answer)).unwrap() {
        Answered::Admitted {
            session,
            refused: None,
            slot: Some(slot),
        } => (session, slot),
        other => panic!("{other:?}"),
    }
}

/// A full unlock and a status in its session.
fn full(bench: &mut Bench, credentials: &Credentials) -> Slot {
    let unlock = Command::Unlock {
        command: TAP,
        presence: false,
    };
    let hello = bench.connect(0);
    bench.note("hello", &hello);
    let verified = AwaitHello::new(unlock)
        .hello(&hello, &credentials.known, bench.now)
        .unwrap();
    let unsigned = verified.full(credentials, secret(0x14));
    bench.note("to_sign", unsigned.to_sign());
    let signature = key(HOLDER).sign(&[unsigned.to_sign()]);
    bench.note("signature", &signature);
    bench.note("grant", &credentials.grant);
    let proof = Proof::Grant {
        grant: credentials.grant.clone(),
        holder: credentials.holder.to_bytes(),
        signature,
    };
    let opening = Opening {
        lane: None,
        proof,
        command: unlock,
    };
    bench.note("plaintext_1", &opening.encode());
    let (state, message) = unsigned.signed(credentials, signature).unwrap();
    bench.note("message_1", &message);
    let answer = bench.say(&message).remove(0);
    let slot = Slot {
        id: SlotId([0x16; 8]),
        psk: secret(0x17),
    };
    let verdict = Verdict::Admitted {
        refused: None,
        slot: Some(slot.clone()),
    };
    bench.note("plaintext_2", &verdict.encode());
    bench.note("message_2", &answer);
    let (mut session, given) = admitted(state, &answer);
    assert_eq!(given, slot);
    bench.note("handshake_hash", session.hash().as_ref());
    outcome(bench, &mut session, TAP);

    let number = session.next_number();
    let ask = Request::Command(Command::Status { command: TAP }, None);
    bench.note("status_plaintext", &ask.encode(number));
    let request = session.request(number, &ask).unwrap();
    bench.note("status", &request);
    let reply = bench.say(&request).remove(0);
    let told = Reply::Outcome {
        command: TAP,
        outcome: CommandOutcome::Executed,
    };
    bench.note("status_reply_plaintext", &told.encode(number));
    bench.note("status_reply", &reply);
    assert_eq!(session.reply(&noise_of(&reply)).unwrap(), (number, told));
    given
}

fn outcome(bench: &mut Bench, session: &mut Session, command: CommandId) {
    let message = bench.motor().remove(0);
    let told = Reply::Outcome {
        command,
        outcome: CommandOutcome::Executed,
    };
    let names = if command == TAP {
        ("outcome_plaintext", "outcome")
    } else {
        ("resumed_outcome_plaintext", "resumed_outcome")
    };
    bench.note(names.0, &told.encode(0));
    bench.note(names.1, &message);
    assert_eq!(session.reply(&noise_of(&message)).unwrap(), (0, told));
}

/// A resumed unlock on a later link.
fn resumed(bench: &mut Bench, credentials: &Credentials, slot: Slot) {
    let command = CommandId([0x28; 16]);
    let unlock = Command::Unlock {
        command,
        presence: false,
    };
    let hello = bench.connect(1_000);
    bench.note("resumed_hello", &hello);
    let verified = AwaitHello::new(unlock)
        .hello(&hello, &credentials.known, bench.now)
        .unwrap();
    let resumption = Resumption::new(slot, credentials.grant_id, Millis(0));
    let opening = Opening {
        lane: None,
        proof: Proof::Slot,
        command: unlock,
    };
    bench.note("resumed_plaintext_1", &opening.encode());
    let (state, message) = verified
        .resumed(credentials, &resumption, &secret(0x24))
        .unwrap();
    bench.note("resumed_message_1", &message);
    let answer = bench.say(&message).remove(0);
    bench.note("resumed_message_2", &answer);
    let (mut session, next) = admitted(state, &answer);
    assert_eq!(
        next,
        Slot {
            id: SlotId([0x26; 8]),
            psk: secret(0x27)
        }
    );
    outcome(bench, &mut session, command);
}

fn worked() -> Vec<(&'static str, Vec<u8>)> {
    let credentials = credentials();
    let mut bench = Bench::new();
    bench.note("identity_public", &key(LOCK).verifying_key().to_bytes());
    bench.note("holder_public", &credentials.holder.to_bytes());
    bench.note("policy_public", &key(0x77).verifying_key().to_bytes());
    let slot = full(&mut bench, &credentials);
    resumed(&mut bench, &credentials, slot);
    bench.lines
}

/// As it stands in the document: `name (length)`, then lines of 32 bytes.
fn rendered(lines: &[(&str, Vec<u8>)]) -> String {
    let mut text = String::new();
    for (name, bytes) in lines {
        text += &format!("{name} ({})\n", bytes.len());
        for row in bytes.chunks(32) {
            text += &format!("  {}\n", hex::encode(row));
        }
    }
    text
}

#[test]
fn the_document_shows_what_the_code_says() {
    let expected = rendered(&worked());
    let document = include_str!("../PROTOCOL.md");
    assert!(
        document.contains(&expected),
        "PROTOCOL.md, \"Worked hex\" should read:\n{expected}"
    );
}
