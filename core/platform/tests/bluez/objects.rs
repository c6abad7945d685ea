//! The daemon's objects: as much of each interface as btleplug looks at.

use crate::daemon::{ADAPTER, Air, DEVICE, SERVICE, close_table, open_table};
use keyway_app::ports::conformance::ADVERTISED;
use std::collections::HashMap;
use std::sync::Arc;
use zbus::object_server::{ObjectServer, SignalEmitter};
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};
use zbus::{fdo, interface};

const KEYWAY: &str = "7d1c8e20-5f3b-4a77-9b0e-6b6579776179";

fn path(text: &str) -> OwnedObjectPath {
    ObjectPath::try_from(text).expect("a path").into()
}

/// `org.bluez.Error.*`.
#[derive(Debug, zbus::DBusError)]
#[zbus(prefix = "org.bluez.Error")]
pub(crate) enum Refusal {
    #[zbus(error)]
    ZBus(zbus::Error),
    NotReady(String),
    Failed(String),
}

pub(crate) struct Adapter(pub(crate) Arc<Air>);

#[interface(name = "org.bluez.Adapter1")]
impl Adapter {
    fn set_discovery_filter(&self, _filter: HashMap<String, OwnedValue>) {}

    async fn start_discovery(
        &self,
        #[zbus(object_server)] server: &ObjectServer,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> Result<(), Refusal> {
        if !self.0.state().powered {
            return Err(Refusal::NotReady("Resource Not Ready".to_owned()));
        }
        self.0.state().discovering = true;
        self.discovering_changed(&emitter).await?;
        // Known from before, or heard for the first time.
        server.at(DEVICE, Device(Arc::clone(&self.0))).await?;
        Ok(())
    }

    async fn stop_discovery(
        &self,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> Result<(), Refusal> {
        self.0.state().discovering = false;
        self.discovering_changed(&emitter).await?;
        Ok(())
    }

    #[zbus(property)]
    fn address(&self) -> &'static str {
        "C0:FF:EE:00:00:01"
    }
    #[zbus(property)]
    fn address_type(&self) -> &'static str {
        "public"
    }
    #[zbus(property)]
    fn name(&self) -> &'static str {
        "a machine"
    }
    #[zbus(property)]
    fn alias(&self) -> &'static str {
        "a machine"
    }
    #[zbus(property)]
    fn class(&self) -> u32 {
        0
    }
    #[zbus(property)]
    fn powered(&self) -> bool {
        self.0.state().powered
    }
    /// btleplug sets it before each scan.
    #[zbus(property)]
    fn set_powered(&self, on: bool) {
        self.0.state().powered = on;
    }
    #[zbus(property)]
    fn discoverable(&self) -> bool {
        false
    }
    #[zbus(property)]
    fn discoverable_timeout(&self) -> u32 {
        0
    }
    #[zbus(property)]
    fn pairable(&self) -> bool {
        true
    }
    #[zbus(property)]
    fn pairable_timeout(&self) -> u32 {
        0
    }
    #[zbus(property)]
    fn discovering(&self) -> bool {
        self.0.state().discovering
    }
    #[zbus(property, name = "UUIDs")]
    fn uuids(&self) -> Vec<String> {
        Vec::new()
    }
    #[zbus(property)]
    fn modalias(&self) -> &'static str {
        "usb:v1D6Bp0246d0542"
    }
}

pub(crate) struct Device(Arc<Air>);

impl Device {
    /// Its advertisement was heard once more.
    pub(crate) async fn hear(&self, emitter: &SignalEmitter<'_>) -> zbus::Result<()> {
        self.r_s_s_i_changed(emitter).await
    }
}

#[interface(name = "org.bluez.Device1")]
impl Device {
    async fn connect(
        &self,
        #[zbus(object_server)] server: &ObjectServer,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> Result<(), Refusal> {
        loop {
            let unhung = self.0.unhung.notified();
            if !self.0.state().hangs {
                break;
            }
            unhung.await;
        }
        self.0.state().connected = true;
        self.connected_changed(&emitter).await?;
        open_table(server, &self.0).await;
        self.0.state().resolved = true;
        self.services_resolved_changed(&emitter).await?;
        Ok(())
    }

    async fn disconnect(
        &self,
        #[zbus(object_server)] server: &ObjectServer,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> Result<(), Refusal> {
        self.0.state().connected = false;
        self.0.state().resolved = false;
        close_table(server).await;
        self.services_resolved_changed(&emitter).await?;
        self.connected_changed(&emitter).await?;
        Ok(())
    }

