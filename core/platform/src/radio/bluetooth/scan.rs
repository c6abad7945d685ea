//! One scan: a share in the system's scan, and an ear at the adapter.

use super::hub::{Hub, in_time};
use super::stack::{Adapter, AdapterEvent, StackError};
use keyway_app::ports::{BoxFuture, PeripheralId, RadioError, Scan, Sighting};
use std::sync::Arc;
use tokio::sync::mpsc;

/// How the port says that the strength is not known.
const UNKNOWN: i16 = -127;

/// A running scan. Dropping it gives its share back.
pub(super) struct BluetoothScan {
    hub: Arc<Hub>,
    adapter: Arc<dyn Adapter>,
    events: mpsc::Receiver<AdapterEvent>,
}

/// Begins a scan; an adapter that turns out to be gone is looked for once more.
pub(super) async fn begin(hub: Arc<Hub>) -> Result<BluetoothScan, RadioError> {
    let adapter = hub.adapter().await?;
    match start(&hub, adapter).await {
        Err(StackError::NoAdapter | StackError::Refused | StackError::UnknownDevice)
            if hub.policy.reopens =>
        {
            let adapter = hub.adapter_again().await?;
            start(&hub, adapter).await.map_err(RadioError::from)
        }
        begun => begun.map_err(RadioError::from),
    }
}

async fn start(hub: &Arc<Hub>, adapter: Arc<dyn Adapter>) -> Result<BluetoothScan, StackError> {
    // The ear first: what is heard from the first moment counts.
    let events = hub.listen();
    hub.begin_scan(adapter.as_ref()).await?;
    Ok(BluetoothScan {
        hub: Arc::clone(hub),
        adapter,
        events,
    })
}

impl BluetoothScan {
    async fn sighting(&self, id: PeripheralId) -> Option<Sighting> {
        let heard = in_time(async { Ok(self.adapter.heard(&id).await) });
        let heard = heard.await.ok()??;
        if heard.rssi.is_none() && self.hub.policy.strength_means_heard {
            return None;
        }
        Some(Sighting {
            id,
            rssi: heard.rssi.unwrap_or(UNKNOWN),
            service_data: heard.service_data?,
        })
    }
}

impl Scan for BluetoothScan {
    fn next(&mut self) -> BoxFuture<'_, Result<Sighting, RadioError>> {
        let runtime = self.hub.runtime.clone();
        Box::pin(super::link::on(runtime, async move {
            loop {
                match self.events.recv().await {
                    Some(AdapterEvent::Heard(id)) => {
                        if let Some(sighting) = self.sighting(id).await {
                            return Ok(sighting);
                        }
                    }
                    Some(AdapterEvent::Power(false)) => return Err(RadioError::Off),
                    Some(AdapterEvent::Power(true) | AdapterEvent::Disconnected(_)) => {}
                    None => return Err(RadioError::Refused),
                }
            }
        }))
    }
}

impl Drop for BluetoothScan {
    fn drop(&mut self) {
        let hub = Arc::clone(&self.hub);
        let adapter = Arc::clone(&self.adapter);
        self.hub.runtime.spawn(async move {
            hub.end_scan(adapter.as_ref()).await;
        });
    }
}
