//! Our own tokio runtime.
//!
//! A foreign caller polls futures on a thread of its own, where no reactor is. Every port that needs one therefore holds this runtime's
//! handle, and journeys are spawned here.

use core::future::Future;
use core::time::Duration;
use keyway_app::ports::{BoxFuture, Spawn};
use std::sync::Arc;
use tokio::runtime::{Builder, Handle};
use tokio::sync::watch;

/// Two: one may be busy with cryptography while the other answers the radio.
const WORKERS: usize = 2;

/// A multi-thread runtime with named workers. It is the `Spawn` port; see [`Runtime::spawner`].
#[derive(Debug)]
pub struct Runtime {
    tokio: tokio::runtime::Runtime,
    /// How many journeys run.
    running: watch::Sender<usize>,
}

impl Runtime {
    /// Starts the workers.
    ///
    /// # Errors
    /// The system gives no more threads.
    pub fn new() -> std::io::Result<Self> {
        let tokio = Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .thread_name("keyway-core")
            .enable_all()
            .build()?;
        Ok(Self {
            tokio,
            running: watch::Sender::new(0),
        })
    }

    /// For the ports that need a reactor, a timer or a thread to block on.
    #[must_use]
    pub fn handle(&self) -> Handle {
        self.tokio.handle().clone()
    }

    /// The `Spawn` port.
    #[must_use]
    pub fn spawner(&self) -> Arc<dyn Spawn> {
        Arc::new(Spawner {
            runtime: self.handle(),
            running: self.running.clone(),
        })
    }

    /// For calls that block: into a keychain of the system's, into a shell.
    #[must_use]
    pub fn blocking(&self) -> Blocking {
        Blocking(self.handle())
    }

    /// Drives `future` on the calling thread: for shells whose main function is not asynchronous.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.tokio.block_on(future)
    }

    /// Ends the runtime. Journeys under way have `grace` to finish, then blocking calls as long again.
    pub fn shut_down(self, grace: Duration) {
        let mut running = self.running.subscribe();
        self.tokio.block_on(async {
            // Whether they finished or not: they had their time.
            let _ = tokio::time::timeout(grace, running.wait_for(|running| *running == 0)).await;
        });
        self.tokio.shutdown_timeout(grace);
    }
}

/// Threads of a runtime for calls that block. Does not keep the runtime alive.
#[derive(Clone, Debug)]
pub struct Blocking(Handle);

impl Blocking {
    /// Runs `work` on a thread where it may block, from now on, whether or not anybody waits. `None`: it panicked, or the runtime has ended.
    pub fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> impl Future<Output = Option<T>> + Send + 'static {
        let task = self.0.spawn_blocking(work);
        async move { task.await.ok() }
    }
}

/// Spawns on a runtime without keeping it alive, and counts what runs.
#[derive(Debug)]
struct Spawner {
    runtime: Handle,
    running: watch::Sender<usize>,
}

impl Spawn for Spawner {
    fn spawn(&self, task: BoxFuture<'static, ()>) {
        let running = Running::new(self.running.clone());
        // A task that panics ends alone; the panic hook has named the place, and whoever waits for it sees its channel closed.
        drop(self.runtime.spawn(async move {
            let _running = running;
            task.await;
        }));
    }
}

/// Counts one task from its start to its end, however it ends.
struct Running(watch::Sender<usize>);

impl Running {
    fn new(count: watch::Sender<usize>) -> Self {
        count.send_modify(|running| *running += 1);
        Self(count)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.send_modify(|running| *running -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::Runtime;
    use core::time::Duration;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn a_journey_under_way_ends_before_the_runtime_does() {
        let runtime = Runtime::new().expect("a runtime");
        let done = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&done);
        runtime.spawner().spawn(Box::pin(async move {
            for _ in 0..1000 {
                tokio::task::yield_now().await;
            }
            seen.store(true, Ordering::SeqCst);
        }));
        runtime.shut_down(Duration::from_secs(60));
        assert!(done.load(Ordering::SeqCst));
    }

    #[test]
    fn a_journey_that_does_not_end_is_left_after_its_grace() {
        let runtime = Runtime::new().expect("a runtime");
        runtime.spawner().spawn(Box::pin(core::future::pending()));
        runtime.shut_down(Duration::from_millis(10));
    }
}
