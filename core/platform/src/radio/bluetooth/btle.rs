//! btleplug behind the calls that the radio makes.

use super::stack::{
    Adapter, AdapterEvent, Attribute, Device, Heard, Notification, Stack, StackError,
};
use btleplug::api::{
    Central as _, CentralEvent, CentralState, Characteristic, Manager as _, Peripheral as _,
    RetrievePeripheralsOptions, ScanFilter, WriteType,
};
use btleplug::platform;
use futures_util::stream::{BoxStream, StreamExt as _};
use keyway_app::ports::{BoxFuture, PeripheralId};
use keyway_protocol::wire::gatt;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

const SERVICE: Uuid = Uuid::from_u128(gatt::SERVICE);

/// This system's Bluetooth.
#[derive(Default)]
pub(super) struct BtleStack {
    /// Kept: a new one is a new connection to the system, and on Apple's a new central.
    manager: tokio::sync::Mutex<Option<platform::Manager>>,
}

impl Stack for BtleStack {
    fn open(&self) -> BoxFuture<'_, Result<Arc<dyn Adapter>, StackError>> {
        Box::pin(async {
            let mut kept = self.manager.lock().await;
            let manager = match kept.take() {
                Some(manager) => manager,
                None => platform::Manager::new()
                    .await
                    .map_err(|error| opening(&error))?,
            };
            // Not kept when this fails: the connection to the system may be what is broken.
            let adapters = manager.adapters().await.map_err(|error| opening(&error))?;
            *kept = Some(manager);
            let adapter = adapters.into_iter().next().ok_or(StackError::NoAdapter)?;
            Ok(Arc::new(BtleAdapter(adapter)) as Arc<dyn Adapter>)
        })
    }
}

struct BtleAdapter(platform::Adapter);

impl BtleAdapter {
    async fn known(&self, id: &platform::PeripheralId) -> Result<platform::Peripheral, StackError> {
        if let Ok(found) = self.0.peripheral(id).await {
            return Ok(found);
        }
        let options = RetrievePeripheralsOptions {
            identifiers: Some(vec![id.clone()]),
            services: None,
        };
        if let Ok(found) = self.0.retrieve_peripherals(options).await
            && let Some(found) = found.into_iter().next()
        {
            return Ok(found);
        }
        // The one system that takes a name on trust.
        self.0
            .add_peripheral(id)
            .await
            .map_err(|_| StackError::UnknownDevice)
    }
}

impl Adapter for BtleAdapter {
    fn is_on(&self) -> BoxFuture<'_, Option<bool>> {
        Box::pin(async {
            match self.0.adapter_state().await {
                Ok(CentralState::PoweredOn) => Some(true),
                Ok(CentralState::PoweredOff) => Some(false),
                Ok(CentralState::Unknown) | Err(_) => None,
            }
        })
    }

    fn events(&self) -> BoxFuture<'_, Result<BoxStream<'static, AdapterEvent>, StackError>> {
        Box::pin(async {
            let events = self.0.events().await.map_err(|error| reason(&error))?;
            Ok(events
                .filter_map(|event| async move { understand(&event) })
                .boxed())
        })
    }

    fn start_scan(&self, by_service: bool) -> BoxFuture<'_, Result<(), StackError>> {
        let services = if by_service {
            vec![SERVICE]
        } else {
            Vec::new()
        };
        Box::pin(async {
            let started = self.0.start_scan(ScanFilter { services }).await;
            match started {
                #[cfg(target_os = "linux")]
                Err(error) if super::bluez::is_under_way(&error) => Ok(()),
                started => started.map_err(|error| reason(&error)),
            }
        })
    }

    fn stop_scan(&self) -> BoxFuture<'_, Result<(), StackError>> {
        Box::pin(async { self.0.stop_scan().await.map_err(|error| reason(&error)) })
    }

    fn heard<'a>(&'a self, id: &'a PeripheralId) -> BoxFuture<'a, Option<Heard>> {
        Box::pin(async {
            let found = self.0.peripheral(&from_name(id)?).await.ok()?;
            let mut said = found.properties().await.ok()??;
            Some(Heard {
                rssi: said.rssi,
                service_data: said.service_data.remove(&SERVICE),
            })
        })
    }

    fn device<'a>(
        &'a self,
        id: &'a PeripheralId,
        fresh: bool,
    ) -> BoxFuture<'a, Result<Arc<dyn Device>, StackError>> {
        Box::pin(async move {
            let id = from_name(id).ok_or(StackError::UnknownDevice)?;
            if fresh {
                // Where objects are kept by name, the stuck one is forgotten; what it holds is its own affair.
                self.0
                    .clear_peripherals()
                    .await
                    .map_err(|error| reason(&error))?;
            }
            let peripheral = self.known(&id).await?;
            let device = BtleDevice {
                peripheral,
                table: Mutex::default(),
            };
            Ok(Arc::new(device) as Arc<dyn Device>)
        })
    }
}

struct BtleDevice {
    peripheral: platform::Peripheral,
    table: Mutex<Option<Table>>,
}

/// The service's characteristics on one link.
#[derive(Clone)]
struct Table {
    hello: Characteristic,
    up: Characteristic,
    down: Characteristic,
}

impl BtleDevice {
    fn characteristic(&self, attribute: Attribute) -> Result<Characteristic, StackError> {
        let table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let table = table.as_ref().ok_or(StackError::NotConnected)?;
        Ok(match attribute {
            Attribute::Hello => table.hello.clone(),
            Attribute::Up => table.up.clone(),
            Attribute::Down => table.down.clone(),
        })
    }

