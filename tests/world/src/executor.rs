//! One thread that runs every task of the world, and lets time pass when all of them wait.

use crate::time::VirtualTime;
use core::future::Future;
use core::task::{Context, Poll};
use futures_util::task::{ArcWake, waker};
use keyway_app::ports::{BoxFuture, Spawn};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// What has events of its own besides timers: the air and the locks.
pub trait Physics {
    /// When it next has something to do, milliseconds of the world; a moment in the past means now.
    fn next_event(&mut self) -> Option<u64>;
    /// Does everything that is due by `now`.
    fn run(&mut self, now: u64);
}

type Ready = Arc<Mutex<VecDeque<Arc<Task>>>>;

struct Task {
    future: Mutex<Option<BoxFuture<'static, ()>>>,
    ready: Ready,
    process: Process,
}

impl Task {
    fn take(&self) -> Option<BoxFuture<'static, ()>> {
        let mut future = self.future.lock().unwrap_or_else(PoisonError::into_inner);
        future.take()
    }
}

impl ArcWake for Task {
    fn wake_by_ref(task: &Arc<Self>) {
        push(&task.ready, Arc::clone(task));
    }
}

fn push(ready: &Ready, task: Arc<Task>) {
    ready
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push_back(task);
}

/// The tasks of one process of a phone; killed together, between two polls.
#[derive(Clone, Default)]
pub struct Process(Arc<Mutex<ProcessState>>);

#[derive(Default)]
struct ProcessState {
    killed: bool,
    tasks: Vec<Weak<Task>>,
}

impl Process {
    /// Kills the process: none of its tasks runs again, and what they held (links, scans) is let go.
    pub fn kill(&self) {
        let tasks = {
            let mut state = self.state();
            state.killed = true;
            core::mem::take(&mut state.tasks)
        };
        for task in tasks.iter().filter_map(Weak::upgrade) {
            let future = task.take();
            drop(future);
        }
    }

    /// Was it killed?
    #[must_use]
    pub fn is_killed(&self) -> bool {
        self.state().killed
    }

    fn adopt(&self, task: &Arc<Task>) {
        let mut state = self.state();
        state.tasks.retain(|task| task.strong_count() > 0);
        state.tasks.push(Arc::downgrade(task));
    }

    fn state(&self) -> MutexGuard<'_, ProcessState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The world's only thread.
#[derive(Clone, Default)]
pub struct Executor {
    ready: Ready,
    /// The clock that moves when nobody can go on.
    pub time: VirtualTime,
}

impl Executor {
    /// The spawn port of one process.
    #[must_use]
    pub fn spawner(&self, process: Process) -> Spawner {
        Spawner {
            ready: Arc::clone(&self.ready),
            process,
        }
    }

    /// Runs `work` to its end with everything else that goes on meanwhile.
    ///
    /// # Panics
    /// When nothing can ever happen again and `work` still waits: a deadlock is a defect of what is tested.
    pub fn run<T>(&self, physics: &mut dyn Physics, work: impl Future<Output = T>) -> T {
        let mut work = core::pin::pin!(work);
        let flag = Arc::new(Flag::default());
        flag.raise();
        let work_waker = waker(Arc::clone(&flag));
        loop {
            if flag.lower() {
                let mut context = Context::from_waker(&work_waker);
                if let Poll::Ready(output) = work.as_mut().poll(&mut context) {
                    return output;
                }
            }
            if self.run_one() || flag.is_up() {
                continue;
            }
            assert!(self.let_time_pass(physics), "the world stands still");
        }
    }

    /// Lets so many milliseconds pass, with everything that happens in them.
    pub fn pass(&self, physics: &mut dyn Physics, milliseconds: u64) {
        let end = self.time.now().saturating_add(milliseconds);
        self.run(physics, self.time.until(end));
    }

    fn run_one(&self) -> bool {
        let next = {
            let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
            ready.pop_front()
        };
        let Some(task) = next else { return false };
        let Some(mut future) = task.take() else {
            return true;
        };
        if task.process.is_killed() {
            return true;
        }
        let task_waker = waker(Arc::clone(&task));
        let mut context = Context::from_waker(&task_waker);
        if future.as_mut().poll(&mut context).is_pending() {
            *task.future.lock().unwrap_or_else(PoisonError::into_inner) = Some(future);
        }
        true
    }

    /// Moves to the next moment at which anything happens; false when there is none.
    fn let_time_pass(&self, physics: &mut dyn Physics) -> bool {
        let next = match (physics.next_event(), self.time.next_timer()) {
            (Some(event), Some(timer)) => event.min(timer),
            (Some(moment), None) | (None, Some(moment)) => moment,
            (None, None) => return false,
        };
        self.time.advance_to(next);
        physics.run(self.time.now());
        true
    }
}

/// The spawn port of one process.
pub struct Spawner {
    ready: Ready,
    process: Process,
}

impl Spawn for Spawner {
    fn spawn(&self, task: BoxFuture<'static, ()>) {
        if self.process.is_killed() {
            return;
        }
        let task = Arc::new(Task {
            future: Mutex::new(Some(task)),
            ready: Arc::clone(&self.ready),
            process: self.process.clone(),
        });
        self.process.adopt(&task);
        push(&self.ready, task);
    }
}

#[derive(Default)]
struct Flag(Mutex<bool>);

impl Flag {
    fn raise(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
    }

    fn lower(&self) -> bool {
        core::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn is_up(&self) -> bool {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ArcWake for Flag {
    fn wake_by_ref(flag: &Arc<Self>) {
        flag.raise();
    }
}
