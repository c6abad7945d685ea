//! Locks along a street, phones in front of them, and the air between: what makes events besides timers.

use crate::executor::Physics;
use crate::radio::StreetRadio;
use crate::time::VirtualTime;
use futures_channel::{mpsc, oneshot};
use keyway_air::{
    Advertiser, Advertising, Air, Delivery, Link as AirLink, MAX_MTU, Signal, ToLock, ToPhone,
};
use keyway_app::ports::{
    AdapterState, LinkEvent, Location, PeripheralId, Permission, Power, Sighting,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a lock is to the air: GATT operations in, GATT operations out. Moments are milliseconds of the world.
pub trait Peripheral: Send {
    /// A phone's operation arrived on this link, or (with [`ToLock::Disconnect`]) the link is gone. `mtu` is what both agreed on.
    fn handle(&mut self, link: u32, operation: ToLock, mtu: u16, now: u64);
    /// The next thing it says; `None` when it has nothing to say now.
    fn poll(&mut self, now: u64) -> Option<(u32, ToPhone)>;
    /// When it wants to be looked at again.
    fn next_event(&mut self, now: u64) -> Option<u64>;
    /// The service data it advertises now; a lock without power advertises nothing and answers nobody.
    fn service_data(&self) -> Option<Vec<u8>>;
}

/// One street. Clones are the same street.
#[derive(Clone)]
pub struct Street {
    state: Arc<Mutex<State>>,
    time: VirtualTime,
}

struct State {
    sites: Vec<Site>,
    links: BTreeMap<u32, Connection>,
    scans: Vec<Listening>,
    next_link: u32,
    adapter: AdapterState,
    seed: u64,
    operations: u64,
}

struct Site {
    id: PeripheralId,
    peripheral: Box<dyn Peripheral>,
    air: Air,
    in_range: bool,
}

struct Connection {
    site: usize,
    air: AirLink,
    events: mpsc::UnboundedSender<LinkEvent>,
    waiting: Waiting,
}

/// Who waits for which answer on a link.
#[derive(Default)]
pub(crate) struct Waiting {
    pub(crate) connected: Option<oneshot::Sender<u16>>,
    pub(crate) subscribed: Option<oneshot::Sender<()>>,
    pub(crate) hello: Option<oneshot::Sender<Vec<u8>>>,
}

/// A link that is being opened.
pub(crate) type Opening = (
    u32,
    oneshot::Receiver<u16>,
    mpsc::UnboundedReceiver<LinkEvent>,
);

struct Listening {
    advertisers: Vec<Advertiser>,
    heard: mpsc::UnboundedSender<Sighting>,
}

impl Street {
    /// An empty street on this clock.
    #[must_use]
    pub fn new(time: VirtualTime, seed: u64) -> Self {
        let state = State {
            sites: Vec::new(),
            links: BTreeMap::new(),
            scans: Vec::new(),
            next_link: 1,
            adapter: AdapterState {
                power: Power::On,
                permission: Permission::Granted,
                location: Location::NotNeeded,
            },
            seed,
            operations: 0,
        };
        Self {
            state: Arc::new(Mutex::new(state)),
            time,
        }
    }

    /// Puts a lock on the street, in range; gives its number.
    pub fn add(&self, name: &str, peripheral: Box<dyn Peripheral>, air: Air) -> usize {
        let mut state = self.state();
        state.sites.push(Site {
            id: PeripheralId(name.to_owned()),
            peripheral,
            air,
            in_range: true,
        });
        state.sites.len() - 1
    }

    /// Changes the air in front of a lock, for links made from now on.
    pub fn set_air(&self, site: usize, air: Air) {
        self.state().sites[site].air = air;
    }

    /// Walks away from a lock, or back to it. Walking away breaks its links.
    pub fn set_in_range(&self, site: usize, in_range: bool) {
        let now = self.time.now();
        let mut state = self.state();
        state.sites[site].in_range = in_range;
        if !in_range {
            let links = state.links.values_mut();
            links
                .filter(|link| link.site == site)
                .for_each(|link| link.air.lose(now));
        }
    }

    /// Changes what the phones' Bluetooth adapters say of themselves.
    pub fn set_adapter(&self, adapter: AdapterState) {
        self.state().adapter = adapter;
    }

    /// Radio operations that phones asked for, ever: scans, connections, reads, subscriptions, writes. Disconnects are not counted.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.state().operations
    }

    /// The radio port of a phone on this street.
    #[must_use]
    pub fn radio(&self) -> StreetRadio {
        StreetRadio(self.clone())
    }

    pub(crate) fn adapter(&self) -> AdapterState {
        self.state().adapter
    }

    pub(crate) fn after(&self, milliseconds: u64) -> impl Future<Output = ()> + Send + use<> {
        self.time
            .until(self.time.now().saturating_add(milliseconds))
    }

    /// A phone begins to listen.
    pub(crate) fn listen(&self) -> mpsc::UnboundedReceiver<Sighting> {
        let now = self.time.now();
        let (heard, sightings) = mpsc::unbounded();
        let mut state = self.state();
        state.operations += 1;
        let seed = state.seed;
        let advertisers = (0..state.sites.len() as u64)
            .map(|site| Advertiser::new(Advertising::default(), seed ^ site, now))
            .collect();
        state.scans.push(Listening { advertisers, heard });
        sightings
    }

    /// Opens a link to a lock in range: its number, who hears its MTU, and its events.
    pub(crate) fn connect(&self, id: &PeripheralId) -> Option<Opening> {
        let (connected, answer) = oneshot::channel();
        let (events, incoming) = mpsc::unbounded();
        let now = self.time.now();
        let mut state = self.state();
        let found = state.sites.iter().position(|site| site.id == *id);
        let reachable = |site: &usize| {
            let site = &state.sites[*site];
            site.in_range && site.peripheral.service_data().is_some()
        };
        let site = found.filter(reachable)?;
        let number = state.next_link;
        state.next_link += 1;
        let connection = Connection {
            site,
            air: AirLink::new(u64::from(number), state.sites[site].air, state.seed, now),
            events,
            waiting: Waiting {
                connected: Some(connected),
                ..Waiting::default()
            },
        };
        state.links.insert(number, connection);
        Some((number, answer, incoming))
    }

    /// Notes who waits for an answer on this link. On a link that is gone nobody is noted, and the waiter hears the loss.
    pub(crate) fn expect(&self, link: u32, note: impl FnOnce(&mut Waiting)) {
        if let Some(connection) = self.state().links.get_mut(&link) {
            note(&mut connection.waiting);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends one operation of a phone; false when the link is gone.
    pub(crate) fn send(&self, link: u32, operation: ToLock) -> bool {
        let now = self.time.now();
        let mut state = self.state();
        state.operations += u64::from(operation != ToLock::Disconnect);
        let Some(connection) = state.links.get_mut(&link) else {
            return false;
        };
        connection.air.send(Signal::ToLock(operation), now);
        true
    }
}

impl Physics for Street {
    fn next_event(&mut self) -> Option<u64> {
        let now = self.time.now();
        let mut state = self.state();
        let links = state
            .links
            .values()
            .filter_map(|link| link.air.next_event())
            .min();
        let scans = state.scans.iter().flat_map(|scan| &scan.advertisers);
        let scans = scans.map(Advertiser::next_event).min();
        let locks = state.sites.iter_mut();
        let locks = locks
            .filter_map(|site| site.peripheral.next_event(now))
            .min();
        [links, scans, locks].into_iter().flatten().min()
    }

    fn run(&mut self, now: u64) {
        let mut state = self.state();
        state.advertise(now);
        // A frame may be answered within the same moment, so go round until nothing moves.
        while state.deliver(now) || state.speak(now) {}
    }
}

impl State {
    fn advertise(&mut self, now: u64) {
        let sites = &self.sites;
        self.scans.retain_mut(|scan| {
            for (site, advertiser) in sites.iter().zip(&mut scan.advertisers) {
                let Some(rssi) = advertiser.heard(now) else {
                    continue;
                };
                let Some(service_data) = site.peripheral.service_data() else {
                    continue;
                };
                let sighting = Sighting {
                    id: site.id.clone(),
                    rssi,
                    service_data,
                };
                if site.in_range && scan.heard.unbounded_send(sighting).is_err() {
                    return false;
                }
            }
            !scan.heard.is_closed()
        });
    }

    /// Hands over what the air carries; true when anything moved.
    fn deliver(&mut self, now: u64) -> bool {
        let mut moved = false;
        let mut gone = Vec::new();
        for (number, connection) in &mut self.links {
            while let Some(delivery) = connection.air.receive(now) {
                moved = true;
                let mtu = connection.air.mtu(MAX_MTU);
                let peripheral = &mut self.sites[connection.site].peripheral;
                match delivery {
                    Delivery::ToLock(operation) => {
                        let ends = operation == ToLock::Disconnect;
                        peripheral.handle(*number, operation, mtu, now);
                        if ends {
                            gone.push(*number);
                        }
                    }
                    Delivery::ToPhone(ToPhone::Disconnected) => {
                        connection.hear(ToPhone::Disconnected);
                        gone.push(*number);
                    }
                    Delivery::ToPhone(operation) => connection.hear(operation),
                    Delivery::Lost => {
                        peripheral.handle(*number, ToLock::Disconnect, mtu, now);
                        connection.hear(ToPhone::Disconnected);
                        gone.push(*number);
                    }
                }
            }
        }
        for number in gone {
            self.links.remove(&number);
        }
        moved
    }

    /// Takes what the locks have to say; true when one said anything.
    fn speak(&mut self, now: u64) -> bool {
        let mut spoke = false;
        for site in &mut self.sites {
            while let Some((link, operation)) = site.peripheral.poll(now) {
                spoke = true;
                if let Some(connection) = self.links.get_mut(&link) {
                    connection.air.send(Signal::ToPhone(operation), now);
                }
            }
        }
        spoke
    }
}

impl Connection {
    fn hear(&mut self, operation: ToPhone) {
        match operation {
            ToPhone::Connected { mtu } => answer(&mut self.waiting.connected, mtu),
            ToPhone::Subscribed => answer(&mut self.waiting.subscribed, ()),
            ToPhone::HelloValue(value) => answer(&mut self.waiting.hello, value),
            ToPhone::NotifyHello(value) => self.event(LinkEvent::Hello(value)),
            ToPhone::NotifyDown(value) => self.event(LinkEvent::Down(value)),
            ToPhone::Disconnected => {
                // Whoever waits for an answer hears the loss by its sender's end.
                self.waiting = Waiting::default();
                self.event(LinkEvent::Lost);
            }
            ToPhone::Advertisement { .. } => {}
        }
    }

    fn event(&self, event: LinkEvent) {
        let _ = self.events.unbounded_send(event);
    }
}

fn answer<T>(waiting: &mut Option<oneshot::Sender<T>>, value: T) {
    if let Some(sender) = waiting.take() {
        let _ = sender.send(value);
    }
}
