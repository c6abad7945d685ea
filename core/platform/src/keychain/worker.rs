//! One thread that makes all blocking calls to a store, one after the other.
//!
//! A store that hangs takes this thread with it and nothing else: later calls meet their own deadline. A call whose caller gave up before
//! its turn is never made, so nothing is stored after its time.

use core::time::Duration;
use futures_util::FutureExt as _;
use keyway_app::ports::{BoxFuture, KeychainError};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

type Job<S> = Box<dyn FnOnce(&Result<S, KeychainError>) + Send>;

/// The near end of the thread. The thread ends after the last job once this is dropped.
pub(super) struct Worker<S> {
    jobs: Sender<Job<S>>,
    runtime: Handle,
    deadline: Duration,
}

impl<S: 'static> Worker<S> {
    /// Starts the thread and `open`s the store on it; if that fails, each call answers with that failure.
    pub(super) fn start<O>(
        runtime: Handle,
        deadline: Duration,
        open: O,
    ) -> Result<Self, KeychainError>
    where
        O: FnOnce() -> Result<S, KeychainError> + Send + 'static,
    {
        let (jobs, queue) = mpsc::channel();
        thread::Builder::new()
            .name("keyway-keychain".to_owned())
            .spawn(move || run(open, &queue))
            .map_err(|_| KeychainError::Unavailable)?;
        Ok(Self {
            jobs,
            runtime,
            deadline,
        })
    }

    /// Makes one call. `Unavailable` when it is not over within the deadline; a call under way then may still take effect.
    pub(super) fn call<T, W>(&self, work: W) -> BoxFuture<'static, Result<T, KeychainError>>
    where
        T: Send + 'static,
        W: FnOnce(&S) -> Result<T, KeychainError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job: Job<S> = Box::new(move |store| {
            if !reply.is_closed() {
                let result = store.as_ref().map_err(|error| *error).and_then(work);
                // Nobody waits any more: the answer is dropped, and wiped where it is secret.
                drop(reply.send(result));
            }
        });
        if self.jobs.send(job).is_err() {
            return core::future::ready(Err(KeychainError::Unavailable)).boxed();
        }
        let _entered = self.runtime.enter();
        let answer = tokio::time::timeout(self.deadline, answer);
        async move {
            match answer.await {
                Ok(Ok(result)) => result,
                // The deadline passed, or the thread is gone.
                Ok(Err(_)) | Err(_) => Err(KeychainError::Unavailable),
            }
        }
        .boxed()
    }
}

fn run<S>(open: impl FnOnce() -> Result<S, KeychainError>, queue: &Receiver<Job<S>>) {
    let store = open();
    while let Ok(job) = queue.recv() {
        job(&store);
    }
}

#[cfg(test)]
mod tests {
    use super::Worker;
    use core::time::Duration;
    use keyway_app::ports::KeychainError;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, mpsc};

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime")
    }

    #[test]
    fn a_store_that_hangs_is_given_up_and_what_waited_behind_it_is_never_done() {
        let runtime = runtime();
        let (release, hold) = mpsc::channel::<()>();
        let worker = Worker::start(
            runtime.handle().clone(),
            Duration::from_millis(50),
            move || Ok(hold),
        )
        .expect("a thread");
        let done = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&done);
        runtime.block_on(async {
            let hanging = worker.call(|hold| {
                let _ = hold.recv();
                Ok(())
            });
            let behind = worker.call(move |_| {
                seen.store(true, Ordering::SeqCst);
                Ok(())
            });
            assert_eq!(hanging.await, Err(KeychainError::Unavailable));
            assert_eq!(behind.await, Err(KeychainError::Unavailable));
            release.send(()).expect("the thread still waits");
            // The queue is in order: when this is answered, the one before it has had its turn.
            assert_eq!(worker.call(|_| Ok(7)).await, Ok(7));
        });
        assert!(!done.load(Ordering::SeqCst));
    }

    #[test]
    fn a_store_that_does_not_open_says_so_on_each_call() {
        let runtime = runtime();
        let worker: Worker<()> =
            Worker::start(runtime.handle().clone(), Duration::from_secs(5), || {
                Err(KeychainError::Locked)
            })
            .expect("a thread");
        for _ in 0..2 {
            let answer = runtime.block_on(worker.call(|()| Ok(())));
            assert_eq!(answer, Err(KeychainError::Locked));
        }
    }
}
