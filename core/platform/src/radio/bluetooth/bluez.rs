//! What `BlueZ` says when it does not do as asked.

use super::stack::StackError;
use bluez_async::BluetoothError;
use core::error::Error;

/// The reason behind one of btleplug's wrapped errors.
pub(super) fn reason(error: &(dyn Error + Send + Sync + 'static)) -> StackError {
    match error.downcast_ref::<BluetoothError>() {
        Some(BluetoothError::DbusError(error)) => {
            named(error.name().unwrap_or_default(), error.message())
        }
        Some(BluetoothError::NoBluetoothAdapters) => StackError::NoAdapter,
        Some(BluetoothError::ServiceDiscoveryTimedOut) => StackError::TimedOut,
        _ => StackError::Refused,
    }
}

/// Is what was asked for under way already, by ourselves?
pub(super) fn is_under_way(error: &btleplug::Error) -> bool {
    let btleplug::Error::Other(error) = error else {
        return false;
    };
    matches!(
        error.downcast_ref::<BluetoothError>(),
        Some(BluetoothError::DbusError(error)) if error.name() == Some("org.bluez.Error.InProgress")
    )
}

fn named(name: &str, message: Option<&str>) -> StackError {
    match name {
        "org.bluez.Error.NotReady" => StackError::Off,
        "org.bluez.Error.NotConnected" => StackError::NotConnected,
        "org.bluez.Error.Failed" if message == Some("Not connected") => StackError::NotConnected,
        "org.bluez.Error.NotAuthorized" | "org.freedesktop.DBus.Error.AccessDenied" => {
            StackError::NotPermitted
        }
        // The daemon is not there, or no longer.
        "org.freedesktop.DBus.Error.ServiceUnknown"
        | "org.freedesktop.DBus.Error.NameHasNoOwner"
        | "org.freedesktop.DBus.Error.Disconnected"
        | "org.freedesktop.DBus.Error.NoServer"
        | "org.freedesktop.DBus.Error.FileNotFound" => StackError::NoAdapter,
        // The daemon is there; the adapter, the peripheral or its table is not.
        "org.freedesktop.DBus.Error.UnknownObject"
        | "org.freedesktop.DBus.Error.UnknownMethod"
        | "org.freedesktop.DBus.Error.UnknownInterface" => StackError::UnknownDevice,
        "org.freedesktop.DBus.Error.NoReply" | "org.freedesktop.DBus.Error.Timeout" => {
            StackError::TimedOut
        }
        _ => StackError::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::{StackError, named};

    #[test]
    fn a_link_that_is_gone_is_told_from_a_refusal() {
        let failed = |message| named("org.bluez.Error.Failed", message);
        assert_eq!(failed(Some("Not connected")), StackError::NotConnected);
        assert_eq!(
            failed(Some("Failed to initiate write")),
            StackError::Refused
        );
        assert_eq!(failed(None), StackError::Refused);
    }
}
