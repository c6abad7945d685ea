//! What all scans and links of one radio share: the adapter, its state, who hears its events, and peripherals that are being let go.

use super::inbox::Inbox;
use super::policy::{Policy, Said, ScanBudget, Told};
use super::shelf::{Ended, Shelf};
use super::stack::{Adapter, AdapterEvent, Device, Stack, StackError};
use core::time::Duration;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use futures_util::stream::{BoxStream, StreamExt as _};
use keyway_app::ports::{AdapterState, PeripheralId, Permission, Power, RadioError};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout};

/// No single operation on an adapter or a link waits longer than this.
pub(super) const OPERATION: Duration = Duration::from_secs(5);
/// Opening may ask the resident for permission.
const OPENING: Duration = Duration::from_secs(30);
/// The start of a scan is waited for this long.
const STARTING: Duration = Duration::from_secs(1);
/// A disconnect takes `BlueZ` two seconds by design; after this the object is dropped all the same.
const LETTING_GO: Duration = Duration::from_secs(4);
/// A disconnect behind a connect that does not end is left to happen for this long: the system gives up after half a minute.
const LINGERING: Duration = Duration::from_secs(60);
/// Events kept for a slow scan; later ones are dropped, since advertisements repeat.
const BACKLOG: usize = 64;

type Opening = Shared<BoxFuture<'static, Result<Arc<dyn Adapter>, StackError>>>;

/// The hub.
pub(super) struct Hub {
    /// Where everything here runs, whoever polls.
    pub(super) runtime: Handle,
    /// How this system behaves.
    pub(super) policy: Policy,
    stack: Arc<dyn Stack>,
    initialised: AtomicBool,
    looking: AtomicBool,
    shared: Mutex<State>,
    scanning: tokio::sync::Mutex<Scanning>,
}

#[derive(Default)]
struct State {
    told: Told,
    said: Said,
    adapter: Option<Opening>,
    pump: Option<AbortHandle>,
    links: Vec<(PeripheralId, Weak<Inbox>)>,
    scans: Vec<mpsc::Sender<AdapterEvent>>,
    shelf: Shelf,
    leaving: BTreeMap<PeripheralId, watch::Receiver<()>>,
    /// How often the adapter went off or away.
    falls: u64,
}

#[derive(Default)]
struct Scanning {
    count: usize,
    /// After how many falls: the system forgets its scan with each.
    since: u64,
    budget: ScanBudget,
    begun: Option<Instant>,
}

impl Hub {
    /// A hub that has touched nothing yet.
    pub(super) fn new(runtime: Handle, stack: Arc<dyn Stack>, policy: Policy) -> Arc<Self> {
        Arc::new(Self {
            runtime,
            policy,
            stack,
            initialised: AtomicBool::new(false),
            looking: AtomicBool::new(false),
            shared: Mutex::default(),
            scanning: tokio::sync::Mutex::default(),
        })
    }

    /// The shell initialised the platform's classes.
    pub(super) fn set_initialised(&self) {
        self.initialised.store(true, Ordering::Release);
    }

    /// The shell tells what it knows.
    pub(super) fn tell(&self, told: Told) {
        let mut state = self.lock();
        if told.permission == Some(Permission::Granted) {
            state.said.permission = None;
        }
        state.told = told;
        let off = told.power.is_some_and(|power| power != Power::On);
        if off && !self.policy.says_power {
            state.fall();
        }
    }

    /// The state now. Asking a radio that is off or missing makes it look again: not every system says when that ends.
    pub(super) fn state(self: &Arc<Self>) -> AdapterState {
        let state = self.known_state();
        if state.power != Power::On
            && self.policy.reopens
            && self.is_initialised()
            && !self.looking.swap(true, Ordering::AcqRel)
        {
            let hub = Arc::clone(self);
            self.runtime.spawn(async move {
                // What it finds is in the state.
                let _ = hub.look_again().await;
                hub.looking.store(false, Ordering::Release);
            });
        }
        state
    }

    fn known_state(&self) -> AdapterState {
        let state = self.lock();
        self.policy.state(&state.told, &state.said)
    }

    /// The adapter, opened at the first use, if nothing stands against using it.
    pub(super) async fn adapter(self: &Arc<Self>) -> Result<Arc<dyn Adapter>, RadioError> {
        let initialised = self.is_initialised();
        // What was met before may have changed: only what the shell tells is final before a look.
        let told_only = self.policy.state(&self.lock().told, &Said::default());
        self.policy.obstacle(initialised, told_only)?;
        let adapter = self.opened().await.map_err(RadioError::from)?;
        self.policy.obstacle(initialised, self.known_state())?;
        Ok(adapter)
    }

