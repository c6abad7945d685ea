use keyway_app::ports::{AuthenticationError, BoxFuture, DeviceAuthentication};
use keyway_platform::runtime::Blocking;
use std::sync::Arc;

/// Why the phone's owner was not confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum DeviceOwnerError {
    /// The phone has no lock screen, or no way to ask for it.
    #[error("the phone has no lock screen")]
    Missing,
    /// Not recognised, declined, dismissed, or too many tries.
    #[error("the phone's owner was not recognised")]
    Failed,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for DeviceOwnerError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed
    }
}

impl From<DeviceOwnerError> for AuthenticationError {
    fn from(error: DeviceOwnerError) -> Self {
        match error {
            DeviceOwnerError::Missing => Self::Missing,
            DeviceOwnerError::Failed => Self::Failed,
        }
    }
}

/// The phone's own way to know its owner: face, finger, code. Nothing of what the owner shows reaches the core.
#[uniffi::export(foreign)]
pub trait DeviceOwner: Send + Sync {
    /// Is there a lock screen to ask for? Answers at once.
    fn is_set_up(&self) -> Result<bool, DeviceOwnerError>;
    /// Asks now and blocks until the owner is recognised or not. What was confirmed a moment ago does not count. It comes on a thread of its own,
    /// never the main one.
    fn confirm(&self) -> Result<(), DeviceOwnerError>;
    /// Nobody waits for the prompt any more: it is taken away, and `confirm` throws `Failed`.
    fn dismiss(&self) -> Result<(), DeviceOwnerError>;
}

/// The port on a shell's answers.
pub(crate) struct Owner {
    pub(crate) shell: Arc<dyn DeviceOwner>,
    pub(crate) blocking: Blocking,
}

/// Takes the prompt away unless it was answered.
struct Prompt {
    shell: Arc<dyn DeviceOwner>,
    blocking: Blocking,
    answered: bool,
}

impl Drop for Prompt {
    fn drop(&mut self) {
        if !self.answered {
            let shell = Arc::clone(&self.shell);
            // Nobody waits: what becomes of it is the shell's.
            drop(self.blocking.run(move || shell.dismiss()));
        }
    }
}

impl DeviceAuthentication for Owner {
    fn is_set_up(&self) -> bool {
        self.shell.is_set_up().unwrap_or(false)
    }

    fn confirm(&self) -> BoxFuture<'static, Result<(), AuthenticationError>> {
        let prompt = Prompt {
            shell: Arc::clone(&self.shell),
            blocking: self.blocking.clone(),
            answered: false,
        };
        Box::pin(async move {
            // The whole of it, so that dropping this future takes the prompt away.
            let mut prompt = prompt;
            let shell = Arc::clone(&prompt.shell);
            let confirmed = prompt.blocking.run(move || shell.confirm()).await;
            prompt.answered = true;
            confirmed
                .unwrap_or(Err(DeviceOwnerError::Failed))
                .map_err(AuthenticationError::from)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{DeviceOwner, DeviceOwnerError, Owner};
    use core::task::{Context, Waker};
    use keyway_app::ports::{AuthenticationError, DeviceAuthentication as _};
    use keyway_platform::runtime::Runtime;
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::sync::{Arc, Mutex};

    /// A prompt that stands until it is dismissed.
    struct Prompting {
        dismissed: Sender<()>,
        answer: Mutex<Receiver<()>>,
    }

    impl DeviceOwner for Prompting {
        fn is_set_up(&self) -> Result<bool, DeviceOwnerError> {
            Ok(true)
        }

        fn confirm(&self) -> Result<(), DeviceOwnerError> {
            let answer = self.answer.lock().map_err(|_| DeviceOwnerError::Failed)?;
            answer.recv().map_err(|_| DeviceOwnerError::Failed)
        }

        fn dismiss(&self) -> Result<(), DeviceOwnerError> {
            self.dismissed
                .send(())
                .map_err(|_| DeviceOwnerError::Failed)
        }
    }

    /// A shell that breaks.
    struct Broken;

    impl DeviceOwner for Broken {
        fn is_set_up(&self) -> Result<bool, DeviceOwnerError> {
            Err(DeviceOwnerError::Missing)
        }

        fn confirm(&self) -> Result<(), DeviceOwnerError> {
            panic!("in the shell")
        }

        fn dismiss(&self) -> Result<(), DeviceOwnerError> {
            Ok(())
        }
    }

    fn owner(shell: Arc<dyn DeviceOwner>, runtime: &Runtime) -> Owner {
        let blocking = runtime.blocking();
        Owner { shell, blocking }
    }

    #[test]
    fn a_prompt_that_nobody_waits_for_is_dismissed() {
        let runtime = Runtime::new().expect("a runtime");
        let (dismissed, heard) = channel();
        let (answered, answer) = channel();
        let answer = Mutex::new(answer);
        let owner = owner(Arc::new(Prompting { dismissed, answer }), &runtime);
        let mut confirming = owner.confirm();
        let mut context = Context::from_waker(Waker::noop());
        assert!(confirming.as_mut().poll(&mut context).is_pending());
        drop(confirming);
        heard.recv().expect("it was dismissed");
        // The prompt is gone: whoever still blocks in it is let go.
        drop(answered);
    }

    #[test]
    fn a_prompt_that_was_answered_is_not_dismissed() {
        let runtime = Runtime::new().expect("a runtime");
        let (dismissed, heard) = channel();
        let (answered, answer) = channel();
        let answer = Mutex::new(answer);
        let owner = owner(Arc::new(Prompting { dismissed, answer }), &runtime);
        answered.send(()).expect("the prompt stands");
        assert_eq!(runtime.block_on(owner.confirm()), Ok(()));
        drop(owner);
        assert!(heard.recv().is_err(), "all ends are gone, and nothing came");
    }

    #[test]
    fn a_shell_that_breaks_confirms_nobody() {
        let runtime = Runtime::new().expect("a runtime");
        let owner = owner(Arc::new(Broken), &runtime);
        assert!(!owner.is_set_up());
        let confirmed = runtime.block_on(owner.confirm());
        assert_eq!(confirmed, Err(AuthenticationError::Failed));
    }
}
