//! The scripted stack: one adapter, one peripheral, as many objects for it as are asked for.

use super::pass;
use crate::radio::bluetooth::BluetoothRadio;
use crate::radio::bluetooth::policy::Policy;
use crate::radio::bluetooth::stack::{
    Adapter, AdapterEvent, Attribute, Device, Heard, Notification, Stack, StackError,
};
use core::time::Duration;
use futures_util::stream::{BoxStream, StreamExt as _, unfold};
use keyway_app::ports::{BoxFuture, PeripheralId};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// How long an operation takes.
const BRIEFLY: Duration = Duration::from_millis(10);
/// A system gives up a connect after this.
pub(super) const GIVES_UP: Duration = Duration::from_secs(30);

/// What the stack does; set by a test.
#[derive(Clone, Debug)]
pub(super) struct Script {
    /// Is there an adapter?
    pub(super) adapter: bool,
    /// What it says about being on.
    pub(super) on: Option<bool>,
    /// A connect does not end before [`GIVES_UP`].
    pub(super) connect_hangs: bool,
    /// A connect fails at once.
    pub(super) connect_fails: bool,
    /// A disconnect waits until a pending connect of the same object is given up.
    pub(super) disconnect_queues: bool,
    /// A disconnect never ends.
    pub(super) disconnect_hangs: bool,
    /// The start of a scan is never answered.
    pub(super) scan_hangs: bool,
    /// A read never ends.
    pub(super) read_hangs: bool,
    /// The link's MTU.
    pub(super) mtu: u16,
    /// The strength it is heard with.
    pub(super) rssi: Option<i16>,
    /// What reads give, in order; the last for ever.
    pub(super) hellos: Vec<Vec<u8>>,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            adapter: true,
            on: Some(true),
            connect_hangs: false,
            connect_fails: false,
            disconnect_queues: false,
            disconnect_hangs: false,
            scan_hangs: false,
            read_hangs: false,
            mtu: 517,
            rssi: Some(-50),
            hellos: vec![vec![1; 152]],
        }
    }
}

/// What was done to the stack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// How often it was opened.
    pub(super) opened: usize,
    /// Scans begun and ended.
    pub(super) scans: (usize, usize),
    /// Through which object each connect went, counted from 1.
    pub(super) connects: Vec<usize>,
    /// Which objects a disconnect was asked of.
    pub(super) disconnects: Vec<usize>,
    /// What was written.
    pub(super) written: Vec<Vec<u8>>,
    /// The most operations of one object at once.
    pub(super) at_once: usize,
    /// Which objects hold a client that was neither closed nor used again: a leak once the object is forgotten.
    pub(super) unclosed: Vec<usize>,
}

#[derive(Default)]
struct State {
    script: Script,
    record: Record,
    objects: usize,
    by_name: Option<Arc<FakeDevice>>,
    connected: Option<usize>,
    connecting: Vec<usize>,
    running: usize,
    ears: Vec<UnboundedSender<AdapterEvent>>,
    notifying: Vec<UnboundedSender<Notification>>,
}

/// The stack, and the test's hand on it.
#[derive(Clone, Default)]
pub(super) struct Fake(Arc<Mutex<State>>);

impl Fake {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn radio(&self, policy: Policy) -> BluetoothRadio {
        BluetoothRadio::with_stack(Handle::current(), Arc::new(self.clone()), policy)
    }

    pub(super) fn script(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.state().script);
    }

    pub(super) fn record(&self) -> Record {
        self.state().record.clone()
    }

    /// The adapter says something.
    pub(super) fn say(&self, event: &AdapterEvent) {
        let ears = &mut self.state().ears;
        ears.retain(|ear| ear.send(event.clone()).is_ok());
    }

    /// The link breaks; nobody is told.
    pub(super) fn cut(&self) {
        let mut state = self.state();
        if let Some(object) = state.connected.take() {
            state.record.unclosed.push(object);
        }
    }

    /// The lock notifies.
    pub(super) fn notify(&self, attribute: Attribute, value: &[u8]) {
        let notification = Notification {
            attribute,
            value: value.to_vec(),
        };
        let notifying = &mut self.state().notifying;
        notifying.retain(|link| link.send(notification.clone()).is_ok());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no test panicked with it")
    }

    /// One GATT operation of `object`, from its first poll to its end.
    async fn operation<T>(
        &self,
        object: usize,
        hangs: bool,
        done: impl FnOnce(&mut State) -> T,
    ) -> Result<T, StackError> {
        {
            let mut state = self.state();
            if state.connected != Some(object) {
                return Err(StackError::NotConnected);
            }
            state.running += 1;
            state.record.at_once = state.record.at_once.max(state.running);
        }
        if hangs {
            return core::future::pending().await;
        }
        pass(BRIEFLY).await;
        let mut state = self.state();
        state.running -= 1;
        Ok(done(&mut state))
    }
}

impl Stack for Fake {
    fn open(&self) -> BoxFuture<'_, Result<Arc<dyn Adapter>, StackError>> {
        Box::pin(async {
            let mut state = self.state();
            state.record.opened += 1;
            if !state.script.adapter {
                return Err(StackError::NoAdapter);
            }
            Ok(Arc::new(self.clone()) as Arc<dyn Adapter>)
        })
    }
}

