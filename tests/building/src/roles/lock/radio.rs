//! The air at a lock's end: each phone that connects over TCP has one radio, which scans and holds one link at a time.

use keyway_air::{
    Advertiser, Advertising, Air, Delivery, Link, Signal, ToLock, ToPhone, TraceLine,
};
use keyway_lock::PoweredLock;
use keyway_platform::radio::pipe::Message as _;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::TcpStream;

/// The radios of all phones near this lock.
pub(super) struct Radios {
    air: Air,
    advertising: Advertising,
    seed: u64,
    /// Nothing that the lock says reaches a phone.
    silent: bool,
    /// Phones hear the lock and are heard by it.
    in_range: bool,
    phones: BTreeMap<u64, Phone>,
    links: u32,
    operations: u64,
    trace: Vec<TraceLine>,
}

struct Phone {
    pipe: TcpStream,
    listening: Option<Advertiser>,
    link: Option<Open>,
}

struct Open {
    number: u32,
    mtu: u16,
    air: Link,
}

impl Radios {
    /// Air without phones.
    pub(super) fn new(air: Air, advertising: Advertising, seed: u64, silent: bool) -> Self {
        Self {
            air,
            advertising,
            seed,
            silent,
            in_range: true,
            phones: BTreeMap::new(),
            links: 0,
            operations: 0,
            trace: Vec::new(),
        }
    }

    /// A phone came near.
    pub(super) fn arrive(&mut self, phone: u64, pipe: TcpStream) {
        let phone_here = Phone {
            pipe,
            listening: None,
            link: None,
        };
        self.phones.insert(phone, phone_here);
    }

    /// A phone went away: its link is lost.
    pub(super) fn leave(&mut self, phone: u64, lock: &mut PoweredLock, now: u64) {
        let gone = self.phones.remove(&phone);
        if let Some(mut open) = gone.and_then(|phone| phone.link) {
            open.air.lose(now);
            self.trace.extend(open.air.take_trace());
            lock.handle(open.number, ToLock::Disconnect, open.mtu, now);
        }
    }

    /// The lock comes into reach of every phone, or leaves it; links break then.
    pub(super) fn set_in_range(&mut self, in_range: bool, now: u64) {
        self.in_range = in_range;
        if !in_range {
            self.cut(now);
        }
    }

    /// A phone's radio asks for something.
    pub(super) fn hear(&mut self, phone: u64, operation: ToLock, now: u64) {
        let Some(state) = self.phones.get_mut(&phone) else {
            return;
        };
        let ends = matches!(operation, ToLock::StopScan | ToLock::Disconnect);
        self.operations += u64::from(!ends);
        match operation {
            ToLock::Scan => {
                let advertiser = Advertiser::new(self.advertising, self.seed ^ phone, now);
                state.listening = Some(advertiser);
            }
            ToLock::StopScan => state.listening = None,
            // Nobody hears it: the phone waits until its patience ends.
            ToLock::Connect { .. } if !self.in_range => {}
            ToLock::Connect { mtu } => {
                self.links += 1;
                let mut air = Link::new(u64::from(self.links), self.air, self.seed, now);
                air.send(Signal::ToLock(operation), now);
                state.link = Some(Open {
                    number: self.links,
                    mtu: air.mtu(mtu),
                    air,
                });
            }
            other => {
                if let Some(open) = &mut state.link {
                    open.air.send(Signal::ToLock(other), now);
                }
            }
        }
    }

    /// Breaks every link.
    pub(super) fn cut(&mut self, now: u64) {
        let links = self
            .phones
            .values_mut()
            .filter_map(|phone| phone.link.as_mut());
        links.for_each(|open| open.air.lose(now));
    }

    /// Lets the air do what is due at `now`; true when a frame was handed over, so that either end may have an answer.
    pub(super) fn run(&mut self, lock: &mut PoweredLock, now: u64) -> bool {
        let mut moved = false;
        let mut left = Vec::new();
        for (name, phone) in &mut self.phones {
            let heard = phone
                .listening
                .as_mut()
                .and_then(|advertiser| advertiser.heard(now));
            let said = lock.service_data().filter(|_| self.in_range);
            if let (Some(rssi), Some(said)) = (heard, said) {
                let service_data = said.to_vec();
                let advertisement = ToPhone::Advertisement { rssi, service_data };
                if !send(&mut phone.pipe, &advertisement) {
                    left.push(*name);
                }
            }
            let Some(open) = &mut phone.link else {
                continue;
            };
            let mut ended = false;
            while let Some(delivery) = open.air.receive(now) {
                moved = true;
                match delivery {
                    Delivery::ToLock(operation) => {
                        ended |= operation == ToLock::Disconnect;
                        lock.handle(open.number, operation, open.mtu, now);
                    }
                    Delivery::ToPhone(operation) => {
                        ended |= operation == ToPhone::Disconnected;
                        if !send(&mut phone.pipe, &operation) {
                            left.push(*name);
                        }
                    }
                    Delivery::Lost => {
                        ended = true;
                        lock.handle(open.number, ToLock::Disconnect, open.mtu, now);
                        let _gone = send(&mut phone.pipe, &ToPhone::Disconnected);
                    }
                }
            }
            self.trace.extend(open.air.take_trace());
            if ended {
                phone.link = None;
            }
        }
        for phone in left {
            self.leave(phone, lock, now);
        }
        moved | self.speak(lock, now)
    }

    /// Puts what the lock says into the air.
    fn speak(&mut self, lock: &mut PoweredLock, now: u64) -> bool {
        let mut spoke = false;
        while let Some((link, operation)) = lock.poll() {
            spoke = true;
            let heard = !self.silent
                || matches!(operation, ToPhone::Connected { .. } | ToPhone::Subscribed);
            let open = self
                .phones
                .values_mut()
                .filter_map(|phone| phone.link.as_mut())
                .find(|open| open.number == link);
            if let (true, Some(open)) = (heard, open) {
                open.air.send(Signal::ToPhone(operation), now);
                self.trace.extend(open.air.take_trace());
            }
        }
        spoke
    }

    /// When there is something to do next, milliseconds.
    pub(super) fn next_event(&self) -> Option<u64> {
        let phones = self.phones.values();
        let due = phones.flat_map(|phone| {
            let listening = phone.listening.as_ref().map(Advertiser::next_event);
            let link = phone.link.as_ref().and_then(|open| open.air.next_event());
            [listening, link]
        });
        due.flatten().min()
    }

    /// What phones asked of the air so far, but for what ends a scan or a link.
    pub(super) fn operations(&self) -> u64 {
        self.operations
    }

    /// Trace lines written since the last call.
    pub(super) fn take_trace(&mut self) -> Vec<TraceLine> {
        std::mem::take(&mut self.trace)
    }
}

fn send(pipe: &mut TcpStream, message: &ToPhone) -> bool {
    pipe.write_all(&message.encode()).is_ok()
}
