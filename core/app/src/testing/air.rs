//! A radio port with one real lock machine behind it, and every way in which air and systems misbehave.

use super::doorway::{hint_key, identity};
use super::keeper::{DoorKeeper, Papers};
use super::time::FakeClock;
use crate::ports::{
    AdapterState, BoxFuture, Clock, Link, LinkEvent, Location, PeripheralId, Permission, Power,
    Radio, RadioError, Scan, Sighting,
};
use core::future::{pending, poll_fn};
use core::task::{Context, Poll};
use core::time::Duration;
use keyway_protocol::crypto::{Secret32, SeededRandom, Signature, SigningKey};
use keyway_protocol::io::{LinkId, Millis};
use keyway_protocol::lock::{
    Body, Env, Flash, Input, KeyStore, MotorResult, Node, Output, SecretName, StorageFault,
};
use keyway_protocol::wire::gatt::Characteristic;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

/// How long the bolt takes.
const MOTOR: u64 = 700;

/// What the radio was asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Scan,
    Connect,
    Write,
    Read,
    Close,
}

/// The radio port of one phone; the lock behind it outlives links.
#[derive(Clone)]
pub(crate) struct FakeRadio {
    clock: Arc<FakeClock>,
    street: Arc<Mutex<Street>>,
}

pub(crate) struct Street {
    pub(crate) adapter: AdapterState,
    pub(crate) in_range: bool,
    /// The next so many connects fail.
    pub(crate) failing_connects: u32,
    /// A link is lost when the lock begins to move the bolt.
    pub(crate) cut_at_motor: bool,
    /// Then the lock is out of range for good.
    pub(crate) gone_at_motor: bool,
    /// A link is lost after so many writes.
    pub(crate) cut_after_writes: Option<u32>,
    /// The lock's notifications and hellos get lost.
    pub(crate) silent: bool,
    pub(crate) close_hangs: bool,
    /// When, and what.
    pub(crate) operations: Vec<(Duration, Operation)>,
    /// Every time the motor moved.
    pub(crate) moves: u32,
    papers: Arc<Mutex<Papers>>,
    node: Node<DoorKeeper>,
    random: SeededRandom,
    keys: Keys,
    motor_stops: Option<Millis>,
    service_data: Vec<u8>,
    links: BTreeMap<LinkId, Heard>,
    next_link: u32,
}

#[derive(Default)]
struct Heard {
    events: VecDeque<LinkEvent>,
    hello: Option<Vec<u8>>,
    lost: bool,
}

struct Keys(SigningKey);

impl KeyStore for Keys {
    fn sign(&mut self, message: &[u8]) -> Signature {
        self.0.sign(&[message])
    }