impl Adapter for Fake {
    fn is_on(&self) -> BoxFuture<'_, Option<bool>> {
        Box::pin(async { self.state().script.on })
    }

    fn events(&self) -> BoxFuture<'_, Result<BoxStream<'static, AdapterEvent>, StackError>> {
        Box::pin(async {
            let (ear, heard) = unbounded_channel();
            self.state().ears.push(ear);
            Ok(stream(heard))
        })
    }

    fn start_scan(&self, _by_service: bool) -> BoxFuture<'_, Result<(), StackError>> {
        Box::pin(async {
            let hangs = {
                let mut state = self.state();
                if !state.script.adapter {
                    return Err(StackError::NoAdapter);
                }
                state.record.scans.0 += 1;
                state.script.scan_hangs
            };
            if hangs {
                return core::future::pending().await;
            }
            Ok(())
        })
    }

    fn stop_scan(&self) -> BoxFuture<'_, Result<(), StackError>> {
        Box::pin(async {
            self.state().record.scans.1 += 1;
            Ok(())
        })
    }

    fn heard<'a>(&'a self, id: &'a PeripheralId) -> BoxFuture<'a, Option<Heard>> {
        Box::pin(async move {
            let rssi = self.state().script.rssi;
            let ours = *id == super::lock();
            Some(Heard {
                rssi,
                service_data: ours.then(|| vec![1, 2, 3]),
            })
        })
    }

    fn device<'a>(
        &'a self,
        _id: &'a PeripheralId,
        fresh: bool,
    ) -> BoxFuture<'a, Result<Arc<dyn Device>, StackError>> {
        Box::pin(async move {
            let mut state = self.state();
            if let (false, Some(known)) = (fresh, &state.by_name) {
                return Ok(Arc::clone(known) as Arc<dyn Device>);
            }
            state.objects += 1;
            let device = Arc::new(FakeDevice {
                fake: self.clone(),
                object: state.objects,
            });
            state.by_name = Some(Arc::clone(&device));
            Ok(device as Arc<dyn Device>)
        })
    }
}

impl Fake {
    /// Apple and Android forget an object when its link ends.
    pub(super) fn forget(&self) {
        self.state().by_name = None;
    }
}

struct FakeDevice {
    fake: Fake,
    object: usize,
}

impl Device for FakeDevice {
    fn connect(&self) -> BoxFuture<'_, Result<(), StackError>> {
        let fake = self.fake.clone();
        let object = self.object;
        Box::pin(async move {
            // As on Android: dropping what waits for a connect ends nothing.
            let connecting = tokio::spawn(connect(fake, object));
            connecting.await.unwrap_or(Err(StackError::Refused))
        })
    }

    fn disconnect(&self) -> BoxFuture<'_, Result<(), StackError>> {
        Box::pin(async {
            let (queues, hangs) = {
                let mut state = self.fake.state();
                state.record.disconnects.push(self.object);
                (
                    state.script.disconnect_queues,
                    state.script.disconnect_hangs,
                )
            };
            if hangs {
                return core::future::pending().await;
            }
            while queues && self.fake.state().connecting.contains(&self.object) {
                pass(BRIEFLY).await;
            }
            pass(BRIEFLY).await;
            let mut state = self.fake.state();
            if state.connected == Some(self.object) {
                state.connected = None;
            }
            Ok(())
        })
    }

    fn is_connected(&self) -> BoxFuture<'_, bool> {
        Box::pin(async { self.fake.state().connected == Some(self.object) })
    }

    fn discover(&self) -> BoxFuture<'_, Result<u16, StackError>> {
        Box::pin(
            self.fake
                .operation(self.object, false, |state| state.script.mtu),
        )
    }

    fn read(&self, _attribute: Attribute) -> BoxFuture<'_, Result<Vec<u8>, StackError>> {
        let hangs = self.fake.state().script.read_hangs;
        Box::pin(self.fake.operation(self.object, hangs, |state| {
            let hellos = &mut state.script.hellos;
            if hellos.len() > 1 {
                hellos.remove(0)
            } else {
                hellos[0].clone()
            }
        }))
    }

    fn write(&self, value: Vec<u8>) -> BoxFuture<'_, Result<(), StackError>> {
        Box::pin(self.fake.operation(self.object, false, |state| {
            state.record.written.push(value);
        }))
    }

    fn subscribe(&self, _attribute: Attribute) -> BoxFuture<'_, Result<(), StackError>> {
        Box::pin(self.fake.operation(self.object, false, |_| ()))
    }

    fn notifications(&self) -> BoxFuture<'_, Result<BoxStream<'static, Notification>, StackError>> {
        Box::pin(async {
            let (link, heard) = unbounded_channel();
            self.fake.state().notifying.push(link);
            Ok(stream(heard))
        })
    }
}

async fn connect(fake: Fake, object: usize) -> Result<(), StackError> {
    let (hangs, fails) = {
        let mut state = fake.state();
        state.record.connects.push(object);
        state.record.unclosed.retain(|left| *left != object);
        state.connecting.push(object);
        (state.script.connect_hangs, state.script.connect_fails)
    };
    pass(if hangs { GIVES_UP } else { BRIEFLY }).await;
    let mut state = fake.state();
    state.connecting.retain(|pending| *pending != object);
    if hangs || fails {
        return Err(StackError::Refused);
    }
    state.connected = Some(object);
    Ok(())
}

/// Silent, not ended, when nobody speaks any more: as btleplug's streams.
fn stream<T: Send + 'static>(heard: UnboundedReceiver<T>) -> BoxStream<'static, T> {
    unfold(heard, |mut heard| async move {
        match heard.recv().await {
            Some(item) => Some((item, heard)),
            None => core::future::pending().await,
        }
    })
    .boxed()
}
