//! A lock on its door: the machine, its keys and a motor on the virtual clock.

use keyway_protocol::crypto::{Random, Secret32, SeededRandom, SigningKey};
use keyway_protocol::hello::KnownLock;
use keyway_protocol::ids::LockId;
use keyway_protocol::io::{LinkId, Millis};
use keyway_protocol::lock::{
    self, Body, Env, Flash, KeyStore, MotorResult, Node, SecretName, StorageFault,
};

use super::keeper::TestKeeper;
use super::{key, secret};

pub struct NoFlash;

impl Flash for NoFlash {
    fn read(&self, _: u16) -> Vec<u8> {
        Vec::new()
    }

    fn write(&mut self, _: u16, _: &[u8]) -> Result<(), StorageFault> {
        Err(StorageFault)
    }
}

pub struct Keys {
    identity: SigningKey,
    signatures: usize,
}

impl Keys {
    pub fn new(identity: SigningKey) -> Self {
        Self {
            identity,
            signatures: 0,
        }
    }
}

impl KeyStore for Keys {
    fn sign(&mut self, message: &[u8]) -> [u8; 64] {
        self.signatures += 1;
        self.identity.sign(&[message])
    }

    fn secret(&self, _: SecretName) -> Option<Secret32> {
        None
    }

    fn set_secret(&mut self, _: SecretName, _: Option<&Secret32>) -> Result<(), StorageFault> {
        Err(StorageFault)
    }
}

/// A generator that remembers what it gave, for tests that play a lock whose memory was read.
struct Recorder {
    random: SeededRandom,
    given: Vec<Vec<u8>>,
}

impl Recorder {
    fn new(seed: u8) -> Self {
        Self {
            random: SeededRandom::new(&secret(seed)),
            given: Vec::new(),
        }
    }
}

impl Random for Recorder {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.random.fill(bytes);
        self.given.push(bytes.into());
    }
}

/// A lock on its door.
pub struct Lock {
    pub node: Node<TestKeeper>,
    keys: Keys,
    random: Recorder,
    pub body: Body,
    /// Every time the motor moved.
    pub moves: usize,
    pub motor_takes: u64,
    pub motor_result: MotorResult,
    motor_stops: Option<Millis>,
    pub service_data: Vec<u8>,
    /// Links the lock closed by itself.
    pub closed: Vec<LinkId>,
    next_link: u32,
}

impl Lock {
    pub fn new(id: u8) -> Self {
        Self::with_keeper(id, TestKeeper::new(LockId([id; 16]), secret(id ^ 0x80)))
    }

    pub fn with_keeper(id: u8, keeper: TestKeeper) -> Self {
        Self {
            node: Node::new(keeper),
            keys: Keys::new(key(id)),
            random: Recorder::new(id ^ 0x40),
            body: Body {
                battery_percent: 80,
                deadbolt_thrown: false,
            },
            moves: 0,
            motor_takes: 700,
            motor_result: MotorResult::Withdrawn,
            motor_stops: None,
            service_data: Vec::new(),
            closed: Vec::new(),
            next_link: 0,
        }
    }

    /// Power goes and comes back: RAM is lost, the journal is not.
    pub fn power_cycle(&mut self, id: u8) {
        let keeper = self.node.keeper();
        let mut fresh = TestKeeper::new(keeper.lock, keeper.hint_key.clone());
        fresh.journal = keeper.journal.clone();
        fresh.crit_seq = keeper.crit_seq;
        fresh.revoked = keeper.revoked.clone();
        self.node = Node::new(fresh);
        self.random = Recorder::new(id ^ 0x20);
        self.motor_stops = None;
    }

    /// Everything the lock's generator gave since power came.
    pub fn randomness(&self) -> &[Vec<u8>] {
        &self.random.given
    }

    /// How often the lock's identity key has signed.
    pub fn signatures(&self) -> usize {
        self.keys.signatures
    }

    /// The same door with another identity key: a clone that copied everything else.
    pub fn forget_identity(&mut self) {
        self.keys.identity = key(200);
    }

    pub fn known(&self, id: u8) -> KnownLock {
        KnownLock {
            lock: LockId([id; 16]),
            identity: key(id).verifying_key(),
            hint_key: secret(id ^ 0x80),
            suite: 1,
        }
    }

    pub fn input(&mut self, input: lock::Input<'_>, now: Millis) {
        let mut env = Env {
            now,
            random: &mut self.random,
            flash: &mut NoFlash,
            keys: &mut self.keys,
            body: self.body,
        };
        self.node.handle_input(input, &mut env);
    }

    pub fn link_up(&mut self, mtu: u16, now: Millis) -> LinkId {
        self.next_link += 1;
        let link = LinkId(self.next_link);
        self.input(lock::Input::LinkUp { link, mtu }, now);
        self.input(lock::Input::Subscribed { link }, now);
        link
    }

    /// Everything the lock says now; the motor is taken care of.
    pub fn drain(&mut self, now: Millis) -> (Vec<lock::Output>, Option<Millis>) {
        if self.motor_stops.is_some_and(|at| at <= now) {
            self.motor_stops = None;
            self.input(lock::Input::MotorStopped(self.motor_result), now);
        }
        let mut outputs = Vec::new();
        loop {
            match self.node.poll_output(now) {
                lock::Output::Wait(at) => {
                    return (outputs, Millis::earliest(at, self.motor_stops));
                }
                lock::Output::Withdraw => {
                    self.moves += 1;
                    self.motor_stops = Some(now + self.motor_takes);
                }
                lock::Output::Advertise(data) => self.service_data = data,
                output => {
                    if let lock::Output::Disconnect { link } = output {
                        self.closed.push(link);
                    }
                    outputs.push(output);
                }
            }
        }
    }
}
