//! [`BluetoothRadio`]: the system's Bluetooth through btleplug, with what differs between systems in one [`Policy`].
//!
//! ```text
//! mod.rs      the port           hub.rs     the adapter, shared by all scans and links
//! scan.rs     one scan           policy.rs  what each system does, and what to do about it
//! link.rs     opening a link     shelf.rs   which object to connect through next
//! actor.rs    one link's actor   inbox.rs   what a link heard and nobody took yet
//! stack.rs    the calls made     btle.rs    btleplug behind them
//! ```

mod actor;
#[cfg(target_os = "linux")]
mod bluez;
mod btle;
mod hub;
mod inbox;
mod link;
pub mod policy;
mod scan;
mod shelf;
pub mod stack;
#[cfg(test)]
mod tests;

use core::time::Duration;
use hub::Hub;
use keyway_app::ports::{AdapterState, BoxFuture, Link, PeripheralId, Radio, RadioError, Scan};
use policy::{Policy, Told};
use stack::Stack;
use std::sync::Arc;
use tokio::runtime::Handle;

/// The radio. Its tasks run on the runtime it was made with; its futures may be polled anywhere. Nothing is touched before the first use.
pub struct BluetoothRadio {
    hub: Arc<Hub>,
}

impl BluetoothRadio {
    /// The radio of this system.
    #[must_use]
    pub fn new(runtime: Handle) -> Self {
        let stack = Arc::new(btle::BtleStack::default());
        Self::with_stack(runtime, stack, Policy::of_this_system())
    }

    /// A radio on another stack, or one that behaves as another system's.
    #[must_use]
    pub fn with_stack(runtime: Handle, stack: Arc<dyn Stack>, policy: Policy) -> Self {
        Self {
            hub: Hub::new(runtime, stack, policy),
        }
    }

    /// The shell has initialised the platform's classes: on Android nothing works before.
    pub fn set_initialised(&self) {
        self.hub.set_initialised();
    }

    /// The shell tells what it knows of power, permission and the location switch: as a whole, at each change.
    pub fn tell(&self, told: Told) {
        self.hub.tell(told);
    }
}

impl Radio for BluetoothRadio {
    fn state(&self) -> AdapterState {
        self.hub.state()
    }

    fn scan(&self) -> BoxFuture<'static, Result<Box<dyn Scan>, RadioError>> {
        // A task of its own: whoever gives up half-way leaves a scan that ends itself, not one that nobody ends.
        let begun = self.hub.runtime.spawn(scan::begin(Arc::clone(&self.hub)));
        Box::pin(async move {
            let scan = begun.await.map_err(|_| RadioError::Refused)??;
            Ok(Box::new(scan) as Box<dyn Scan>)
        })
    }

    fn connect(
        &self,
        id: PeripheralId,
        deadline: Duration,
    ) -> BoxFuture<'static, Result<Box<dyn Link>, RadioError>> {
        let hub = Arc::clone(&self.hub);
        Box::pin(async move {
            let link = link::open(hub, id, deadline).await?;
            Ok(Box::new(link) as Box<dyn Link>)
        })
    }
}
