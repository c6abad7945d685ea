//! One phone in a test: its ports, its stores, its process, on one thread.

use super::air::FakeRadio;
use super::owner::FakeOwner;
use super::service::{FakeService, Wire};
use super::shell::FakeShell;
use super::stores::{FakeFiles, FakeKeychain, FakeKeys, Process, Steps, Stores};
use super::time::FakeClock;
use crate::ports::{BoxFuture, Entropy, EntropyError, Notice, Observer, Ports, Spawn};
use core::future::Future;
use core::pin::Pin;
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use futures_util::task::ArcWake;
use std::sync::{Arc, Mutex};

/// A virtual minute of nothing but waiting means that the test will never end.
const STUCK: Duration = Duration::from_secs(48 * 3600);

/// One phone: its ports, its stores, its process.
pub(crate) struct Phone {
    pub(crate) ports: Ports,
    pub(crate) clock: Arc<FakeClock>,
    pub(crate) stores: Arc<Stores>,
    pub(crate) service: Arc<FakeService>,
    pub(crate) notices: Arc<Notices>,
    pub(crate) steps: Arc<Steps>,
    pub(crate) radio: FakeRadio,
    pub(crate) owner: Arc<FakeOwner>,
    tasks: Arc<Tasks>,
}

impl Phone {
    /// A new phone with nothing on it.
    pub(crate) fn new() -> Self {
        let clock = Arc::new(FakeClock::default());
        let service = Arc::new(FakeService::new(Arc::clone(&clock)));
        Self::with(Arc::default(), service, clock)
    }

    fn with(stores: Arc<Stores>, service: Arc<FakeService>, clock: Arc<FakeClock>) -> Self {
        let steps = Arc::<Steps>::default();
        let notices = Arc::<Notices>::default();
        let tasks = Arc::<Tasks>::default();
        let owner = Arc::<FakeOwner>::default();
        let radio = FakeRadio::new(Arc::clone(&clock));
        let process = Process::new(Arc::clone(&stores), Arc::clone(&steps));
        let ports = Ports {
            clock: clock.clone(),
            entropy: Arc::new(Counting::default()),
            spawn: tasks.clone(),
            http: Arc::new(Wire::new(Arc::clone(&service), Arc::clone(&steps))),
            keychain: Arc::new(FakeKeychain(process.clone())),
            files: Arc::new(FakeFiles(process.clone())),
            keys: Arc::new(FakeKeys::new(process.clone())),
            places: Arc::new(FakeShell(process)),
            device: owner.clone(),
            radio: Arc::new(radio.clone()),
            observer: notices.clone(),
        };
        Self {
            ports,
            clock,
            stores,
            service,
            notices,
            steps,
            radio,
            owner,
            tasks,
        }
    }

    /// The process is gone; a new one finds the same stores and the same service.
    pub(crate) fn restarted(self) -> Self {
        Self::with(self.stores, self.service, self.clock)
    }

    /// The process dies after so many more steps.
    pub(crate) fn kill_after(&self, steps: u64) {
        self.steps.kill_after(steps);
    }

    /// Runs `work` to its end with everything that was spawned; time passes only when nobody can go on. `None` when the process was killed.
    pub(crate) fn run<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = core::pin::pin!(work);
        let begun = self.clock.now();
        loop {
            let flag = Arc::new(Flag::default());
            let waker = futures_util::task::waker(Arc::clone(&flag));
            let mut context = Context::from_waker(&waker);
            let done = work.as_mut().poll(&mut context);
            let killed = !self.tasks.poll_all(&mut context, || self.steps.is_over());
            if killed || self.steps.is_over() {
                self.tasks.clear();
                return None;
            }
            if let Poll::Ready(done) = done {
                return Some(done);
            }
            if !flag.0.swap(false, Ordering::Relaxed) {
                let passed = self.clock.now() - begun;
                assert!(passed < STUCK && self.clock.advance_to_next(), "stuck");
            }
        }
    }

    /// Runs what was spawned until all of it waits for time, then lets `duration` pass, with everything that falls due on the way.
    pub(crate) fn pass(&self, duration: Duration) {
        let pause = crate::ports::Clock::sleep(&*self.clock, duration);
        self.run(pause);
        self.settle();
    }

    /// Runs what was spawned until all of it waits.
    pub(crate) fn settle(&self) {
        for _ in 0..200 {
            let mut context = Context::from_waker(Waker::noop());
            self.tasks.poll_all(&mut context, || self.steps.is_over());
        }
    }
}

#[derive(Default)]
struct Flag(AtomicBool);

impl ArcWake for Flag {
    fn wake_by_ref(flag: &Arc<Self>) {
        flag.0.store(true, Ordering::Relaxed);
    }
}

/// What was spawned and has not ended.
#[derive(Default)]
struct Tasks(Mutex<Vec<Pin<Box<dyn Future<Output = ()> + Send>>>>);

impl Tasks {
    /// False when the process was killed on the way.
    fn poll_all(&self, context: &mut Context<'_>, killed: impl Fn() -> bool) -> bool {
        let tasks = core::mem::take(&mut *self.0.lock().unwrap());
        let mut waiting = Vec::new();
        let before = tasks.len();
        for mut task in tasks {
            if killed() {
                return false;
            }
            if task.as_mut().poll(context).is_pending() {
                waiting.push(task);
            }
        }
        let mut spawned = self.0.lock().unwrap();
        if !spawned.is_empty() || waiting.len() < before {
            context.waker().wake_by_ref();
        }
        waiting.append(&mut spawned);
        *spawned = waiting;
        true
    }

    fn clear(&self) {
        let tasks = core::mem::take(&mut *self.0.lock().unwrap());
        drop(tasks);
    }
}

impl Spawn for Tasks {
    fn spawn(&self, task: BoxFuture<'static, ()>) {
        self.0.lock().unwrap().push(task);
    }
}

/// What the observer heard.
#[derive(Default)]
pub(crate) struct Notices(Mutex<Vec<Notice>>);

impl Notices {
    pub(crate) fn all(&self) -> Vec<Notice> {
        self.0.lock().unwrap().clone()
    }
}

impl Observer for Notices {
    fn notice(&self, notice: Notice) {
        self.0.lock().unwrap().push(notice);
    }
}

/// Not random: each byte differs from the last, which is all these tests need.
#[derive(Default)]
struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        for chunk in buffer.chunks_mut(8) {
            let next = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            chunk.copy_from_slice(&next.to_be_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}