    /// The same after the adapter failed in a way that says it is gone: it is looked for once more.
    pub(super) async fn adapter_again(self: &Arc<Self>) -> Result<Arc<dyn Adapter>, RadioError> {
        if self.policy.reopens {
            self.look_again().await.map_err(RadioError::from)?;
        }
        self.adapter().await
    }

    async fn look_again(self: &Arc<Self>) -> Result<(), StackError> {
        self.lock().adapter = None;
        self.opened().await.map(drop)
    }

    async fn opened(self: &Arc<Self>) -> Result<Arc<dyn Adapter>, StackError> {
        let opening = {
            let mut state = self.lock();
            match &state.adapter {
                Some(opening) => opening.clone(),
                None => {
                    // A task of its own: a caller who gives up must not cut an opening in half, and the next one must not begin a second.
                    let task = self.runtime.spawn(open(Arc::clone(self)));
                    let opening = task.map(|end| end.unwrap_or(Err(StackError::Refused)));
                    state.adapter.insert(opening.boxed().shared()).clone()
                }
            }
        };
        let opened = timeout(OPENING, opening.clone()).await;
        let opened = opened.unwrap_or(Err(StackError::Refused));
        if opened.is_err() {
            let mut state = self.lock();
            if state
                .adapter
                .as_ref()
                .is_some_and(|now| now.ptr_eq(&opening))
                && opening.peek().is_some()
            {
                state.adapter = None;
            }
        }
        opened
    }

    /// Registers a link: its inbox hears of the loss.
    pub(super) fn watch(&self, id: &PeripheralId, inbox: &Arc<Inbox>) {
        let mut state = self.lock();
        state.links.retain(|(_, inbox)| inbox.strong_count() > 0);
        state.links.push((id.clone(), Arc::downgrade(inbox)));
    }

    /// A scan's ear.
    pub(super) fn listen(&self) -> mpsc::Receiver<AdapterEvent> {
        let (sender, receiver) = mpsc::channel(BACKLOG);
        let mut state = self.lock();
        state.scans.retain(|scan| !scan.is_closed());
        state.scans.push(sender);
        receiver
    }

    /// Begins the system's scan, if none is under way. What it gives is told to [`Self::end_scan`].
    pub(super) async fn begin_scan(&self, adapter: &dyn Adapter) -> Result<u64, StackError> {
        let mut scanning = self.scanning.lock().await;
        let falls = self.lock().falls;
        if scanning.since != falls {
            scanning.since = falls;
            scanning.count = 0;
        }
        if scanning.count == 0 {
            if let Some(most) = self.policy.scan_starts {
                let begun = *scanning.begun.get_or_insert_with(Instant::now);
                let wait = scanning.budget.start(most, begun.elapsed());
                tokio::time::sleep(wait).await;
            }
            let by_service = self.policy.filters_by_service;
            // A start that is not answered has begun all the same, or the scan stays silent: BlueZ answers late when another program starts too.
            if let Ok(started) = timeout(STARTING, adapter.start_scan(by_service)).await {
                started?;
            }
        }
        scanning.count += 1;
        Ok(falls)
    }

    /// Ends the system's scan, if nobody else wants it.
    pub(super) async fn end_scan(&self, adapter: &dyn Adapter, since: u64) {
        let mut scanning = self.scanning.lock().await;
        if scanning.since != since {
            return;
        }
        scanning.count = scanning.count.saturating_sub(1);
        if scanning.count == 0 {
            // A scan that cannot be stopped ends with the adapter or the process.
            let _ = in_time(adapter.stop_scan()).await;
        }
    }

    /// What to connect through next.
    pub(super) fn choose(&self, id: &PeripheralId) -> super::shelf::Choice {
        self.lock().shelf.take(id)
    }

    /// Waits until an earlier link to this peripheral is let go.
    pub(super) async fn let_go_before(&self, id: &PeripheralId) {
        let leaving = self.lock().leaving.get(id).cloned();
        if let Some(mut leaving) = leaving {
            // The sender is dropped at the end.
            while leaving.changed().await.is_ok() {}
        }
    }

