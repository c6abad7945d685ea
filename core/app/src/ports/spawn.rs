use super::BoxFuture;

/// Runs a task to its end, whoever stops waiting for it.
///
/// Journeys run here so that dropping the caller's future never cuts a write in half. Cancelling is a message to the task,
/// never a drop of it.
pub trait Spawn: Send + Sync + 'static {
    /// Starts `task`. Returns at once.
    fn spawn(&self, task: BoxFuture<'static, ()>);
}
