//! The actor of one link: it alone asks anything of the peripheral, one operation at a time, each with a deadline.

use super::hub::{OPERATION, in_time};
use super::inbox::Inbox;
use super::link::Held;
use super::shelf::Ended;
use super::stack::{Attribute, Notification, StackError};
use core::time::Duration;
use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, FuturesOrdered, StreamExt as _};
use futures_util::{FutureExt as _, poll};
use keyway_app::ports::{LinkEvent, RadioError};
use keyway_protocol::wire::gatt::frame_size;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

/// A link that says nothing is looked at this often: a system may lose the notice that it is gone.
const LOOK: Duration = Duration::from_secs(2);

/// What the port's side asks for.
pub(super) enum Command {
    /// Read `hello`.
    ReadHello(oneshot::Sender<Result<Vec<u8>, RadioError>>),
    /// Subscribe to `down` and `hello`.
    Subscribe(oneshot::Sender<Result<(), RadioError>>),
    /// Let the peripheral go; the sender is dropped then.
    Close(oneshot::Sender<()>),
}

/// One link under way.
pub(super) struct Actor {
    held: Held,
    inbox: Arc<Inbox>,
    mtu: u16,
}

type Writing = FuturesOrdered<BoxFuture<'static, Result<(), StackError>>>;

impl Actor {
    pub(super) fn new(held: Held, inbox: Arc<Inbox>, mtu: u16) -> Self {
        Self { held, inbox, mtu }
    }

    /// Serves until the link is lost or closed. Dropping [`Held`] at the end lets the peripheral go.
    pub(super) async fn run(
        mut self,
        mut commands: mpsc::Receiver<Command>,
        mut frames: mpsc::Receiver<Vec<u8>>,
        notifications: BoxStream<'static, Notification>,
    ) {
        let pump = tokio::spawn(drain(Arc::clone(&self.inbox), notifications));
        self.held.ended = self.serve(&mut commands, &mut frames).await;
        self.inbox.lose();
        pump.abort();
    }

    async fn serve(
        &mut self,
        commands: &mut mpsc::Receiver<Command>,
        frames: &mut mpsc::Receiver<Vec<u8>>,
    ) -> Ended {
        let window = self.held.hub.policy.write_window;
        let inbox = Arc::clone(&self.inbox);
        let mut writing = Writing::new();
        let mut looks = interval_at(Instant::now() + LOOK, LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let end = tokio::select! {
                biased;
                () = inbox.lost() => Some(Ended::Lost),
                written = writing.next(), if !writing.is_empty() => written.and_then(end_of),
                frame = frames.recv(), if writing.len() < window => match frame {
                    Some(frame) => self.write(frame, &mut writing).await,
                    None => Some(Ended::Closed),
                },
                command = commands.recv() => match command {
                    Some(command) => {
                        // One operation at a time: what is written before is out before.
                        match self.flush(frames, &mut writing).await {
                            None => self.obey(command).await,
                            end => end,
                        }
                    }
                    None => Some(Ended::Closed),
                },
                () = inbox.suspected() => self.look().await,
                _ = looks.tick() => self.look().await,
            };
            if let Some(end) = end {
                return self.after(end, &mut writing).await;
            }
        }
    }

    /// Frames on their way when the link is closed still leave, if they leave at once.
    async fn after(&self, end: Ended, writing: &mut Writing) -> Ended {
        match end {
            Ended::Closed => finish(writing).await.unwrap_or(Ended::Closed),
            other => other,
        }
    }

    /// Begins a write; the stack gets it now, so that frames keep their order.
    async fn write(&self, frame: Vec<u8>, writing: &mut Writing) -> Option<Ended> {
        let device = self.held.shared_device();
        let mut write = async move { in_time(async { device.write(frame).await }).await }.boxed();
        match poll!(write.as_mut()) {
            core::task::Poll::Ready(written) => end_of(written),
            core::task::Poll::Pending => {
                writing.push_back(write);
                None
            }
        }
    }