    fn read_table(&self) -> Option<Table> {
        let services = self.peripheral.services();
        let service = services.iter().find(|found| found.uuid == SERVICE)?;
        let find = |uuid: u128| {
            let wanted = Uuid::from_u128(uuid);
            let mut all = service.characteristics.iter();
            all.find(|found| found.uuid == wanted).cloned()
        };
        Some(Table {
            hello: find(gatt::HELLO)?,
            up: find(gatt::UP)?,
            down: find(gatt::DOWN)?,
        })
    }
}

impl Device for BtleDevice {
    fn connect(&self) -> BoxFuture<'_, Result<(), StackError>> {
        Box::pin(async {
            self.peripheral
                .connect()
                .await
                .map_err(|error| reason(&error))
        })
    }

    fn disconnect(&self) -> BoxFuture<'_, Result<(), StackError>> {
        Box::pin(async {
            let left = self.peripheral.disconnect().await;
            left.map_err(|error| reason(&error))
        })
    }

    fn is_connected(&self) -> BoxFuture<'_, bool> {
        Box::pin(async { self.peripheral.is_connected().await.unwrap_or(false) })
    }

    fn discover(&self) -> BoxFuture<'_, Result<u16, StackError>> {
        Box::pin(async {
            let read = self.peripheral.discover_services().await;
            read.map_err(|error| reason(&error))?;
            let table = self.read_table().ok_or(StackError::NoService)?;
            *self.table.lock().unwrap_or_else(PoisonError::into_inner) = Some(table);
            Ok(self
                .peripheral
                .mtu()
                .clamp(gatt::LOWEST_MTU, gatt::WANTED_MTU))
        })
    }

    fn read(&self, attribute: Attribute) -> BoxFuture<'_, Result<Vec<u8>, StackError>> {
        Box::pin(async move {
            let characteristic = self.characteristic(attribute)?;
            let read = self.peripheral.read(&characteristic).await;
            read.map_err(|error| reason(&error))
        })
    }

    fn write(&self, value: Vec<u8>) -> BoxFuture<'_, Result<(), StackError>> {
        Box::pin(async move {
            let up = self.characteristic(Attribute::Up)?;
            let written = self
                .peripheral
                .write(&up, &value, WriteType::WithoutResponse)
                .await;
            written.map_err(|error| reason(&error))
        })
    }

    fn subscribe(&self, attribute: Attribute) -> BoxFuture<'_, Result<(), StackError>> {
        Box::pin(async move {
            let characteristic = self.characteristic(attribute)?;
            let subscribed = self.peripheral.subscribe(&characteristic).await;
            subscribed.map_err(|error| reason(&error))
        })
    }

    fn notifications(&self) -> BoxFuture<'_, Result<BoxStream<'static, Notification>, StackError>> {
        Box::pin(async {
            let heard = self.peripheral.notifications().await;
            let heard = heard.map_err(|error| reason(&error))?;
            let ours = heard.filter_map(|notification| async move {
                let attribute = match notification.uuid.as_u128() {
                    gatt::HELLO => Attribute::Hello,
                    gatt::DOWN => Attribute::Down,
                    _ => return None,
                };
                Some(Notification {
                    attribute,
                    value: notification.value,
                })
            });
            Ok(ours.boxed())
        })
    }
}

fn understand(event: &CentralEvent) -> Option<AdapterEvent> {
    match event {
        CentralEvent::DeviceDiscovered(id)
        | CentralEvent::DeviceUpdated(id)
        | CentralEvent::ServiceDataAdvertisement { id, .. }
        | CentralEvent::RssiUpdate { id, .. } => Some(AdapterEvent::Heard(to_name(id)?)),
        CentralEvent::DeviceDisconnected(id) => Some(AdapterEvent::Disconnected(to_name(id)?)),
        CentralEvent::StateUpdate(CentralState::PoweredOn) => Some(AdapterEvent::Power(true)),
        CentralEvent::StateUpdate(CentralState::PoweredOff) => Some(AdapterEvent::Power(false)),
        _ => None,
    }
}

/// The name as btleplug would store it: the one form that can be read back on every system.
fn to_name(id: &platform::PeripheralId) -> Option<PeripheralId> {
    serde_json::to_string(id).ok().map(PeripheralId)
}

fn from_name(id: &PeripheralId) -> Option<platform::PeripheralId> {
    serde_json::from_str(&id.0).ok()
}

/// Why the system's Bluetooth cannot be reached at all.
fn opening(error: &btleplug::Error) -> StackError {
    match reason(error) {
        StackError::NotPermitted => StackError::NotPermitted,
        StackError::TimedOut => StackError::TimedOut,
        // Whatever else: no service, no bus, no radio.
        _ => StackError::NoAdapter,
    }
}

fn reason(error: &btleplug::Error) -> StackError {
    match error {
        btleplug::Error::PermissionDenied => StackError::NotPermitted,
        btleplug::Error::DeviceNotFound => StackError::UnknownDevice,
        btleplug::Error::NotConnected => StackError::NotConnected,
        btleplug::Error::NoSuchCharacteristic => StackError::NoService,
        // What Android says when the radio is off: it has no scanner then.
        btleplug::Error::NoAdapterAvailable => StackError::NoAdapter,
        btleplug::Error::TimedOut(_) => StackError::TimedOut,
        btleplug::Error::RuntimeError(text) if text.contains("android.permission") => {
            StackError::NotPermitted
        }
        #[cfg(target_os = "linux")]
        btleplug::Error::Other(error) => super::bluez::reason(error.as_ref()),
        _ => StackError::Refused,
    }
}
