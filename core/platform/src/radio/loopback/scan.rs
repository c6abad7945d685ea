use super::super::pipe::{Decoder, ToLock, ToPhone};
use super::{Peer, dial, send};
use core::time::Duration;
use keyway_app::ports::{BoxFuture, RadioError, Scan, Sighting};
use tokio::io::AsyncReadExt;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// Sightings kept for a slow reader; later ones wait in the sockets.
const BACKLOG: usize = 64;
/// A lock that is down is dialled again after this long: it may come into range.
const REDIAL: Duration = Duration::from_millis(500);

/// A running scan: one task per peer, all aborted on drop.
pub(super) struct LoopbackScan {
    sightings: mpsc::Receiver<Sighting>,
    _listeners: JoinSet<()>,
}

pub(super) fn start(runtime: &Handle, peers: &[Peer]) -> LoopbackScan {
    let (found, sightings) = mpsc::channel(BACKLOG);
    let mut listeners = JoinSet::new();
    for peer in peers {
        listeners.spawn_on(listen(*peer, found.clone()), runtime);
    }
    if peers.is_empty() {
        // Nobody in range is silence, not an error: somebody holds the sender as long as the scan lives.
        listeners.spawn_on(async move { found.closed().await }, runtime);
    }
    LoopbackScan {
        sightings,
        _listeners: listeners,
    }
}

impl Scan for LoopbackScan {
    fn next(&mut self) -> BoxFuture<'_, Result<Sighting, RadioError>> {
        Box::pin(async move { self.sightings.recv().await.ok_or(RadioError::Refused) })
    }
}

async fn listen(peer: Peer, found: mpsc::Sender<Sighting>) {
    while !found.is_closed() {
        // However the pipe ends, the lock is out of range until it answers again.
        let _ = hear(peer, &found).await;
        tokio::time::sleep(REDIAL).await;
    }
}

async fn hear(peer: Peer, found: &mpsc::Sender<Sighting>) -> std::io::Result<()> {
    let mut stream = dial(peer.address).await?;
    send(&mut stream, &ToLock::Scan).await?;
    let mut decoder = Decoder::new();
    let mut buffer = [0; 1024];
    loop {
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        let messages = decoder
            .push(&buffer[..count])
            .map_err(std::io::Error::other)?;
        for message in messages {
            let ToPhone::Advertisement { rssi, service_data } = message else {
                continue;
            };
            let sighting = Sighting {
                id: peer.id(),
                rssi,
                service_data,
            };
            if found.send(sighting).await.is_err() {
                return Ok(());
            }
        }
    }
}