    /// Writes what was given to be written, to the last frame.
    async fn flush(
        &self,
        frames: &mut mpsc::Receiver<Vec<u8>>,
        writing: &mut Writing,
    ) -> Option<Ended> {
        loop {
            let full = writing.len() >= self.held.hub.policy.write_window;
            match (full, if full { None } else { frames.try_recv().ok() }) {
                (_, Some(frame)) => {
                    if let Some(end) = self.write(frame, writing).await {
                        return Some(end);
                    }
                }
                (true, None) => {
                    if let Some(end) = writing.next().await.and_then(end_of) {
                        return Some(end);
                    }
                }
                (false, None) => return finish(writing).await,
            }
        }
    }

    async fn obey(&mut self, command: Command) -> Option<Ended> {
        match command {
            Command::ReadHello(answer) => self.answer(self.read_hello(), answer).await,
            Command::Subscribe(answer) => self.answer(self.subscribe(), answer).await,
            Command::Close(closed) => {
                self.held.tell_when_let_go(closed);
                Some(Ended::Closed)
            }
        }
    }

    async fn answer<T>(
        &self,
        operation: impl Future<Output = Result<T, StackError>>,
        answer: oneshot::Sender<Result<T, RadioError>>,
    ) -> Option<Ended> {
        let operation = core::pin::pin!(timeout(OPERATION, operation));
        let done = tokio::select! {
            biased;
            done = operation => done,
            () = self.inbox.lost() => Ok(Err(StackError::NotConnected)),
        };
        let (said, end) = match done {
            Ok(Ok(value)) => (Ok(value), None),
            Ok(Err(error)) => (Err(error.into()), end_of(Err(error))),
            // Whatever is asked next would wait behind it: the link is poisoned.
            Err(_) => (Err(RadioError::TimedOut), Some(Ended::Stuck)),
        };
        // Nobody waits any more: the operation has happened all the same.
        let _ = answer.send(said);
        end
    }

    async fn read_hello(&self) -> Result<Vec<u8>, StackError> {
        let value = self.held.device().read(Attribute::Hello).await?;
        if self.held.hub.policy.mixes_reads && value.len() == frame_size(self.mtu) {
            // As long as a notification that was cut short: it may be one.
            return self.held.device().read(Attribute::Hello).await;
        }
        Ok(value)
    }

    async fn subscribe(&self) -> Result<(), StackError> {
        // The hello begins the conversation: by then `down` must be heard.
        self.held.device().subscribe(Attribute::Down).await?;
        self.held.device().subscribe(Attribute::Hello).await
    }

    /// Is the link still there? A notice that it is gone may be an earlier link's, late.
    async fn look(&self) -> Option<Ended> {
        match in_time(async { Ok(self.held.device().is_connected().await) }).await {
            Ok(true) => None,
            Ok(false) => Some(Ended::Lost),
            Err(_) => Some(Ended::Stuck),
        }
    }
}

/// How an operation's end leaves the link: `None` if it goes on.
fn end_of(done: Result<(), StackError>) -> Option<Ended> {
    match done {
        // A refused write is a lost frame, which the protocol repeats; a refused read is its caller's matter.
        Ok(()) | Err(StackError::Refused | StackError::NoService) => None,
        Err(StackError::TimedOut) => Some(Ended::Stuck),
        Err(
            StackError::Off
            | StackError::NotPermitted
            | StackError::NoAdapter
            | StackError::UnknownDevice
            | StackError::NotConnected,
        ) => Some(Ended::Lost),
    }
}

async fn finish(writing: &mut Writing) -> Option<Ended> {
    while let Some(written) = writing.next().await {
        if let Some(end) = end_of(written) {
            return Some(end);
        }
    }
    None
}

/// Drains a link's notifications and does nothing else.
async fn drain(inbox: Arc<Inbox>, mut notifications: BoxStream<'static, Notification>) {
    while let Some(Notification { attribute, value }) = notifications.next().await {
        match attribute {
            Attribute::Hello => inbox.push(LinkEvent::Hello(value)),
            Attribute::Down => inbox.push(LinkEvent::Down(value)),
            Attribute::Up => {}
        }
    }
    // The stream ended: that is a reason to look, no more.
    inbox.suspect();
}