    fn secret(&self, _: SecretName) -> Option<Secret32> {
        Some(hint_key())
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

impl Street {
    fn new() -> Self {
        let papers = Arc::new(Mutex::new(Papers::new()));
        Self {
            adapter: AdapterState {
                power: Power::On,
                permission: Permission::Granted,
                location: Location::NotNeeded,
            },
            in_range: true,
            failing_connects: 0,
            cut_at_motor: false,
            gone_at_motor: false,
            cut_after_writes: None,
            silent: false,
            close_hangs: false,
            operations: Vec::new(),
            moves: 0,
            node: Node::new(DoorKeeper(Arc::clone(&papers))),
            papers,
            random: SeededRandom::new(&Secret32::new([0x51; 32])),
            keys: Keys(identity()),
            motor_stops: None,
            service_data: Vec::new(),
            links: BTreeMap::new(),
            next_link: 0,
        }
    }

    pub(crate) fn papers(&self) -> MutexGuard<'_, Papers> {
        self.papers.lock().unwrap()
    }

    fn input(&mut self, input: Input<'_>, now: Millis) {
        let mut env = Env {
            now,
            random: &mut self.random,
            flash: &mut NoFlash,
            keys: &mut self.keys,
            body: Body {
                battery_percent: 80,
                deadbolt_thrown: false,
            },
        };
        self.node.handle_input(input, &mut env);
    }

    /// Lets the lock say everything it has to say; gives the moment it wants to be asked again.
    fn drain(&mut self, now: Millis) -> Option<Millis> {
        if self.motor_stops.is_some_and(|at| at <= now) {
            self.motor_stops = None;
            self.input(Input::MotorStopped(MotorResult::Withdrawn), now);
        }
        self.input(Input::Tick, now);
        loop {
            match self.node.poll_output(now) {
                Output::Wait(at) => return Millis::earliest(at, self.motor_stops),
                Output::Withdraw => {
                    self.moves += 1;
                    self.motor_stops = Some(now + MOTOR);
                    if core::mem::take(&mut self.cut_at_motor) {
                        self.in_range &= !self.gone_at_motor;
                        self.cut(now);
                    }
                }
                Output::Advertise(data) => self.service_data = data,
                Output::Notify {
                    link,
                    characteristic,
                    bytes,
                } => {
                    let event = match characteristic {
                        Characteristic::Hello => LinkEvent::Hello(bytes),
                        Characteristic::Down => LinkEvent::Down(bytes),
                    };
                    self.tell(link, event);
                }
                Output::HelloValue { link, bytes } => {
                    if let Some(heard) = self.links.get_mut(&link) {
                        heard.hello = Some(bytes);
                    }
                }
                Output::Disconnect { link } => self.tell(link, LinkEvent::Lost),
                Output::KeypadRefused(_) => {}
            }
        }
    }

    fn tell(&mut self, link: LinkId, event: LinkEvent) {
        let silent = self.silent;
        if let Some(heard) = self.links.get_mut(&link)
            && !silent
        {
            heard.lost |= event == LinkEvent::Lost;
            heard.events.push_back(event);
        }
    }

    /// Every link is lost, with what was on it.
    pub(crate) fn cut(&mut self, now: Millis) {
        let links: Vec<LinkId> = self.links.keys().copied().collect();
        for link in links {
            self.input(Input::LinkDown { link }, now);
            if let Some(heard) = self.links.get_mut(&link) {
                heard.lost = true;
                heard.events.clear();
                heard.events.push_back(LinkEvent::Lost);
            }
        }
    }
}

impl FakeRadio {
    pub(super) fn new(clock: Arc<FakeClock>) -> Self {
        Self {
            clock,
            street: Arc::new(Mutex::new(Street::new())),
        }
    }

    pub(crate) fn street(&self) -> MutexGuard<'_, Street> {
        self.street.lock().unwrap()
    }

    fn now(&self) -> Millis {
        Millis(u64::try_from(self.clock.now().as_millis()).unwrap())
    }

    fn note(&self, operation: Operation) {
        let now = self.clock.now();
        self.street().operations.push((now, operation));
    }

    /// Gives what `take` finds, letting the lock live meanwhile.
    fn until<T: Send + 'static>(
        &self,
        mut take: impl FnMut(&mut Street) -> Option<T> + Send + 'static,
    ) -> BoxFuture<'static, T> {
        let radio = self.clone();
        let mut sleep: Option<(Millis, BoxFuture<'static, ()>)> = None;
        Box::pin(poll_fn(move |context: &mut Context<'_>| {
            loop {
                let now = radio.now();
                let mut street = radio.street();
                let wake = street.drain(now);
                if let Some(found) = take(&mut street) {
                    return Poll::Ready(found);
                }
                drop(street);
                // A machine that wants to be asked at once is asked a moment later: time must pass.
                let at = wake.map_or(now + 1_000, |wake| wake.max(now + 1));
                if sleep.as_ref().is_none_or(|(until, _)| *until != at) {
                    let pause = Duration::from_millis(at.since(now));
                    sleep = Some((at, radio.clock.sleep(pause)));
                }
                let (_, sleeping) = sleep.as_mut().unwrap();
                if sleeping.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
                sleep = None;
            }
        }))
    }
}

impl Radio for FakeRadio {
    fn state(&self) -> AdapterState {
        self.street().adapter
    }

