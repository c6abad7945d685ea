//! [`LoopbackRadio`]: GATT's central role over [`super::pipe`], one TCP connection for each scan and each link.

#[cfg(any(target_os = "ios", target_os = "android"))]
compile_error!("the loopback radio is not for phones");

mod link;
mod scan;

use super::pipe::{self, MAX_MTU, ToLock};
use core::time::Duration;
use keyway_app::ports::{
    AdapterState, BoxFuture, Link, Location, PeripheralId, Permission, Power, Radio, RadioError,
    Scan,
};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::runtime::Handle;

/// No single operation on a link waits longer than this.
const OPERATION_DEADLINE: Duration = Duration::from_secs(5);

/// One simulated lock within reach: its address is its peripheral id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Where the lock's process listens.
    pub address: SocketAddr,
    /// The ATT MTU to offer, bytes.
    pub mtu: u16,
}

impl Peer {
    /// A peer reached with the largest MTU.
    #[must_use]
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            mtu: MAX_MTU,
        }
    }

    /// The name under which sightings report this peer.
    #[must_use]
    pub fn id(&self) -> PeripheralId {
        PeripheralId(self.address.to_string())
    }
}

/// The radio. Its tasks run on the runtime it was made with; its futures may be polled anywhere.
#[derive(Debug)]
pub struct LoopbackRadio {
    runtime: Handle,
    peers: Arc<[Peer]>,
    state: Mutex<AdapterState>,
}

impl LoopbackRadio {
    /// A radio that is on and permitted, with these locks in range.
    #[must_use]
    pub fn new(runtime: Handle, peers: Vec<Peer>) -> Self {
        let on = AdapterState {
            power: Power::On,
            permission: Permission::Granted,
            location: Location::NotNeeded,
        };
        Self {
            runtime,
            peers: peers.into(),
            state: Mutex::new(on),
        }
    }

    /// Feeds in another adapter state, as a system would. Running scans and links are not touched.
    pub fn set_state(&self, state: AdapterState) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    fn ready(&self) -> Result<(), RadioError> {
        let state = self.state();
        match (state.power, state.permission, state.location) {
            (Power::Unsupported, ..) => Err(RadioError::Unsupported),
            (Power::Off, ..) => Err(RadioError::Off),
            (_, Permission::Denied | Permission::NotAsked, _) => Err(RadioError::NotPermitted),
            (_, _, Location::Off) => Err(RadioError::LocationOff),
            (Power::On, Permission::Granted, Location::On | Location::NotNeeded) => Ok(()),
        }
    }
}

impl Radio for LoopbackRadio {
    fn state(&self) -> AdapterState {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn scan(&self) -> BoxFuture<'static, Result<Box<dyn Scan>, RadioError>> {
        let scan = self
            .ready()
            .map(|()| scan::start(&self.runtime, &self.peers));
        Box::pin(async move { scan.map(|scan| Box::new(scan) as Box<dyn Scan>) })
    }

    fn connect(
        &self,
        id: PeripheralId,
        deadline: Duration,
    ) -> BoxFuture<'static, Result<Box<dyn Link>, RadioError>> {
        let ready = self.ready();
        let peer = self.peers.iter().find(|peer| peer.id() == id).copied();
        let runtime = self.runtime.clone();
        Box::pin(async move {
            ready?;
            let peer = peer.ok_or(RadioError::Refused)?;
            let link = link::open(&runtime, peer, deadline).await?;
            Ok(Box::new(link) as Box<dyn Link>)
        })
    }
}

/// Opens the pipe. Small messages must leave at once: each is one radio frame.
async fn dial(address: SocketAddr) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn send(
    writer: &mut (impl tokio::io::AsyncWrite + Unpin),
    message: &ToLock,
) -> std::io::Result<()> {
    writer.write_all(&pipe::Message::encode(message)).await
}

/// `future` with a deadline measured on `runtime`'s clock, whichever executor polls it.
fn within<F: Future>(runtime: &Handle, deadline: Duration, future: F) -> tokio::time::Timeout<F> {
    let _context = runtime.enter();
    tokio::time::timeout(deadline, future)
}
