use super::BoxFuture;
use core::time::Duration;

/// The platform's storable name of a peripheral: an address on Android and Linux, a UUID on iOS. Erased on sign-out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PeripheralId(pub String);

/// Bluetooth power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// On.
    On,
    /// Off.
    Off,
    /// This device has no Bluetooth Low Energy.
    Unsupported,
}

/// The resident's permission to use Bluetooth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Given.
    Granted,
    /// Refused or restricted; only the system's settings can change it.
    Denied,
    /// Not asked yet.
    NotAsked,
}

/// Android's location switch, which scanning needs there before version 12.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// Not needed on this system.
    NotNeeded,
    /// On.
    On,
    /// Off.
    Off,
}

/// What stands between the core and a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdapterState {
    /// Power.
    pub power: Power,
    /// Permission.
    pub permission: Permission,
    /// Location switch.
    pub location: Location,
}

/// One advertisement that carried the Keyway service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Whom to connect to.
    pub id: PeripheralId,
    /// Received signal strength, dBm; -127 when unknown.
    pub rssi: i16,
    /// The Keyway service data (see PROTOCOL.md, advertisement): the rotating hint.
    pub service_data: Vec<u8>,
}

/// What a link delivers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkEvent {
    /// A notification on `hello`.
    Hello(Vec<u8>),
    /// A notification on `down`.
    Down(Vec<u8>),
    /// The link is gone; nothing follows.
    Lost,
}

/// Why the radio did not do as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RadioError {
    /// Bluetooth is off.
    #[error("Bluetooth is off")]
    Off,
    /// Bluetooth is not permitted to this app.
    #[error("Bluetooth is not permitted")]
    NotPermitted,
    /// Android's location switch is off.
    #[error("location is off")]
    LocationOff,
    /// The device has no Bluetooth Low Energy.
    #[error("this device has no Bluetooth Low Energy")]
    Unsupported,
    /// The deadline passed.
    #[error("the lock did not answer in time")]
    TimedOut,
    /// The link is gone.
    #[error("the link to the lock was lost")]
    Lost,
    /// The peripheral lacks the Keyway service, or the system refused for a reason of its own.
    #[error("the radio refused")]
    Refused,
}

/// The phone's Bluetooth Low Energy central role.
pub trait Radio: Send + Sync + 'static {
    /// State now, as fed in by the shell or the system.
    fn state(&self) -> AdapterState;
    /// Starts a scan for the Keyway service. Dropping the scan stops it. Sightings repeat as advertisements do.
    fn scan(&self) -> BoxFuture<'static, Result<Box<dyn Scan>, RadioError>>;
    /// Connects, discovers the Keyway service and subscribes to nothing yet. Dropping the future gives up the attempt.
    fn connect(
        &self,
        id: PeripheralId,
        deadline: Duration,
    ) -> BoxFuture<'static, Result<Box<dyn Link>, RadioError>>;
}

/// A running scan.
pub trait Scan: Send + 'static {
    /// The next sighting; an error ends the scan.
    fn next(&mut self) -> BoxFuture<'_, Result<Sighting, RadioError>>;
}

/// One connected lock.
///
/// Contract: notifications may be lost or doubled but are in order; a write may vanish; `close` may hang (callers cap it); after a loss
/// `next` gives `Lost` or stays silent for ever, so every wait has a deadline. Methods take `&self`: one task may wait in `next` while another writes.
pub trait Link: Send + Sync + 'static {
    /// The link's ATT MTU in bytes, 23 to 517, known once connected.
    fn mtu(&self) -> u16;
    /// Reads the whole `hello` characteristic.
    fn read_hello(&self) -> BoxFuture<'_, Result<Vec<u8>, RadioError>>;
    /// Subscribes to `hello` and `down`.
    fn subscribe(&self) -> BoxFuture<'_, Result<(), RadioError>>;
    /// Writes one frame to `up` without response; at most `min(mtu - 3, 512)` bytes.
    fn write(&self, frame: Vec<u8>) -> BoxFuture<'_, Result<(), RadioError>>;
    /// The next notification, or the loss.
    fn next(&self) -> BoxFuture<'_, LinkEvent>;
    /// Disconnects. Dropping the link disconnects too, without waiting.
    fn close(&self) -> BoxFuture<'_, ()>;
}
