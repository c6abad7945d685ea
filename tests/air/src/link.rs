use crate::trace::{Direction, Fate, TraceLine};
use keyway_platform::radio::pipe::{MAX_MTU, ToLock, ToPhone, negotiate_mtu};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use std::collections::VecDeque;

/// The physics of one link.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Air {
    /// Milliseconds between connection events; frames are handed over only at these. Zero hands over at once.
    pub interval: u64,
    /// Frames that one connection event carries in each direction.
    pub frames_per_event: u32,
    /// The probability, 0 to 1, that a write or notification vanishes.
    pub drop: f64,
    /// The probability, 0 to 1, that a write or notification arrives twice.
    pub double: f64,
    /// The lock's ATT MTU offer, bytes.
    pub mtu: u16,
    /// Where the link breaks by itself, if anywhere.
    pub cut: Option<Cut>,
}

impl Default for Air {
    /// A phone beside the door: 30 ms, six frames an event, nothing lost.
    fn default() -> Self {
        Self {
            interval: 30,
            frames_per_event: 6,
            drop: 0.0,
            double: 0.0,
            mtu: MAX_MTU,
            cut: None,
        }
    }
}

/// The link breaks inside the frame that carries this byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Bytes of which direction are counted.
    pub direction: Direction,
    /// How many bytes of attribute values still arrive whole; the frame with the next one is lost with the link.
    pub after: usize,
}

/// A frame on its way: an operation of either direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// From the phone.
    ToLock(ToLock),
    /// From the lock.
    ToPhone(ToPhone),
}

/// What the link hands over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// To the lock.
    ToLock(ToLock),
    /// To the phone.
    ToPhone(ToPhone),
    /// Both ends see the link go down; said once, after all that was handed over before.
    Lost,
}

/// One link from `connect` to its loss.
#[derive(Debug)]
pub struct Link {
    number: u64,
    air: Air,
    chance: ChaCha12Rng,
    anchor: u64,
    up: Way,
    down: Way,
    lost: Option<Loss>,
    trace: Vec<TraceLine>,
}

#[derive(Debug, Default)]
struct Way {
    queue: VecDeque<(u64, Signal)>,
    event: u64,
    in_event: u32,
    bytes: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loss {
    At(u64),
    Told,
}

impl Link {
    /// A link that opens at `now`, milliseconds: the first connection event is one interval later.
    #[must_use]
    pub fn new(number: u64, air: Air, seed: u64, now: u64) -> Self {
        Self {
            number,
            air,
            chance: ChaCha12Rng::seed_from_u64(seed ^ number.rotate_left(32)),
            anchor: now,
            up: Way::default(),
            down: Way::default(),
            lost: None,
            trace: Vec::new(),
        }
    }

    /// The agreed MTU when the phone offers `offer`, bytes.
    #[must_use]
    pub fn mtu(&self, offer: u16) -> u16 {
        negotiate_mtu(offer, self.air.mtu)
    }

    /// Sends one operation at `now`. On a lost link it vanishes.
    pub fn send(&mut self, signal: Signal, now: u64) {
        if self.lost.is_some() {
            return;
        }
        let (direction, operation, value) = describe(&signal);
        let lossy = matches!(operation, "write" | "notify-hello" | "notify-down");
        let line = TraceLine {
            at: now,
            link: self.number,
            direction,
            operation: operation.to_owned(),
            fate: Fate::Carried,
            bytes: value.len(),
            hex: hexadecimal(value),
        };
        let size = value.len();
        let way = self.way(direction);
        way.bytes += size;
        let bytes = way.bytes;
        let fate = if self
            .air
            .cut
            .is_some_and(|cut| cut.direction == direction && bytes > cut.after)
        {
            Fate::Cut
        } else if lossy && self.chance.random_bool(self.air.drop.clamp(0.0, 1.0)) {
            Fate::Dropped
        } else if lossy && self.chance.random_bool(self.air.double.clamp(0.0, 1.0)) {
            Fate::Doubled
        } else {
            Fate::Carried
        };
        self.trace.push(TraceLine { fate, ..line });
        match fate {
            Fate::Carried => self.queue(direction, signal, now),
            Fate::Dropped => {}
            Fate::Doubled => {
                self.queue(direction, signal.clone(), now);
                self.queue(direction, signal, now);
            }
            Fate::Cut => self.lose(now),
        }
    }

