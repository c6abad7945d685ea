//! The daemon in `BlueZ`'s place, and the test's hand on it.

use crate::objects::{Adapter, Characteristic, Device, Service, Which};
use core::time::Duration;
use keyway_app::ports::{BoxFuture, conformance};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::Notify;
use zbus::Connection;
use zbus::object_server::ObjectServer;

pub(crate) const ADAPTER: &str = "/org/bluez/hci0";
pub(crate) const DEVICE: &str = "/org/bluez/hci0/dev_F0_F1_F2_F3_F4_F5";
pub(crate) const SERVICE: &str = "/org/bluez/hci0/dev_F0_F1_F2_F3_F4_F5/service0010";
/// Between two advertisements.
const INTERVAL: Duration = Duration::from_millis(20);
const NAME: &str = "org.bluez";

/// What the objects on the bus share.
#[derive(Default)]
pub(crate) struct Air {
    state: Mutex<State>,
    pub(crate) written: Notify,
    pub(crate) unhung: Notify,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) mtu: u16,
    pub(crate) powered: bool,
    pub(crate) discovering: bool,
    pub(crate) connected: bool,
    pub(crate) resolved: bool,
    pub(crate) hangs: bool,
    pub(crate) hello: Vec<u8>,
    pub(crate) notified: Vec<u8>,
    pub(crate) frames: Vec<Vec<u8>>,
}

impl Air {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panicked with it")
    }
}

/// The daemon.
pub(crate) struct Daemon {
    bus: Connection,
    air: Arc<Air>,
}

impl Daemon {
    /// Takes the name, with one adapter that is on and one lock in reach.
    pub(crate) async fn start(mtu: u16) -> Self {
        let address = std::env::var("DBUS_SYSTEM_BUS_ADDRESS").expect("a bus of this test's own");
        let air = Arc::new(Air::default());
        air.state().mtu = mtu;
        air.state().powered = true;
        let bus = zbus::connection::Builder::address(address.as_str())
            .expect("an address")
            .serve_at("/", zbus::fdo::ObjectManager)
            .expect("a path")
            .build()
            .await
            .expect("a bus");
        let daemon = Self { bus, air };
        daemon.plug_in().await;
        // The name last: whoever sees it sees everything.
        daemon.bus.request_name(NAME).await.expect("the name");
        tokio::spawn(advertise(daemon.bus.clone(), Arc::clone(&daemon.air)));
        daemon
    }

    fn server(&self) -> &ObjectServer {
        self.bus.object_server()
    }

    pub(crate) async fn plug_in(&self) {
        let adapter = Adapter(Arc::clone(&self.air));
        self.server().at(ADAPTER, adapter).await.expect("an object");
    }

    pub(crate) async fn unplug(&self) {
        self.lose(true).await;
        let _ = self.server().remove::<Device, _>(DEVICE).await;
        let _ = self.server().remove::<Adapter, _>(ADAPTER).await;
    }

    pub(crate) async fn stop(&self) {
        self.bus
            .release_name(NAME)
            .await
            .expect("the name was ours");
    }

    /// Connects do not end, or do again.
    pub(crate) fn hang(&self, hangs: bool) {
        self.air.state().hangs = hangs;
        self.air.unhung.notify_waiters();
    }

    /// Switches the adapter on or off, as a person does.
    pub(crate) async fn power(&self, on: bool) {
        if !on {
            self.lose(true).await;
        }
        self.air.state().powered = on;
        self.air.state().discovering = false;
        let adapter = self.server().interface::<_, Adapter>(ADAPTER).await;
        let adapter = adapter.expect("an adapter");
        let told = adapter.get().await;
        told.powered_changed(adapter.signal_emitter())
            .await
            .expect("a signal");
    }

    /// The link breaks; with `told`, the daemon notices.
    pub(crate) async fn lose(&self, told: bool) {
        {
            let mut state = self.air.state();
            state.connected = false;
            state.resolved = false;
        }
        close_table(self.server()).await;
        if !told {
            return;
        }
        if let Ok(device) = self.server().interface::<_, Device>(DEVICE).await {
            let object = device.get().await;
            object
                .connected_changed(device.signal_emitter())
                .await
                .expect("a signal");
        }
    }

    async fn notify(&self, which: Which, value: Vec<u8>) {
        self.air.state().notified = value;
        let found = self
            .server()
            .interface::<_, Characteristic>(which.path())
            .await;
        let found = found.expect("a characteristic");
        let object = found.get().await;
        object
            .value_changed(found.signal_emitter())
            .await
            .expect("a signal");
    }
}

impl conformance::Peer for Daemon {
    fn set_hello(&self, value: Vec<u8>) -> BoxFuture<'_, ()> {
        Box::pin(async { self.air.state().hello = value })
    }

    fn notify_hello(&self, value: Vec<u8>) -> BoxFuture<'_, ()> {
        Box::pin(self.notify(Which::Hello, value))
    }

    fn notify_down(&self, value: Vec<u8>) -> BoxFuture<'_, ()> {
        Box::pin(self.notify(Which::Down, value))
    }

    fn written(&self, count: usize) -> BoxFuture<'_, Vec<Vec<u8>>> {
        Box::pin(async move {
            loop {
                let written = self.air.written.notified();
                {
                    let mut state = self.air.state();
                    if state.frames.len() >= count {
                        return std::mem::take(&mut state.frames);
                    }
                }
                written.await;
            }
        })
    }

    fn cut(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.lose(true))
    }
}

/// Puts the GATT table on the bus, as the daemon does once it has resolved a peripheral's services.
pub(crate) async fn open_table(server: &ObjectServer, air: &Arc<Air>) {
    let _there = server.at(SERVICE, Service).await;
    for which in Which::ALL {
        let characteristic = Characteristic {
            which,
            air: Arc::clone(air),
        };
        let _there = server.at(which.path(), characteristic).await;
    }
}

/// Takes it away.
pub(crate) async fn close_table(server: &ObjectServer) {
    for which in Which::ALL {
        let _gone = server.remove::<Characteristic, _>(which.path()).await;
    }
    let _gone = server.remove::<Service, _>(SERVICE).await;
}

/// While somebody scans, the lock is heard again and again. Ends with the runtime.
async fn advertise(bus: Connection, air: Arc<Air>) {
    let mut ticks = tokio::time::interval(INTERVAL);
    loop {
        ticks.tick().await;
        let scanning = air.state().discovering;
        if scanning && let Ok(device) = bus.object_server().interface::<_, Device>(DEVICE).await {
            let object = device.get().await;
            let _told = object.hear(device.signal_emitter()).await;
        }
    }
}
