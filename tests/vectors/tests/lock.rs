//! Whole conversations, from the lock's end: it answers what the reference's phone sends in the same bytes, and takes nothing that it
//! must not take.

mod conversations;

use conversations::{Door, Link, vectors};
use keyway_protocol::crypto::{Secret32, Signature, SigningKey};
use keyway_protocol::error::{Code, Error};
use keyway_protocol::grant::{Grant, GrantClaims};
use keyway_protocol::hello::{ClockQuality, ClockState};
use keyway_protocol::ids::{CommandId, HolderHash, LockId};
use keyway_protocol::io::{LinkId, Millis};
use keyway_protocol::lock::{
    Body, Env, Flash, Input, Intake, Keeper, KeyStore, LogPart, MotorResult, Node, Operation,
    Output, SecretName, Standing, StorageFault,
};
use keyway_protocol::root::{ES256, LeaseCaps, PolicyKey, RootDocument};
use keyway_protocol::wire::frame::Framing;
use keyway_protocol::wire::gatt::Characteristic;
use keyway_protocol::wire::reply::CommandOutcome;
use keyway_vectors::{Hex, Listed, edited};

const MTU: u16 = 517;

/// The documents half as far as these conversations go: one grant key, a journal in RAM, answers from the vectors.
struct Told {
    lock: LockId,
    hint_key: Secret32,
    standing: Standing,
    root: RootDocument,
    journal: Vec<(HolderHash, CommandId, CommandOutcome)>,
    nonce: Vec<u8>,
    segment: Vec<u8>,
}

impl Told {
    fn new(door: &Door) -> Self {
        let key = door.policy_public.public_key();
        Self {
            lock: door.lock(),
            hint_key: door.known.hint_key.secret(),
            standing: Standing {
                root_version: 1,
                key_epoch: door.key_epoch,
                crit_seq: door.crit_seq,
                bulk_seq: door.bulk_seq,
                clock: ClockState {
                    quality: ClockQuality::Attested,
                    width: door.clock_width,
                },
            },
            root: RootDocument {
                version: 1,
                property: [0; 16],
                algorithm: ES256,
                root_key: key,
                policy_keys: vec![PolicyKey { key, roles: 0x1f }],
                caps: LeaseCaps::default(),
                log_key: [9; 32],
                residents_without_clock: true,
            },
            journal: Vec::new(),
            nonce: door.nonce.0.clone(),
            segment: door.segment.0.clone(),
        }
    }

    fn note(&mut self, claims: &GrantClaims, command: CommandId, outcome: CommandOutcome) {
        self.journal.push((claims.holder(), command, outcome));
    }
}

impl Keeper for Told {
    type Grant = Grant;

    fn lock_id(&self) -> LockId {
        self.lock
    }

    fn standing(&self, _: &Env<'_>) -> Standing {
        self.standing
    }

    fn hint_key(&self, _: &Env<'_>) -> Option<Secret32> {
        Some(self.hint_key.clone())
    }

    fn read_grant(&self, bytes: &[u8]) -> Result<Grant, Error> {
        Ok(Grant::decode(bytes)?)
    }

    fn check_grant(&self, grant: &Grant) -> Result<(), Error> {
        Ok(grant.verify(&self.root, &self.lock)?)
    }

    fn judge(&self, _: &Grant, _: Operation, _: &mut Env<'_>) -> Result<(), Error> {
        Ok(())
    }

    fn apply_lane(&mut self, _: &[u8], _: &mut Env<'_>) -> Result<Option<Vec<u8>>, Error> {
        Ok(None)
    }

    fn begin(&mut self, _: &Grant, _: CommandId, _: &mut Env<'_>) -> Result<(), Error> {
        Ok(())
    }

    fn finish(
        &mut self,
        grant: &Grant,
        command: CommandId,
        outcome: CommandOutcome,
        _: &mut Env<'_>,
    ) {
        self.note(grant.claims(), command, outcome);
    }