    #[zbus(property)]
    fn address(&self) -> &'static str {
        "F0:F1:F2:F3:F4:F5"
    }
    #[zbus(property)]
    fn address_type(&self) -> &'static str {
        "random"
    }
    #[zbus(property)]
    fn alias(&self) -> &'static str {
        "F0-F1-F2-F3-F4-F5"
    }
    #[zbus(property)]
    fn paired(&self) -> bool {
        false
    }
    #[zbus(property)]
    fn trusted(&self) -> bool {
        false
    }
    #[zbus(property)]
    fn blocked(&self) -> bool {
        false
    }
    #[zbus(property)]
    fn legacy_pairing(&self) -> bool {
        false
    }
    #[zbus(property)]
    fn connected(&self) -> bool {
        self.0.state().connected
    }
    #[zbus(property)]
    fn services_resolved(&self) -> bool {
        self.0.state().resolved
    }
    #[zbus(property, name = "RSSI")]
    fn rssi(&self) -> i16 {
        -50
    }
    #[zbus(property, name = "UUIDs")]
    fn uuids(&self) -> Vec<String> {
        Vec::new()
    }
    #[zbus(property)]
    fn service_data(&self) -> HashMap<String, Value<'static>> {
        HashMap::from([(KEYWAY.to_owned(), Value::from(ADVERTISED.to_vec()))])
    }
    #[zbus(property)]
    fn adapter(&self) -> OwnedObjectPath {
        path(ADAPTER)
    }
}

pub(crate) struct Service;

#[interface(name = "org.bluez.GattService1")]
impl Service {
    #[zbus(property, name = "UUID")]
    fn uuid(&self) -> &'static str {
        KEYWAY
    }
    #[zbus(property)]
    fn primary(&self) -> bool {
        true
    }
    #[zbus(property)]
    fn device(&self) -> OwnedObjectPath {
        path(DEVICE)
    }
    #[zbus(property)]
    fn includes(&self) -> Vec<OwnedObjectPath> {
        Vec::new()
    }
}

/// Which of the service's characteristics.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    Hello,
    Up,
    Down,
}

impl Which {
    pub(crate) const ALL: [Self; 3] = [Self::Hello, Self::Up, Self::Down];

    pub(crate) fn path(self) -> String {
        let name = match self {
            Self::Hello => "char0011",
            Self::Up => "char0014",
            Self::Down => "char0016",
        };
        format!("{SERVICE}/{name}")
    }
}

pub(crate) struct Characteristic {
    pub(crate) which: Which,
    pub(crate) air: Arc<Air>,
}

#[interface(name = "org.bluez.GattCharacteristic1")]
impl Characteristic {
    fn write_value(
        &self,
        value: Vec<u8>,
        _options: HashMap<String, OwnedValue>,
    ) -> Result<(), Refusal> {
        let mut state = self.air.state();
        if !state.connected {
            return Err(Refusal::Failed("Not connected".to_owned()));
        }
        // As the real one: too long for one packet is no command.
        if self.which != Which::Up || value.len() + 3 > usize::from(state.mtu) {
            return Err(Refusal::Failed("Failed to initiate write".to_owned()));
        }
        state.frames.push(value);
        self.air.written.notify_one();
        Ok(())
    }

    async fn read_value(
        &self,
        _options: HashMap<String, OwnedValue>,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> Result<Vec<u8>, Refusal> {
        let value = self.air.state().hello.clone();
        // As the real one: what is read is told as a change of the value, too.
        self.air.state().notified.clone_from(&value);
        self.value_changed(&emitter).await?;
        Ok(value)
    }

    fn start_notify(&self) {}

    fn stop_notify(&self) {}

    #[zbus(property, name = "UUID")]
    fn uuid(&self) -> String {
        let third = match self.which {
            Which::Hello => "21",
            Which::Up => "22",
            Which::Down => "23",
        };
        KEYWAY.replacen("20", third, 1)
    }
    #[zbus(property)]
    fn service(&self) -> OwnedObjectPath {
        path(SERVICE)
    }
    #[zbus(property)]
    fn value(&self) -> fdo::Result<Vec<u8>> {
        Ok(self.air.state().notified.clone())
    }
    #[zbus(property)]
    fn flags(&self) -> Vec<&'static str> {
        match self.which {
            Which::Hello => vec!["read", "notify"],
            Which::Up => vec!["write-without-response"],
            Which::Down => vec!["notify"],
        }
    }
    #[zbus(property)]
    fn notifying(&self) -> bool {
        false
    }
    #[zbus(property, name = "MTU")]
    fn mtu(&self) -> u16 {
        self.air.state().mtu
    }
}
