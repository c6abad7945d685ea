//! The few calls that the radio makes on a system's Bluetooth stack. btleplug is one implementation, scripted fakes are the others.
//!
//! Nothing here has a deadline of its own, and dropping a future need not cancel what it began: both are the radio's business.

use futures_util::stream::BoxStream;
use keyway_app::ports::{BoxFuture, PeripheralId, RadioError};
use std::sync::Arc;

/// What of the Keyway service an operation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attribute {
    /// The characteristic `hello`: read, notify.
    Hello,
    /// The characteristic `up`: write without response.
    Up,
    /// The characteristic `down`: notify.
    Down,
}

/// Why a stack did not do as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StackError {
    /// The adapter is off.
    #[error("the adapter is off")]
    Off,
    /// The app may not use Bluetooth.
    #[error("Bluetooth is not permitted")]
    NotPermitted,
    /// There is no adapter, or no longer.
    #[error("there is no adapter")]
    NoAdapter,
    /// The stack does not know this peripheral.
    #[error("the peripheral is not known")]
    UnknownDevice,
    /// The peripheral is not connected.
    #[error("the peripheral is not connected")]
    NotConnected,
    /// The peripheral does not have the Keyway service as the protocol defines it.
    #[error("the peripheral is no Keyway lock")]
    NoService,
    /// The stack, or we, waited long enough.
    #[error("the operation did not end in time")]
    TimedOut,
    /// A reason of the stack's own.
    #[error("the stack refused")]
    Refused,
}

impl From<StackError> for RadioError {
    fn from(error: StackError) -> Self {
        match error {
            StackError::Off => Self::Off,
            StackError::NotPermitted => Self::NotPermitted,
            StackError::NoAdapter => Self::Unsupported,
            StackError::NotConnected => Self::Lost,
            StackError::TimedOut => Self::TimedOut,
            StackError::UnknownDevice | StackError::NoService | StackError::Refused => {
                Self::Refused
            }
        }
    }
}

/// What an adapter reports by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdapterEvent {
    /// A peripheral was heard; [`Adapter::heard`] tells what it said.
    Heard(PeripheralId),
    /// A peripheral's link is gone; a late notice may be about an earlier link to it.
    Disconnected(PeripheralId),
    /// The adapter was switched on or off.
    Power(bool),
}

/// The last advertisement of a peripheral, as far as it concerns us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Signal strength, dBm, where the stack knows it.
    pub rssi: Option<i16>,
    /// The Keyway service data; `None` if it advertised none.
    pub service_data: Option<Vec<u8>>,
}

/// A system's Bluetooth.
pub trait Stack: Send + Sync + 'static {
    /// Looks for the adapter. On some systems this asks the resident for permission.
    fn open(&self) -> BoxFuture<'_, Result<Arc<dyn Adapter>, StackError>>;
}

/// One Bluetooth adapter.
pub trait Adapter: Send + Sync + 'static {
    /// Is it on? `None` where the system does not say.
    fn is_on(&self) -> BoxFuture<'_, Option<bool>>;
    /// What it reports from now on. The stream may stay silent for ever instead of ending.
    fn events(&self) -> BoxFuture<'_, Result<BoxStream<'static, AdapterEvent>, StackError>>;
    /// Begins a scan. With `by_service`, the system is asked for peripherals that advertise the Keyway service's UUID only; it may report more.
    fn start_scan(&self, by_service: bool) -> BoxFuture<'_, Result<(), StackError>>;
    /// Ends the scan.
    fn stop_scan(&self) -> BoxFuture<'_, Result<(), StackError>>;
    /// What a peripheral said last, if it is known.
    fn heard<'a>(&'a self, id: &'a PeripheralId) -> BoxFuture<'a, Option<Heard>>;
    /// A peripheral to connect to. With `fresh`, an object that no operation was ever asked of; else perhaps one given before.
    fn device<'a>(
        &'a self,
        id: &'a PeripheralId,
        fresh: bool,
    ) -> BoxFuture<'a, Result<Arc<dyn Device>, StackError>>;
}

/// One peripheral.
pub trait Device: Send + Sync + 'static {
    /// Connects.
    fn connect(&self) -> BoxFuture<'_, Result<(), StackError>>;
    /// Disconnects.
    fn disconnect(&self) -> BoxFuture<'_, Result<(), StackError>>;
    /// Is it connected? Where the stack cannot tell, it is.
    fn is_connected(&self) -> BoxFuture<'_, bool>;
    /// Reads the GATT table, from the system's cache where it has one, and checks that the Keyway service is in it; gives the ATT MTU in bytes.
    fn discover(&self) -> BoxFuture<'_, Result<u16, StackError>>;
    /// Reads a whole characteristic.
    fn read(&self, attribute: Attribute) -> BoxFuture<'_, Result<Vec<u8>, StackError>>;
    /// Writes without response.
    fn write(&self, value: Vec<u8>) -> BoxFuture<'_, Result<(), StackError>>;
    /// Subscribes to notifications.
    fn subscribe(&self, attribute: Attribute) -> BoxFuture<'_, Result<(), StackError>>;
    /// Notifications from now on. The stream may stay silent for ever when the link is gone.
    fn notifications(&self) -> BoxFuture<'_, Result<BoxStream<'static, Notification>, StackError>>;
}

/// One notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// By which characteristic.
    pub attribute: Attribute,
    /// Its value.
    pub value: Vec<u8>,
}
