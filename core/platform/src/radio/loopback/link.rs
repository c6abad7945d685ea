use super::super::pipe::{Decoder, ToLock, ToPhone};
use super::{OPERATION_DEADLINE, Peer, dial, send, within};
use core::time::Duration;
use keyway_app::ports::{BoxFuture, Link, LinkEvent, RadioError};
use std::collections::VecDeque;
use std::io;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, mpsc};
use tokio::task::{JoinHandle, JoinSet};

/// Notifications kept for a slow reader; later ones wait in the socket.
const BACKLOG: usize = 256;

/// One open link: a task reads the pipe, another writes it.
pub(super) struct LoopbackLink {
    runtime: Handle,
    mtu: u16,
    writes: mpsc::Sender<ToLock>,
    events: Mutex<mpsc::Receiver<LinkEvent>>,
    answers: Mutex<mpsc::Receiver<ToPhone>>,
    reader: JoinHandle<()>,
}

/// Dials the lock and waits for its `Connected`, at most `deadline` in all.
pub(super) async fn open(
    runtime: &Handle,
    peer: Peer,
    deadline: Duration,
) -> Result<LoopbackLink, RadioError> {
    // A set, because dropping it aborts the attempt when the caller gives up.
    let mut attempt = JoinSet::new();
    attempt.spawn_on(handshake(peer), runtime);
    let (inbound, outbound, mtu) = within(runtime, deadline, attempt.join_next())
        .await
        .map_err(|_| RadioError::TimedOut)?
        .and_then(Result::ok)
        .ok_or(RadioError::Lost)?
        .map_err(|error| match error.kind() {
            // Nobody listens: to a radio that is a lock which does not answer.
            io::ErrorKind::ConnectionRefused => RadioError::TimedOut,
            _ => RadioError::Lost,
        })?;
    let (writes, queue) = mpsc::channel(BACKLOG);
    let (event, events) = mpsc::channel(BACKLOG);
    let (answer, answers) = mpsc::channel(4);
    // The writer ends by itself once the link is dropped and its queue drained, so that a `Disconnect` still leaves.
    runtime.spawn(write(outbound, queue));
    Ok(LoopbackLink {
        runtime: runtime.clone(),
        mtu,
        writes,
        events: Mutex::new(events),
        answers: Mutex::new(answers),
        reader: runtime.spawn(read(inbound, event, answer)),
    })
}

impl LoopbackLink {
    async fn request(&self, request: ToLock) -> Result<ToPhone, RadioError> {
        let exchange = async {
            let mut answers = self.answers.lock().await;
            while answers.try_recv().is_ok() {} // an answer that came after its caller had given up
            self.writes
                .send(request)
                .await
                .map_err(|_| RadioError::Lost)?;
            answers.recv().await.ok_or(RadioError::Lost)
        };
        within(&self.runtime, OPERATION_DEADLINE, exchange)
            .await
            .map_err(|_| RadioError::TimedOut)?
    }
}

impl Link for LoopbackLink {
    fn mtu(&self) -> u16 {
        self.mtu
    }

    fn read_hello(&self) -> BoxFuture<'_, Result<Vec<u8>, RadioError>> {
        Box::pin(async {
            match self.request(ToLock::ReadHello).await? {
                ToPhone::HelloValue(value) => Ok(value),
                _ => Err(RadioError::Refused),
            }
        })
    }

    fn subscribe(&self) -> BoxFuture<'_, Result<(), RadioError>> {
        Box::pin(async {
            match self.request(ToLock::Subscribe).await? {
                ToPhone::Subscribed => Ok(()),
                _ => Err(RadioError::Refused),
            }
        })
    }

    fn write(&self, frame: Vec<u8>) -> BoxFuture<'_, Result<(), RadioError>> {
        Box::pin(async move {
            if frame.len() > usize::from(self.mtu.saturating_sub(3)).min(512) {
                return Err(RadioError::Refused);
            }
            let queued = self.writes.send(ToLock::Write(frame));
            within(&self.runtime, OPERATION_DEADLINE, queued)
                .await
                .map_err(|_| RadioError::TimedOut)?
                .map_err(|_| RadioError::Lost)
        })
    }

    fn next(&self) -> BoxFuture<'_, LinkEvent> {
        Box::pin(async {
            match self.events.lock().await.recv().await {
                Some(event) => event,
                // The loss was told already: from here on the link is silent.
                None => core::future::pending().await,
            }
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            let goodbye = self.writes.send(ToLock::Disconnect);
            // A lock that no longer reads cannot hold the phone: after the deadline the pipe is dropped with the link.
            let _ = within(&self.runtime, OPERATION_DEADLINE, goodbye).await;
        })
    }
}

impl Drop for LoopbackLink {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

async fn handshake(peer: Peer) -> io::Result<(Inbound, OwnedWriteHalf, u16)> {
    let mut stream: TcpStream = dial(peer.address).await?;
    send(&mut stream, &ToLock::Connect { mtu: peer.mtu }).await?;
    let (reader, writer) = stream.into_split();
    let mut inbound = Inbound {
        reader,
        decoder: Decoder::new(),
        ready: VecDeque::new(),
    };
    match inbound.next().await? {
        ToPhone::Connected { mtu } => Ok((inbound, writer, mtu)),
        _ => Err(io::Error::other("the lock did not accept the link")),
    }
}

/// The pipe's reading end, message by message.
struct Inbound {
    reader: OwnedReadHalf,
    decoder: Decoder,
    ready: VecDeque<ToPhone>,
}

impl Inbound {
    async fn next(&mut self) -> io::Result<ToPhone> {
        loop {
            if let Some(message) = self.ready.pop_front() {
                return Ok(message);
            }
            let mut buffer = [0; 2048];
            let count = self.reader.read(&mut buffer).await?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let messages = self
                .decoder
                .push(&buffer[..count])
                .map_err(io::Error::other)?;
            self.ready.extend(messages);
        }
    }
}

async fn read(
    mut inbound: Inbound,
    events: mpsc::Sender<LinkEvent>,
    answers: mpsc::Sender<ToPhone>,
) {
    while let Ok(message) = inbound.next().await {
        let taken = match message {
            ToPhone::NotifyHello(value) => events.send(LinkEvent::Hello(value)).await.is_ok(),
            ToPhone::NotifyDown(value) => events.send(LinkEvent::Down(value)).await.is_ok(),
            answer @ (ToPhone::HelloValue(_) | ToPhone::Subscribed) => {
                // Full means nobody asked: an unasked answer is dropped, as a radio would.
                let _ = answers.try_send(answer);
                true
            }
            ToPhone::Disconnected => false,
            ToPhone::Advertisement { .. } | ToPhone::Connected { .. } => true,
        };
        if !taken {
            break;
        }
    }
    let _ = events.send(LinkEvent::Lost).await;
}

async fn write(mut outbound: OwnedWriteHalf, mut queue: mpsc::Receiver<ToLock>) {
    while let Some(message) = queue.recv().await {
        let last = message == ToLock::Disconnect;
        let sent = tokio::time::timeout(OPERATION_DEADLINE, send(&mut outbound, &message)).await;
        if last || !matches!(sent, Ok(Ok(()))) {
            return;
        }
    }
}
