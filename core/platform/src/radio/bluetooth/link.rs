//! Opening a link, and the port's side of it.

use super::actor::{self, Command};
use super::hub::{Hub, OPERATION, in_time};
use super::inbox::Inbox;
use super::shelf::{Choice, Ended};
use super::stack::{Device, StackError};
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;
use keyway_app::ports::{BoxFuture, Link, LinkEvent, PeripheralId, RadioError};
use keyway_protocol::wire::gatt::frame_size;
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// The port's side of one link. Dropping it ends the actor, which lets the peripheral go.
pub(super) struct BluetoothLink {
    runtime: Handle,
    mtu: u16,
    commands: mpsc::Sender<Command>,
    writes: mpsc::Sender<Vec<u8>>,
    inbox: Arc<Inbox>,
}

/// Connects and discovers within `deadline`. Dropping the future gives up the attempt and lets the peripheral go.
pub(super) async fn open(
    hub: Arc<Hub>,
    id: PeripheralId,
    deadline: Duration,
) -> Result<BluetoothLink, RadioError> {
    let runtime = hub.runtime.clone();
    // A set, because dropping it aborts the attempt when the caller gives up.
    let mut attempt = JoinSet::new();
    attempt.spawn_on(
        async move {
            timeout(deadline, establish(hub, id))
                .await
                .unwrap_or(Err(RadioError::TimedOut))
        },
        &runtime,
    );
    match attempt.join_next().await {
        Some(Ok(link)) => link,
        Some(Err(_)) | None => Err(RadioError::Refused),
    }
}

async fn establish(hub: Arc<Hub>, id: PeripheralId) -> Result<BluetoothLink, RadioError> {
    hub.let_go_before(&id).await;
    let adapter = hub.adapter().await?;
    let device = match hub.choose(&id) {
        Choice::Same(device) => device,
        choice => {
            let fresh = matches!(choice, Choice::Fresh);
            match in_time(adapter.device(&id, fresh)).await {
                Err(StackError::NoAdapter) if hub.policy.reopens => {
                    let adapter = hub.adapter_again().await?;
                    in_time(adapter.device(&id, fresh)).await?
                }
                found => found?,
            }
        }
    };
    let mut held = Held::new(hub, id, device);
    held.device().connect().await.inspect_err(|_| {
        held.ended = Ended::Failed;
    })?;
    let inbox = Arc::new(Inbox::default());
    held.hub.watch(&held.id, &inbox);
    let heard = in_time(held.device().notifications()).await;
    let found = match heard {
        Ok(notifications) => in_time(held.device().discover())
            .await
            .map(|mtu| (notifications, mtu)),
        Err(error) => Err(error),
    };
    // Both answered, whatever they said.
    held.ended = Ended::Closed;
    let (notifications, mtu) = found?;
    let runtime = held.hub.runtime.clone();
    let (commands, asked) = mpsc::channel(1);
    let (writes, frames) = mpsc::channel(held.hub.policy.write_window);
    let actor = actor::Actor::new(held, Arc::clone(&inbox), mtu);
    runtime.spawn(actor.run(asked, frames, notifications));
    Ok(BluetoothLink {
        runtime,
        mtu,
        commands,
        writes,
        inbox,
    })
}

/// A peripheral that is ours until it is dropped, and how its use ended so far.
pub(super) struct Held {
    pub(super) hub: Arc<Hub>,
    pub(super) id: PeripheralId,
    /// As if everything under way hung: whoever knows better says so.
    pub(super) ended: Ended,
    device: Arc<dyn Device>,
    /// Dropped once the peripheral is let go.
    let_go: Option<oneshot::Sender<()>>,
}

impl Held {
    fn new(hub: Arc<Hub>, id: PeripheralId, device: Arc<dyn Device>) -> Self {
        Self {
            hub,
            id,
            ended: Ended::Stuck,
            device,
            let_go: None,
        }
    }

    pub(super) fn device(&self) -> &dyn Device {
        self.device.as_ref()
    }

    pub(super) fn shared_device(&self) -> Arc<dyn Device> {
        Arc::clone(&self.device)
    }

    /// Who is to hear that the peripheral is let go: nothing is sent, the sender is dropped.
    pub(super) fn tell_when_let_go(&mut self, closed: oneshot::Sender<()>) {
        self.let_go = Some(closed);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let device = Arc::clone(&self.device);
        self.hub
            .let_go(self.id.clone(), device, self.ended, self.let_go.take());
    }
}

impl BluetoothLink {
    async fn ask<T>(
        &self,
        command: impl FnOnce(oneshot::Sender<Result<T, RadioError>>) -> Command,
    ) -> Result<T, RadioError> {
        let (answer, answered) = oneshot::channel();
        // The actor has a deadline for each operation and may be busy with one: two are enough.
        let asked = timeout(OPERATION * 2, async {
            self.commands.send(command(answer)).await.ok()?;
            answered.await.ok()
        });
        match asked.await {
            Ok(Some(answer)) => answer,
            Ok(None) => Err(RadioError::Lost),
            Err(_) => Err(RadioError::TimedOut),
        }
    }
}

impl Link for BluetoothLink {
    fn mtu(&self) -> u16 {
        self.mtu
    }

    fn read_hello(&self) -> BoxFuture<'_, Result<Vec<u8>, RadioError>> {
        Box::pin(on(self.runtime.clone(), self.ask(Command::ReadHello)))
    }

    fn subscribe(&self) -> BoxFuture<'_, Result<(), RadioError>> {
        Box::pin(on(self.runtime.clone(), self.ask(Command::Subscribe)))
    }

    fn write(&self, frame: Vec<u8>) -> BoxFuture<'_, Result<(), RadioError>> {
        Box::pin(on(self.runtime.clone(), async move {
            // More is not refused by every stack: 513 bytes at MTU 517 vanish without a word.
            if frame.len() > frame_size(self.mtu) {
                return Err(RadioError::Refused);
            }
            if self.inbox.is_lost() {
                return Err(RadioError::Lost);
            }
            let room = timeout(OPERATION * 2, self.writes.send(frame)).await;
            room.map_err(|_| RadioError::TimedOut)?
                .map_err(|_| RadioError::Lost)
        }))
    }

    fn next(&self) -> BoxFuture<'_, LinkEvent> {
        Box::pin(async { self.inbox.next().await.event })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            let (closed, closing) = oneshot::channel();
            if self.commands.send(Command::Close(closed)).await.is_ok() {
                // An error is what is waited for: the sender is dropped at the end, which has a cap.
                let _ = closing.await;
            }
        })
    }
}

/// `future` polled within `runtime`: timers need one, and a foreign caller's thread has none.
pub(super) async fn on<F: Future>(runtime: Handle, future: F) -> F::Output {
    struct On<F>(Handle, Pin<Box<F>>);
    impl<F: Future> Future for On<F> {
        type Output = F::Output;
        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
            let runtime = self.0.clone();
            let _entered = runtime.enter();
            self.1.as_mut().poll(context)
        }
    }
    On(runtime, Box::pin(future)).await
}