    fn recall(&self, holder: &HolderHash, command: CommandId) -> Option<CommandOutcome> {
        let noted = |(who, what, _): &&_| who == holder && *what == command;
        self.journal
            .iter()
            .find(noted)
            .map(|(.., outcome)| *outcome)
    }

    fn manifest(&mut self, _: &[u8], _: &mut Env<'_>) -> Result<Intake, Error> {
        Err(Code::BadDocument.into())
    }

    fn chunk(&mut self, _: u16, _: &[u8], _: &mut Env<'_>) -> Result<Option<Vec<u8>>, Error> {
        Err(Code::BadTransfer.into())
    }

    fn receipts(&self) -> Vec<Vec<u8>> {
        Vec::new()
    }

    fn log_segment(&mut self, from: u64, _: usize, _: &mut Env<'_>) -> Result<LogPart, Error> {
        Ok(LogPart {
            next: from + 3,
            more: true,
            segment: self.segment.clone(),
        })
    }

    fn log_backlog(&self) -> u32 {
        3
    }

    fn time_nonce(&mut self, _: &mut Env<'_>) -> Vec<u8> {
        self.nonce.clone()
    }

    fn attest(&mut self, _: &[u8], _: &mut Env<'_>) -> Result<(), Error> {
        Err(Code::BadAttest.into())
    }

    fn digit(&mut self, _: u8, _: &mut Env<'_>) -> Option<Result<(), Error>> {
        None
    }

    fn keypad_finished(&mut self, _: CommandOutcome, _: &mut Env<'_>) {}
}

/// Neither flash nor secrets: only the identity key signs.
struct Identity(SigningKey);

impl KeyStore for Identity {
    fn sign(&mut self, message: &[u8]) -> Signature {
        self.0.sign(&[message])
    }

    fn secret(&self, _: SecretName) -> Option<Secret32> {
        None
    }

    fn set_secret(&mut self, _: SecretName, _: Option<&Secret32>) -> Result<(), StorageFault> {
        Err(StorageFault)
    }
}

struct NoFlash;

impl Flash for NoFlash {
    fn read(&self, _: u16) -> Vec<u8> {
        Vec::new()
    }

    fn write(&mut self, _: u16, _: &[u8]) -> Result<(), StorageFault> {
        Err(StorageFault)
    }
}

/// The lock, and the phone's end of the framing.
struct Bench {
    node: Node<Told>,
    identity: Identity,
    random: Listed,
    framing: Framing,
    link: LinkId,
    now: Millis,
}

impl Bench {
    fn new(door: &Door, random: Listed) -> Self {
        Self {
            node: Node::new(Told::new(door)),
            identity: Identity(door.identity_private.signing_key()),
            random,
            framing: Framing::new(MTU),
            link: LinkId(0),
            now: Millis(0),
        }
    }

    fn input(&mut self, input: Input<'_>) {
        let mut env = Env {
            now: self.now,
            random: &mut self.random,
            flash: &mut NoFlash,
            keys: &mut self.identity,
            body: Body {
                battery_percent: 80,
                deadbolt_thrown: false,
            },
        };
        self.node.handle_input(input, &mut env);
    }

    fn outputs(&mut self) -> Vec<Output> {
        let output = || match self.node.poll_output(self.now) {
            Output::Wait(_) => None,
            output => Some(output),
        };
        std::iter::from_fn(output).collect()
    }

    /// Connects at a time and gives the hello.
    fn connect(&mut self, at: Millis) -> Option<Hex> {
        self.now = at;
        self.link = LinkId(self.link.0 + 1);
        self.framing = Framing::new(MTU);
        let link = self.link;
        self.input(Input::Tick);
        self.input(Input::LinkUp { link, mtu: MTU });
        self.input(Input::Subscribed { link });
        self.outputs().into_iter().find_map(|output| match output {
            Output::Notify {
                characteristic: Characteristic::Hello,
                bytes,
                ..
            } => Some(Hex(bytes[2..].into())),
            _ => None,
        })
    }