    /// Lets a peripheral go in the background, each way with a cap. `afterwards` is dropped last.
    pub(super) fn let_go(
        self: &Arc<Self>,
        id: PeripheralId,
        device: Arc<dyn Device>,
        ended: Ended,
        afterwards: impl Send + 'static,
    ) {
        let hub = Arc::clone(self);
        if ended == Ended::Stuck && self.policy.disconnect_waits {
            // The next link must not wait for it, nor use the object.
            self.lock()
                .shelf
                .put(&self.policy, &id, Arc::clone(&device), ended);
            self.runtime.spawn(async move {
                let _ = timeout(LINGERING, device.disconnect()).await;
                drop(afterwards);
            });
            return;
        }
        let (done, leaving) = watch::channel(());
        self.lock().leaving.insert(id.clone(), leaving);
        self.runtime.spawn(async move {
            let ended = match ended {
                Ended::Closed | Ended::Stuck => {
                    match timeout(LETTING_GO, device.disconnect()).await {
                        Ok(_) => ended,
                        Err(_) => Ended::Stuck,
                    }
                }
                Ended::Lost | Ended::Failed => ended,
            };
            let mut state = hub.lock();
            state.shelf.put(&hub.policy, &id, device, ended);
            state.leaving.remove(&id);
            drop(state);
            drop(afterwards);
            drop(done);
        });
    }

    fn is_initialised(&self) -> bool {
        !self.policy.waits_for_initialisation || self.initialised.load(Ordering::Acquire)
    }

    fn hear(&self, event: AdapterEvent) {
        let mut state = self.lock();
        match &event {
            AdapterEvent::Heard(_) => {}
            AdapterEvent::Disconnected(id) => state.suspect(id),
            AdapterEvent::Power(on) => {
                state.said.power = Some(*on);
                if !on {
                    state.fall();
                    return;
                }
            }
        }
        state.tell_scans(&event);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// A link to `id` may be gone.
    fn suspect(&self, id: &PeripheralId) {
        let named = self.links.iter().filter(|(name, _)| name == id);
        named
            .filter_map(|(_, inbox)| inbox.upgrade())
            .for_each(|inbox| inbox.suspect());
    }

    /// The adapter is off or gone, and everything with it.
    fn fall(&mut self) {
        self.falls += 1;
        for inbox in self
            .links
            .drain(..)
            .filter_map(|(_, inbox)| inbox.upgrade())
        {
            inbox.lose();
        }
        self.shelf.clear();
        self.tell_scans(&AdapterEvent::Power(false));
        // Their ends are heard by closing: one that has no room for the notice must not wait for ever.
        self.scans.clear();
    }

    fn tell_scans(&self, event: &AdapterEvent) {
        for scan in &self.scans {
            // Full: this advertisement is missed, as one is in the air.
            let _ = scan.try_send(event.clone());
        }
    }
}

/// An operation with the usual deadline.
pub(super) async fn in_time<T>(
    operation: impl Future<Output = Result<T, StackError>>,
) -> Result<T, StackError> {
    timeout(OPERATION, operation)
        .await
        .unwrap_or(Err(StackError::TimedOut))
}

async fn open(hub: Arc<Hub>) -> Result<Arc<dyn Adapter>, StackError> {
    let opened = attempt(&hub).await;
    let mut state = hub.lock();
    match &opened {
        Ok((_, on, _)) => {
            let refused = on.is_none() && hub.policy.silence_is_refusal;
            state.said = Said {
                power: *on,
                permission: Some(if refused {
                    Permission::Denied
                } else {
                    Permission::Granted
                }),
                no_adapter: false,
            };
        }
        Err(StackError::NotPermitted) => state.said.permission = Some(Permission::Denied),
        Err(StackError::NoAdapter) => {
            state.said.no_adapter = true;
            state.fall();
        }
        Err(_) => {}
    }
    let (adapter, _, events) = opened?;
    let pump = hub.runtime.spawn(pump(Arc::downgrade(&hub), events));
    // An earlier adapter's events are told no more: each would be heard twice.
    if let Some(earlier) = state.pump.replace(pump.abort_handle()) {
        earlier.abort();
    }
    Ok(adapter)
}

type Opened = (
    Arc<dyn Adapter>,
    Option<bool>,
    BoxStream<'static, AdapterEvent>,
);

async fn attempt(hub: &Hub) -> Result<Opened, StackError> {
    let adapter = hub.stack.open().await?;
    let events = in_time(adapter.events()).await?;
    let on = timeout(OPERATION, adapter.is_on()).await.unwrap_or(None);
    Ok((adapter, on, events))
}

/// Drains an adapter's events and does nothing else: a slow reader loses some without a word.
async fn pump(hub: Weak<Hub>, mut events: BoxStream<'static, AdapterEvent>) {
    while let Some(event) = events.next().await {
        match hub.upgrade() {
            Some(hub) => hub.hear(event),
            None => return,
        }
    }
}