    fn scan(&self) -> BoxFuture<'static, Result<Box<dyn Scan>, RadioError>> {
        self.note(Operation::Scan);
        let scan: Box<dyn Scan> = Box::new(FakeScan(self.clone()));
        Box::pin(async move { Ok(scan) })
    }

    fn connect(
        &self,
        _: PeripheralId,
        _: Duration,
    ) -> BoxFuture<'static, Result<Box<dyn Link>, RadioError>> {
        let radio = self.clone();
        Box::pin(async move {
            radio.note(Operation::Connect);
            let now = radio.now();
            let link = {
                let mut street = radio.street();
                if street.failing_connects > 0 || !street.in_range {
                    street.failing_connects = street.failing_connects.saturating_sub(1);
                    return Err(RadioError::Refused);
                }
                street.next_link += 1;
                let link = LinkId(street.next_link);
                street.links.insert(link, Heard::default());
                street.input(Input::LinkUp { link, mtu: 185 }, now);
                link
            };
            let link: Box<dyn Link> = Box::new(FakeLink { radio, link });
            Ok(link)
        })
    }
}

struct FakeScan(FakeRadio);

impl Scan for FakeScan {
    fn next(&mut self) -> BoxFuture<'_, Result<Sighting, RadioError>> {
        let radio = self.0.clone();
        Box::pin(async move {
            radio.clock.sleep(Duration::from_millis(100)).await;
            let seen = radio.until(|street| {
                (street.in_range && !street.service_data.is_empty())
                    .then(|| street.service_data.clone())
            });
            Ok(Sighting {
                id: PeripheralId("lock".into()),
                rssi: -60,
                service_data: seen.await,
            })
        })
    }
}

struct FakeLink {
    radio: FakeRadio,
    link: LinkId,
}

impl Link for FakeLink {
    fn mtu(&self) -> u16 {
        185
    }

    fn read_hello(&self) -> BoxFuture<'_, Result<Vec<u8>, RadioError>> {
        self.radio.note(Operation::Read);
        let (link, now) = (self.link, self.radio.now());
        self.radio.street().input(Input::ReadHello { link }, now);
        Box::pin(async move {
            let read = self.radio.until(move |street| {
                let silent = street.silent;
                let heard = street.links.get_mut(&link)?;
                match heard.lost {
                    true => Some(Err(RadioError::Lost)),
                    false if silent => None,
                    false => heard.hello.take().map(Ok),
                }
            });
            read.await
        })
    }

    fn subscribe(&self) -> BoxFuture<'_, Result<(), RadioError>> {
        let (link, now) = (self.link, self.radio.now());
        self.radio.street().input(Input::Subscribed { link }, now);
        Box::pin(async { Ok(()) })
    }

    fn write(&self, frame: Vec<u8>) -> BoxFuture<'_, Result<(), RadioError>> {
        self.radio.note(Operation::Write);
        let (link, now) = (self.link, self.radio.now());
        let mut street = self.radio.street();
        let lost = street.links.get(&link).is_none_or(|heard| heard.lost);
        if let Some(left) = &mut street.cut_after_writes {
            *left = left.saturating_sub(1);
            if *left == 0 {
                street.cut_after_writes = None;
                street.cut(now);
            }
        }
        if !lost {
            let bytes = &frame;
            street.input(Input::Frame { link, bytes }, now);
        }
        Box::pin(async move {
            match lost {
                true => Err(RadioError::Lost),
                false => Ok(()),
            }
        })
    }

    fn next(&self) -> BoxFuture<'_, LinkEvent> {
        let link = self.link;
        self.radio
            .until(move |street| street.links.get_mut(&link)?.events.pop_front())
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.radio.note(Operation::Close);
        if self.radio.street().close_hangs {
            return Box::pin(pending());
        }
        Box::pin(async {})
    }
}

impl Drop for FakeLink {
    fn drop(&mut self) {
        let (link, now) = (self.link, self.radio.now());
        let mut street = self.radio.street();
        if street.links.remove(&link).is_some_and(|heard| !heard.lost) {
            street.input(Input::LinkDown { link }, now);
        }
    }
}