    /// Carries frames both ways until both ends are quiet; gives the lock's messages.
    fn settle(&mut self) -> Vec<Hex> {
        let (link, mut quiet) = (self.link, false);
        while !quiet {
            quiet = true;
            for output in self.outputs() {
                if let Output::Notify { bytes, .. } = output {
                    assert!(self.framing.handle_frame(&bytes, self.now).is_ok());
                    quiet = false;
                }
            }
            while let Some(frame) = self.framing.poll_frame(self.now) {
                self.input(Input::Frame {
                    link,
                    bytes: &frame,
                });
                quiet = false;
            }
        }
        std::iter::from_fn(|| self.framing.poll_message())
            .map(Hex)
            .collect()
    }

    fn say(&mut self, message: &[u8]) -> Vec<Hex> {
        assert!(self.framing.send(message.into()).is_ok());
        self.settle()
    }
}

fn drawn(link: &Link) -> [&Hex; 5] {
    [
        &link.one_time_private,
        &link.challenge,
        &link.lock_ephemeral,
        &link.slot_id,
        &link.psk,
    ]
}

/// Everything after message 1 in the order of the vectors.
fn talk(bench: &mut Bench, link: &Link) {
    let mut heard = bench.say(&link.message_1.0);
    assert_eq!(heard.remove(0), link.message_2);
    for (way, _, message) in &link.messages {
        match way.as_str() {
            "down" => assert_eq!(heard.remove(0), *message),
            "down, when the motor stops" => {
                bench.input(Input::MotorStopped(MotorResult::Withdrawn));
                heard.extend(bench.settle());
                assert_eq!(heard.remove(0), *message);
            }
            _ => heard.extend(bench.say(&message.0)),
        }
    }
    assert!(heard.is_empty(), "the lock says no more than the vectors");
}

#[test]
fn a_lock_says_the_same_in_whole_conversations() {
    for conversation in vectors().conversations {
        let draws = conversation.links.iter().flat_map(drawn);
        let random = Listed::new([&conversation.door.hint_random].into_iter().chain(draws));
        let mut bench = Bench::new(&conversation.door, random);
        for (second, link) in (0..).zip(&conversation.links) {
            let hello = bench.connect(Millis(second * 1_000));
            assert_eq!(hello.as_ref(), Some(&link.hello));
            talk(&mut bench, link);
        }
        assert_eq!(bench.random.left(), 0);
    }
}

/// A lock that has just booted, with a link that got the hello of the vectors.
fn greeted() -> Bench {
    let refused = vectors().refused;
    let slot = [Hex(vec![1; 8]), Hex(vec![2; 32])];
    let draws = [
        &refused.door.hint_random,
        &refused.one_time_private,
        &refused.challenge,
        &refused.lock_ephemeral,
    ];
    let mut bench = Bench::new(&refused.door, Listed::new(draws.into_iter().chain(&slot)));
    assert_eq!(bench.connect(Millis(0)), Some(refused.hello));
    bench
}

#[test]
fn a_message_1_that_must_not_be_taken_is_answered_with_the_same_alert() {
    let refused = vectors().refused;
    for case in &refused.cases {
        let message = edited(&refused.base.0, &case.edits);
        let answers = greeted().say(&message);
        assert_eq!(answers, std::slice::from_ref(&case.answer), "{}", case.why);
    }
}

#[test]
fn a_grant_that_is_not_held_is_asked_for_inside_the_channel() {
    let unknown = vectors().refused.unknown_grant;
    assert_eq!(greeted().say(&unknown.message_1.0), [unknown.answer]);
}

#[test]
fn the_message_that_the_spoiled_ones_come_from_is_taken_once() {
    let refused = vectors().refused;
    let answers = greeted().say(&refused.base.0);
    assert_eq!(answers[0].0[0], 0x11, "an answer, not an alert");
    let mut bench = greeted();
    bench.say(&edited(&refused.base.0, &refused.cases[0].edits));
    let spent = bench.say(&refused.base.0);
    assert_eq!(spent, [refused.spent_hello_answer]);
}