    /// Breaks the link at `now`: what is still on its way is lost.
    pub fn lose(&mut self, now: u64) {
        if self.lost.is_some() {
            return;
        }
        // What an earlier connection event carried has arrived; the rest goes down with the link.
        let at = self.event_after(now);
        self.up.queue.retain(|(due, _)| *due < at);
        self.down.queue.retain(|(due, _)| *due < at);
        self.lost = Some(Loss::At(at));
        self.trace.push(TraceLine {
            at: now,
            link: self.number,
            direction: Direction::ToPhone,
            operation: "lost".to_owned(),
            fate: Fate::Cut,
            bytes: 0,
            hex: String::new(),
        });
    }

    /// The next thing that has arrived by `now`; call until `None`.
    pub fn receive(&mut self, now: u64) -> Option<Delivery> {
        let first = |way: &Way| {
            way.queue
                .front()
                .map(|(due, _)| *due)
                .filter(|due| *due <= now)
        };
        let signal = match (first(&self.up), first(&self.down)) {
            (Some(up), Some(down)) if down < up => self.down.queue.pop_front(),
            (Some(_), _) => self.up.queue.pop_front(),
            (None, Some(_)) => self.down.queue.pop_front(),
            (None, None) => None,
        };
        match signal {
            Some((_, Signal::ToLock(message))) => Some(Delivery::ToLock(message)),
            Some((_, Signal::ToPhone(message))) => Some(Delivery::ToPhone(message)),
            None => match self.lost {
                Some(Loss::At(at)) if at <= now => {
                    self.lost = Some(Loss::Told);
                    Some(Delivery::Lost)
                }
                _ => None,
            },
        }
    }

    /// When [`Self::receive`] next has something, milliseconds; `None` while nothing is on its way.
    #[must_use]
    pub fn next_event(&self) -> Option<u64> {
        let loss = match self.lost {
            Some(Loss::At(at)) => Some(at),
            Some(Loss::Told) | None => None,
        };
        let first = |way: &Way| way.queue.front().map(|(due, _)| *due);
        [first(&self.up), first(&self.down), loss]
            .into_iter()
            .flatten()
            .min()
    }

    /// Has the link gone down?
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.lost.is_some()
    }

    /// The lines written since the last call.
    pub fn take_trace(&mut self) -> Vec<TraceLine> {
        core::mem::take(&mut self.trace)
    }

    fn way(&mut self, direction: Direction) -> &mut Way {
        match direction {
            Direction::ToLock => &mut self.up,
            Direction::ToPhone => &mut self.down,
        }
    }

    fn queue(&mut self, direction: Direction, signal: Signal, now: u64) {
        let soonest = self.event_after(now);
        let (interval, room) = (self.air.interval, self.air.frames_per_event.max(1));
        let way = self.way(direction);
        if soonest > way.event {
            (way.event, way.in_event) = (soonest, 0);
        } else if interval > 0 && way.in_event >= room {
            (way.event, way.in_event) = (way.event + interval, 0);
        }
        way.in_event += 1;
        way.queue.push_back((way.event, signal));
    }

    /// The first connection event later than `now`.
    fn event_after(&self, now: u64) -> u64 {
        match self.air.interval {
            0 => now,
            interval => self.anchor + (now.saturating_sub(self.anchor) / interval + 1) * interval,
        }
    }
}

fn describe(signal: &Signal) -> (Direction, &'static str, &[u8]) {
    let (direction, operation, value): (_, _, &[u8]) = match signal {
        Signal::ToLock(message) => match message {
            ToLock::Scan => (Direction::ToLock, "scan", &[]),
            ToLock::StopScan => (Direction::ToLock, "stop-scan", &[]),
            ToLock::Connect { .. } => (Direction::ToLock, "connect", &[]),
            ToLock::ReadHello => (Direction::ToLock, "read-hello", &[]),
            ToLock::Subscribe => (Direction::ToLock, "subscribe", &[]),
            ToLock::Write(value) => (Direction::ToLock, "write", value),
            ToLock::Disconnect => (Direction::ToLock, "disconnect", &[]),
        },
        Signal::ToPhone(message) => match message {
            ToPhone::Advertisement { service_data, .. } => {
                (Direction::ToPhone, "advertisement", service_data)
            }
            ToPhone::Connected { .. } => (Direction::ToPhone, "connected", &[]),
            ToPhone::HelloValue(value) => (Direction::ToPhone, "hello-value", value),
            ToPhone::NotifyHello(value) => (Direction::ToPhone, "notify-hello", value),
            ToPhone::NotifyDown(value) => (Direction::ToPhone, "notify-down", value),
            ToPhone::Subscribed => (Direction::ToPhone, "subscribed", &[]),
            ToPhone::Disconnected => (Direction::ToPhone, "disconnected", &[]),
        },
    };
    (direction, operation, value)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
